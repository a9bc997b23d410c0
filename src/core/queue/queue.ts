import { LongWork } from '../../common/long-work.ts'
import type { LongWorkTime } from '../../common/long-work-time.ts'
import type { Task } from '../../common/run-queue.ts'
import type { DeathReason } from '../dead-letter/history.ts'
import type { Message } from '../message.ts'
import type { Holder, Lane } from '../ports.ts'
import { exclusiveUse } from '../refusal.ts'
import { ComingBack } from './coming-back.ts'
import { Deduplication } from './deduplication.ts'
import { countReturn, type ReturnCause, withDeliveryCounts } from './delivery-count.ts'
import { Entry } from './entry.ts'
import { Expiry } from './expiry.ts'
import { Lease } from './lease.ts'
import { hasFailedTooOften, isOverLimit, isTooFullFor, shiftExcess } from './limits.ts'
import { isSingleActive, levelRule, newReady, newSubscribers } from './order.ts'
import type { QueueDeclared } from './queue-declared.ts'
import type { QueueHost } from './queue-host.ts'
import { QueueIdentity } from './queue-identity.ts'
import { FifoReady, type Ready } from './ready.ts'
import { takeOverRestored } from './restored-messages.ts'
import type { QueueSettings } from './settings.ts'
import { QueueStorage } from './storage.ts'
import type { Subscriber } from './subscriber.ts'
import type { Subscribers } from './subscribers.ts'
import { LONGEST_TTL_MS, timeToLive } from './time-to-live.ts'

/**
 * Holds messages in order and hands them to consumers.
 *
 * Messages are handed out once per turn, when all input of the turn has been read. To a client it looks as if it
 * happened at once: every operation that looks at the queue dispatches first. When messages that come back, expire or are
 * too many take too long, the rest of them follows in the next turn, and nothing is handed out before.
 */
export class Queue extends QueueIdentity implements Holder, Task {
  readonly subscribers: Subscribers
  readonly ready: Ready
  /** What arguments and policies make of it; changed by `apply`. */
  settings: QueueSettings
  isDeleted = false
  isQueued = false

  private readonly host: QueueHost
  private readonly storage: QueueStorage
  private readonly hasPriorities: boolean
  private readonly expiry: Expiry
  private readonly lease: Lease
  private readonly deduplication: Deduplication | null
  private hasExclusiveSubscriber = false
  private isDropping = false // what is too many is being dropped
  private isCut = false // what has to be done goes on in the next turn
  readonly comingBack = new ComingBack()
  private isUnread = false // what it held before the broker started has not been looked at

  constructor(declared: QueueDeclared, settings: QueueSettings, host: QueueHost) {
    super(declared)
    this.host = host
    this.settings = settings
    this.storage = new QueueStorage(this, host, levelRule(declared, host.compat))
    this.deduplication = Deduplication.of(declared.arguments)
    const mayLeaveMemory = host.messages.canHoldBacklog && this.deduplication === null
    this.ready = newReady(declared, host.compat, mayLeaveMemory ? this.storage : null)
    this.hasPriorities = !(this.ready instanceof FifoReady)
    this.subscribers = newSubscribers(declared)
    this.expiry = new Expiry(this, host, this.giveUpExpired)
    const isInUse = () => this.consumerCount > 0
    this.lease = new Lease(host, isInUse, () => host.queueUnused(this))
    this.lease.set(settings.expiresMs)
    this.restore()
  }

  /** Messages that wait for a consumer. */
  get readyCount(): number {
    this.look()
    return this.ready.length + this.comingBack.count
  }

  /** Sum of the bodies of ready messages, in bytes. */
  get readyBytes(): number {
    this.look()
    return this.ready.bytes
  }

  get consumerCount(): number {
    return this.subscribers.count
  }

  keeps(message: Message): boolean {
    return this.storage.keeps(message)
  }

  laneOf(message: Message): Lane {
    return this.storage.laneOf(message)
  }

  timeOf(message: Message): number {
    const ttlMs = timeToLive(message, this.settings)
    return ttlMs > LONGEST_TTL_MS ? 0 : this.host.clock.wallTime() + ttlMs
  }

