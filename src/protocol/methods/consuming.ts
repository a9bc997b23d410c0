import { generateConsumerTag } from '../../core/names.ts'
import { consumerPriority, validateConsumerArguments } from '../../core/queue/arguments.ts'
import { describe, preconditionFailed, Refusal } from '../../core/refusal.ts'
import * as wire from '../../wire/methods.ts'
import { assertPermitted } from '../access.ts'
import type { Channel } from '../channel.ts'
import { Consumer } from '../consumer.ts'
import { REPLY_TO } from '../reply-to.ts'
import { queueName } from './queue.ts'

/**
 * Without `global`, the count is for each consumer started from now on, and switches a limit of the channel off;
 * with it, for all consumers of the channel together (RabbitMQ documentation, consumer prefetch).
 */
export function qos(channel: Channel, method: wire.BasicQos): void {
  if (method.prefetchSize !== 0) {
    throw new Refusal('not-implemented', `prefetch_size!=0 (${method.prefetchSize})`)
  }
  const { hasGlobalQos } = channel.services.settings.compat
  if (method.global) channel.connection.warnOf('global_qos', hasGlobalQos)
  if (method.global && hasGlobalQos) {
    channel.setGlobalPrefetch(method.prefetchCount)
  } else {
    channel.prefetch = method.prefetchCount
    channel.setGlobalPrefetch(0)
  }
  wire.writeBasicQosOk(channel.output, channel.number)
}

export function consume(channel: Channel, method: wire.BasicConsume): void {
  const consumerTag = method.consumerTag === '' ? generateConsumerTag() : method.consumerTag
  if (channel.consumers.has(consumerTag)) {
    throw new Refusal('not-allowed', `attempt to reuse consumer tag '${consumerTag}'`)
  }
  const { maxConsumersPerChannel: max } = channel.services.limits.maxima
  if (max !== null && channel.consumers.size >= max) {
    const text = `reached maximum (${max}) of consumers per channel`
    throw new Refusal('not-allowed', text)
  }
  const name = queueName(channel, method.queue)
  if (name === REPLY_TO) {
    consumeReplies(channel, consumerTag, method)
    return
  }
  assertPermitted(channel.session, 'read', 'queue', name)
  const queue = channel.vhost.queues.get(name, channel.connection)
  if (queue.type === 'quorum' && channel.hasGlobalPrefetch) {
    throw new Refusal('not-implemented', `${describe(queue)} does not support global qos`)
  }
  validateConsumerArguments(queue, queue.type, method.arguments)
  const wanted = {
    consumerTag,
    noAck: method.noAck,
    exclusive: method.exclusive,
    priority: consumerPriority(queue, method.arguments),
    arguments: method.arguments,
  }
  const consumer = new Consumer(channel, queue, wanted, channel.prefetch)
  queue.subscribe(consumer)
  channel.consumers.set(consumerTag, consumer)
  if (!method.noWait) wire.writeBasicConsumeOk(channel.output, channel.number, { consumerTag })
}

function consumeReplies(channel: Channel, consumerTag: string, method: wire.BasicConsume): void {
  if (channel.replyConsumer !== null) throw preconditionFailed('reply consumer already set')
  if (!method.noAck) throw preconditionFailed('reply consumer cannot acknowledge')
  channel.setReplyConsumer(channel.services.replyTo.add(channel, consumerTag))
  if (!method.noWait) wire.writeBasicConsumeOk(channel.output, channel.number, { consumerTag })
}

/** What the consumer holds stays with the channel. */
export function cancel(channel: Channel, method: wire.BasicCancel): void {
  const { consumerTag } = method
  if (channel.replyConsumer?.consumerTag === consumerTag) channel.setReplyConsumer(null)
  const consumer = channel.consumers.get(consumerTag)
  if (consumer !== undefined) {
    consumer.queue.unsubscribe(consumer)
    channel.forgetConsumer(consumer)
  }
  if (!method.noWait) wire.writeBasicCancelOk(channel.output, channel.number, { consumerTag })
}
