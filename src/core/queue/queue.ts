import type { Task } from '../../common/run-queue.ts'
import type { Table } from '../../common/table.ts'
import type { Binding } from '../binding.ts'
import type { DeathReason } from '../dead-letter/history.ts'
import type { Message } from '../message.ts'
import type { Holder, Lane } from '../ports.ts'
import { exclusiveUse, type Resource } from '../refusal.ts'
import { Deduplication } from './deduplication.ts'
import { countReturn, type ReturnCause, withDeliveryCounts } from './delivery-count.ts'
import { Entry } from './entry.ts'
import { Lease } from './lease.ts'
import { isOverLimit, wouldOverflow } from './limits.ts'
import { isSingleActive, levelRule, newReady, newSubscribers } from './order.ts'
import type { QueueDeclared } from './queue-declared.ts'
import type { QueueHost } from './queue-host.ts'
import type { QueueTypeName } from './queue-type.ts'
import { FifoReady, type Ready } from './ready.ts'
import type { QueueSettings } from './settings.ts'
import { QueueStorage } from './storage.ts'
import type { Subscriber } from './subscriber.ts'
import type { Subscribers } from './subscribers.ts'
import { timeToLive } from './time-to-live.ts'
import { WakeUp } from './wake-up.ts'

/**
 * Holds messages in order and hands them to consumers.
 *
 * Messages are handed out once per turn, when all input of the turn has been read. To a client it looks as if it
 * happened at once: every operation that looks at the queue dispatches first.
 */
export class Queue implements Resource, Holder, Task {
  readonly kind = 'queue'
  readonly type: QueueTypeName
  readonly vhost: string
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  /** The connection that alone may use this queue; null for one that all may use. */
  readonly exclusiveOwner: object | null
  readonly arguments: Table
  /** Bindings that lead here. */
  readonly incoming = new Set<Binding>()
  readonly subscribers: Subscribers
  /** Messages handed out and not yet settled. */
  unackedCount = 0
  isDeleted = false
  isQueued = false
  /** Set by Destinations: the last collection that this queue was added to. */
  routeStamp = 0

  private readonly host: QueueHost
  private readonly storage: QueueStorage
  private readonly ready: Ready
  private readonly hasPriorities: boolean
  private readonly expiry: WakeUp
  private readonly lease: Lease
  private readonly deduplication: Deduplication | null
  private current: QueueSettings
  private hasExclusiveSubscriber = false
  private hasExpiring = false // some ready message may have a time to expire
  private isUnread = false // what it held before the broker started has not been looked at

  constructor(declared: QueueDeclared, settings: QueueSettings, host: QueueHost) {
    this.type = declared.type
    this.vhost = declared.vhost
    this.name = declared.name
    this.durable = declared.durable && declared.exclusiveOwner === null
    this.autoDelete = declared.autoDelete
    this.exclusiveOwner = declared.exclusiveOwner
    this.arguments = declared.arguments
    this.host = host
    this.current = settings
    this.storage = new QueueStorage(this, host, levelRule(declared, host.compat))
    this.deduplication = Deduplication.of(declared.arguments)
    const mayLeaveMemory = host.messages.canHoldBacklog && this.deduplication === null
    this.ready = newReady(declared, host.compat, mayLeaveMemory ? this.storage : null)
    this.hasPriorities = !(this.ready instanceof FifoReady)
    this.subscribers = newSubscribers(declared)
    this.expiry = new WakeUp(host.clock, host.deadlines, () => this.dispatch())
    this.lease = new Lease(
      host.clock,
      host.deadlines,
      () => this.consumerCount > 0,
      () => this.host.queueUnused(this),
    )
    this.lease.set(settings.expiresMs)
    this.restore()
  }

  get settings(): QueueSettings {
    return this.current
  }

  /** Messages that wait for a consumer. */
  get readyCount(): number {
    this.dispatch()
    return this.ready.length
  }

  /** Sum of the bodies of ready messages, in bytes. */
  get readyBytes(): number {
    this.dispatch()
    return this.ready.bytes
  }

  get consumerCount(): number {
    return this.subscribers.count
  }

  /** Whether a message is to be stored for this queue. */
  keeps(message: Message): boolean {
    return this.storage.keeps(message)
  }

  laneOf(message: Message): Lane {
    return this.storage.laneOf(message)
  }

  timeOf(message: Message): number {
    const ttlMs = timeToLive(message, this.current)
    return ttlMs === Number.POSITIVE_INFINITY ? 0 : this.host.clock.wallTime() + ttlMs
  }

  /** Other settings hold from now on. What has expired or no longer fits goes; times already set stay. */
  apply(settings: QueueSettings): void {
    this.current = settings
    this.lease.set(settings.expiresMs)
    this.trim()
    if (this.hasExpiring) this.host.turn.addDispatch(this) // another message may be the first now
  }

