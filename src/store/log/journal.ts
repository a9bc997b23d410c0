import type { Clock } from '../../common/clock.ts'
import type { Durability, DurabilityWaiter } from '../../core/ports.ts'
import type { FileSystem, LogFile } from '../files/file-system.ts'
import { logPath } from '../files/paths.ts'
import { Batch } from './batch.ts'
import { encodeHeader, HEADER_SIZE } from './format.ts'
import { NextLog } from './next-log.ts'

/**
 * Writes the log: changes gather in a batch while the one before is written, and are durable when their write is
 * done (design, group commit). There is one write at a time, so at most one batch can be torn by a loss of power, the
 * last.
 *
 * After a failed write nobody knows what of it is in the file: it is never written to again, and the batch goes to a
 * new one.
 */
export class Journal implements Durability {
  recorded = 0
  durable = 0
  /** The batch that gathers. */
  batch: Batch
  /** The file that it will go to, and where in it. */
  file: number
  batchAt = HEADER_SIZE
  /** Batches written since the start. */
  writeCount = 0

  private readonly files: FileSystem
  private readonly clock: Clock
  private readonly owner: JournalOwner
  private readonly fileSize: number
  private readonly seed: number
  private readonly blocks: Buffer[] = []
  private waiters: DurabilityWaiter[] = []
  private readonly next: NextLog
  private log: LogFile | null = null // open for `logNumber`
  private logNumber = 0
  private safe: { readonly number: number; readonly size: number } // the end of what is durable
  private isWanted = false
  private isWriting = false
  private isLater = false
  private endPause: () => void = () => {}
  private cancelLater: () => void = () => {}
  private isEndWanted = false
  private inFlightSize = 0
  private isInTrouble = false
  private isClosing = false
  private idle: Promise<void> = Promise.resolve()

  constructor(options: JournalOptions, owner: JournalOwner) {
    this.files = options.files
    this.next = new NextLog(options.files)
    this.clock = options.clock
    this.fileSize = options.fileSize
    this.owner = owner
    this.file = options.firstFile
    this.safe = options.safe
    this.seed = options.seed
    this.batch = new Batch(this.blocks, this.seed)
  }

  get isBehind(): boolean {
    return this.inFlightSize + this.batch.size > MAX_WAITING_BYTES
  }

  /** The batch has one more change, which somebody waits for or soon will. */
  wantWrite(): void {
    if (this.isWanted) return
    this.isWanted = true
    if (!this.isWriting) setImmediate(this.start)
  }

  /** The owner has changes for the next batch that nobody waits for: a write of their own would only be in the way. */
  wantWriteLater(): void {
    if (this.isLater || this.isWanted) return
    this.isLater = true
    this.cancelLater = this.clock.after(LATER_MS, () => {
      this.isLater = false
      this.wantWrite()
    })
  }

  whenDurable(waiter: DurabilityWaiter): void {
    this.waiters.push(waiter)
    if (this.durable < this.recorded) this.wantWrite()
  }

  /** Ends the file: what comes goes to the next. The owner hears of it as of a file that is full. */
  endFile(): void {
    this.isEndWanted = true
    this.wantWrite()
  }

  /** Writes all that is recorded. Rejects when that fails: then nobody can say what of the rest is on the disk. */
  async close(): Promise<void> {
    this.isClosing = true
    this.cancelLater()
    this.endPause()
    this.wantWrite()
    if (!this.isWriting) this.start()
    try {
      await this.idle
      await this.log?.close()
    } finally {
      await this.next.close()
    }
  }

  private readonly start = (): void => {
    if (this.isWriting) return
    this.isWriting = true
    this.idle = this.writeAll()
    this.idle.catch((error) => {
      if (!this.isClosing) throw error // an error of ours: to go on would be to lose messages
    })
  }

