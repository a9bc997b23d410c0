import type { ConfEntry } from '../conf-file.ts'
import type { Config } from '../config.ts'
import { BadEntry, type Option } from '../option.ts'
import { byteSize } from '../sizes.ts'
import { choice, integer, integerOrNone, type ValueType } from '../value-type.ts'

const channelMax = integer('COUNT', 1, 65535)
const anyCount = integerOrNone('COUNT', 0, Number.MAX_SAFE_INTEGER)
const consumerTimeout = integerOrNone('MS', 1, Number.MAX_SAFE_INTEGER)

/** In rabbitmq.conf 0 stands for as many as there can be. */
function channelMaxFromConf(entries: readonly ConfEntry[]): number {
  const entry = entries.at(-1)
  if (entry === undefined) return 2047
  const value = entry.value === '0' ? 65_535 : channelMax.parse(entry.value)
  if (value === null) throw new BadEntry(entry, 'an integer from 0 to 65535')
  return value
}

const maxMessageSize: ValueType<number | null> = {
  ...byteSize('BYTES', 1, 536_870_912),
  format: String,
}

type ProtocolKey =
  | 'compat'
  | 'heartbeatSeconds'
  | 'handshakeTimeoutMs'
  | 'frameMax'
  | 'channelMax'
  | 'maxMessageSize'
  | 'consumerTimeoutMs'
  | 'defaultQueueType'
  | 'maxConnections'
  | 'maxChannels'
  | 'maxConsumersPerChannel'
  | 'maxQueues'
  | 'maxExchanges'

/** What is agreed with clients, and how much of everything there may be. */
export const PROTOCOL: { readonly [K in ProtocolKey]: Option<Config[K]> } = {
  compat: {
    flag: 'compat',
    env: 'LEVERET_COMPAT',
    conf: [],
    group: 'Protocol',
    type: choice('VERSION', ['3.13', '4.2', '4.3']),
    default: '4.2',
    help: 'RabbitMQ version to behave like',
  },
  heartbeatSeconds: {
    flag: 'heartbeat',
    env: 'LEVERET_HEARTBEAT',
    conf: ['heartbeat'],
    group: 'Protocol',
    type: integer('SECONDS', 0, 65535),
    default: 60,
    help: 'Heartbeat proposed to clients; 0 for none',
  },
  handshakeTimeoutMs: {
    flag: 'handshake-timeout',
    env: 'LEVERET_HANDSHAKE_TIMEOUT',
    conf: ['handshake_timeout'],
    group: 'Protocol',
    type: integer('MS', 1, 3_600_000),
    default: 10_000,
    help: 'Time a client has to log in, in milliseconds',
  },
  frameMax: {
    flag: 'frame-max',
    env: 'LEVERET_FRAME_MAX',
    conf: ['frame_max'],
    group: 'Protocol',
    type: byteSize('BYTES', 8192, 16_777_216),
    default: 131_072,
    help: 'Largest frame',
  },
  channelMax: {
    flag: 'channel-max',
    env: 'LEVERET_CHANNEL_MAX',
    conf: ['channel_max'],
    group: 'Protocol',
    type: channelMax,
    default: 2047,
    help: 'Channels that a connection may have open',
    fromConf: channelMaxFromConf,
  },
  maxMessageSize: {
    flag: 'max-message-size',
    env: 'LEVERET_MAX_MESSAGE_SIZE',
    conf: ['max_message_size'],
    group: 'Protocol',
    type: maxMessageSize,
    default: null,
    defaultText: 'by version',
    help: 'Largest message body: 16 MiB, in 3.13 128 MiB',
  },
  consumerTimeoutMs: {
    flag: 'consumer-timeout',
    env: 'LEVERET_CONSUMER_TIMEOUT',
    conf: ['consumer_timeout'],
    group: 'Protocol',
    type: consumerTimeout,
    default: 1_800_000,
    help: 'Time a consumer may keep a message, in milliseconds, or none',
  },
  defaultQueueType: {
    flag: 'default-queue-type',
    env: 'LEVERET_DEFAULT_QUEUE_TYPE',
    conf: ['default_queue_type'],
    group: 'Protocol',
    type: choice('TYPE', ['classic', 'quorum']),
    default: 'classic',
    help: 'Type of durable queues that are declared without one',
  },
  maxConnections: {
    flag: 'max-connections',
    env: 'LEVERET_MAX_CONNECTIONS',
    conf: ['connection_max'],
    group: 'Limits',
    type: anyCount,
    default: undefined,
    help: 'Connections of the broker',
  },
  maxChannels: {
    flag: 'max-channels',
    env: 'LEVERET_MAX_CHANNELS',
    conf: ['channel_max_per_node'],
    group: 'Limits',
    type: anyCount,
    default: undefined,
    help: 'Channels of the broker',
  },
  maxConsumersPerChannel: {
    flag: 'max-consumers-per-channel',
    env: 'LEVERET_MAX_CONSUMERS_PER_CHANNEL',
    conf: ['consumer_max_per_channel'],
    group: 'Limits',
    type: anyCount,
    default: undefined,
    help: 'Consumers of a channel',
  },
  maxQueues: {
    flag: 'max-queues',
    env: 'LEVERET_MAX_QUEUES',
    conf: ['cluster_queue_limit'],
    group: 'Limits',
    type: anyCount,
    default: undefined,
    help: 'Queues of the broker',
  },
  maxExchanges: {
    flag: 'max-exchanges',
    env: 'LEVERET_MAX_EXCHANGES',
    conf: ['cluster_exchange_limit'],
    group: 'Limits',
    type: anyCount,
    default: undefined,
    help: 'Exchanges of the broker',
  },
}