  /** The queue has been declared again, or fetched from. */
  renewLease(): void {
    this.lease.renew()
  }

  /**
   * Whether the queue takes one more message. One that it rejects because it is full it may dead-letter; that the
   * message is not wanted twice is no rejection (`enqueue` drops it then).
   */
  admits(message: Message): boolean {
    if (this.current.overflow === 'drop-head') return true
    if (!this.isTooFullFor(message)) return true
    this.dispatch()
    if (!this.isTooFullFor(message)) return true
    const { overflow, deadLetterExchange } = this.current
    if (overflow === 'reject-publish-dlx' && deadLetterExchange !== null) {
      this.host.deadLetters.add({ message, queue: this, reason: 'maxlen', entry: null })
    }
    return false
  }

  /**
   * Adds a message at the end. `position` is that of its publish in the store and `ordinal` its number in the lane; both
   * are 0 when it is not stored for this queue.
   */
  enqueue(message: Message, position: number, ordinal: number): void {
    const ttlMs = timeToLive(message, this.current)
    const expires = ttlMs !== Number.POSITIVE_INFINITY
    const expiresAtMs = expires ? this.host.clock.now() + ttlMs : ttlMs
    const entry = new Entry(message, this, position, ordinal, expiresAtMs)
    if (this.deduplication !== null && !this.deduplication.admit(entry)) {
      this.forget(entry)
      return
    }
    if (message.history !== null) this.storage.takeHistory(entry)
    const isExpired = expires && entry.expiresAtMs <= this.host.clock.now()
    if (isExpired && this.isDoneAtOnce(entry)) return
    if (this.hasPriorities) this.dispatch() // what came before and could be handed out is not overtaken
    if (expires) this.hasExpiring = true // not before: to dispatch may find that nothing does
    this.ready.push(entry)
    this.trim()
    this.host.turn.addDispatch(this)
  }

  /** Takes the first message for basic.get; null when none is ready. */
  get(noAck: boolean): Entry | null {
    this.lease.renew()
    this.dispatch()
    const entry = this.ready.shift()
    if (entry === undefined) return null
    this.handOut(entry, noAck)
    if (this.hasExpiring) this.host.turn.addDispatch(this) // the next one is looked at now
    return entry
  }

  /** Throws a Refusal when an exclusive consumer is in the way, or this one wants to be alone and cannot be. */
  subscribe(subscriber: Subscriber): void {
    if (this.type === 'classic') {
      const wantsToBeAlone =
        subscriber.exclusive && (this.consumerCount > 0 || isSingleActive(this))
      if (this.hasExclusiveSubscriber || wantsToBeAlone) throw exclusiveUse(this)
    }
    this.dispatch()
    this.hasExclusiveSubscriber = subscriber.exclusive
    this.subscribers.add(subscriber)
    this.host.turn.addDispatch(this)
  }

  /** Ends a subscription. What the consumer holds stays unacked. */
  unsubscribe(subscriber: Subscriber): void {
    this.dispatch()
    this.leave(subscriber)
  }

  /** Ends a subscription whose channel ends: nothing is handed out before all that the channel held has come back. */
  leave(subscriber: Subscriber): void {
    if (!this.subscribers.remove(subscriber)) return
    this.hasExclusiveSubscriber = false
    this.lease.renew()
    this.host.turn.addDispatch(this)
    if (this.autoDelete && this.consumerCount === 0) this.host.queueUnused(this)
  }

  /** A consumer that was at its limit, or held something back, can take messages again. */
  resume(subscriber: Subscriber): void {
    this.subscribers.unpark(subscriber)
    this.host.turn.addDispatch(this)
  }

  /** The queue is done with a message that was handed out and acknowledged. */
  settle(entry: Entry): void {
    this.unackedCount--
    this.forget(entry)
  }

  /** The queue gives up a message that was handed out and rejected. */
  reject(entry: Entry, cause: ReturnCause): void {
    this.unackedCount--
    if (this.isDeleted) return
    if (this.host.compat.rejectMeansFailure && cause === 'reject') {
      countReturn(entry, cause, this.host.compat)
    }
    this.giveUp(entry, 'rejected')
  }

  /** Takes messages back that were handed out: all of them, before what is too many is dropped. */
  requeue(entries: readonly Entry[], cause: ReturnCause): void {
    this.unackedCount -= entries.length
    if (this.isDeleted) return
    for (const entry of entries) this.takeBack(entry, cause)
    if (this.type === 'classic') this.dropHead() // no consumer comes before the limit (core semantics, length limits)
    this.host.turn.addDispatch(this)
  }

