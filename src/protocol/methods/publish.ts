import { type FieldValue, textOf } from '../../common/table.ts'
import type { Exchange } from '../../core/exchange/exchange.ts'
import { Message } from '../../core/message.ts'
import { accessRefused, describe, preconditionFailed, Refusal } from '../../core/refusal.ts'
import { withHeaders } from '../../wire/properties.ts'
import { assertPermitted } from '../access.ts'
import type { Channel } from '../channel.ts'
import { assertExpiration } from '../expiration.ts'
import { EncodedProperties } from '../message-properties.ts'
import type { Publishing } from '../publishing.ts'

/**
 * basic.publish, when all of its content has come. The checks are RabbitMQ's, in its order (errors, publishing): the
 * first that fails wins.
 */
export function publish(channel: Channel, publishing: Publishing): void {
  const { settings } = channel.services
  if (publishing.immediate) throw new Refusal('not-implemented', 'immediate=true')
  if (publishing.bodySize > settings.maxMessageSize) {
    throw preconditionFailed(
      `message size ${publishing.bodySize} is larger than configured max size ${settings.maxMessageSize}`,
    )
  }
  const exchange = channel.publishTarget.exchange(channel, publishing.address.exchange)
  const { scan } = publishing.properties
  if (scan.expiration !== null) assertExpiration(scan.expiration)
  const message = scan.hasRoutingHeaders ? withExtraKeys(publishing) : plain(publishing)
  if (scan.userId !== null) assertUserId(channel, scan.userId)
  const queues = channel.vhost.route(exchange, message)
  exchange.publishedCount++
  const { transaction } = channel
  const { mandatory } = publishing
  if (transaction !== null) {
    transaction.publishes.push({ message, queues, mandatory })
    return
  }
  if (mandatory && queues.length === 0) channel.sendReturn(message)
  channel.enqueue(message, queues)
}

/**
 * The exchange that a channel published to last. Whether it exists and may be written to is asked again only when
 * something has changed that could change the answer.
 */
export class PublishTarget {
  private name = ''
  private found: Exchange | null = null
  private vhostGeneration = 0
  private usersGeneration = 0

  exchange(channel: Channel, name: string): Exchange {
    const { vhost } = channel
    const { users } = channel.services
    const isKnown =
      this.found !== null &&
      name === this.name &&
      vhost.generation === this.vhostGeneration &&
      users.generation === this.usersGeneration
    if (isKnown && this.found !== null) return this.found
    assertPermitted(channel.session, 'write', 'exchange', name)
    const exchange = vhost.exchanges.get(name)
    if (exchange.internal) {
      throw accessRefused(`cannot publish to internal ${describe(exchange)}`)
    }
    this.name = name
    this.found = exchange
    this.vhostGeneration = vhost.generation
    this.usersGeneration = users.generation
    return exchange
  }
}

function plain(publishing: Publishing): Message {
  const { address, properties, body, bodyStart, bodySize, bodyParts } = publishing
  return new Message(address, properties, body, bodyStart, bodySize, bodyParts, null)
}

/** CC and BCC name further routing keys; BCC is not passed on (RabbitMQ documentation, sender-selected). */
function withExtraKeys(publishing: Publishing): Message {
  const { address, body, bodyStart, bodySize, bodyParts } = publishing
  const headers = publishing.properties.headers()
  const keys = [
    ...routingKeysIn('CC', headers.get('CC')),
    ...routingKeysIn('BCC', headers.get('BCC')),
  ]
  let { properties } = publishing
  if (headers.has('BCC')) {
    const passedOn = new Map(headers)
    passedOn.delete('BCC')
    properties = new EncodedProperties(withHeaders(properties.encoded, passedOn))
  }
  return new Message(address, properties, body, bodyStart, bodySize, bodyParts, keys)
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
function assertUserId(channel: Channel, userId: string): void {
  const { user } = channel.session
  if (userId === user.name || user.tags.has('impersonator')) return
  throw preconditionFailed(
    `user_id property set to '${userId}' but authenticated user was '${user.name}'`,
  )
}
