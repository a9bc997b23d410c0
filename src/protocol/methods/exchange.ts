import { COMPATS } from '../../common/compat.ts'
import { hashCount } from '../../core/exchange/topic.ts'
import { assertExchangeType } from '../../core/exchange/types.ts'
import { assertNotDefaultExchange, stripLineBreaks } from '../../core/names.ts'
import type { BindingTarget } from '../../core/vhost.ts'
import * as wire from '../../wire/methods.ts'
import {
  assertAlternatePermitted,
  assertMayBind,
  assertPermitted,
  assertPermittedSomehow,
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
  const { source, target } = endsOf(channel, method)
  channel.vhost.bind(source, target, method.routingKey, method.arguments, channel.connection)
  channel.replyWhenDurable(method.noWait, wire.writeExchangeBindOk)
}

export function unbindExchange(channel: Channel, method: wire.ExchangeUnbind): void {
  const { source, target } = endsOf(channel, method)
  channel.vhost.unbind(source, target, method.routingKey, method.arguments, channel.connection)
  channel.replyWhenDurable(method.noWait, wire.writeExchangeUnbindOk)
}

/** Both ends of a binding between exchanges, when the user may bind them. */
function endsOf(channel: Channel, method: wire.ExchangeBind | wire.ExchangeUnbind) {
  const source = stripLineBreaks(method.source)
  const target = { kind: 'exchange', name: stripLineBreaks(method.destination) } as const
  authoriseBinding(channel, source, target, method.routingKey)
  return { source, target }
}

/** Throws what is refused to a user who may not bind, and warns of what RabbitMQ 4.3 refuses to everybody. */
export function authoriseBinding(
  channel: Channel,
  source: string,
  target: BindingTarget,
  routingKey: string,
): void {
  assertMayBind(channel.session, source, target, routingKey)
  if (hashCount(routingKey) <= COMPATS['4.3'].maxTopicHashes) return
  if (channel.vhost.exchanges.find(source)?.type !== 'topic') return
  channel.connection.warnOf('topic_bindings_with_many_wildcards')
}
