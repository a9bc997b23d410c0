import { setImmediate as nextTurn } from 'node:timers/promises'
import { Heap } from '../../common/heap.ts'
import type { Logger } from '../../common/log.ts'
import type { FileSystem, LogFile } from '../files/file-system.ts'
import { encodeHeader, HEADER_SIZE } from '../log/format.ts'
import { RecordReader } from '../log/record-reader.ts'
import type { StoreState } from '../state.ts'
import type { FileLane } from './file-lane.ts'
import { Holding, Places } from './holding.ts'
import type { Segment } from './segment.ts'

/**
 * Neighbours of which little is left, to be made into one: at least half of their space is given back, so that a message
 * is copied a few times at most however long it stays. None when there are no such segments.
 */
export function compactable(segments: readonly Segment[], fileSize: number): readonly Segment[] {
  let run: Segment[] = []
  let size = 0
  for (const segment of segments) {
    const isCandidate = isCopyable(segment) && (segment.isSparse || segment.size < fileSize / 8)
    if (isCandidate && size + segment.liveSize <= fileSize) {
      run.push(segment)
      size += segment.liveSize
      continue
    }
    if (isWorthIt(run)) return run
    run = isCandidate ? [segment] : []
    size = isCandidate ? segment.liveSize : 0
  }
  return isWorthIt(run) ? run : []
}

function isCopyable({ isSealed, isIndexed, isUnreadable }: Segment): boolean {
  return isSealed && isIndexed && !isUnreadable
}

function isWorthIt(run: readonly Segment[]): boolean {
  return run.some((segment) => segment.isSparse) || run.length >= MANY
}

/** So many small ones are made into one, though that gives no space back. */
const MANY = 8

/** What copying needs from around it. */
export interface CopyingHost {
  readonly state: StoreState
  readonly files: FileSystem
  readonly log: Logger
  /** Of a log file, in bytes: when the copy has reached it, the rest is left for another time. */
  readonly fileSize: number
}

/**
 * Copies what is live in these neighbours to one new segment, which then stands in their place. Returns those that were
 * copied: their files are the caller's to delete, once a checkpoint does not name them any more. None when it was
 * stopped.
 */
export async function compact(
  run: readonly Segment[],
  { state, files, fileSize, log }: CopyingHost,
  isStopped: () => boolean,
): Promise<readonly Segment[]> {
  const [first] = run
  if (first === undefined) return []
  const target = state.newSegment(first.number, first.generation + 1)
  const { path } = target
  await files.remove(path) // of an attempt that was not finished
  const copying = new Copying(await files.createLog(path), target.number)
  const copied: Segment[] = []
  try {
    for (const segment of run) {
      if (isStopped() || copying.size >= fileSize || !(await copying.copy(segment, isStopped)))
        break
      copied.push(segment)
    }
    await copying.flush()
  } catch (error) {
    await copying.close()
    await files.remove(path)
    throw error
  }
  await copying.close()
  if (isStopped()) {
    await files.remove(path)
    return []
  }
  if (copying.lostCount > 0) log.error(`store: ${copying.lostCount} damaged messages are left out`)
  replace(copied, target, copying, state)
  return copied
}

/** The file that is written, and where in it the messages of each lane are. */
class Copying {
  readonly places = new Map<FileLane, Places>()
  /** What the messages of each lane were copied from, the oldest first. */
  readonly sources = new Map<FileLane, Holding[]>()
  size = HEADER_SIZE
  /** Messages whose records are damaged. */
  lostCount = 0
  private readonly log: LogFile
  private parts: Buffer[]
  private writtenSize = 0

  constructor(log: LogFile, number: number) {
    this.log = log
    this.parts = [encodeHeader({ kind: 'log', number, previous: 0, previousSize: 0 })]
  }

  /** False when it was stopped. */
  async copy(segment: Segment, isStopped: () => boolean): Promise<boolean> {
    const reader = new RecordReader(segment)
    this.addSources(segment)
    let yieldAt = this.size + TURN_SIZE
    for (const { at, targets } of liveRecords(segment)) {
      const record = readOrMark(reader, at, segment)
      if (record === null) {
        this.lostCount += targets.length
        continue
      }
      for (const { lane, ordinal, bodySize } of targets) {
        this.placesOf(lane).push(ordinal, this.size, bodySize)
      }
      this.parts.push(Buffer.from(record))
      this.size += record.length
      if (this.size < yieldAt) continue
      yieldAt = this.size + TURN_SIZE
      if (this.size - this.writtenSize < WRITE_SIZE) await nextTurn()
      else await this.flush()
      if (isStopped()) return false
    }
    return true
  }

  close(): Promise<void> {
    return this.log.close()
  }

