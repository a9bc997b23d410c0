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
    for (const [at, lanes] of liveRecords(segment)) {
      const record = readOrMark(reader, at, segment)
      if (record === null) {
        this.lostCount += lanes.length
        continue
      }
      for (const { lane, ordinal, bodySize } of lanes) {
        this.placesOf(lane).push(ordinal, this.size, bodySize)
      }
      this.parts.push(Buffer.from(record))
      this.size += record.length
      if (this.size - this.writtenSize < WRITE_SIZE) continue
      await this.flush()
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

/** Where records begin that somebody still needs, in the order of the file, and who that is. */
function liveRecords(segment: Segment): readonly (readonly [at: number, targets: Target[]])[] {
  const records = new Map<number, Target[]>()
  for (const [lane, holding] of segment.holdings) {
    if (holding.liveCount === 0) continue
    const places = segment.placesOf(holding)
    for (let i = 0; i < places.count; i++) {
      const ordinal = places.ordinalAt(i)
      if (holding.settled.has(ordinal)) continue
      const at = places.offsetAt(i)
      const target = { lane, ordinal, bodySize: places.sizeAt(i) }
      const targets = records.get(at)
      if (targets === undefined) records.set(at, [target])
      else targets.push(target)
    }
  }
  return [...records].sort(([a], [b]) => a - b)
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