  /** Other settings hold from now on. What has expired or no longer fits goes; times already set stay. */
  apply(settings: QueueSettings): void {
    this.settings = settings
    this.lease.set(settings.expiresMs)
    this.trim(this.host.turn.longWorkTime)
    if (this.expiry.hasExpiring) this.host.turn.addDispatch(this) // another message may be the first now
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
    if (this.settings.overflow === 'drop-head') return true
    if (this.comingBack.count > 0) this.dispatch()
    if (!isTooFullFor(message, this.type, this.ready, this.settings)) return true
    this.dispatch()
    if (!isTooFullFor(message, this.type, this.ready, this.settings)) return true
    const { overflow, deadLetterExchange } = this.settings
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
    const ttlMs = timeToLive(message, this.settings)
    const expires = ttlMs !== Number.POSITIVE_INFINITY
    const expiresAtMs = expires ? this.host.clock.now() + ttlMs : ttlMs
    const entry = new Entry(message, this, position, ordinal, expiresAtMs)
    if (position !== 0) this.counters.store(message)
    if (this.deduplication !== null && !this.deduplication.admit(entry)) {
      this.letGo(entry)
      return
    }
    if (message.history !== null) this.storage.takeHistory(entry)
    const isExpired = expires && entry.expiresAtMs <= this.host.clock.now()
    if (isExpired && this.isDoneAtOnce(entry)) return
    if (this.hasPriorities) this.look() // what came before and could be handed out is not overtaken
    if (expires) this.expiry.hasExpiring = true // not before: to dispatch may find that nothing does
    this.ready.push(entry)
    if (this.isCut)
      this.advance(this.host.turn.longWorkTime) // who adds to it helps with what is left
    else this.trim(null)
    this.host.turn.addDispatch(this)
  }

  /** Takes the first message for basic.get; null when none is ready. */
  get(noAck: boolean): Entry | null {
    this.lease.renew()
    this.dispatch()
    const entry = this.ready.shift()
    if (entry === undefined) return null
    this.handOut(entry, noAck)
    if (this.expiry.hasExpiring) this.host.turn.addDispatch(this) // the next one is looked at now
    return entry
  }

  /** Throws a Refusal when an exclusive consumer is in the way, or this one wants to be alone and cannot be. */
  subscribe(subscriber: Subscriber): void {
    const mayNotBeAlone = this.consumerCount > 0 || isSingleActive(this)
    const isInTheWay = this.hasExclusiveSubscriber || (subscriber.exclusive && mayNotBeAlone)
    if (isInTheWay && this.type === 'classic') throw exclusiveUse(this)
    this.look()
    this.hasExclusiveSubscriber = subscriber.exclusive
    this.subscribers.add(subscriber)
    this.host.turn.addDispatch(this)
  }

  /** Ends a subscription. What the consumer holds stays unacked. */
  unsubscribe(subscriber: Subscriber): void {
    this.look()
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
    this.takeIn(entry)
    this.letGo(entry)
  }

  /** The queue gives up a message that was handed out and rejected. */
  reject(entry: Entry, cause: ReturnCause): void {
    this.takeIn(entry)
    if (this.isDeleted) return
    if (this.host.compat.rejectMeansFailure && cause === 'reject') {
      countReturn(entry, cause, this.host.compat)
    }
    this.giveUp(entry, 'rejected')
  }

  /** Takes messages back that were handed out: all of them, before what is too many is dropped. */
  requeue(entries: readonly Entry[], cause: ReturnCause): void {
    for (const entry of entries) this.takeIn(entry)
    if (this.isDeleted) return
    if (this.comingBack.isTakenFor(entries)) {
      this.comingBack.add(entries, cause)
      this.isCut = true
    } else {
      for (const entry of entries) this.takeBack(entry, cause)
      if (this.type === 'classic') this.dropHead(null) // no consumer comes before the limit (core semantics, length limits)
    }
    this.host.turn.addDispatch(this)
  }

