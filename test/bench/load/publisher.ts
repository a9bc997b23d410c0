import { LoadConnection, type LoadSink } from './connection.ts'
import { Latencies } from './latencies.ts'
import { MessageRing, type MessageShape } from './message-ring.ts'
import { Pump } from './pump.ts'

/** Publishes messages 0, 1, 2 ... as fast as its windows and the socket take them. */
export class Publisher implements LoadSink {
  /** Messages sent, those included that wait for the socket. */
  published = 0
  confirmed = 0
  private readonly connection: LoadConnection
  private readonly wish: PublisherWish
  private readonly latencies: Latencies
  private readonly pumps: Pump
  private readonly ring: MessageRing
  private readonly batchCount: number // messages of one write
  private ringAt = 0
  private target = 0
  private isWriting = false
  private lowestTag = 1 // all below are confirmed
  private readonly sentMs: Float64Array // by tag, in a ring
  private readonly isConfirmed: Uint8Array // the same
  private done = () => {}

  private constructor(connection: LoadConnection, wish: PublisherWish, pump: Pump) {
    const batchSize = wish.batchSize ?? BATCH_SIZE
    this.connection = connection
    this.wish = wish
    this.latencies = wish.latencies ?? new Latencies()
    this.pumps = pump
    this.ring = new MessageRing(1, wish, connection.frameMax, batchSize)
    this.batchCount = Math.max(1, Math.floor(batchSize / this.ring.messageSize))
    this.sentMs = new Float64Array(wish.window)
    this.isConfirmed = new Uint8Array(wish.window)
    connection.sink = this
    pump.add(this)
  }

  /** Publishers that share a pump take turns. */
  static async open(url: string, wish: PublisherWish, pump = new Pump()): Promise<Publisher> {
    const connection = await LoadConnection.open(url)
    if (wish.window > 0) await connection.call(1, 'confirm.select')
    return new Publisher(connection, wish, pump)
  }

  /** Publishes this many more; resolves when all are confirmed, or without confirms when all are written. */
  async publish(count: number): Promise<void> {
    this.target += count
    const done = new Promise<void>((resolve) => {
      this.done = resolve
    })
    this.pumps.schedule()
    await done
  }

  /** Publishes nothing more than what is on its way; `publish` resolves when that is done. */
  stop(): void {
    this.target = this.published
    this.onProgress()
  }

  async close(): Promise<void> {
    await this.connection.close()
  }

  abandon(): void {
    this.connection.abandon()
  }

  pump(): boolean {
    for (let turn = 0; turn < WRITES_OF_A_TURN; turn++) {
      const count = this.room()
      if (count <= 0) return false
      this.send(count)
    }
    return this.room() > 0
  }

  onConfirm(_channel: number, tag: number, multiple: boolean): void {
    const nowMs = performance.now()
    if (!multiple) this.confirm(tag, nowMs)
    else for (let each = this.lowestTag; each <= tag; each++) this.confirm(each, nowMs)
    const { window } = this.wish
    while (this.lowestTag <= this.published && this.isConfirmed[this.lowestTag % window] === 1) {
      this.lowestTag++
    }
  }

  onDeliver(): void {}

  onPause(): void {
    this.onProgress()
    this.pumps.schedule()
  }

  private onProgress(): void {
    const { window } = this.wish
    if (this.isWriting || this.published < this.target) return
    if (window === 0 || this.confirmed === this.target) this.done()
  }

  private confirm(tag: number, nowMs: number): void {
    const at = tag % this.wish.window
    if (this.isConfirmed[at] === 1) return
    this.isConfirmed[at] = 1
    this.confirmed++
    this.latencies.add(nowMs - this.sentMs[at]!)
  }

  /** How many messages may go with the next write. */
  private room(): number {
    if (this.isWriting) return 0
    const { window, allowance } = this.wish
    let count = Math.min(this.batchCount, this.ring.count - this.ringAt)
    count = Math.min(count, this.target - this.published)
    if (window > 0) count = Math.min(count, this.lowestTag + window - 1 - this.published)
    return allowance === undefined ? count : Math.min(count, allowance())
  }

  private send(count: number): void {
    const nowMs = performance.now()
    const { window } = this.wish
    const { socket } = this.connection
    for (let i = 1; window > 0 && i <= count; i++) {
      const at = (this.published + i) % window
      this.sentMs[at] = nowMs
      this.isConfirmed[at] = 0
    }
    const piece = this.ring.stamped(this.ringAt, count, nowMs, this.published)
    this.published += count
    this.wish.onPublished?.(count)
    this.ringAt = (this.ringAt + count) % this.ring.count
    socket.write(piece, this.onWritten)
    this.isWriting = socket.writableLength > 0 // the kernel takes most writes at once
  }

  private readonly onWritten = (): void => {
    this.isWriting = this.connection.socket.writableLength > 0
    this.onProgress()
    this.pumps.schedule()
  }
}

export interface PublisherWish extends MessageShape {
  /** At most so many unconfirmed messages; 0 publishes without confirms. */
  readonly window: number
  /** Bytes of one write. */
  readonly batchSize?: number
  /** From the write of a message to its confirm. */
  readonly latencies?: Latencies
  /** How many messages may be sent now, whatever the window says. */
  allowance?(): number
  onPublished?(count: number): void
}

const BATCH_SIZE = 65_536
/** Before others have their turn. */
const WRITES_OF_A_TURN = 4
