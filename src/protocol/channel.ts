import type { RunQueue } from '../common/run-queue.ts'
import { ChannelCounters } from '../core/counters.ts'
import type { Message } from '../core/message.ts'
import type { ReturnCause } from '../core/queue/delivery-count.ts'
import type { Entry } from '../core/queue/entry.ts'
import type { Queue } from '../core/queue/queue.ts'
import type { Vhost } from '../core/vhost.ts'
import { writeGetOk, writeReply, writeReturn } from '../wire/content-writer.ts'
import { DeliveryWriter } from '../wire/delivery-writer.ts'
import { FRAME_BODY, FRAME_HEADER, FRAME_METHOD } from '../wire/frame-reader.ts'
import {
  BASIC_ACK,
  BASIC_PUBLISH,
  writeBasicAck,
  writeBasicCancel,
  writeBasicNack,
} from '../wire/methods.ts'
import type { Output } from '../wire/output.ts'
import { AckTimeout } from './ack-timeout.ts'
import type { Channels } from './channels.ts'
import { type ConfirmSender, Confirms } from './confirms.ts'
import type { Connection } from './connection.ts'
import type { Consumer } from './consumer.ts'
import { countDelivery, countGet } from './counting.ts'
import { ConnectionError } from './errors.ts'
import { traceDelivery } from './firehose.ts'
import { METHOD_ID_SIZE, methodNamed } from './frame-rules.ts'
import type { Session } from './handshake.ts'
import { handleMethod } from './methods/dispatch.ts'
import { PublishTarget, publish } from './methods/publish.ts'
import { Publishing } from './publishing.ts'
import type { ReplyConsumer } from './reply-to.ts'
import type { Services } from './services.ts'
import type { Transaction } from './transaction.ts'
import { Unacked } from './unacked.ts'

/**
 * One channel of a connection: what it has been told (consumers, prefetch, mode), what it has handed out, and the
 * content that is coming in. What the methods do is in `methods/`.
 */
export class Channel implements ConfirmSender {
  readonly number: number
  readonly connection: Connection
  readonly session: Session
  readonly channels: Channels
  readonly services: Services
  readonly consumers = new Map<string, Consumer>()
  readonly unacked = new Unacked()
  /** Tags of deliveries that were taken back because the client kept them too long: it may settle them still. */
  readonly lateTags = new Set<number>()
  readonly publishing: Publishing
  readonly publishTarget: PublishTarget
  readonly counters = new ChannelCounters()
  /** Set by confirm.select. */
  confirms: Confirms | null = null
  /** Set by tx.select. */
  transaction: Transaction | null = null
  /** The queue that an empty queue name stands for; null when none has been declared here. */
  lastQueueName: string | null = null
  /** Prefetch of consumers started from now on; 0 for no limit. */
  prefetch = 0
  /** For all consumers of the channel together; 0 for no limit. */
  globalPrefetch = 0
  /** Set while the client consumes direct replies here. */
  replyConsumer: ReplyConsumer | null = null
  isClosed = false

  private readonly deliveries: DeliveryWriter
  private readonly ackTimeout: AckTimeout
  private heldByConsumers = 0
  private lastDeliveryTag = 0
  private lastAnsweredTag = 0 // of the publishes that have been confirmed or refused

  constructor(connection: Connection, channels: Channels, session: Session, number: number) {
    this.connection = connection
    this.channels = channels
    this.session = session
    this.number = number
    this.services = connection.services
    this.services.churn.channelCreated++
    this.publishing = new Publishing(this.services.slab, this.services.settings.maxMessageSize)
    this.publishTarget = new PublishTarget()
    this.deliveries = new DeliveryWriter(connection.output, number, session.frameMax)
    this.ackTimeout = new AckTimeout(this)
  }

  get vhost(): Vhost {
    return this.session.vhost
  }

  get turn(): RunQueue {
    return this.services.turn
  }

  /** Where replies are written; they go out at the end of the turn. */
  get output(): Output {
    this.connection.scheduleFlush()
    return this.connection.output
  }

  /**
   * Takes a frame of this channel. `methodId` is that of a method frame. Who publishes under an alarm is blocked with
   * the first frame of content, as in RabbitMQ, whatever becomes of it: unfinished contents need memory too.
   */
  onFrame(type: number, methodId: number, bytes: Buffer, start: number, end: number): void {
    const { publishing } = this
    if (type === FRAME_METHOD) {
      if (!publishing.isIdle) throw publishing.methodInstead()
      if (methodId === BASIC_PUBLISH) publishing.begin(methodId, bytes, start + METHOD_ID_SIZE, end)
      else if (methodId !== BASIC_ACK && methodNamed(methodId).hasContent) {
        publishing.begin(methodId, bytes, start, start)
      } else handleMethod(this, methodId, bytes, start + METHOD_ID_SIZE, end)
      return
    }
    if (publishing.isIdle) {
      throw new ConnectionError(505, 'expected method frame, got non method frame instead', 0)
    }
    if (this.services.alarms.isRaised) this.connection.block()
    if (type === FRAME_HEADER && publishing.header(bytes, start, end)) this.finishContent()
    if (type !== FRAME_BODY) return
    if (publishing.addBody(bytes, start, end, this.connection.bodyLeft)) this.finishContent()
  }