  /** Nothing is left to do for a message that the queue has let go: what it gave up has been published. */
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
    this.counters.purge()
    this.ready.purge((entries) => {
      const forgetting = new LongWork(entries, this.host.turn, (entry) => this.forget(entry))
      if (this.deduplication === null) forgetting.run()
      else forgetting.finish() // what is like them may come now
    })
    return count
  }

  /** Ends the queue for good: its consumers are told, its messages dropped. */
  close(): void {
    this.comingBack.clear()
    if (this.isCut) this.dispatch()
    this.isDeleted = true
    this.ready.clear()
    this.storage.drop()
    this.expiry.stop()
    this.lease.stop()
    const subscribers = [...this.subscribers]
    this.subscribers.clear()
    for (const subscriber of subscribers) subscriber.cancelled()
  }

  run(): void {
    this.advance(this.host.turn.longWorkTime)
  }

  /** Before something is looked at: everything is done but what takes several turns. */
  private look(): void {
    if (this.isCut) return
    const { longWorkTime } = this.host.turn
    longWorkTime.renew()
    this.advance(longWorkTime)
  }

  /** Does all that there is to do already, for who cannot wait. Only dead letters may follow in the next turns. */
  dispatch(): void {
    const { deadLetters } = this.host
    deadLetters.hold()
    this.advance(null)
    deadLetters.release()
  }

  /** Does what there is to do; given a time, what takes longer goes on in the next turn. */
  private advance(time: LongWorkTime | null): void {
    if (this.isDeleted) return
    this.isCut = !this.dispatchAll(time)
    if (this.isCut) this.host.turn.addNext(this)
  }

  /** Hands messages to consumers until one side has no more; false when it was cut short. */
  private dispatchAll(time: LongWorkTime | null): boolean {
    const { ready, subscribers, expiry } = this
    if (this.isUnread) {
      this.isUnread = false
      ready.load()
    }
    if (this.comingBack.count > 0 && !this.takeAllBack(time)) return false
    if (this.isDropping && !this.dropHead(time)) return false
    if (expiry.hasExpiring && !expiry.shiftExpired(time)) return false
    while (ready.length > 0) {
      const subscriber = subscribers.next()
      if (subscriber === null) break
      const entry = ready.shift()
      if (entry === undefined) break
      this.handOut(entry, subscriber.noAck)
      subscriber.deliver(entry)
      if (expiry.hasExpiring && !expiry.shiftExpired(time)) return false
    }
    if (!this.dropHead(time)) return false
    if (expiry.hasExpiring && !expiry.shiftExpired(time)) return false // the first may be another one now
    if (expiry.hasExpiring) expiry.awaitNext()
    return true
  }

  private takeAllBack(time: LongWorkTime | null): boolean {
    this.host.deadLetters.hold()
    const isDone = this.comingBack.takeAll(time, this.takeBack)
    this.host.deadLetters.release()
    if (isDone && this.type === 'classic') this.isDropping = true // as in `requeue`
    return isDone
  }

  private readonly takeBack = (entry: Entry, cause: ReturnCause): void => {
    entry.subscriber = null
    entry.redelivered = true
    if (this.type === 'quorum') {
      countReturn(entry, cause, this.host.compat)
      if (hasFailedTooOften(entry, this.settings)) return this.giveUp(entry, 'delivery_limit')
    }
    this.storage.returned(entry)
    if (entry.expiresAtMs !== Number.POSITIVE_INFINITY) this.expiry.hasExpiring = true
    this.ready.putBack(entry)
  }

  private handOut(entry: Entry, noAck: boolean): void {
    if (noAck) this.letGo(entry)
    else this.counters.handOut(entry.message, this.keeps(entry.message))
  }

  /**
   * A message with a TTL of 0 is for a consumer that can take it at once, and expires without one. False when others
   * are before it: then it waits like any other.
   */
  private isDoneAtOnce(entry: Entry): boolean {
    this.look()
    if (this.isCut || this.ready.length > 0) return false
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
  private trim(time: LongWorkTime | null): void {
    if (this.settings.overflow !== 'drop-head') return
    if (isOverLimit(this.ready, this.settings)) this.advance(time)
  }

  private dropHead(time: LongWorkTime | null): boolean {
    const isDone = shiftExcess(this.ready, this.settings, time, this.dropExcess)
    this.isDropping = !isDone
    return isDone
  }

  private restore(): void {
    if (!takeOverRestored(this.storage, this.ready, this.deduplication)) return
    this.counters.restore(this.ready.length, this.ready.bytes)
    this.isUnread = true
    this.expiry.hasExpiring = true // nobody knows yet
    this.host.turn.addDispatch(this)
  }

  private takeIn({ message }: Entry): void {
    this.counters.takeIn(message, this.keeps(message))
  }

  private letGo(entry: Entry): void {
    if (this.keeps(entry.message)) this.counters.forget(entry.message)
    this.forget(entry)
  }

  private readonly giveUpExpired = (entry: Entry): void => this.giveUp(entry, 'expired')
  private readonly dropExcess = (entry: Entry): void => this.giveUp(entry, 'maxlen')

  private giveUp(entry: Entry, reason: DeathReason): void {
    const { message } = entry
    if (this.settings.deadLetterExchange === null) return this.letGo(entry)
    if (this.keeps(message)) this.counters.forget(message)
    this.host.deadLetters.add({ message, queue: this, reason, entry })
  }
}
