import type { Clock } from '../common/clock.ts'
import type { Logger } from '../common/log.ts'
import type { FileSystem } from './files/file-system.ts'
import { checkpointNamed, checkpointPath, logPath } from './files/paths.ts'
import { type CheckpointFacts, encodeCheckpoint } from './recovery/checkpoint.ts'
import type { Recovered } from './recovery/recovery.ts'
import { compact, compactable } from './segments/compaction.ts'
import type { Segment } from './segments/segment.ts'
import type { StoreState } from './state.ts'

/**
 * What goes on behind the log: whenever a file of it has ended, the indexes of segments and a checkpoint are written,
 * and then everything deleted that the checkpoint does not name. A segment with little left in it is copied.
 */
export class Maintenance {
  /** Resolves when nothing is going on. */
  idle: Promise<void> = Promise.resolve()

  private readonly parts: MaintenanceParts
  private number = 0 // of the latest checkpoint
  private prepared: Snapshot | null = null
  private isBegun = false
  private isClosing = false
  private isWanted = false
  private hasFailed = false // and that has been logged
  private waitingCount = 0
  private cancelLater: () => void = () => {}
  private readonly dead = new Set<Segment>() // not in the state any more, but named by the checkpoint

  constructor(parts: MaintenanceParts) {
    this.parts = parts
  }

  /** Makes what was recovered the first checkpoint of this run, and deletes what belongs to nothing. */
  async begin(recovered: Recovered): Promise<void> {
    this.number = recovered.checkpoint
    const { nextFile, end } = recovered
    const snapshot = this.snapshot({ replayFrom: nextFile, end, isClean: false })
    this.isBegun = true
    try {
      await this.write(snapshot)
      await this.removeStrangers(nextFile)
    } catch (error) {
      if (recovered.isNew) throw error
      this.failed(error)
    }
  }

  /** Files that belong to nothing, such as a copy that was not finished. */
  private async removeStrangers(nextFile: number): Promise<void> {
    const { files, state } = this.parts
    const known = new Set(state.segments.flatMap(({ path, indexPath }) => [path, indexPath]))
    for (const name of files.list('log')) {
      const path = `log/${name}`
      if (!known.has(path) && !path.startsWith(logPath(nextFile))) await files.remove(path)
    }
  }

  /** The log is about to end a file; the state is what everything before comes to. */
  prepare(facts: CheckpointFacts): void {
    this.prepared = this.snapshot(facts)
  }

  /** The write that should have ended the file has failed. */
  cancel(): void {
    this.prepared = null
  }

  /** Files that hold nothing any more go with the next checkpoint. */
  abandonEmpty(): void {
    for (const segment of this.parts.state.removeEmptied()) this.dead.add(segment)
  }

  /** The file has ended: what was prepared is written, in the background. */
  start(): void {
    const snapshot = this.prepared
    this.prepared = null
    if (snapshot === null) return
    this.waitingCount++
    this.idle = this.idle.then(() => this.run(snapshot))
  }

  /** Space could be given back. It is when it is worth a checkpoint. */
  want(): void {
    const { state, fileSize } = this.parts
    if (!this.isBegun || this.isWanted || this.isClosing) return
    let bytes = 0
    for (const { isSealed, size, liveSize } of state.segments)
      if (isSealed) bytes += size - liveSize
    if (bytes < fileSize / 4) return
    this.isWanted = true
    this.later(SOON_MS)
  }

  /** Gives space back now, however little it is. */
  wantAll(): void {
    if (this.isBegun && !this.isClosing) this.parts.endFile()
  }

  /** Nothing new is begun. */
  close(): void {
    this.isClosing = true
    this.cancelLater()
  }

  private snapshot(facts: CheckpointFacts): Snapshot {
    const { state } = this.parts
    this.abandonEmpty()
    const indexes = state.segments
      .filter((segment) => segment.isSealed && !segment.isIndexed)
      .map((segment) => ({ segment, content: segment.encodeIndex() }))
    this.number++
    const content = encodeCheckpoint(this.number, facts, state)
    return { number: this.number, content, indexes, dead: [...this.dead] }
  }

  private async run(snapshot: Snapshot): Promise<void> {
    this.waitingCount--
    if (this.waitingCount > 0) return // a later one says all that this one does
    try {
      await this.write(snapshot)
      await this.compact()
    } catch (error) {
      this.failed(error)
    }
  }

  private async write({ number, content, indexes, dead }: Snapshot): Promise<void> {
    const { files } = this.parts
    for (const { segment, content: index } of indexes) {
      if (segment.isIndexed) continue
      await files.writeWhole(segment.indexPath, index)
      segment.indexed()
    }
    await files.writeWhole(checkpointPath(number, 'a'), content)
    await files.writeWhole(checkpointPath(number, 'b'), content)
    this.hasFailed = false
    for (const segment of dead) {
      segment.closeFiles()
      await files.remove(segment.path)
      await files.remove(segment.indexPath)
      this.dead.delete(segment)
    }
    for (const name of files.list('checkpoint')) {
      const other = checkpointNamed(name)
      if (other !== null && other < number) await files.remove(`checkpoint/${name}`)
    }
  }

  private async compact(): Promise<void> {
    const { state, files, fileSize, log, endFile } = this.parts
    const run = compactable(state.segments, fileSize)
    if (run.length === 0 || this.isClosing) return
    const copied = await compact(run, { state, files, fileSize, log }, () => this.isClosing)
    if (copied.length === 0) return
    for (const segment of copied) this.dead.add(segment)
    endFile()
  }

  private failed(error: unknown): void {
    if (!this.hasFailed)
      this.parts.log.warn(
        `store: no checkpoint could be written, the log is kept instead: ${String(error)}`,
      )
    this.hasFailed = true
    if (!this.isClosing) this.later(AGAIN_MS)
  }

  private later(delayMs: number): void {
    const { clock, endFile } = this.parts
    this.cancelLater()
    this.cancelLater = clock.after(delayMs, () => {
      this.isWanted = false
      endFile()
    })
  }
}

export interface MaintenanceParts {
  readonly state: StoreState
  readonly files: FileSystem
  readonly clock: Clock
  readonly log: Logger
  /** Of a log file, in bytes. */
  readonly fileSize: number
  /** Brings the log to begin a new file, which leads to `prepare` and `start`. */
  readonly endFile: () => void
}

/** A checkpoint, and what goes with it, as they are to be written. */
interface Snapshot {
  readonly number: number
  readonly content: readonly Uint8Array[]
  readonly indexes: readonly { readonly segment: Segment; readonly content: readonly Buffer[] }[]
  readonly dead: readonly Segment[]
}

/** Space is given back so long after it became free, and then all of it at once. */
const SOON_MS = 500

/** After a failure. */
const AGAIN_MS = 5000
