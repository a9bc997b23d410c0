import type { Clock } from '../../common/clock.ts'
import { encodeHeader, HEADER_SIZE } from '../log/format.ts'
import type { FileSystem } from './file-system.ts'

/**
 * Room on the disk that is kept for bad times, as a file that only takes up space, and the trouble that comes when the
 * disk is full or fails. The file is deleted when nothing can be written any more: what waits can be written then, and a
 * checkpoint after it, which lets files be deleted that hold nothing. The trouble is over when the room is there again.
 */
export class Room {
  private readonly host: RoomHost
  private isKept = false
  private isTroubled = false
  private isClosing = false
  private cancelLater: () => void = () => {}
  private taking: Promise<void> = Promise.resolve()

  constructor(host: RoomHost) {
    this.host = host
  }

  /** A write has failed. */
  troubled(cause: Error): void {
    if (this.isTroubled) return
    this.isTroubled = true
    this.host.onTrouble(cause)
  }

  /** Makes what room there is to be had. Never rejects. */
  async make(): Promise<void> {
    this.cancelLater()
    if (!this.isKept) return
    this.isKept = false
    try {
      await this.host.files.remove(PATH)
    } catch {
      this.isKept = true // for the next attempt
    }
  }

  /** Writes succeed: the room is taken again, now or as soon as it can be had. */
  keep(): void {
    this.taking = this.taking.then(() => this.tryToKeep())
  }

  /** Resolves when nothing goes on any more. */
  async close(): Promise<void> {
    this.isClosing = true
    this.cancelLater()
    await this.taking
  }

  private async tryToKeep(): Promise<void> {
    try {
      await this.take()
    } catch (error) {
      if (this.isClosing) return
      this.troubled(error instanceof Error ? error : new Error(String(error)))
      this.host.wantSpace()
      this.cancelLater()
      this.cancelLater = this.host.clock.after(AGAIN_MS, () => this.keep())
      return
    }
    if (!this.isTroubled || !this.isKept) return
    this.isTroubled = false
    this.host.onTrouble(null)
  }

  private async take(): Promise<void> {
    const { files, size } = this.host
    if (this.isKept || this.isClosing) return
    if (!this.isThere()) {
      const header = { kind: 'reserve', number: 0, previous: 0, previousSize: 0 } as const
      await files.writeWhole(PATH, [encodeHeader(header), Buffer.alloc(size - HEADER_SIZE)])
    }
    this.isKept = true
  }

  private isThere(): boolean {
    const { files, size } = this.host
    if (!files.list('checkpoint').includes('reserve')) return false
    const file = files.open(PATH)
    const isWhole = file.size === size
    file.close()
    return isWhole
  }
}

export interface RoomHost {
  readonly files: FileSystem
  readonly clock: Clock
  /** What is kept, in bytes. */
  readonly size: number
  /** Nothing can be written, or there is no room for bad times, because of this error; null: all is well again. */
  readonly onTrouble: (cause: Error | null) => void
  /** Asks that space be given back, however little it is. */
  readonly wantSpace: () => void
}

const PATH = 'checkpoint/reserve'

/** Between attempts. */
const AGAIN_MS = 1000
