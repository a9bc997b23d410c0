import type { RunQueue, Task } from '../../common/run-queue.ts'
import type { Table } from '../../common/table.ts'
import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import type { MessageStore } from '../ports.ts'
import { exclusiveUse, type Resource } from '../refusal.ts'
import { Entry } from './entry.ts'
import { Ready } from './ready.ts'
import type { Subscriber } from './subscriber.ts'
import { Subscribers } from './subscribers.ts'

/** What a queue needs from around it. */
export interface QueueHost {
  readonly turn: RunQueue
  readonly messages: MessageStore
  /** An auto-delete queue has lost its last consumer. */
  queueUnused(queue: Queue): void
}

/**
 * Holds messages in order and hands them to consumers.
 *
 * Messages are handed out once per turn, when all input of the turn has been read. To a client it looks as if it
 * happened at once: every operation that looks at the queue dispatches first.
 */
export class Queue implements Resource, Task {
  readonly kind = 'queue'
  readonly vhost: string
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  /** The connection that alone may use this queue; null for one that all may use. */
  readonly exclusiveOwner: object | null
  readonly arguments: Table
  /** Bindings that lead here. */
  readonly incoming = new Set<Binding>()
  readonly subscribers = new Subscribers()
  /** Messages handed out and not yet settled. */
  unackedCount = 0
  isDeleted = false
  isQueued = false
  /** Set by Destinations: the last collection that this queue was added to. */
  routeStamp = 0

  private readonly host: QueueHost
  private readonly ready = new Ready()
  private nextSequence = 1
  private hasExclusiveSubscriber = false

  constructor(declared: QueueDeclared, host: QueueHost) {
    this.vhost = declared.vhost
    this.name = declared.name
    this.durable = declared.durable && declared.exclusiveOwner === null
    this.autoDelete = declared.autoDelete
    this.exclusiveOwner = declared.exclusiveOwner
    this.arguments = declared.arguments
    this.host = host
  }

  /** Messages that wait for a consumer. */
  get readyCount(): number {
    this.dispatch()
    return this.ready.length
  }

  get consumerCount(): number {
    return this.subscribers.count
  }

  /** Adds a message at the end. `position` is its place in the store, 0 when it is not stored. */
  enqueue(message: Message, position: number): void {
    this.ready.push(new Entry(message, this, this.nextSequence++, position))
    this.host.turn.addDispatch(this)
  }

  /** Takes the first message for basic.get; null when none is ready. */
  get(noAck: boolean): Entry | null {
    this.dispatch()
    const entry = this.ready.shift()
    if (entry === undefined) return null
    this.handOut(entry, noAck)
    return entry
  }

  /** Throws a Refusal when an exclusive consumer is in the way, or this one wants to be alone and is not. */
  subscribe(subscriber: Subscriber): void {
    const isTaken = this.hasExclusiveSubscriber || (subscriber.exclusive && this.consumerCount > 0)
    if (isTaken) throw exclusiveUse(this)
    this.dispatch()
    this.hasExclusiveSubscriber = subscriber.exclusive
    this.subscribers.add(subscriber)
    this.host.turn.addDispatch(this)
  }

  /** Ends a subscription. What the consumer holds stays unacked. */
  unsubscribe(subscriber: Subscriber): void {
    this.dispatch()
    if (!this.subscribers.remove(subscriber)) return
    this.hasExclusiveSubscriber = false
    if (this.autoDelete && this.consumerCount === 0) this.host.queueUnused(this)
  }

  /** A consumer that was at its limit can take messages again. */
  resume(subscriber: Subscriber): void {
    this.subscribers.unpark(subscriber)
    this.host.turn.addDispatch(this)
  }

  /** The queue is done with a message that was handed out: acknowledged, or rejected for good. */
  settle(entry: Entry): void {
    this.unackedCount--
    this.forget(entry)
  }

  /** Takes a message back that was handed out, to its old place. */
  requeue(entry: Entry): void {
    this.unackedCount--
    if (this.isDeleted) return
    entry.redelivered = true
    entry.subscriber = null
    this.ready.putBack(entry)
    this.host.turn.addDispatch(this)
  }

  /** Drops all ready messages; returns how many. */
  purge(): number {
    this.dispatch()
    const count = this.ready.length
    for (let entry = this.ready.shift(); entry !== undefined; entry = this.ready.shift()) {
      this.forget(entry)
    }
    return count
  }

  /** Ends the queue for good: its consumers are told, its messages dropped. */
  close(): void {
    this.isDeleted = true
    this.ready.clear()
    const subscribers = [...this.subscribers]
    this.subscribers.clear()
    for (const subscriber of subscribers) subscriber.cancelled()
  }

  run(): void {
    this.dispatch()
  }

  /** Hands messages to consumers until one side has no more. */
  private dispatch(): void {
    const { ready, subscribers } = this
    while (ready.length > 0) {
      const subscriber = subscribers.next()
      if (subscriber === null) return
      const entry = ready.shift()
      if (entry === undefined) return
      this.handOut(entry, subscriber.noAck)
      subscriber.deliver(entry)
    }
  }

  private handOut(entry: Entry, noAck: boolean): void {
    if (noAck) this.forget(entry)
    else this.unackedCount++
  }

  private forget(entry: Entry): void {
    if (entry.position > 0 && !this.isDeleted) this.host.messages.settle(this, entry.position)
  }
}

/** What a queue.declare says. */
export interface QueueDeclared {
  readonly vhost: string
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly exclusiveOwner: object | null
  readonly arguments: Table
}
