import type { Task } from '../common/run-queue.ts'
import type { Table } from '../common/table.ts'
import type { Entry } from '../core/queue/entry.ts'
import type { Queue } from '../core/queue/queue.ts'
import type { Subscriber } from '../core/queue/subscriber.ts'
import { ByteWriter, shortstrSize } from '../wire/byte-writer.ts'
import type { Channel } from './channel.ts'

/** A basic.consume: takes messages from a queue and sends them to the client, within its prefetch. */
export class Consumer implements Subscriber, Task {
  readonly consumerTag: string
  readonly queue: Queue
  readonly noAck: boolean
  readonly exclusive: boolean
  readonly priority: number
  readonly arguments: Table
  /** The tag as every delivery repeats it. */
  readonly encodedTag: Buffer
  isParked = false
  isQueued = false
  private readonly channel: Channel
  /** 0 for no limit. */
  readonly prefetch: number
  heldCount = 0

  constructor(
    channel: Channel,
    queue: Queue,
    wanted: Pick<Consumer, 'consumerTag' | 'noAck' | 'exclusive' | 'priority' | 'arguments'>,
    prefetch: number,
  ) {
    this.channel = channel
    this.queue = queue
    this.consumerTag = wanted.consumerTag
    this.noAck = wanted.noAck
    this.exclusive = wanted.exclusive
    this.priority = wanted.priority
    this.arguments = wanted.arguments
    this.prefetch = prefetch
    const writer = new ByteWriter(Buffer.allocUnsafe(shortstrSize(wanted.consumerTag)))
    writer.shortstr(wanted.consumerTag)
    this.encodedTag = writer.block
  }

  canTake(): boolean {
    if (!this.channel.canSend) return false
    if (this.noAck) return true
    return (this.prefetch === 0 || this.heldCount < this.prefetch) && this.channel.hasGlobalCredit
  }

  deliver(entry: Entry): void {
    if (!this.noAck) {
      this.heldCount++
      entry.subscriber = this
    }
    this.channel.sendDelivery(entry, this)
  }

  release(): void {
    this.heldCount--
    this.resume()
  }

  /** Something that kept it from taking messages may have changed. */
  resume(): void {
    if (this.isParked) this.queue.resume(this)
  }

  /** The client hears of it after the reply to whatever ended the queue. */
  cancelled(): void {
    this.channel.forgetConsumer(this)
    this.channel.turn.addDispatch(this)
  }

  run(): void {
    this.channel.sendCancel(this.consumerTag)
  }
}
