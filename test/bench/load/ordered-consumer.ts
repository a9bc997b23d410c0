import { methodFrame } from '../../../conformance/support/frames.ts'
import { LoadConnection, type LoadSink } from './connection.ts'
import { readNumber } from './message.ts'

/** Takes the messages of one queue, looks whether their numbers follow each other, and acknowledges many at a time. */
export class OrderedConsumer implements LoadSink {
  received = 0
  /** Messages whose number is not the one after that of the message before. */
  outOfOrder = 0
  redelivered = 0
  private readonly connection: LoadConnection
  private readonly ackEvery: number
  private readonly ackFrame = methodFrame(1, 'basic.ack', { multiple: true })
  private expected: number
  private lastTag = 0
  private ackedTag = 0
  private target = Number.POSITIVE_INFINITY
  private done = () => {}

  private constructor(connection: LoadConnection, wish: ConsumerWish) {
    this.connection = connection
    this.ackEvery = wish.ackEvery
    this.expected = wish.firstNumber ?? 0
    connection.sink = this
  }

  static async open(port: number, wish: ConsumerWish): Promise<OrderedConsumer> {
    const connection = await LoadConnection.open(port)
    await connection.call(1, 'basic.qos', { prefetchCount: wish.prefetch })
    const consumer = new OrderedConsumer(connection, wish)
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
    if (this.ackEvery > 0 && this.lastTag > this.ackedTag) this.ack()
    await this.connection.close()
  }

  abandon(): void {
    this.connection.abandon()
  }

  onConfirm(): void {}

  onDeliver(tag: number, redelivered: boolean, bytes: Buffer, bodyStart: number): void {
    const number = readNumber(bytes, bodyStart)
    if (number !== this.expected) this.outOfOrder++
    this.expected = number + 1
    this.received++
    if (redelivered) this.redelivered++
    this.lastTag = tag
    if (this.ackEvery > 0 && tag - this.ackedTag >= this.ackEvery) this.ack()
  }

  onPause(): void {
    if (this.received >= this.target) this.done()
  }

  private ack(): void {
    this.ackedTag = this.lastTag
    const frame = Buffer.from(this.ackFrame)
    frame.writeUInt32BE(Math.floor(this.lastTag / 0x1_0000_0000), TAG_AT)
    frame.writeUInt32BE(this.lastTag % 0x1_0000_0000, TAG_AT + 4)
    this.connection.socket.write(frame)
  }
}

export interface ConsumerWish {
  readonly queue: string
  /** 0 for no limit. */
  readonly prefetch: number
  /** Messages that one acknowledgement is for; 0 takes them without. */
  readonly ackEvery: number
  /** Number of the first message that should come; 0 by default. */
  readonly firstNumber?: number
}

/** Where basic.ack has its delivery tag: behind the frame's header and the method's id. */
const TAG_AT = 11
