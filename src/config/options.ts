import type { CompatName } from '../common/compat.ts'
import { choice, integer, names, namesOrNone, pathOrNone, type ValueType } from './value-type.ts'

/** The settings of one run of the command, each from its flag, its environment variable or its default. */
export type Config = {
  readonly host: readonly string[]
  readonly port: number
  readonly loopbackUsers: readonly string[]
  /** Undefined keeps everything in memory. */
  readonly dataDir: string | undefined
  readonly compat: CompatName
  readonly heartbeatSeconds: number
  readonly handshakeTimeoutMs: number
  readonly frameMax: number
  readonly channelMax: number
  /** Bytes; null takes the limit of the RabbitMQ version in `compat`. */
  readonly maxMessageSize: number | null
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** One setting: how it is named everywhere, what it accepts and what it is for. */
export type Option<T> = {
  /** The long flag without its dashes. */
  readonly flag: string
  /** The environment variable: RabbitMQ's own name where RabbitMQ has one. */
  readonly env: string
  readonly group: OptionGroup
  readonly type: ValueType<T>
  readonly default: T
  /** The default in words, for a default that is no single value. */
  readonly defaultText?: string
  /** One phrase for `--help` and the README, without a full stop. */
  readonly help: string
}

export const OPTION_GROUPS = ['Network', 'Storage', 'Protocol', 'Logging'] as const
export type OptionGroup = (typeof OPTION_GROUPS)[number]

/** Every option there is: flags, environment, help and README all come from this table. */
export const OPTIONS: { readonly [K in keyof Config]: Option<Config[K]> } = {
  host: {
    flag: 'host',
    env: 'RABBITMQ_NODE_IP_ADDRESS',
    group: 'Network',
    type: names('ADDRESSES'),
    default: ['::'],
    help: 'Where to listen; :: is every IPv6 and IPv4 address',
  },
  port: {
    flag: 'port',
    env: 'RABBITMQ_NODE_PORT',
    group: 'Network',
    type: integer('PORT', 0, 65535),
    default: 5672,
    help: 'AMQP port; 0 takes any free port',
  },
  loopbackUsers: {
    flag: 'loopback-users',
    env: 'LEVERET_LOOPBACK_USERS',
    group: 'Network',
    type: namesOrNone('USERS'),
    default: ['guest'],
    help: 'Users who may log in from this machine only, or none',
  },
  dataDir: {
    flag: 'data-dir',
    env: 'LEVERET_DATA_DIR',
    group: 'Storage',
    type: pathOrNone('DIR'),
    default: './data',
    help: 'Directory for what survives a restart, or none',
  },
  compat: {
    flag: 'compat',
    env: 'LEVERET_COMPAT',
    group: 'Protocol',
    type: choice('VERSION', ['3.13', '4.2', '4.3']),
    default: '4.2',
    help: 'RabbitMQ version to behave like',
  },
  heartbeatSeconds: {
    flag: 'heartbeat',
    env: 'LEVERET_HEARTBEAT',
    group: 'Protocol',
    type: integer('SECONDS', 0, 65535),
    default: 60,
    help: 'Heartbeat proposed to clients; 0 for none',
  },
  handshakeTimeoutMs: {
    flag: 'handshake-timeout',
    env: 'LEVERET_HANDSHAKE_TIMEOUT',
    group: 'Protocol',
    type: integer('MS', 1, 3_600_000),
    default: 10_000,
    help: 'Time a client has to log in, in milliseconds',
  },
  frameMax: {
    flag: 'frame-max',
    env: 'LEVERET_FRAME_MAX',
    group: 'Protocol',
    type: integer('BYTES', 8192, 16_777_216),
    default: 131_072,
    help: 'Largest frame',
  },
  channelMax: {
    flag: 'channel-max',
    env: 'LEVERET_CHANNEL_MAX',
    group: 'Protocol',
    type: integer('COUNT', 1, 65535),
    default: 2047,
    help: 'Channels that a connection may have open',
  },
  maxMessageSize: {
    flag: 'max-message-size',
    env: 'LEVERET_MAX_MESSAGE_SIZE',
    group: 'Protocol',
    type: integer('BYTES', 1, 536_870_912),
    default: null,
    defaultText: 'by version',
    help: 'Largest message body: 16 MiB, in 3.13 128 MiB',
  },
  logLevel: {
    flag: 'log-level',
    env: 'LEVERET_LOG_LEVEL',
    group: 'Logging',
    type: choice('LEVEL', ['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    help: 'Least severe messages to log',
  },
}

/** The default as help and README show it. */
export function defaultText(option: Option<unknown>): string {
  return option.defaultText ?? option.type.format(option.default)
}
