import { randomInt } from 'node:crypto'
import type { LaneName, LaneOwner } from '../core/ports.ts'
import { Catalog } from './definitions/catalog.ts'
import type { FileSystem } from './files/file-system.ts'
import { OpenFiles } from './files/open-files.ts'
import { laneKey } from './log/lane-name.ts'
import { FileLane, type LaneHost } from './segments/file-lane.ts'
import { Segment } from './segments/segment.ts'

/** What is in a data directory: definitions, lanes, and the segments that hold the messages of lanes. */
export class StoreState {
  readonly catalog = new Catalog()
  readonly lanes = new Map<number, FileLane>()
  nextLaneId = 1
  /** The oldest first; the last is the one that is written. */
  segments: Segment[] = []

  /** Of this directory alone, mixed into every checksum of the log: no message can contain what passes for a record. */
  seed = randomInt(2 ** 32)
  readonly openFiles: OpenFiles
  private readonly host: LaneHost
  private readonly onLow: () => void
  private readonly byKey = new Map<string, FileLane>()
  private readonly levels = new Map<string, readonly number[]>() // by owner

  /** `onLow` is called when little or nothing in a sealed segment is live any more. */
  constructor(files: FileSystem, host: LaneHost, onLow: () => void) {
    this.openFiles = new OpenFiles(files)
    this.host = host
    this.onLow = onLow
  }

  find(name: LaneName): FileLane | undefined {
    return this.byKey.get(laneKey(name))
  }

  /** The levels of a queue or an exchange that there are lanes of. */
  levelsOf(owner: LaneOwner): readonly number[] {
    return this.levels.get(ownerKey(owner)) ?? []
  }

  addLane(name: LaneName, id = this.nextLaneId): FileLane {
    const lane = new FileLane(id, name, this.host)
    this.nextLaneId = Math.max(this.nextLaneId, id + 1)
    this.lanes.set(id, lane)
    this.byKey.set(laneKey(name), lane)
    const owner = ownerKey(name)
    this.levels.set(owner, [...new Set([...this.levelsOf(name), name.level])])
    return lane
  }

  removeLane(lane: FileLane): void {
    this.lanes.delete(lane.id)
    const key = laneKey(lane.name)
    if (this.byKey.get(key) !== lane) return
    this.byKey.delete(key)
    const owner = ownerKey(lane.name)
    const left = this.levelsOf(lane.name).filter((level) => level !== lane.name.level)
    if (left.length > 0) this.levels.set(owner, left)
    else this.levels.delete(owner)
  }

  /** A new segment behind all others. */
  addSegment(number: number): Segment {
    const segment = this.newSegment(number, 0)
    this.segments.push(segment)
    return segment
  }

  /** A segment that is not yet among the others. */
  newSegment(number: number, generation: number): Segment {
    const { openFiles, seed, onLow } = this
    return new Segment(number, generation, { files: openFiles, seed, onLow })
  }

  /** Takes out the segments in which nothing is live, and forgets what is settled in others; returns those taken out. */
  removeEmptied(): readonly Segment[] {
    const emptied = this.segments.filter((segment) => segment.isSealed && segment.liveCount === 0)
    if (emptied.length > 0)
      this.segments = this.segments.filter((other) => !emptied.includes(other))
    const isOver = (segment: Segment, liveCount: number) => segment.isSealed && liveCount === 0
    for (const lane of this.lanes.values()) {
      if (!lane.holdings.some(({ segment, liveCount }) => isOver(segment, liveCount))) continue
      lane.holdings = lane.holdings.filter((holding) => {
        const { segment, liveCount } = holding
        if (!isOver(segment, liveCount)) return true
        segment.holdings.delete(lane)
        return false
      })
    }
    return emptied
  }
}

function ownerKey({ vhost, kind, name }: LaneOwner): string {
  return `${kind} ${vhost}\0${name}`
}
