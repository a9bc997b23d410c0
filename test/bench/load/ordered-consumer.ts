import { Acknowledger } from './acknowledger.ts'
import { LoadConnection, type LoadSink } from './connection.ts'
import { numberIn } from './message-ring.ts'

/** Takes the messages of one queue, looks whether their numbers follow each other, and acknowledges many at a time. */
export class OrderedConsumer implements LoadSink {
  received = 0
  /** Messages whose number is not the one after that of the message before. */
  outOfOrder = 0
  private readonly connection: LoadConnection
  private readonly acknowledger: Acknowledger
  private expected = 0
  private target = Number.POSITIVE_INFINITY
  private done = () => {}

  private constructor(connection: LoadConnection, ackEvery: number) {
    this.connection = connection
    this.acknowledger = new Acknowledger(connection, ackEvery)
    connection.sink = this
  }

  static async open(url: string, wish: ConsumerWish): Promise<OrderedConsumer> {
    const connection = await LoadConnection.open(url, 1, ROOM_SIZE)
    await connection.call(1, 'basic.qos', { prefetchCount: wish.prefetch })
    const consumer = new OrderedConsumer(connection, wish.ackEvery)
    await connection.call(1, 'basic.consume', { queue: wish.queue, noAck: wish.ackEvery === 0 })
    return consumer
  }

  /** Resolves when this many have come in all. */
  async until(count: number): Promise<void> {
    this.target = count
    if (this.received >= count) return
    await new Promise<void>((resolve) => {
      this.done = resolve
    })
  }

  /** Acknowledges what is not yet, and closes. */
  async close(): Promise<void> {
    this.acknowledger.flush()
    await this.connection.close()
  }

  onConfirm(): void {}

  onDeliver(tag: number, _redelivered: boolean, bytes: Buffer, bodyStart: number): void {
    const number = numberIn(bytes, bodyStart)
    if (number !== this.expected) this.outOfOrder++
    this.expected = number + 1
    this.received++
    this.acknowledger.take(tag)
  }

  onPause(): void {
    if (this.received >= this.target) this.done()
  }
}

export interface ConsumerWish {
  readonly queue: string
  /** 0 for no limit. */
  readonly prefetch: number
  /** Messages that one acknowledgement is for; 0 takes them without. */
  readonly ackEvery: number
}

const ROOM_SIZE = 262_144
