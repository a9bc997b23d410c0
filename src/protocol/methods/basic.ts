import { isSingleActive } from '../../core/queue/order.ts'
import { describe, Refusal } from '../../core/refusal.ts'
import * as wire from '../../wire/methods.ts'
import { assertPermitted } from '../access.ts'
import type { Channel } from '../channel.ts'
import { countGetEmpty } from '../counting.ts'
import { queueName } from './queue.ts'

export function get(channel: Channel, method: wire.BasicGet): void {
  const name = queueName(channel, method.queue)
  assertPermitted(channel.session, 'read', 'queue', name)
  const queue = channel.vhost.queues.get(name, channel.connection)
  if (queue.type === 'quorum' && isSingleActive(queue)) {
    throw new Refusal(
      'resource-locked',
      `cannot obtain access to locked ${describe(queue)}. basic.get operations are not supported ` +
        'by <<"quorum">> queues with single active consumer',
    )
  }
  const entry = queue.get(method.noAck)
  if (entry === null) {
    countGetEmpty(channel.counters, queue)
    wire.writeBasicGetEmpty(channel.output, channel.number)
  } else channel.sendGetOk(entry, method.noAck, queue.readyCount)
}

/** A client may ask the server to go on, but RabbitMQ cannot be asked to stop. */
export function channelFlow(channel: Channel, method: wire.ChannelFlow): void {
  if (!method.active) throw new Refusal('not-implemented', 'active=false')
  wire.writeChannelFlowOk(channel.output, channel.number, { active: true })
}

/** Gone from AMQP since 0-9-1, still answered by RabbitMQ. */
export function accessRequest(channel: Channel): void {
  wire.writeAccessRequestOk(channel.output, channel.number, { ticket: 1 })
}