  /** Whether a delivery may be written now: a slow reader gets no more than its connection's share of memory. */
  get canSend(): boolean {
    return !this.isClosed && this.connection.hasRoom
  }

  get hasGlobalPrefetch(): boolean {
    return this.globalPrefetch > 0
  }

  get hasGlobalCredit(): boolean {
    return this.globalPrefetch === 0 || this.heldByConsumers < this.globalPrefetch
  }

  setGlobalPrefetch(count: number): void {
    this.globalPrefetch = count
    this.resumeConsumers()
  }

  sendDelivery(entry: Entry, consumer: Consumer): void {
    const tag = ++this.lastDeliveryTag
    if (!consumer.noAck) {
      this.heldByConsumers++
      entry.deliveryTag = tag
      this.hold(entry)
    }
    countDelivery(this.counters, entry, consumer.noAck)
    const message = entry.queue.shown(entry)
    const { encodedTag } = consumer
    const { encoded } = message.address
    this.connection.scheduleFlush()
    this.deliveries.write(encodedTag, tag, entry.redelivered, encoded, message)
    this.trace(entry, message) // behind it: the copy may be delivered here at once, with the next tag
  }

  /** Delivers a direct reply, unless the client has fallen so far behind that it would cost too much memory. */
  sendReply(consumerTag: string, message: Message): void {
    if (this.isClosed || !this.connection.hasRoomForReplies) return
    const { exchange, routingKey } = message.address
    const deliveryTag = ++this.lastDeliveryTag
    const method = { consumerTag, deliveryTag, redelivered: false, exchange, routingKey }
    writeReply(this.output, this.session.frameMax, this.number, method, message)
  }

  sendGetOk(entry: Entry, noAck: boolean, messageCount: number): void {
    const deliveryTag = ++this.lastDeliveryTag
    if (!noAck) {
      entry.deliveryTag = deliveryTag
      this.hold(entry)
    }
    countGet(this.counters, entry, noAck)
    const message = entry.queue.shown(entry)
    const { redelivered } = entry
    const { exchange, routingKey } = message.address
    const method = { deliveryTag, redelivered, exchange, routingKey, messageCount }
    writeGetOk(this.output, this.session.frameMax, this.number, method, message)
    this.trace(entry, message)
  }

  sendReturn(message: Message): void {
    const { exchange, routingKey } = message.address
    const method = { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey }
    writeReturn(this.output, this.session.frameMax, this.number, method, message)
  }

  /** Tells the client that a consumer has ended, if it wants to know. */
  sendCancel(consumerTag: string): void {
    if (this.isClosed || !this.session.notifiesCancel) return
    writeBasicCancel(this.output, this.number, { consumerTag, noWait: true })
  }

  enableConfirms(): void {
    this.confirms ??= new Confirms(this.turn, this.services.store.durability, this)
  }

  /**
   * Writes the reply to a declaration, at once or when what was declared is durable. Until then nothing more is read
   * from the connection, so that the order of replies and deliveries stays what the client expects.
   */
  replyWhenDurable(noWait: boolean, write: (output: Output, channel: number) => void): void {
    if (noWait) return
    const { definitions } = this.services.store
    this.connection.durableGate.whenDurable(definitions.position, () => {
      if (!this.isClosed) write(this.output, this.number)
    })
  }

  sendAck(deliveryTag: number, multiple: boolean): void {
    this.counters.confirm += deliveryTag - this.lastAnsweredTag
    this.lastAnsweredTag = deliveryTag
    if (!this.isClosed) writeBasicAck(this.output, this.number, { deliveryTag, multiple })
  }

  /** RabbitMQ says `multiple` and `requeue` with every nack, though it stands for one publish. */
  sendNack(deliveryTag: number): void {
    this.lastAnsweredTag = deliveryTag
    if (this.isClosed) return
    writeBasicNack(this.output, this.number, { deliveryTag, multiple: true, requeue: true })
  }

  /** Takes out all that is unacked, to be given back: with what is delivered before a reply can say so. */
  takeAllUnacked(): readonly Entry[] {
    dispatchQueuesOf(this.unacked)
    return this.unacked.takeAll()
  }

  /** Deliveries that were taken out of `unacked` have not been settled after all. */
  holdAgain(entries: readonly Entry[]): void {
    this.unacked.putBack(entries)
    for (const entry of entries) this.ackTimeout.watchAgain(entry)
  }

  /** Done with deliveries that were taken out of `unacked`: with all of them before any dead letter goes out. */
  settle(entries: readonly Entry[], outcome: Outcome, cause: ReturnCause): void {
    if (outcome === 'requeue') dispatchQueuesOf(entries)
    const { deadLetters } = this.vhost
    deadLetters.hold()
    for (const entry of entries) this.letGo(entry)
    if (outcome === 'requeue') requeue(entries, cause)
    else if (outcome === 'reject') for (const entry of entries) entry.queue.reject(entry, cause)
    else for (const entry of entries) this.acknowledge(entry)
    deadLetters.release()
  }

