import { generateConsumerTag } from '../../core/names.ts'
import { consumerPriority } from '../../core/queue/arguments.ts'
import { Refusal } from '../../core/refusal.ts'
import * as wire from '../../wire/methods.ts'
import { assertPermitted } from '../access.ts'
import type { Channel } from '../channel.ts'
import { Consumer } from '../consumer.ts'
import { queueName } from './queue.ts'

/**
 * Without `global`, the count is for each consumer started from now on, and switches a limit of the channel off;
 * with it, for all consumers of the channel together (RabbitMQ documentation, consumer prefetch).
 */
export function qos(channel: Channel, method: wire.BasicQos): void {
  if (method.prefetchSize !== 0) {
    throw new Refusal('not-implemented', `prefetch_size!=0 (${method.prefetchSize})`)
  }
  if (method.global && channel.services.settings.compat.hasGlobalQos) {
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
  const name = queueName(channel, method.queue)
  assertPermitted(channel.session, 'read', 'queue', name)
  const queue = channel.vhost.queues.get(name, channel.connection)
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

/** What the consumer holds stays with the channel. */
export function cancel(channel: Channel, method: wire.BasicCancel): void {
  const { consumerTag } = method
  const consumer = channel.consumers.get(consumerTag)
  if (consumer !== undefined) {
    consumer.queue.unsubscribe(consumer)
    channel.forgetConsumer(consumer)
  }
  if (!method.noWait) wire.writeBasicCancelOk(channel.output, channel.number, { consumerTag })
}
