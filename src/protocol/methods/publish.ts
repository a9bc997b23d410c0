import type { User } from '../../auth/users.ts'
import { type FieldValue, textOf } from '../../common/table.ts'
import type { Exchange } from '../../core/exchange/exchange.ts'
import { type Address, type Body, Message } from '../../core/message.ts'
import { accessRefused, describe, preconditionFailed, Refusal } from '../../core/refusal.ts'
import type { Route } from '../../core/route.ts'
import { assertPermitted, assertTopicsPermitted } from '../access.ts'
import type { Channel } from '../channel.ts'
import { countRouted } from '../counting.ts'
import { assertExpiration } from '../expiration.ts'
import { tracePublish } from '../firehose.ts'
import type { EncodedProperties } from '../message-properties.ts'
import type { Publishing } from '../publishing.ts'
import { REPLY_TO } from '../reply-to.ts'

/**
 * basic.publish, when all of its content has come. The checks are RabbitMQ's, in its order (errors, publishing): the
 * first that fails wins. Returns where it has gone to.
 */
export function publish(channel: Channel, publishing: Publishing): Route {
  const { settings } = channel.services
  if (publishing.immediate) throw new Refusal('not-implemented', 'immediate=true')
  if (publishing.bodySize > settings.maxMessageSize) {
    throw preconditionFailed(
      `message size ${publishing.bodySize} is larger than configured max size ${settings.maxMessageSize}`,
    )
  }
  const exchange = channel.publishTarget.exchange(channel, publishing.address.exchange)
  const properties = addressedProperties(channel, publishing.properties)
  const { scan } = properties
  if (scan.expiration !== null) assertExpiration(scan.expiration)
  const { address } = publishing
  const message = scan.hasRoutingHeaders
    ? withExtraKeys(publishing, properties)
    : new Message(address, properties, publishing, null, null)
  if (channel.publishTarget.isRestricted) {
    assertTopicsPermitted(channel.session, 'write', exchange.name, message.routingKeys)
  }
  if (scan.userId !== null) assertUserId(channel.session.user, scan.userId)
  const route = channel.vhost.route(exchange, message)
  exchange.publishedCount++
  countRouted(exchange, route.queues)
  channel.counters.publish++
  channel.services.churn.messageSizes.add(publishing.bodySize)
  const { transaction } = channel
  const { mandatory } = publishing
  if (transaction !== null) {
    transaction.publishes.push({ message, route, mandatory })
    return route
  }
  const { connection } = channel
  const { recorded } = channel.services.store.durability
  const position = send(channel, message, route, mandatory)
  channel.confirms?.expect(position)
  connection.durableGate.published(recorded)
  return route
}

/** Sends a routed message on its way; returns its position in the store, or REJECTED. */
export function send(channel: Channel, message: Message, route: Route, mandatory: boolean): number {
  const { queues } = route
  if (channel.vhost.isTraced) tracePublish(channel, message, queues)
  const mayBeReply = queues.length === 0 || message.extraKeys !== null
  const isReply = mayBeReply && channel.services.replyTo.deliver(message)
  if (queues.length === 0 && !isReply) {
    if (mandatory) {
      channel.counters.returnUnroutable++
      channel.sendReturn(message)
    } else if (route.delays === null) channel.counters.dropUnroutable++
  }
  return channel.vhost.enqueue(message, route)
}

/** A request for direct replies gets the token of its requester as reply-to. */
function addressedProperties(channel: Channel, properties: EncodedProperties): EncodedProperties {
  if (properties.scan.replyTo !== REPLY_TO) return properties
  const { replyConsumer } = channel
  if (replyConsumer === null) throw preconditionFailed('fast reply consumer does not exist')
  return properties.withReplyTo(replyConsumer.token)
}

/**
 * The exchange that a channel published to last. Whether it exists and may be written to is asked again only when
 * something has changed that could change the answer.
 */
export class PublishTarget {
  /** Whether the user may publish to it with some routing keys only. */
  isRestricted = false
  private name = ''
  private found: Exchange | null = null
  private vhostGeneration = 0
  private usersGeneration = 0

  exchange(channel: Channel, name: string): Exchange {
    const { session, vhost } = channel
    const { users } = channel.services
    const isKnown =
      this.found !== null &&
      name === this.name &&
      vhost.generation === this.vhostGeneration &&
      users.generation === this.usersGeneration
    if (isKnown && this.found !== null) return this.found
    assertPermitted(session, 'write', 'exchange', name)
    const exchange = vhost.exchanges.get(name)
    if (exchange.internal) {
      throw accessRefused(`cannot publish to internal ${describe(exchange)}`)
    }
    this.name = name
    this.found = exchange
    this.isRestricted =
      exchange.type === 'topic' && session.user.topicPermissionsOf(vhost.name, name) !== null
    this.vhostGeneration = vhost.generation
    this.usersGeneration = users.generation
    return exchange
  }
}

/** CC and BCC name further routing keys; BCC is not passed on (RabbitMQ documentation, sender-selected). */
export function withExtraKeys(
  publishing: Body & { readonly address: Address },
  properties: EncodedProperties,
): Message {
  const headers = properties.headers()
  const cc = routingKeysIn('CC', headers.get('CC'))
  const bcc = routingKeysIn('BCC', headers.get('BCC'))
  const passedOn = new Map(headers)
  const shown = passedOn.delete('BCC') ? properties.withHeaders(passedOn) : properties
  return new Message(publishing.address, shown, publishing, { cc, bcc }, null)
}

function routingKeysIn(name: string, field: FieldValue | undefined): string[] {
  if (field === undefined) return []
  if (field.type !== 'array') {
    throw preconditionFailed(
      `invalid message: {unacceptable_type_in_header,"${name}",${field.type}}`,
    )
  }
  return field.value.flatMap((item) => (item.type === 'longstr' ? (textOf(item) ?? []) : []))
}

/** The user-id of a message, if there is one, must be the user's own. */
export function assertUserId(user: User, userId: string): void {
  if (userId === user.name || user.tags.has('impersonator')) return
  throw preconditionFailed(
    `user_id property set to '${userId}' but authenticated user was '${user.name}'`,
  )
}