  /** Done with one delivery that is acknowledged. */
  ack(entry: Entry): void {
    this.letGo(entry)
    this.acknowledge(entry)
  }

  /** Lets consumers that were held up take messages again. */
  resumeConsumers(): void {
    for (const consumer of this.consumers.values()) consumer.resume()
  }

  forgetConsumer(consumer: Consumer): void {
    this.consumers.delete(consumer.consumerTag)
  }

  /** Ends everything the channel has going: its consumers first, so that what it held goes to who takes over. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.vhost.past.channels.add(this.counters)
    this.services.churn.channelClosed++
    this.ackTimeout.stop()
    this.publishing.reset()
    this.unacked.putBack(this.transaction?.takeSettled() ?? [])
    const unacked = this.takeAllUnacked()
    for (const consumer of this.consumers.values()) consumer.queue.leave(consumer)
    this.consumers.clear()
    const { deadLetters } = this.vhost
    deadLetters.hold()
    requeue(unacked, 'lost')
    deadLetters.release()
    this.setReplyConsumer(null)
  }

  /** Begins or ends the channel's subscription to direct replies. */
  setReplyConsumer(consumer: ReplyConsumer | null): void {
    if (this.replyConsumer !== null) this.services.replyTo.remove(this.replyConsumer)
    this.replyConsumer = consumer
  }

  /**
   * The client has kept a delivery for too long. Before RabbitMQ 4.3 that costs it the channel; from then on only the
   * consumer, if the client takes cancellations.
   */
  timeOut(entry: Entry, timeoutMs: number): void {
    const { subscriber } = entry
    const consumer = this.consumers.get(subscriber?.consumerTag ?? '')
    const { hasConsumerTimeoutEverywhere } = this.services.settings.compat
    const isForChannel = hasConsumerTimeoutEverywhere || !this.session.notifiesCancel
    if (isForChannel || consumer === undefined || consumer !== subscriber) {
      this.connection.closeChannel(
        this,
        406,
        `delivery acknowledgement on channel ${this.number} timed out. Timeout value used: ${timeoutMs} ms. ` +
          'This timeout value can be configured, see consumers doc guide to learn more',
      )
      return
    }
    const held = this.unacked.takeAll()
    const late = held.filter((other) => other.subscriber === consumer)
    this.unacked.putBack(held.filter((other) => other.subscriber !== consumer))
    for (const { deliveryTag } of late) this.lateTags.add(deliveryTag)
    consumer.queue.unsubscribe(consumer)
    this.settle(late, 'requeue', 'nack')
    consumer.cancelled()
  }

  private acknowledge(entry: Entry): void {
    this.counters.ack++
    entry.queue.counters.ack++
    entry.queue.settle(entry)
  }

  private hold(entry: Entry): void {
    this.unacked.add(entry)
    this.ackTimeout.watch(entry)
  }

  /**
   * What its consumer held is not held any more. The others are held up by that only at the limit of the channel, so they
   * are resumed when it falls below: there may be thousands of them.
   */
  private letGo({ subscriber }: Entry): void {
    if (subscriber === null) return
    const wasAtLimit = !this.hasGlobalCredit
    this.heldByConsumers--
    subscriber.release()
    if (wasAtLimit && this.hasGlobalCredit) this.resumeConsumers()
  }

  private trace({ queue, redelivered }: Entry, message: Message): void {
    if (this.vhost.isTraced) traceDelivery(this, message, queue.name, redelivered)
  }

  private finishContent(): void {
    const { publishing } = this
    this.connection.methodId = publishing.methodId
    if (publishing.methodId !== BASIC_PUBLISH) {
      throw new ConnectionError(503, 'unimplemented method', publishing.methodId)
    }
    const route = publish(this, publishing)
    publishing.reset()
    this.connection.reading.publishDone(route)
  }
}

/** What these queues can hand out already is not overtaken by messages that come back. */
function dispatchQueuesOf(entries: Iterable<Entry>): void {
  const queues = new Set<Queue>()
  for (const entry of entries) queues.add(entry.queue)
  for (const queue of queues) queue.run()
}

/** Each queue takes back in one go what is its own, as its process does in RabbitMQ. */
function requeue(entries: readonly Entry[], cause: ReturnCause): void {
  const batches = new Map<Queue, Entry[]>()
  for (const entry of entries) {
    const batch = batches.get(entry.queue)
    if (batch === undefined) batches.set(entry.queue, [entry])
    else batch.push(entry)
  }
  for (const [queue, batch] of batches) queue.requeue(batch, cause)
}

/** What becomes of a delivery: acknowledged, rejected for good, or taken back by its queue. */
export type Outcome = 'ack' | 'reject' | 'requeue'
