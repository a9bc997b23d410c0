import type { Logger } from '../../common/log.ts'
import type { FileSystem } from '../files/file-system.ts'
import { checkpointNamed, checkpointPath, segmentNamed, segmentPath } from '../files/paths.ts'
import { decodeHeader, type FileKind, HEADER_SIZE } from '../log/format.ts'
import { type Damage, scanLog } from '../log/log-scan.ts'
import type { Segment } from '../segments/segment.ts'
import type { StoreState } from '../state.ts'
import { StoreError, systemCodeOf } from '../store-error.ts'
import { type CheckpointFacts, decodeCheckpoint, isCheckpointWhole } from './checkpoint.ts'
import { Replay } from './replay.ts'

/** What was found in a data directory, besides the state. */
export interface Recovered {
  /** It had been closed properly: nothing was lost, and what had been handed out is known. */
  readonly isClean: boolean
  /** Nothing was there. */
  readonly isNew: boolean
  readonly checkpoint: number
  /** Number of the next log file. */
  readonly nextFile: number
  /** Where the log ends. */
  readonly end: { readonly number: number; readonly size: number }
  /** Records behind the checkpoint. */
  readonly replayedCount: number
  readonly replayedBytes: number
  /** Everything that is not as it should be, in words. */
  readonly damage: readonly string[]
  /** What is worth telling without being damage: a write that was not finished when the power went. */
  readonly notes: readonly string[]
  readonly milliseconds: number
}

/**
 * Reads a data directory into an empty state: the newest checkpoint, then the log behind it. Nothing is written.
 *
 * Throws a StoreError for one that is of another format, or in which no checkpoint can be read.
 */
export function recover(files: FileSystem, state: StoreState, log: Logger): Recovered {
  const startedMs = performance.now()
  const damage: string[] = []
  const notes: string[] = []
  const found = findCheckpoint(files, damage)
  const facts = found === null ? NOTHING : decodeChecked(found, state)
  const numbers = logNumbers(files, facts.replayFrom)
  const highest = Math.max(facts.replayFrom - 1, ...numbers, ...state.segments.map((s) => s.number))
  checkSegments(state, damage)
  const replay = new Replay(state)
  const logs = numbers.map((number) => readLog(files, number))
  const end = new Replaying(state, replay, damage, notes).run(logs, facts)
  replay.finish(facts.isClean && replay.count === 0, damage)
  for (const text of damage) log.error(`store: ${text}`)
  return {
    isClean: facts.isClean && replay.count === 0,
    isNew: found === null,
    checkpoint: found?.number ?? 0,
    nextFile: highest + 1,
    end,
    replayedCount: replay.count,
    replayedBytes: replay.bytes,
    damage,
    notes,
    milliseconds: Math.round(performance.now() - startedMs),
  }
}

const NOTHING: CheckpointFacts = { replayFrom: 1, end: { number: 0, size: 0 }, isClean: true }

/** The newest checkpoint of which one of the two copies is whole; null in an empty directory. */
function findCheckpoint(files: FileSystem, damage: string[]): FoundCheckpoint | null {
  const numbers = new Set<number>()
  for (const name of files.list('checkpoint')) {
    const number = checkpointNamed(name)
    if (number !== null) numbers.add(number)
  }
  for (const number of [...numbers].sort((a, b) => b - a)) {
    for (const copy of ['a', 'b'] as const) {
      const path = checkpointPath(number, copy)
      const bytes = readCopy(files, path, damage)
      if (bytes !== null) return { number, path, bytes }
    }
  }
  const hasLog = files.list('log').some((name) => segmentNamed(name) !== null)
  if (numbers.size === 0 && !hasLog) return null
  const cause = numbers.size > 0 ? 'no checkpoint in it can be read' : 'its checkpoints are missing'
  throw new StoreError('DATA_DIR_DAMAGED', `the data directory is damaged: ${cause}`)
}

/** Null when it cannot be used. */
function readCopy(files: FileSystem, path: string, damage: string[]): Buffer | null {
  try {
    const bytes = readWhole(files, path)
    const header = readHeader(bytes, 'checkpoint', path)
    if (header !== null && isCheckpointWhole(bytes)) return bytes
    damage.push(`${path} is damaged`)
  } catch (error) {
    if (error instanceof StoreError) throw error
    damage.push(`${path} cannot be read: ${String(error)}`)
  }
  return null
}

interface FoundCheckpoint {
  readonly number: number
  readonly path: string
  readonly bytes: Buffer
}

function decodeChecked({ bytes, path }: FoundCheckpoint, state: StoreState): CheckpointFacts {
  try {
    return decodeCheckpoint(bytes, state)
  } catch (error) {
    throw notACheckpoint(path, error)
  }
}

function notACheckpoint(path: string, cause: unknown): StoreError {
  const message = `${path} does not say what a checkpoint says`
  return new StoreError('DATA_DIR_DAMAGED', message, { cause })
}

/** The log files that the checkpoint does not cover, in their order. */
function logNumbers(files: FileSystem, from: number): readonly number[] {
  return files
    .list('log')
    .map(segmentNamed)
    .filter((name) => name !== null && name.generation === 0 && name.number >= from)
    .map((name) => name!.number)
    .sort((a, b) => a - b)
}

