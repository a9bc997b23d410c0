import { Acknowledger } from './acknowledger.ts'
import { LoadConnection, type LoadSink } from './connection.ts'
import { timeIn } from './message-ring.ts'
import type { Pump } from './pump.ts'
import type { Traffic } from './traffic.ts'

/** Takes the messages of one queue and notes how long they were under way. */
export class TimedConsumer implements LoadSink {
  private readonly connection: LoadConnection
  private readonly acknowledger: Acknowledger
  private readonly traffic: Traffic
  private readonly pump: Pump
  private readonly isTimed: boolean
  private nowMs = 0 // of the chunk at hand; 0 between chunks

  private constructor(connection: LoadConnection, wish: TimedConsumerWish) {
    this.connection = connection
    this.acknowledger = new Acknowledger(connection, wish.ackEvery)
    this.traffic = wish.traffic
    this.pump = wish.pump
    this.isTimed = wish.bodySize >= 8
    connection.sink = this
  }

  static async open(url: string, wish: TimedConsumerWish): Promise<TimedConsumer> {
    const connection = await LoadConnection.open(url, 1, wish.roomSize)
    const { queue, prefetch, ackEvery } = wish
    if (prefetch > 0) await connection.call(1, 'basic.qos', { prefetchCount: prefetch })
    const consumer = new TimedConsumer(connection, wish)
    const noAck = ackEvery === 0
    await connection.call(1, 'basic.consume', { queue, consumerTag: 'c', noAck })
    return consumer
  }

  /** Acknowledges what is not yet, and closes. */
  async close(): Promise<void> {
    this.acknowledger.flush()
    await this.connection.close()
  }

  onConfirm(): void {}

  onDeliver(tag: number, _redelivered: boolean, bytes: Buffer, bodyStart: number): void {
    if (this.nowMs === 0) this.nowMs = performance.now()
    if (this.isTimed) this.traffic.endToEnd.add(this.nowMs - timeIn(bytes, bodyStart))
    this.traffic.delivered++
    this.acknowledger.take(tag)
  }

  onPause(): void {
    if (this.nowMs === 0) return
    this.traffic.lastDeliveryMs = this.nowMs
    this.nowMs = 0
    this.pump.schedule()
  }
}

export interface TimedConsumerWish {
  readonly queue: string
  /** 0 for no limit. */
  readonly prefetch: number
  /** Messages that one acknowledgement is for; 0 takes them without. */
  readonly ackEvery: number
  readonly bodySize: number
  /** How much is read at a time, in bytes. */
  readonly roomSize: number
  readonly traffic: Traffic
  readonly pump: Pump
}
