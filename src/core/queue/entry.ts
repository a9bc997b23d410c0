import type { Message } from '../message.ts'
import type { Queue } from './queue.ts'
import type { Subscriber } from './subscriber.ts'

/** One message in one queue, from enqueue until the queue is done with it. */
export class Entry {
  readonly message: Message
  readonly queue: Queue
  /** Place among those of its level that have been handed out, in the order of the first time; 0 before that. */
  sequence = 0
  /** Position of the publish in the store; 0 for what is not stored, or was stored before the broker started. */
  position: number
  /** Its number in the lane of the queue that holds it; 0 for what is not stored. */
  ordinal: number
  /** When it expires, on the broker's clock; Infinity for never. */
  readonly expiresAtMs: number
  /** True once it has been handed out and came back. */
  redelivered = false
  /** Hand-outs that came back, and those among them that failed: quorum queues count them. */
  acquiredCount = 0
  failedCount = 0
  /** Delivery tag on the channel that holds it, while it is unacked. */
  deliveryTag = 0
  /** When it was handed out last, on the broker's clock; 0 where nobody asks for it. */
  deliveredAtMs = 0
  /** The consumer that holds it; null while it is ready, or fetched with basic.get. */
  subscriber: Subscriber | null = null

  constructor(
    message: Message,
    queue: Queue,
    position: number,
    ordinal: number,
    expiresAtMs: number,
  ) {
    this.message = message
    this.queue = queue
    this.position = position
    this.ordinal = ordinal
    this.expiresAtMs = expiresAtMs
  }
}
