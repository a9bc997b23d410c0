import type { JsonObject } from '../../common/json.ts'
import { integerOf } from '../../common/table.ts'
import { isSingleActive } from '../../core/queue/order.ts'
import type { Queue } from '../../core/queue/queue.ts'
import { jsonOfTable } from '../amqp-json.ts'
import type {
  ManagedBroker,
  ManagedChannel,
  ManagedConnection,
  ManagedConsumer,
} from '../managed-broker.ts'
import type { View, ViewContext } from './view.ts'

/** A consumer, and where it consumes. */
export interface ConsumerOnChannel {
  readonly connection: ManagedConnection
  readonly channel: ManagedChannel
  readonly consumer: ManagedConsumer
}

export const consumerView: View<ConsumerOnChannel> = {
  arguments: { type: 'object', read: ({ consumer }) => jsonOfTable(consumer.arguments) },
  ack_required: { type: 'boolean', read: ({ consumer }) => !consumer.noAck },
  active: { type: 'boolean', read: ({ consumer }) => isActive(consumer) },
  activity_status: {
    type: 'string',
    read: ({ consumer }) => {
      if (!isSingleActive(consumer.queue)) return 'up'
      return isActive(consumer) ? 'single_active' : 'waiting'
    },
  },
  channel_details: { type: 'object', read: (place, { broker }) => channelDetails(place, broker) },
  consumer_tag: { type: 'string', read: ({ consumer }) => consumer.consumerTag },
  consumer_timeout: { type: 'integer', read: timeoutOf },
  exclusive: { type: 'boolean', read: ({ consumer }) => consumer.exclusive },
  prefetch_count: { type: 'integer', read: ({ consumer }) => consumer.prefetch },
  queue: {
    type: 'object',
    read: ({ consumer }) => ({ name: consumer.queue.name, vhost: consumer.queue.vhost }),
  },
}

/** The consumers on these connections. */
export function* consumersOn(
  connections: Iterable<ManagedConnection>,
): Iterable<ConsumerOnChannel> {
  for (const connection of connections) {
    for (const channel of connection.channels ?? []) {
      for (const consumer of channel.consumers.values()) yield { connection, channel, consumer }
    }
  }
}

export function consumersOf({ connections }: ManagedBroker, queue: Queue): ConsumerOnChannel[] {
  if (queue.consumerCount === 0) return []
  return [...consumersOn(connections)].filter(({ consumer }) => consumer.queue === queue)
}

export function channelDetails(
  { connection, channel }: Pick<ConsumerOnChannel, 'connection' | 'channel'>,
  { nodeName }: ManagedBroker,
): JsonObject {
  const { name, session } = connection
  const { peerHost = '', peerPort = 0 } = session?.endpoints ?? {}
  return {
    name: channelName(connection, channel),
    number: channel.number,
    user: session?.user.name ?? '',
    connection_name: name,
    node: nodeName,
    peer_host: peerHost,
    peer_port: peerPort,
  }
}

/** As RabbitMQ names a channel: its connection's name and its number. */
export function channelName(connection: ManagedConnection, { number }: ManagedChannel): string {
  return `${connection.name} (${number})`
}

function isActive(consumer: ManagedConsumer): boolean {
  return consumer.queue.subscribers.isActive(consumer)
}

function timeoutOf({ consumer }: ConsumerOnChannel, { broker }: ViewContext): number {
  const own = integerOf(consumer.arguments.get('x-consumer-timeout'))
  return own ?? consumer.queue.settings.consumerTimeoutMs ?? broker.consumerTimeoutMs ?? 0
}
