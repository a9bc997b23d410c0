import type { Message } from '../message.ts'
import type { Queue } from './queue.ts'
import type { Subscriber } from './subscriber.ts'

/** One message in one queue, from enqueue until the queue is done with it. */
export class Entry {
  readonly message: Message
  readonly queue: Queue
  /** Place in the queue: counts up with every enqueue, so that a requeued message finds its old place. */
  readonly sequence: number
  /** Position of the publish in the store; 0 for what is not stored. */
  readonly position: number
  /** When it expires, on the broker's clock; Infinity for never. */
  readonly expiresAtMs: number
  /** True once it has been handed out and came back. */
  redelivered = false
  /** Hand-outs that came back, and those among them that failed: quorum queues count them. */
  acquiredCount = 0
  failedCount = 0
  /** Delivery tag on the channel that holds it, while it is unacked. */
  deliveryTag = 0
  /** When it was handed out last, on the broker's clock. */
  deliveredAtMs = 0
  /** The consumer that holds it; null while it is ready, or fetched with basic.get. */
  subscriber: Subscriber | null = null

  constructor(
    message: Message,
    queue: Queue,
    sequence: number,
    position: number,
    expiresAtMs: number,
  ) {
    this.message = message
    this.queue = queue
    this.sequence = sequence
    this.position = position
    this.expiresAtMs = expiresAtMs
  }
}
