import type { CompatName } from './common/compat.ts'
import type { Logger } from './common/log.ts'
import type { NodeMaxima } from './core/node-limits.ts'
import type { VhostDefaults } from './core/vhost-defaults.ts'
import type { CertLogin } from './server/peer-name.ts'
import type { TlsOptions } from './server/tls-files.ts'

/** How a broker is set up. Everything has a default: an embedded broker needs no options. */
export interface BrokerOptions {
  readonly amqp?: AmqpOptions
  /** AMQP over TLS; not by default. */
  readonly amqps?: AmqpsOptions
  /** Where the management HTTP API is served; nowhere unless given. */
  readonly management?: ManagementOptions
  /** The same over TLS; nowhere unless given. */
  readonly managementTls?: ManagementTlsOptions
  /** Where metrics are given to Prometheus; nowhere unless given. */
  readonly prometheus?: ManagementOptions
  /** The same over TLS; nowhere unless given. */
  readonly prometheusTls?: ManagementTlsOptions
  /**
   * Directory that keeps what is to survive a restart: definitions, and persistent messages in durable queues. It is
   * made if need be, and used by one broker at a time. In memory alone unless given.
   */
  readonly dataDir?: string
  /** The first user and vhost of a new broker; by default guest with password guest, and `/`. */
  readonly defaults?: DefaultsOptions
  /** Limits, operator policies and users that every new vhost begins with; none by default. */
  readonly vhostDefaults?: VhostDefaults
  /**
   * Definitions to import at every start: a JSON file as RabbitMQ exports one, or a directory of them. A new broker then
   * has the users of the definitions and not the default one, unless they name none.
   */
  readonly definitions?: string
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
  /** Memory above which publishers are blocked; any by default. */
  readonly memoryLimit?: ResourceLimit
  /** What has to be free on the disk of the data directory, or publishers are blocked; nothing by default. */
  readonly diskFreeLimit?: ResourceLimit
  /** Users who may log in from this machine only; `['guest']` by default. */
  readonly loopbackUsers?: readonly string[]
  /**
   * Ways to log in; by default PLAIN, AMQPLAIN and, over TLS, EXTERNAL: by client certificate. With ANONYMOUS clients need
   * not say who they are.
   */
  readonly authMechanisms?: readonly string[]
  /** As whom ANONYMOUS logs in; null for nobody, guest with password guest by default. */
  readonly anonymousLogin?: { readonly user: string; readonly password: string } | null
  /** Type of durable queues that are declared without one; 'classic' by default. */
  readonly defaultQueueType?: 'classic' | 'quorum'
  /** Name that the node goes by; `rabbit@` and the name of the machine by default. */
  readonly nodeName?: string
  /** Name of the cluster that clients are shown; that of the node by default. */
  readonly clusterName?: string
  /** What operators are shown of the process around the broker; it means nothing to the broker itself. */
  readonly process?: Partial<ProcessFacts>
  /** Where the broker says what happens; nowhere by default. A pino logger fits. */
  readonly logger?: Logger
}

/** What a process that runs a broker was started with. */
export interface ProcessFacts {
  /** Paths of the configuration files that were read; none by default. */
  readonly configFiles: readonly string[]
  /** Where it logs: paths, or `<stdout>`, which is the default. */
  readonly logFiles: readonly string[]
  /** RabbitMQ's names of what was asked for; rabbitmq_management by default. */
  readonly plugins: readonly string[]
}

/** Bytes, or a part of the memory that the process may use. */
export type ResourceLimit = number | { readonly ofMemory: number }

export interface AmqpOptions {
  /** Address or addresses to listen on; by default loopback, IPv4 and IPv6. */
  readonly host?: string | readonly string[]
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Addresses with a port each, instead of the above; none at all when empty. */
  readonly listeners?: readonly { readonly host?: string; readonly port: number }[]
}

/** Where AMQP over TLS is spoken, and how. */
export interface AmqpsOptions extends AmqpOptions, TlsOptions {
  /** What of a certificate names the user; the distinguished name by default. */
  readonly loginFrom?: CertLogin
}

/** What a new broker begins with. */
export interface DefaultsOptions {
  readonly user?: string
  readonly password?: string
  readonly vhost?: string
  /** ['administrator'] by default. */
  readonly tags?: readonly string[]
  /** Patterns of what the user may do in the vhost; anything by default. */
  readonly permissions?: {
    readonly configure: string
    readonly write: string
    readonly read: string
  }
}

export interface ManagementOptions {
  /** Address or addresses to listen on; by default loopback, IPv4 and IPv6. */
  readonly host?: string | readonly string[]
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Whether the broker runs without it when the address cannot be had, and logs that; it does not start by default. */
  readonly isOptional?: boolean
}

/** Where HTTP is spoken over TLS, and how. A certificate that a client shows is no login. */
export interface ManagementTlsOptions extends ManagementOptions, TlsOptions {}

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
  /** The definitions to import cannot be read, or ask for what cannot be. */
  | 'DEFINITIONS_INVALID'
  /** Certificate or key cannot be read, or do not fit. */
  | 'TLS_INVALID'
  /** Another broker uses the data directory, of this process or another. */
  | 'DATA_DIR_IN_USE'
  /** The data directory cannot be made, read or written to. */
  | 'DATA_DIR_NOT_WRITABLE'
  /** A newer version of Leveret has written to the data directory, in a format that is not known here. */
  | 'DATA_DIR_TOO_NEW'
  /** An older version has, in a format that is not known here any more. */
  | 'DATA_DIR_TOO_OLD'
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

/** Throws INVALID_OPTION for bytes, or a part of the memory, out of their bounds. */
export function assertLimit(name: string, limit: ResourceLimit): void {
  if (typeof limit === 'number') return assertBounds(name, limit, 0, Number.MAX_SAFE_INTEGER)
  if (limit.ofMemory >= 0 && limit.ofMemory <= MOST_OF_MEMORY) return
  throw new BrokerError(
    'INVALID_OPTION',
    `${name} is ${limit.ofMemory} of the memory; it must be a number from 0 to ${MOST_OF_MEMORY}`,
  )
}

/** A disk may have to have more free than there is memory. */
const MOST_OF_MEMORY = 1000

/** Throws INVALID_OPTION for a word that is none of these. */
export function assertWord(name: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return
  throw new BrokerError(
    'INVALID_OPTION',
    `${name} is ${value}; it must be one of ${words.join(', ')}`,
  )
}
