import { EMPTY_TABLE } from '../../src/common/table.ts'
import type { Entry } from '../../src/core/queue/entry.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import type { Subscriber } from '../../src/core/queue/subscriber.ts'

/** A consumer that keeps what it is given until the test settles it. */
export class TestSubscriber implements Subscriber {
  readonly consumerTag: string
  readonly noAck: boolean
  readonly exclusive: boolean
  readonly priority: number
  readonly arguments = EMPTY_TABLE
  isParked = false
  /** Messages it takes before it must be settled one; 0 for no limit. */
  limit: number
  /** Delivered and not settled, in the order of delivery. */
  readonly held: Entry[] = []
  /** Everything delivered, and whether it was marked as redelivered then. */
  readonly deliveries: { readonly entry: Entry; readonly redelivered: boolean }[] = []
  isCancelled = false
  private readonly queue: Queue
  private readonly onDeliver: (entry: Entry, subscriber: TestSubscriber) => void

  constructor(queue: Queue, wish: SubscriberWish = {}) {
    this.queue = queue
    this.consumerTag = wish.consumerTag ?? 'consumer'
    this.noAck = wish.noAck ?? false
    this.exclusive = wish.exclusive ?? false
    this.priority = wish.priority ?? 0
    this.limit = wish.limit ?? 0
    this.onDeliver = wish.onDeliver ?? (() => {})
  }

  get heldCount(): number {
    return this.held.length
  }

  canTake(): boolean {
    return this.limit === 0 || this.noAck || this.held.length < this.limit
  }

  deliver(entry: Entry): void {
    this.deliveries.push({ entry, redelivered: entry.redelivered })
    this.onDeliver(entry, this)
    if (this.noAck) return
    entry.subscriber = this
    this.held.push(entry)
  }

  release(): void {
    if (this.isParked) this.queue.resume(this)
  }

  cancelled(): void {
    this.isCancelled = true
  }

  /** Gives one message back, settled, rejected or to be requeued, as a channel does. */
  give(entry: Entry, outcome: 'settle' | 'requeue' | 'reject'): void {
    this.held.splice(this.held.indexOf(entry), 1)
    if (outcome === 'requeue') this.queue.requeue([entry], 'nack')
    else if (outcome === 'reject') this.queue.reject(entry, 'reject')
    else this.queue.settle(entry)
    this.release()
  }
}

export interface SubscriberWish {
  readonly consumerTag?: string
  readonly noAck?: boolean
  readonly exclusive?: boolean
  readonly priority?: number
  readonly limit?: number
  readonly onDeliver?: (entry: Entry, subscriber: TestSubscriber) => void
}
