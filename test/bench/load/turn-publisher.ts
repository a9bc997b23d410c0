import { LoadConnection, type LoadSink } from './connection.ts'
import { Latencies } from './latencies.ts'
import { MessageRing } from './message-ring.ts'

/** Publishes to many queues, each on a channel of its own that waits for a confirm before its next message. */
export class TurnPublisher implements LoadSink {
  /** From the write of a message to its confirm, in milliseconds. */
  readonly latencies = new Latencies()
  confirmed = 0
  private readonly connection: LoadConnection
  private readonly messages: readonly MessageRing[]
  private readonly sentMs: Float64Array // by channel
  private due: number[] = [] // channels whose turn it is
  private waitingCount = 0
  private isStopping = false
  private done = () => {}

  private constructor(connection: LoadConnection, queues: readonly string[], bodySize: number) {
    this.connection = connection
    this.messages = queues.map((queue, i) => {
      const shape = { exchange: '', routingKeys: [queue], bodySize, isPersistent: true }
      return new MessageRing(i + 1, shape, connection.frameMax, 0)
    })
    this.sentMs = new Float64Array(queues.length + 1)
    connection.sink = this
  }

  static async open(url: string, queues: readonly string[], bodySize: number) {
    const connection = await LoadConnection.open(url, queues.length)
    for (let channel = 1; channel <= queues.length; channel++) {
      await connection.call(channel, 'confirm.select')
    }
    return new TurnPublisher(connection, queues, bodySize)
  }

  start(): void {
    this.due = this.messages.map((_, i) => i + 1)
    this.send()
  }

  /** Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.isStopping = true
    if (this.waitingCount === 0) return
    await new Promise<void>((resolve) => {
      this.done = resolve
    })
  }

  async close(): Promise<void> {
    await this.connection.close()
  }

  onConfirm(channel: number): void {
    this.confirmed++
    this.waitingCount--
    this.latencies.add(performance.now() - this.sentMs[channel]!)
    if (!this.isStopping) this.due.push(channel)
  }

  onDeliver(): void {}

  onPause(): void {
    if (this.due.length > 0) this.send()
    if (this.isStopping && this.waitingCount === 0) this.done()
  }

  private send(): void {
    const nowMs = performance.now()
    for (const channel of this.due) this.sentMs[channel] = nowMs
    this.waitingCount += this.due.length
    const frames = this.due.map((channel) => this.messages[channel - 1]!.stamped(0, 1, nowMs, 0))
    this.connection.socket.write(Buffer.concat(frames))
    this.due = []
  }
}
