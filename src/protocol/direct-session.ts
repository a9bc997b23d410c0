import type { User } from '../auth/users.ts'
import type { Table } from '../common/table.ts'
import type { ExchangeDeclared } from '../core/exchange/exchange.ts'
import { Message } from '../core/message.ts'
import { assertNotDefaultExchange, assertNotReserved } from '../core/names.ts'
import { queueTypeOf } from '../core/queue/arguments.ts'
import { withDefaultType } from '../core/queue/default-type.ts'
import type { Entry } from '../core/queue/entry.ts'
import { accessRefused, describe, preconditionFailed } from '../core/refusal.ts'
import { untilDurable } from '../core/until-durable.ts'
import { type BindingTarget, REJECTED, type Vhost } from '../core/vhost.ts'
import { decodeProperties, encodeProperties, type Properties } from '../wire/properties.ts'
import {
  assertAlternatePermitted,
  assertDeadLetterPermitted,
  assertMayBind,
  assertPermitted,
  assertTopicsPermitted,
} from './access.ts'
import { EncodedAddress } from './address.ts'
import { countGet, countGetEmpty, countRouted } from './counting.ts'
import { assertExpiration } from './expiration.ts'
import { EncodedProperties } from './message-properties.ts'
import { assertUserId, withExtraKeys } from './methods/publish.ts'
import type { Services } from './services.ts'

/**
 * What a user does in a vhost without a connection of AMQP, as RabbitMQ's management does over a direct connection:
 * with the same permissions and the same refusals. Exclusive queues are other connections' from here.
 */
export class DirectSession {
  readonly user: User
  readonly vhost: Vhost
  private readonly services: Services

  constructor(services: Services, user: User, vhost: Vhost) {
    this.services = services
    this.user = user
    this.vhost = vhost
  }

  /** True when it is a new one. */
  declareQueue(name: string, durable: boolean, autoDelete: boolean, args: Table): boolean {
    assertNotReserved({ kind: 'queue', name, vhost: this.vhost.name })
    const flags = { durable, autoDelete, exclusive: false }
    const given = withDefaultType(this.vhost, args, flags)
    const declared = {
      vhost: this.vhost.name,
      name,
      type: queueTypeOf(given),
      durable,
      autoDelete,
      exclusiveOwner: null,
      arguments: given,
    }
    assertPermitted(this, 'configure', 'queue', name)
    assertDeadLetterPermitted(this, declared)
    const isNew = this.vhost.queues.find(name) === undefined
    this.vhost.declareQueue(declared, this)
    return isNew
  }

  deleteQueue(name: string, ifUnused: boolean, ifEmpty: boolean): void {
    assertPermitted(this, 'configure', 'queue', name)
    this.vhost.deleteQueue(name, ifUnused, ifEmpty, this)
  }

  purgeQueue(name: string): void {
    assertPermitted(this, 'read', 'queue', name)
    this.vhost.queues.get(name, this).purge()
  }

  /** True when it is a new one. */
  declareExchange(wanted: Omit<ExchangeDeclared, 'vhost'>): boolean {
    const declared = { ...wanted, vhost: this.vhost.name }
    assertNotDefaultExchange(declared.name)
    assertPermitted(this, 'configure', 'exchange', declared.name)
    assertAlternatePermitted(this, declared)
    const isNew = this.vhost.exchanges.find(declared.name) === undefined
    this.vhost.declareExchange(declared)
    return isNew
  }

  deleteExchange(name: string, ifUnused: boolean): void {
    this.vhost.exchanges.assertDeletable(name)
    assertPermitted(this, 'configure', 'exchange', name)
    this.vhost.deleteExchange(name, ifUnused)
  }

  bind(source: string, target: BindingTarget, routingKey: string, args: Table): void {
    assertMayBind(this, source, target, routingKey)
    this.vhost.bind(source, target, routingKey, args, this)
  }

  unbind(source: string, target: BindingTarget, routingKey: string, args: Table): void {
    assertMayBind(this, source, target, routingKey)
    this.vhost.unbind(source, target, routingKey, args, this)
  }