  async flush(): Promise<void> {
    const { parts, writtenSize } = this
    if (parts.length === 0) return
    this.parts = []
    this.writtenSize = this.size
    await this.log.write(parts, writtenSize)
  }

  private addSources(segment: Segment): void {
    for (const [lane, holding] of segment.holdings) {
      const known = this.sources.get(lane)
      if (known === undefined) this.sources.set(lane, [holding])
      else known.push(holding)
    }
  }

  private placesOf(lane: FileLane): Places {
    const known = this.places.get(lane)
    if (known !== undefined) return known
    const places = new Places()
    this.places.set(lane, places)
    return places
  }
}

/** Null for a damaged record. One that cannot be read keeps its segment from being copied again and again. */
function readOrMark(reader: RecordReader, at: number, segment: Segment): Buffer | null {
  try {
    return reader.recordAt(at)
  } catch (error) {
    segment.isUnreadable = true
    throw error
  }
}

interface Target {
  readonly lane: FileLane
  readonly ordinal: number
  readonly bodySize: number
}

/** Where a record begins that somebody still needs, and who that is. */
interface LiveRecord {
  readonly at: number
  readonly targets: readonly Target[]
}

/** In the order of the file. What is settled meanwhile is left out. */
function* liveRecords(segment: Segment): Iterable<LiveRecord> {
  const cursors = new Heap<LiveCursor>((a, b) => a.at < b.at)
  for (const holding of segment.holdings.values()) {
    if (holding.liveCount === 0) continue
    const cursor = new LiveCursor(holding, segment.placesOf(holding))
    if (cursor.toNext()) cursors.push(cursor)
  }
  for (let first = cursors.pop(); first !== undefined; first = cursors.pop()) {
    const { at } = first
    const targets = [first.target]
    if (first.toNext()) cursors.push(first)
    while (cursors.peek()?.at === at) {
      const other = cursors.pop()!
      targets.push(other.target)
      if (other.toNext()) cursors.push(other)
    }
    yield { at, targets }
  }
}

/** Goes over the messages of a holding that are not settled; their records follow each other as their ordinals do. */
class LiveCursor {
  at = 0
  private index = -1
  private readonly holding: Holding
  private readonly places: Places

  constructor(holding: Holding, places: Places) {
    this.holding = holding
    this.places = places
  }

  get target(): Target {
    const { holding, places, index } = this
    return {
      lane: holding.lane,
      ordinal: places.ordinalAt(index),
      bodySize: places.sizeAt(index),
    }
  }

  /** False when there is no more. */
  toNext(): boolean {
    const { places } = this
    const { settled } = this.holding
    this.index++
    while (this.index < places.count) {
      const ordinal = places.ordinalAt(this.index)
      const live = settled.next(ordinal)
      if (live === ordinal) {
        this.at = places.offsetAt(this.index)
        return true
      }
      this.index = places.indexOf(live)
    }
    return false
  }
}

/** What was settled since it was copied is settled in the copy too. */
function replace(
  copied: readonly Segment[],
  target: Segment,
  copying: Copying,
  state: StoreState,
): void {
  for (const [lane, places] of copying.places) {
    if (lane.isDropped) continue
    const sources = copying.sources.get(lane) ?? []
    const holding = merged(lane, target, places, sources)
    lane.holdings = lane.holdings.filter((other) => !sources.includes(other))
    if (holding.liveCount === 0) continue
    target.holdings.set(lane, holding)
    lane.holdings.splice(lane.indexOf(holding.first), 0, holding)
  }
  target.seal(copying.size)
  for (const segment of copied) segment.holdings.clear()
  const isOther = (segment: Segment) => !copied.includes(segment)
  const behind = state.segments.findIndex(({ number }) => number > target.number)
  state.segments = [
    ...state.segments.slice(0, behind).filter(isOther),
    target,
    ...state.segments.slice(behind).filter(isOther),
  ]
}

function merged(
  lane: FileLane,
  target: Segment,
  places: Places,
  sources: readonly Holding[],
): Holding {
  const holding = new Holding(lane, target, new Places())
  const has = (kind: 'settled' | 'spilled', ordinal: number) =>
    sources.some((source) => source[kind]?.has(ordinal) === true)
  for (let i = 0; i < places.count; i++) {
    const [ordinal, size] = [places.ordinalAt(i), places.sizeAt(i)]
    holding.add(ordinal, places.offsetAt(i), size, has('spilled', ordinal))
    if (has('settled', ordinal)) holding.settle(ordinal, size)
  }
  return holding
}

/** In bytes. */
const WRITE_SIZE = 1_048_576

/** So much is copied before everybody else has a turn, in bytes: a few hundred small messages. */
const TURN_SIZE = 65_536
