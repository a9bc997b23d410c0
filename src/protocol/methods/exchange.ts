import { COMPATS } from '../../common/compat.ts'
import { hashCount } from '../../core/exchange/topic.ts'
import { assertExchangeType } from '../../core/exchange/types.ts'
import { assertNotDefaultExchange, stripLineBreaks } from '../../core/names.ts'
import * as wire from '../../wire/methods.ts'
import {
  assertAlternatePermitted,
  assertPermitted,
  assertPermittedSomehow,
  assertTopicsPermitted,
} from '../access.ts'
import type { Channel } from '../channel.ts'

export function declareExchange(channel: Channel, method: wire.ExchangeDeclare): void {
  const { session, vhost } = channel
  const name = stripLineBreaks(method.exchange)
  if (method.passive) {
    assertNotDefaultExchange(name)
    assertPermittedSomehow(session, 'exchange', name)
    vhost.exchanges.get(name)
    if (!method.noWait) wire.writeExchangeDeclareOk(channel.output, channel.number)
    return
  }
  const { type, durable, autoDelete, internal } = method
  const declared = {
    vhost: vhost.name,
    name,
    type,
    durable,
    autoDelete,
    internal,
    arguments: method.arguments,
  }
  assertExchangeType(type, vhost.compat)
  assertNotDefaultExchange(name)
  assertPermitted(session, 'configure', 'exchange', name)
  assertAlternatePermitted(session, declared)
  vhost.declareExchange(declared)
  channel.replyWhenDurable(method.noWait, wire.writeExchangeDeclareOk)
}

export function deleteExchange(channel: Channel, method: wire.ExchangeDelete): void {
  const { session, vhost } = channel
  const name = stripLineBreaks(method.exchange)
  vhost.exchanges.assertDeletable(name)
  assertPermitted(session, 'configure', 'exchange', name)
  vhost.deleteExchange(name, method.ifUnused)
  channel.replyWhenDurable(method.noWait, wire.writeExchangeDeleteOk)
}

export function bindExchange(channel: Channel, method: wire.ExchangeBind): void {
  const { vhost } = channel
  const { source, destination } = endsOf(channel, method)
  const target = { kind: 'exchange', name: destination } as const
  vhost.bind(source, target, method.routingKey, method.arguments, channel.connection)
  channel.replyWhenDurable(method.noWait, wire.writeExchangeBindOk)
}

export function unbindExchange(channel: Channel, method: wire.ExchangeUnbind): void {
  const { vhost } = channel
  const { source, destination } = endsOf(channel, method)
  const target = { kind: 'exchange', name: destination } as const
  vhost.unbind(source, target, method.routingKey, method.arguments, channel.connection)
  channel.replyWhenDurable(method.noWait, wire.writeExchangeUnbindOk)
}

/** Both ends of a binding between exchanges, when the user may bind them. */
function endsOf(
  channel: Channel,
  method: { source: string; destination: string; routingKey: string },
): { source: string; destination: string } {
  const source = stripLineBreaks(method.source)
  const destination = stripLineBreaks(method.destination)
  assertPermitted(channel.session, 'write', 'exchange', destination)
  assertNotDefaultExchange(destination)
  assertNotDefaultExchange(source)
  assertPermitted(channel.session, 'read', 'exchange', source)
  assertTopicReadable(channel, source, method.routingKey)
  return { source, destination }
}

/** Who binds to a topic exchange must be allowed to read what the key asks for. */
export function assertTopicReadable(channel: Channel, exchange: string, routingKey: string): void {
  if (channel.vhost.exchanges.find(exchange)?.type !== 'topic') return
  if (hashCount(routingKey) > COMPATS['4.3'].maxTopicHashes) {
    channel.connection.warnOf('topic_bindings_with_many_wildcards')
  }
  assertTopicsPermitted(channel.session, 'read', exchange, [routingKey])
}