  /** Resolves when the message is where it is to be, and durable if it has to be. */
  async publish(wanted: DirectPublish): Promise<'routed' | 'unroutable' | 'rejected'> {
    assertPermitted(this, 'write', 'exchange', wanted.exchange)
    const exchange = this.vhost.exchanges.get(wanted.exchange)
    if (exchange.internal) throw accessRefused(`cannot publish to internal ${describe(exchange)}`)
    const message = this.messageOf(wanted)
    if (exchange.type === 'topic') {
      assertTopicsPermitted(this, 'write', exchange.name, message.routingKeys)
    }
    const route = this.vhost.route(exchange, message)
    const { channels } = this.vhost.past
    exchange.publishedCount++
    channels.publish++
    countRouted(exchange, route.queues)
    const isReply = route.queues.length === 0 && this.services.replyTo.deliver(message)
    const isRouted = route.queues.length > 0 || route.delays !== null || isReply
    if (!isRouted) channels.returnUnroutable++
    const position = this.vhost.enqueue(message, route)
    if (position === REJECTED) return 'rejected'
    await untilDurable(this.services.store.durability, position)
    channels.confirm++
    return isRouted ? 'routed' : 'unroutable'
  }

  /** Fetches messages, and gives all of them back, or none. */
  get(name: string, wanted: DirectGet): readonly DirectMessage[] {
    assertPermitted(this, 'read', 'queue', name)
    const queue = this.vhost.queues.get(name, this)
    const { channels } = this.vhost.past
    const isKept = wanted.requeue === null
    const entries: Entry[] = []
    const messages: DirectMessage[] = []
    while (wanted.count < 0 || messages.length < wanted.count) {
      const entry = queue.get(isKept)
      if (entry === null) {
        countGetEmpty(channels, queue)
        break
      }
      countGet(channels, entry, isKept)
      messages.push(directMessage(entry, queue.readyCount))
      entries.push(entry)
    }
    if (wanted.requeue !== null) queue.requeue(entries, wanted.requeue)
    return messages
  }

  private messageOf({ exchange, routingKey, properties, body }: DirectPublish): Message {
    const { maxMessageSize } = this.services.settings
    if (body.length > maxMessageSize) {
      throw preconditionFailed(
        `message size ${body.length} is larger than configured max size ${maxMessageSize}`,
      )
    }
    const encoded = new EncodedProperties(encodeProperties(properties))
    if (properties.userId !== undefined) assertUserId(this.user, properties.userId)
    if (properties.expiration !== undefined) assertExpiration(properties.expiration)
    const address = EncodedAddress.of(exchange, routingKey)
    const content = { address, body, bodyStart: 0, bodySize: body.length, bodyParts: null }
    return encoded.scan.hasRoutingHeaders
      ? withExtraKeys(content, encoded)
      : new Message(address, encoded, content, null, null)
  }
}

export interface DirectPublish {
  readonly exchange: string
  readonly routingKey: string
  readonly properties: Properties
  readonly body: Buffer
}

export interface DirectGet {
  /** A negative one is for all there are. */
  readonly count: number
  /** How they come back to the queue; null when they are taken for good. */
  readonly requeue: 'nack' | 'reject' | null
}

/** A message that was fetched. */
export interface DirectMessage {
  readonly exchange: string
  readonly routingKey: string
  readonly redelivered: boolean
  readonly properties: Properties
  readonly body: Buffer
  /** Messages that were ready behind it. */
  readonly messageCount: number
}

/** A message of a queue as a client sees it. */
export function directMessage(entry: Entry, messageCount: number): DirectMessage {
  const message = entry.queue.shown(entry)
  const { exchange, routingKey } = message.address
  const { body, bodyStart, bodySize, bodyParts } = message
  return {
    exchange,
    routingKey,
    redelivered: entry.redelivered,
    properties: decodeProperties(message.properties.encoded),
    body:
      bodyParts === null
        ? body.subarray(bodyStart, bodyStart + bodySize)
        : Buffer.concat(bodyParts),
    messageCount,
  }
}
