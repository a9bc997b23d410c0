import { assertNotReserved, generateQueueName, stripLineBreaks } from '../../core/names.ts'
import { queueTypeOf } from '../../core/queue/arguments.ts'
import { withDefaultType } from '../../core/queue/default-type.ts'
import type { Queue } from '../../core/queue/queue.ts'
import { moduleOf } from '../../core/queue/queue-type.ts'
import { accessRefused, notFound, preconditionFailed, Refusal } from '../../core/refusal.ts'
import * as wire from '../../wire/methods.ts'
import { assertDeadLetterPermitted, assertPermitted, assertPermittedSomehow } from '../access.ts'
import type { Channel } from '../channel.ts'
import { isInTokenSpace, REPLY_TO } from '../reply-to.ts'
import { authoriseBinding } from './exchange.ts'

export function declareQueue(channel: Channel, method: wire.QueueDeclare): void {
  const { connection, session, vhost } = channel
  const name = stripLineBreaks(method.queue)
  if (isInTokenSpace(name) || name === REPLY_TO) {
    declareReplyQueue(channel, name, method.noWait)
    return
  }
  if (method.passive) {
    assertPermittedSomehow(session, 'queue', name)
    const queue = vhost.queues.get(name, connection)
    if (queue.type === 'classic') queue.renewLease() // RabbitMQ's quorum queues take no notice
    replyDeclared(channel, queue, method.noWait)
    return
  }
  if (name !== '') assertNotReserved({ kind: 'queue', name, vhost: vhost.name })
  const actualName = name === '' ? generateQueueName() : name
  const args = name === '' ? method.arguments : withDefaultType(vhost, method.arguments, method)
  const type = queueTypeOf(args)
  if (name === '' && type !== 'classic') {
    throw preconditionFailed(`Cannot declare a server-named queue for type ${moduleOf(type)}`)
  }
  const declared = {
    type,
    vhost: vhost.name,
    name: actualName,
    durable: method.durable,
    autoDelete: method.autoDelete,
    exclusiveOwner: method.exclusive ? connection : null,
    arguments: args,
  }
  assertPermitted(session, 'configure', 'queue', declared.name)
  assertDeadLetterPermitted(session, declared)
  const queue = vhost.declareQueue(declared, connection)
  if (!method.durable && !method.exclusive) connection.warnOf('transient_nonexcl_queues')
  if (method.arguments.has('x-queue-master-locator')) connection.warnOf('queue_master_locator')
  replyDeclared(channel, queue, method.noWait)
}

export function bindQueue(channel: Channel, method: wire.QueueBind): void {
  const queue = queueName(channel, method.queue)
  const routingKey = method.queue === '' && method.routingKey === '' ? queue : method.routingKey
  const { source, target } = endsOf(channel, queue, method.exchange, routingKey)
  channel.vhost.bind(source, target, routingKey, method.arguments, channel.connection)
  channel.replyWhenDurable(method.noWait, wire.writeQueueBindOk)
}

export function unbindQueue(channel: Channel, method: wire.QueueUnbind): void {
  const queue = queueName(channel, method.queue)
  const { source, target } = endsOf(channel, queue, method.exchange, method.routingKey)
  channel.vhost.unbind(source, target, method.routingKey, method.arguments, channel.connection)
  channel.replyWhenDurable(false, wire.writeQueueUnbindOk)
}

export function purgeQueue(channel: Channel, method: wire.QueuePurge): void {
  const name = queueName(channel, method.queue)
  assertPermitted(channel.session, 'read', 'queue', name)
  const messageCount = channel.vhost.queues.get(name, channel.connection).purge()
  if (!method.noWait) wire.writeQueuePurgeOk(channel.output, channel.number, { messageCount })
}

export function deleteQueue(channel: Channel, method: wire.QueueDelete): void {
  const { connection, session, vhost } = channel
  const name = queueName(channel, method.queue)
  assertPermitted(session, 'configure', 'queue', name)
  const messageCount = vhost.deleteQueue(name, method.ifUnused, method.ifEmpty, connection)
  channel.replyWhenDurable(method.noWait, (output, number) =>
    wire.writeQueueDeleteOk(output, number, { messageCount }),
  )
}

/** The name a client means: the empty one stands for the queue that the channel declared last. */
export function queueName(channel: Channel, given: string): string {
  if (given !== '') return stripLineBreaks(given)
  if (channel.lastQueueName !== null) return channel.lastQueueName
  throw new Refusal('not-found', 'no previously declared queue')
}

function replyDeclared(channel: Channel, queue: Queue, noWait: boolean): void {
  channel.lastQueueName = queue.name
  const { readyCount: messageCount, consumerCount } = queue
  channel.replyWhenDurable(noWait, (output, number) =>
    wire.writeQueueDeclareOk(output, number, { queue: queue.name, messageCount, consumerCount }),
  )
}

/** Both ends of a binding of a queue, when the user may bind them. */
function endsOf(channel: Channel, queue: string, exchange: string, routingKey: string) {
  if (isInTokenSpace(queue)) {
    throw accessRefused('cannot bind or unbind to a volatile (direct reply-to) queue')
  }
  const source = stripLineBreaks(exchange)
  const target = { kind: 'queue', name: queue } as const
  authoriseBinding(channel, source, target, routingKey)
  return { source, target }
}

/** Direct replies can be asked after as if they were a queue, and so can a token, as long as its requester is there. */
function declareReplyQueue(channel: Channel, name: string, noWait: boolean): void {
  if (name !== REPLY_TO && !channel.services.replyTo.has(name)) {
    throw notFound({ kind: 'queue', name, vhost: channel.vhost.name })
  }
  if (noWait) return
  const reply = { queue: name, messageCount: 0, consumerCount: 1 }
  wire.writeQueueDeclareOk(channel.output, channel.number, reply)
}
