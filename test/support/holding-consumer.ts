import { EMPTY_TABLE, type Table } from '../../src/common/table.ts'
import type { ReturnCause } from '../../src/core/queue/delivery-count.ts'
import type { Entry } from '../../src/core/queue/entry.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import type { Subscriber } from '../../src/core/queue/subscriber.ts'

/** A consumer that keeps what it gets until the test says what becomes of it, as a channel would do it. */
export class HoldingConsumer implements Subscriber {
  readonly consumerTag: string
  readonly noAck: boolean
  readonly exclusive: boolean
  readonly priority: number
  readonly arguments: Table = EMPTY_TABLE
  isParked = false
  isCancelled = false
  /** Delivered and not given back, in the order of delivery. */
  readonly held: Entry[] = []
  /** Bodies of everything delivered. */
  readonly bodies: string[] = []
  private readonly queue: Queue
  private readonly prefetch: number // 0 for no limit

  constructor(queue: Queue, wish: ConsumerWish) {
    this.queue = queue
    this.consumerTag = wish.consumerTag ?? 'consumer'
    this.noAck = wish.noAck ?? false
    this.exclusive = wish.exclusive ?? false
    this.priority = wish.priority ?? 0
    this.prefetch = wish.prefetch ?? 0
  }

  get heldCount(): number {
    return this.held.length
  }

  canTake(): boolean {
    return this.noAck || this.prefetch === 0 || this.held.length < this.prefetch
  }

  deliver(entry: Entry): void {
    this.bodies.push(textOf(entry))
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

  ack(body = this.oldest): void {
    const entry = this.giveBack(body)
    entry.queue.settle(entry)
    this.release()
  }

  /** Rejects for good. */
  reject(body = this.oldest, cause: ReturnCause = 'reject'): void {
    const entry = this.giveBack(body)
    entry.queue.reject(entry, cause)
    this.release()
  }

  requeue(body = this.oldest, cause: ReturnCause = 'nack'): void {
    const entry = this.giveBack(body)
    entry.queue.requeue([entry], cause)
    this.release()
  }

  cancel(): void {
    this.queue.unsubscribe(this)
  }

  private get oldest(): string {
    const [entry] = this.held
    if (entry === undefined) throw new Error('holds nothing')
    return textOf(entry)
  }

  private giveBack(body: string): Entry {
    const index = this.held.findIndex((held) => textOf(held) === body)
    const [entry] = this.held.splice(index, 1)
    if (index < 0 || entry === undefined) throw new Error(`does not hold ${body}`)
    return entry
  }
}

export interface ConsumerWish {
  readonly consumerTag?: string
  readonly noAck?: boolean
  readonly exclusive?: boolean
  readonly priority?: number
  readonly prefetch?: number
}

function textOf({ message }: Entry): string {
  const { body, bodyStart, bodySize } = message
  return body.toString('utf8', bodyStart, bodyStart + bodySize)
}