/** Whether the files of the segments are there. What a file that is gone held is lost. */
function checkSegments(state: StoreState, damage: string[]): void {
  for (const segment of state.segments) {
    let size = -1
    try {
      size = segment.file.size
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw unreadable(segment.path, error)
      damage.push(`${segment.path} cannot be opened: ${String(error)}`)
    }
    segment.closeFiles()
    if (size >= segment.size) continue
    if (size >= 0) damage.push(`${segment.path} has ${size} bytes of ${segment.size}`)
    else damage.push(`${segment.liveCount} messages in ${segment.path} are lost`)
    if (size < 0) forgetContent(segment)
  }
}

function forgetContent(segment: Segment): void {
  for (const [lane, holding] of segment.holdings) {
    holding.settleAll()
    lane.holdings.splice(lane.holdings.indexOf(holding), 1)
  }
  segment.holdings.clear()
}

/** Reads the log behind the checkpoint. */
class Replaying {
  private readonly state: StoreState
  private readonly replay: Replay
  private readonly damage: string[]
  private readonly notes: string[]

  constructor(state: StoreState, replay: Replay, damage: string[], notes: string[]) {
    this.state = state
    this.replay = replay
    this.damage = damage
    this.notes = notes
  }

  /** Returns where the log ends. */
  run(logs: readonly LogBytes[], facts: CheckpointFacts): CheckpointFacts['end'] {
    let { end } = facts
    for (const [index, log] of logs.entries()) {
      const { number, bytes, previous } = log
      const path = segmentPath(number, 0)
      const next = logs.slice(index + 1).find((other) => other.previous !== null)
      const isLast = next === undefined
      if (next?.previous != null && next.previous.number < number) continue // none of its writes was confirmed
      if (previous === null && isLast && bytes.length <= HEADER_SIZE) {
        const isBeforeMissing = number > facts.replayFrom && number - 1 > end.number
        if (isBeforeMissing) this.notes.push(`${segmentPath(number - 1, 0)} is not there`)
        continue // nor here
      }
      if (previous === null && !isLast) this.damage.push(`the header of ${path} is damaged`)
      if (previous !== null && previous.number > end.number) {
        this.damage.push(`${segmentPath(previous.number, 0)} is missing`)
      }
      const limit = next?.previous?.number === number ? next.previous.size : bytes.length
      if (limit > bytes.length) {
        this.damage.push(`${path} has ${bytes.length} bytes of ${limit}`)
      }
      end = { number, size: this.read(log, Math.min(limit, bytes.length), isLast) }
    }
    return end
  }

  /** In the file that was written last, what is damaged from some batch on had never been durable. */
  private read({ number, bytes, previous }: LogBytes, size: number, isLast: boolean): number {
    const { state, replay } = this
    const path = segmentPath(number, 0)
    const segment = state.addSegment(number)
    if (previous === null) replay.damage() // its first write may not have been finished
    let holes: Damage[] = previous === null && isLast ? [{ at: 0, size: HEADER_SIZE }] : []
    let end = size
    scanLog(bytes, size, state.seed, {
      record: (type, payload, at) => replay.apply(type, payload, segment, at),
      damage: (hole) => {
        if (isLast && isUnwritten(bytes, hole, size)) {
          end = hole.at
          return
        }
        holes.push(hole)
        replay.damage()
      },
      batch: () => {
        replay.batch()
        this.tell(path, holes)
        holes = []
      },
    })
    segment.seal(end)
    if (holes.length === 0 || !isLast) {
      replay.batch()
      this.tell(path, holes)
      return end
    }
    replay.torn()
    const [{ at } = { at: 0 }] = holes
    this.notes.push(`the write at the end of ${path}, from byte ${at} on, had not been finished`)
    return at
  }

  private tell(path: string, holes: readonly Damage[]): void {
    for (const { at, size } of holes) {
      this.damage.push(`${path}: ${size} bytes at ${at} are damaged`)
    }
  }
}

/** Zeros up to the end of a file have been put there for what was to come. */
function isUnwritten(bytes: Buffer, { at, size }: Damage, end: number): boolean {
  if (at + size < end) return false
  for (let i = at; i < end; i++) if (bytes[i] !== 0) return false
  return true
}

interface LogBytes {
  readonly number: number
  readonly bytes: Buffer
  /** What its header says of the file before; null when that cannot be read. */
  readonly previous: { readonly number: number; readonly size: number } | null
}

/** Throws a StoreError when the file cannot be read: what is in it may not be left out. */
function readLog(files: FileSystem, number: number): LogBytes {
  const path = segmentPath(number, 0)
  let bytes: Buffer
  try {
    bytes = readWhole(files, path)
  } catch (error) {
    throw unreadable(path, error)
  }
  const header = readHeader(bytes, 'log', path)
  const previous = header === null ? null : { number: header.previous, size: header.previousSize }
  return { number, bytes, previous }
}

function unreadable(path: string, cause: unknown): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('DATA_DIR_DAMAGED', `${path} cannot be read: ${why}`, { cause })
}

function readHeader(bytes: Buffer, kind: FileKind, path: string) {
  const header = decodeHeader(bytes, kind)
  if (header !== 'newer' && header !== 'older') return header
  throw new StoreError(
    header === 'newer' ? 'DATA_DIR_TOO_NEW' : 'DATA_DIR_TOO_OLD',
    `${path} was written by ${header === 'newer' ? 'a newer' : 'an older'} version of Leveret, whose format is not known here`,
  )
}

function readWhole(files: FileSystem, path: string): Buffer {
  const file = files.open(path)
  try {
    const bytes = Buffer.allocUnsafe(file.size)
    return bytes.subarray(0, file.read(bytes, bytes.length, 0))
  } finally {
    file.close()
  }
}
