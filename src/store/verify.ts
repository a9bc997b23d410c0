import type { LaneOwner } from '../core/ports.ts'
import type { FileSystem } from './files/file-system.ts'
import { checkpointNamed } from './files/paths.ts'
import { type FoundState, readState } from './inspect.ts'
import { decodeHeader, RECORD } from './log/format.ts'
import { type Damage, scanLog } from './log/log-scan.ts'
import { readMessage, targetIndex } from './log/publish-record.ts'
import { isCheckpointWhole } from './recovery/checkpoint.ts'
import type { FileLane } from './segments/file-lane.ts'
import { type Holding, Places } from './segments/holding.ts'
import type { Segment } from './segments/segment.ts'

/** What was found by reading every record of a data directory. */
export interface Verification {
  /** What was read. */
  readonly files: number
  readonly records: number
  readonly bytes: number
  /** That wait, and could be read; one that lies in several queues counts for each. */
  readonly messages: number
  /** Everything that is not as it should be, in words. */
  readonly damage: readonly string[]
  /** Messages that wait and cannot be read. */
  readonly lost: readonly LostMessages[]
  /** What is worth knowing and no damage. */
  readonly notes: readonly string[]
}

export interface LostMessages extends LaneOwner {
  readonly messages: number
}

/**
 * Reads every record of a data directory, and changes nothing: whether checksums are right, and whether every message
 * that waits is where it is said to be. Null when there is nothing in it. Throws a StoreError for one that a broker could
 * not start with.
 */
export function verify(files: FileSystem): Verification | null {
  const found = readState(files)
  return found === null ? null : new Verifier(files, found).run()
}

class Verifier {
  private readonly files: FileSystem
  private readonly found: FoundState
  private readonly damage: Set<string>
  private readonly lost = new Map<FileLane, number>()
  private fileCount = 0
  private recordCount = 0
  private byteCount = 0
  private messageCount = 0

  constructor(files: FileSystem, found: FoundState) {
    this.files = files
    this.found = found
    this.damage = new Set(found.recovered.damage)
  }

  run(): Verification {
    for (const name of this.files.list('checkpoint')) this.checkCheckpoint(name)
    for (const segment of this.found.state.segments) this.checkSegment(segment)
    const lost = Array.from(this.lost, ([{ name }, messages]) => {
      return { vhost: name.vhost, kind: name.kind, name: name.name, messages }
    })
    return {
      files: this.fileCount,
      records: this.recordCount,
      bytes: this.byteCount,
      messages: this.messageCount,
      damage: [...this.damage],
      lost,
      notes: this.found.recovered.notes,
    }
  }

  private checkCheckpoint(name: string): void {
    if (checkpointNamed(name) === null) return
    const path = `checkpoint/${name}`
    const bytes = this.read(path)
    if (bytes === null) return
    const header = decodeHeader(bytes, 'checkpoint')
    if (header === null || !isCheckpointWhole(bytes)) this.damage.add(`${path} is damaged`)
  }

  private checkSegment(segment: Segment): void {
    const { path, size } = segment
    const bytes = this.read(path)?.subarray(0, size) ?? NO_BYTES
    const isHeaderWhole = decodeHeader(bytes, 'log') !== null
    if (bytes.length > 0 && !isHeaderWhole) this.damage.add(`the header of ${path} is damaged`)
    const publishes = this.checkRecords(segment, bytes)
    for (const holding of segment.holdings.values()) this.checkHolding(holding, publishes)
    segment.closeFiles()
  }

  /** Returns the payloads of the messages in a segment by where their records begin. */
  private checkRecords(segment: Segment, bytes: Buffer): ReadonlyMap<number, Buffer> {
    const { path, number, isIndexed } = segment
    const { end } = this.found.recovered
    const publishes = new Map<number, Buffer>()
    let holes: Damage[] = []
    const tell = () => {
      for (const { at, size } of holes) {
        this.damage.add(`${path}: ${size} bytes at ${at} are damaged`)
      }
      holes = []
    }
    scanLog(bytes, bytes.length, segment.seed, {
      record: (type, payload, at) => {
        this.recordCount++
        if (type !== RECORD.PUBLISH) return
        if (isMessage(payload)) publishes.set(at, payload)
        else this.damage.add(`${path}: the record at ${at} cannot be understood`)
      },
      damage: (hole) => holes.push(hole),
      batch: tell,
    })
    // a write at the end that was not finished is no damage, and noted; no checkpoint knows of one
    if (number !== end.number || isIndexed) tell()
    return publishes
  }

  private checkHolding(holding: Holding, publishes: ReadonlyMap<number, Buffer>): void {
    const { lane, settled, segment, liveCount } = holding
    if (liveCount === 0) return
    const places = this.placesOf(holding)
    let readable = 0
    for (let i = 0; i < places.count; i++) {
      const ordinal = places.ordinalAt(i)
      if (settled.has(ordinal)) continue
      const payload = publishes.get(places.offsetAt(i))
      if (payload !== undefined && targetIndex(payload, lane.id, ordinal) >= 0) readable++
    }
    if (segment.isIndexed) holding.places = null // those of all segments would be too many
    this.messageCount += readable
    const lost = liveCount - readable
    if (lost > 0) this.lost.set(lane, (this.lost.get(lane) ?? 0) + lost)
  }

  private placesOf(holding: Holding): Places {
    const { segment } = holding
    const wasIndexed = segment.isIndexed
    try {
      return segment.placesOf(holding)
    } catch {
      return new Places() // the file cannot be read, which has been told
    } finally {
      if (wasIndexed && !segment.isIndexed) {
        this.damage.add(`${segment.indexPath} is damaged, and is made anew when it is needed`)
      }
    }
  }

  /** The bytes of a file; null for one that cannot be read. */
  private read(path: string): Buffer | null {
    try {
      const file = this.files.open(path)
      try {
        const bytes = Buffer.allocUnsafe(file.size)
        const size = file.read(bytes, bytes.length, 0)
        this.fileCount++
        this.byteCount += size
        return bytes.subarray(0, size)
      } finally {
        file.close()
      }
    } catch (error) {
      this.damage.add(`${path} cannot be opened: ${String(error)}`)
      return null
    }
  }
}

const NO_BYTES = Buffer.alloc(0)

function isMessage(payload: Buffer): boolean {
  try {
    readMessage(payload)
    return true
  } catch {
    return false
  }
}