  private async writeAll(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false
      const flight = this.takeOff()
      if (flight !== null) {
        await this.write(flight)
        this.landed(flight)
      }
    }
    this.isWriting = false
  }

  /** Takes the batch that has gathered, and begins the next one where this will end. */
  private takeOff(): Flight | null {
    const { batch, file, batchAt } = this
    this.owner.completeBatch(batch)
    const end = batchAt + batch.size
    const isLast = end >= this.fileSize || this.isEndWanted
    this.isEndWanted = false
    if (batch.isEmpty && !isLast) {
      if (this.durable < this.recorded) {
        this.durable = this.recorded
        this.tellWaiters()
      }
      return null
    }
    batch.position = this.recorded
    this.inFlightSize = batch.size
    this.batch = new Batch(this.blocks, this.seed)
    if (isLast) {
      this.file++
      this.batchAt = HEADER_SIZE
      const isEmpty = end === HEADER_SIZE // then there is no such file
      this.owner.fileEnds(file, end, isEmpty ? this.safe : { number: file, size: end })
    } else this.batchAt = end
    return { batch, file, at: batchAt, isLast }
  }

  private async write(flight: Flight): Promise<void> {
    let failures = 0
    for (;;) {
      try {
        if (!flight.batch.isEmpty) await this.writeOnce(flight)
        return
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause))
        await this.giveUpFile(flight, codeOf(error) === 'ENOSPC')
        if (!this.isInTrouble) this.owner.troubled(error)
        this.isInTrouble = true
        if (this.isClosing && failures > 0) throw error
        await this.owner.makeRoom()
        if (failures++ > 0) await this.pause()
      }
    }
  }

  private async writeOnce({ batch, file, at }: Flight): Promise<void> {
    this.writeCount++
    if (this.log === null || this.logNumber !== file) {
      if (this.log !== null) this.next.leave(this.log)
      this.log = null
      this.log = await this.next.take(file)
      this.logNumber = file
      const { number, size } = this.safe
      const header = { kind: 'log', number: file, previous: number, previousSize: size } as const
      await this.log.write([encodeHeader(header), ...batch.parts()], 0)
    } else await this.log.write(batch.parts(), at)
  }

  private landed({ batch, file, at, isLast }: Flight): void {
    if (!batch.isEmpty) this.safe = { number: file, size: at + batch.size }
    batch.release()
    this.inFlightSize = 0
    this.durable = batch.position
    if (this.isInTrouble) {
      this.isInTrouble = false
      this.owner.troubled(null)
    }
    if (isLast) this.owner.fileEnded()
    else if (this.batchAt > this.fileSize / 2 && !this.isClosing) this.next.prepare(file + 1)
    this.tellWaiters()
  }

  /** The batch, and what gathers behind it, will go to a file of its own. */
  private async giveUpFile(flight: Flight, isFull: boolean): Promise<void> {
    const { file, at, batch } = flight
    const isGatheringApart = this.file !== file
    const next = Math.max(this.file, file + 1)
    this.owner.moved({ file, at }, { file: next, at: HEADER_SIZE }, batch.size, isGatheringApart)
    flight.file = next
    flight.at = HEADER_SIZE
    if (flight.isLast) {
      this.isEndWanted = true
      this.isWanted = true
    }
    flight.isLast = false
    this.file = next
    this.batchAt = HEADER_SIZE + batch.size
    const given = this.log
    this.log = null
    try {
      await given?.close()
      if (isFull) await this.shorten(file, at)
    } catch {} // its writes have failed: so may this, and nothing depends on it
  }

  /** What has not become durable takes no room. */
  private async shorten(file: number, at: number): Promise<void> {
    if (at === HEADER_SIZE) await this.files.remove(logPath(file))
    else await this.files.truncate(logPath(file), at)
  }

  /** Ends at once when the store is closed. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(RETRY_MS, resolve)
      this.endPause = () => {
        cancel()
        resolve()
      }
    })
  }

  private tellWaiters(): void {
    const { waiters } = this
    this.waiters = []
    for (const waiter of waiters) waiter.onDurable(this.durable)
    if (this.waiters.length > 0 && this.durable < this.recorded) this.wantWrite()
  }
}

export interface JournalOptions {
  readonly files: FileSystem
  readonly clock: Clock
  /** A file ends with the batch that reaches this size, in bytes. */
  readonly fileSize: number
  readonly firstFile: number
  /** Of the checksums. */
  readonly seed: number
  /** The end of the log so far. */
  readonly safe: { readonly number: number; readonly size: number }
}

export interface JournalOwner {
  /** The batch is about to be written: the owner adds what it has held back for it. */
  completeBatch(batch: Batch): void
  /**
   * With the batch that is written now the file ends: `size` is where, and `end` where the log ends then. Everything
   * recorded so far is before that.
   */
  fileEnds(file: number, size: number, end: LogEnd): void
  /** That batch is durable. */
  fileEnded(): void
  /**
   * A write has failed. What was to go to `from` and behind goes to `to`; what gathers goes behind it, `size` bytes
   * further: it had been meant for the same file, or, when it is `apart`, for the one in `to` already.
   */
  moved(from: LogPlace, to: LogPlace, size: number, apart: boolean): void
  /** Nothing can be written, because of this; null: it can again. */
  troubled(cause: Error | null): void
  /** The disk may be full: the owner gives back what space it can without writing. Never rejects. */
  makeRoom(): Promise<void>
}

export interface LogPlace {
  readonly file: number
  readonly at: number
}

/** Where the log ends: nothing behind it is durable. */
export interface LogEnd {
  readonly number: number
  readonly size: number
}

/** A batch on its way to the disk. */
interface Flight {
  readonly batch: Batch
  file: number
  at: number
  isLast: boolean
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** More than this must not wait for the disk: who publishes is paused. */
const MAX_WAITING_BYTES = 16_777_216

/** Acknowledgements may wait so long for company. Losing them means that messages come again, which clients expect. */
const LATER_MS = 25

/** Between attempts to write while the disk fails. */
const RETRY_MS = 1000
