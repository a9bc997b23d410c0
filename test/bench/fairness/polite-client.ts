import { publishFrames } from '../../../conformance/support/frames.ts'
import { LoadConnection, type LoadSink } from '../load/connection.ts'
import type { Latencies } from '../load/latencies.ts'

/** Sends one small message at a time to itself, the next one a while after the last has come back. */
export class PoliteClient implements LoadSink {
  received = 0
  private readonly connection: LoadConnection
  private readonly frames: Buffer
  private readonly pauseMs: number
  private readonly latencies: Latencies
  private sentMs = 0
  private timer: NodeJS.Timeout | null = null
  private isStopping = false
  private done = () => {}

  private constructor(connection: LoadConnection, queue: string, wish: PoliteWish) {
    this.connection = connection
    this.frames = publishFrames(1, { routingKey: queue }, Buffer.alloc(16))
    this.pauseMs = wish.pauseMs
    this.latencies = wish.latencies
    connection.sink = this
  }

  static async open(url: string, wish: PoliteWish): Promise<PoliteClient> {
    const connection = await LoadConnection.open(url)
    const declared = await connection.call(1, 'queue.declare', { exclusive: true })
    const queue = String(declared.queue)
    const client = new PoliteClient(connection, queue, wish)
    await connection.call(1, 'basic.consume', { queue, noAck: true })
    return client
  }

  /** Sends its first message after `delayMs`, so that many clients do not all send at once. */
  start(delayMs = 0): void {
    this.timer = setTimeout(() => this.send(), delayMs)
  }

  /** Resolves when nothing of its own is on its way any more. */
  async stop(): Promise<void> {
    this.isStopping = true
    if (this.timer === null) await new Promise<void>((resolve) => (this.done = resolve))
    else clearTimeout(this.timer)
    await this.connection.close()
  }

  onConfirm(): void {}

  onDeliver(): void {
    this.received++
    this.latencies.add(performance.now() - this.sentMs)
    if (this.isStopping) this.done()
    else this.timer = setTimeout(() => this.send(), this.pauseMs)
  }

  onPause(): void {}

  private send(): void {
    this.timer = null
    this.sentMs = performance.now()
    this.connection.socket.write(this.frames)
  }
}

export interface PoliteWish {
  readonly pauseMs: number
  /** Times from the write of a message to its return are added here, in milliseconds. */
  readonly latencies: Latencies
}
