import type { CompatName } from './common/compat.ts'
import type { Logger } from './common/log.ts'
import type { NodeMaxima } from './core/node-limits.ts'

/** How a broker is set up. Everything has a default: an embedded broker needs no options. */
export interface BrokerOptions {
  readonly amqp?: AmqpOptions
  /**
   * Directory that keeps what is to survive a restart: definitions, and persistent messages in durable queues. It is
   * made if need be, and used by one broker at a time. In memory alone unless given.
   */
  readonly dataDir?: string
  /** RabbitMQ version to behave like; '4.2' by default. */
  readonly compat?: CompatName
  /** Heartbeat proposed to clients, in seconds; 0 for none, 60 by default. */
  readonly heartbeatSeconds?: number
  /** Time a client has to log in and open its connection; 10,000 by default. */
  readonly handshakeTimeoutMs?: number
  /** Largest frame in bytes, from 8192; 131,072 by default. */
  readonly frameMax?: number
  /** Channels a connection may have open; 2047 by default. */
  readonly channelMax?: number
  /** Largest message body in bytes, at most 512 MiB; 16 MiB by default (3.13: 128 MiB). */
  readonly maxMessageSize?: number
  /** Time a consumer may keep a message without settling it; null for ever, 30 minutes by default. */
  readonly consumerTimeoutMs?: number | null
  /** Most connections, channels, queues, exchanges, and consumers of a channel; any number by default. */
  readonly limits?: Partial<NodeMaxima>
  /** Users who may log in from this machine only; `['guest']` by default. */
  readonly loopbackUsers?: readonly string[]
  /** Where the broker says what happens; nowhere by default. A pino logger fits. */
  readonly logger?: Logger
}

export interface AmqpOptions {
  /** Address or addresses to listen on; by default loopback, IPv4 and IPv6. */
  readonly host?: string | readonly string[]
  /** 0, the default, takes any free port. */
  readonly port?: number
}

/** A broker could not be set up. `cause` is the error of the system, if one is behind it. */
export class BrokerError extends Error {
  readonly code: BrokerErrorCode

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BrokerError'
    this.code = code
  }
}

export type BrokerErrorCode =
  /** Another process listens on the port. */
  | 'PORT_IN_USE'
  /** The process may not listen on the port. */
  | 'PORT_FORBIDDEN'
  /** The address is none of this machine's. */
  | 'ADDRESS_UNAVAILABLE'
  /** An option is out of its bounds. */
  | 'INVALID_OPTION'
  /** Another broker uses the data directory, of this process or another. */
  | 'DATA_DIR_IN_USE'
  /** The data directory cannot be made, read or written to. */
  | 'DATA_DIR_NOT_WRITABLE'
  /** A newer version of Leveret has written to the data directory, in a format that is not known here. */
  | 'DATA_DIR_TOO_NEW'
  /** So much of the data directory is damaged that nobody can say what was in it. */
  | 'DATA_DIR_DAMAGED'

/** Throws INVALID_OPTION for a number out of its bounds. */
export function assertBounds(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new BrokerError(
    'INVALID_OPTION',
    `${name} is ${value}; it must be a whole number from ${min} to ${max}`,
  )
}

/** Throws INVALID_OPTION for a word that is none of these. */
export function assertWord(name: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return
  throw new BrokerError(
    'INVALID_OPTION',
    `${name} is ${value}; it must be one of ${words.join(', ')}`,
  )
}
