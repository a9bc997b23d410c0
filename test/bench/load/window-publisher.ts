import { LoadConnection, type LoadSink } from './connection.ts'
import { NumberedMessage } from './message.ts'
import { Samples } from './samples.ts'

/**
 * Publishes messages 0, 1, 2 ... to one queue with confirms, as fast as the broker takes them, at most `window` of
 * them unconfirmed.
 */
export class WindowPublisher implements LoadSink {
  /** From the write of a message to its confirm, in milliseconds. */
  readonly latencies = new Samples()
  /** Messages confirmed so far. */
  confirmed = 0
  private readonly connection: LoadConnection
  private readonly message: NumberedMessage
  private readonly window: number
  private readonly batchLength: number
  private readonly batches: Buffer[] = [] // free to be written again
  private readonly sentMs: Float64Array // by tag, in a ring
  private readonly isConfirmed: Uint8Array // the same
  private lowestTag = 1 // all below are confirmed
  private nextTag = 1
  private target = 0
  private isFull = false
  private done = () => {}

  private constructor(connection: LoadConnection, wish: PublisherWish) {
    this.connection = connection
    this.message = new NumberedMessage(1, wish.queue, wish.bodySize)
    this.window = wish.window
    this.batchLength = Math.max(1, Math.min(wish.window, BATCH_SIZE / this.message.frames.length))
    this.sentMs = new Float64Array(wish.window)
    this.isConfirmed = new Uint8Array(wish.window)
    connection.sink = this
    connection.socket.on('drain', () => {
      this.isFull = false
      this.pump()
    })
  }

  static async open(port: number, wish: PublisherWish): Promise<WindowPublisher> {
    const connection = await LoadConnection.open(port)
    await connection.call(1, 'confirm.select')
    return new WindowPublisher(connection, wish)
  }

  /** Publishes this many more; resolves when all are confirmed. */
  async publish(count: number): Promise<void> {
    this.target += count
    const done = new Promise<void>((resolve) => {
      this.done = resolve
    })
    this.pump()
    await done
  }

  /** Publishes as many a second as that, evenly; after this time resolves when all are confirmed. */
  async publishAtRate(rate: number, forMs: number): Promise<void> {
    const beginMs = performance.now()
    let offered = 0
    const timer = setInterval(() => {
      const due = Math.floor((rate * (performance.now() - beginMs)) / 1000) - offered
      offered += due
      this.target += due
      this.pump()
    }, 1)
    await new Promise((resolve) => setTimeout(resolve, forMs))
    clearInterval(timer)
    await this.publish(1)
  }

  /** Publishes nothing more than what is on its way; `publish` resolves when that is confirmed. */
  stop(): void {
    this.target = this.nextTag - 1
    if (this.confirmed === this.target) this.done()
  }

  async close(): Promise<void> {
    await this.connection.close()
  }

  abandon(): void {
    this.connection.abandon()
  }

  onConfirm(_channel: number, tag: number, multiple: boolean): void {
    const nowMs = performance.now()
    if (!multiple) this.confirm(tag, nowMs)
    else for (let each = this.lowestTag; each <= tag; each++) this.confirm(each, nowMs)
    while (this.lowestTag < this.nextTag && this.isConfirmed[this.lowestTag % this.window] === 1) {
      this.lowestTag++
    }
  }

  onDeliver(): void {}

  onPause(): void {
    if (this.confirmed === this.target) this.done()
    else this.pump()
  }

  private confirm(tag: number, nowMs: number): void {
    const at = tag % this.window
    if (this.isConfirmed[at] === 1) return
    this.isConfirmed[at] = 1
    this.confirmed++
    this.latencies.add(nowMs - this.sentMs[at]!)
  }

  private pump(): void {
    for (;;) {
      const room = this.lowestTag + this.window - this.nextTag
      const count = Math.min(room, this.target - this.nextTag + 1, Math.floor(this.batchLength))
      if (count <= 0 || this.isFull) return
      this.send(count)
    }
  }

  private send(count: number): void {
    const { frames } = this.message
    const batch = this.batches.pop() ?? this.newBatch()
    const nowMs = performance.now()
    for (let i = 0; i < count; i++) {
      const at = this.nextTag % this.window
      this.sentMs[at] = nowMs
      this.isConfirmed[at] = 0
      this.message.writeNumber(this.nextTag - 1, batch, i * frames.length)
      this.nextTag++
    }
    const piece = batch.subarray(0, count * frames.length)
    this.isFull = !this.connection.socket.write(piece, () => this.batches.push(batch))
  }

  private newBatch(): Buffer {
    const { frames } = this.message
    return Buffer.concat(Array.from({ length: Math.floor(this.batchLength) }, () => frames))
  }
}

export interface PublisherWish {
  readonly queue: string
  readonly bodySize: number
  readonly window: number
}

/** Bytes of one write at full speed. */
const BATCH_SIZE = 65_536
