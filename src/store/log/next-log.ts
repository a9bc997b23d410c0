import type { FileSystem, LogFile } from '../files/file-system.ts'
import { logPath } from '../files/paths.ts'

/**
 * The file that the log goes on in when the one that is written is full. It is made ahead of that, still empty, and the
 * full one is closed behind: no confirm waits for either.
 */
export class NextLog {
  private readonly files: FileSystem
  private number = 0
  private made: Promise<LogFile> | null = null
  private closing: Promise<unknown> = Promise.resolve()

  constructor(files: FileSystem) {
    this.files = files
  }

  /** Begins to make the file of this number, unless one is being made or there already. */
  prepare(number: number): void {
    if (this.made !== null) return
    this.number = number
    this.made = this.files.createLog(logPath(number))
    this.made.catch(() => undefined) // who takes it is told
  }

  /** The file of this number, empty; made now if it has not been made ahead. Rejects when it cannot be made. */
  async take(number: number): Promise<LogFile> {
    if (this.number !== number) await this.discard()
    const { made } = this
    this.made = null
    return made ?? this.files.createLog(logPath(number))
  }

  /** Closes a file that is full. What is in it is durable, so nothing depends on how that ends. */
  leave(log: LogFile): void {
    const closed = log.close().catch(() => undefined)
    this.closing = Promise.all([this.closing, closed])
  }

  /** Takes away what was made and is not needed. Resolves when nothing goes on any more; never rejects. */
  async close(): Promise<void> {
    await this.discard()
    await this.closing
  }

  private async discard(): Promise<void> {
    const { made, number } = this
    this.made = null
    try {
      const log = await made
      if (log === null) return
      await log.close()
      await this.files.remove(logPath(number))
    } catch {} // an empty file is as good as none
  }
}