  /** The queue has no more to do with a message: it is settled, dropped, or published as a dead letter. */
  forget(entry: Entry): void {
    this.deduplication?.release(entry)
    if (!this.isDeleted) this.storage.settle(entry)
  }

  /** The message of an entry as consumers see it. */
  shown(entry: Entry): Message {
    return this.type === 'quorum' ? withDeliveryCounts(entry, this.host.compat) : entry.message
  }

  /** Drops all ready messages; returns how many. */
  purge(): number {
    this.dispatch()
    const count = this.ready.length
    this.ready.purge((entry) => this.forget(entry))
    return count
  }

  /** Ends the queue for good: its consumers are told, its messages dropped. */
  close(): void {
    this.isDeleted = true
    this.ready.clear()
    this.storage.drop()
    this.expiry.cancel()
    this.lease.stop()
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
    if (this.isUnread) {
      this.isUnread = false
      ready.load()
    }
    if (this.hasExpiring) this.expire()
    while (ready.length > 0) {
      const subscriber = subscribers.next()
      if (subscriber === null) break
      const entry = ready.shift()
      if (entry === undefined) break
      this.handOut(entry, subscriber.noAck)
      subscriber.deliver(entry)
      if (this.hasExpiring) this.expire()
    }
    this.dropHead()
    if (this.hasExpiring) this.expire() // the first may be another one now
    if (this.hasExpiring) this.expiry.at(ready.nextExpiryMs)
  }

  private takeBack(entry: Entry, cause: ReturnCause): void {
    entry.subscriber = null
    entry.redelivered = true
    if (this.type === 'quorum') {
      countReturn(entry, cause, this.host.compat)
      const { deliveryLimit } = this.current
      if (deliveryLimit !== null && entry.failedCount > deliveryLimit) {
        this.giveUp(entry, 'delivery_limit')
        return
      }
    }
    this.storage.returned(entry)
    if (entry.expiresAtMs !== Number.POSITIVE_INFINITY) this.hasExpiring = true
    this.ready.putBack(entry)
  }

  private handOut(entry: Entry, noAck: boolean): void {
    if (noAck) this.forget(entry)
    else this.unackedCount++
  }

  /** Messages expire where they are looked at: at the head (core semantics, TTL). */
  private expire(): void {
    const { ready } = this
    if (ready.length === 0) {
      this.hasExpiring = false
      return
    }
    const now = this.host.clock.now()
    for (let entry = ready.shiftExpired(now); entry; entry = ready.shiftExpired(now)) {
      this.giveUp(entry, 'expired')
    }
  }

  /**
   * A message with a TTL of 0 is for a consumer that can take it at once, and expires without one. False when others
   * are before it: then it waits like any other.
   */
  private isDoneAtOnce(entry: Entry): boolean {
    this.dispatch()
    if (this.ready.length > 0) return false
    const subscriber = this.subscribers.next()
    if (subscriber === null) this.giveUp(entry, 'expired')
    else {
      this.ready.push(entry)
      this.ready.shift() // so that it has a place to come back to
      this.handOut(entry, subscriber.noAck)
      subscriber.deliver(entry)
    }
    return true
  }

  /** Consumers take what they can, then the oldest messages are dropped until the rest fits. */
  private trim(): void {
    if (this.current.overflow !== 'drop-head') return
    if (isOverLimit(this.ready, this.current)) this.dispatch()
  }

  private dropHead(): void {
    if (this.current.overflow !== 'drop-head') return
    while (isOverLimit(this.ready, this.current)) {
      const entry = this.ready.shift()
      if (entry === undefined) return
      this.giveUp(entry, 'maxlen')
    }
  }

  /** A quorum queue looks at what it has, and so takes one more than its limit (core semantics, length limits). */
  private isTooFullFor(message: Message): boolean {
    return this.type === 'quorum'
      ? isOverLimit(this.ready, this.current)
      : wouldOverflow(this.ready, message, this.current)
  }

  /** Takes over what storage held for this queue when the broker started. */
  private restore(): void {
    const levels = this.storage.restoredLevels()
    const others = levels.filter((level) => !this.ready.restore(level))
    for (const level of others) this.takeIn(level)
    if (levels.length === 0) return
    this.isUnread = true
    this.hasExpiring = true // nobody knows yet
    this.host.turn.addDispatch(this)
  }

  /** Brings a level into memory that cannot stay as it is: keys are needed, or another profile has other levels. */
  private takeIn(level: number): void {
    for (const entry of this.storage.takeOver(level)) {
      this.deduplication?.admit(entry)
      this.ready.push(entry)
    }
  }

  private giveUp(entry: Entry, reason: DeathReason): void {
    if (this.current.deadLetterExchange === null) this.forget(entry)
    else this.host.deadLetters.add({ message: entry.message, queue: this, reason, entry })
  }
}
