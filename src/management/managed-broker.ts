import type { AuthAttempts } from '../auth/auth-attempts.ts'
import type { User, Users } from '../auth/users.ts'
import type { Compat } from '../common/compat.ts'
import type { Json } from '../common/json.ts'
import type { Logger } from '../common/log.ts'
import type { Table } from '../common/table.ts'
import type { ReplayTarget } from '../core/dead-letter/replay.ts'
import type { Exchange } from '../core/exchange/exchange.ts'
import type { NodeLimits } from '../core/node-limits.ts'
import type { PeekRange } from '../core/queue/peek.ts'
import type { Queue } from '../core/queue/queue.ts'
import type { Subscriber } from '../core/queue/subscriber.ts'
import type { Vhost } from '../core/vhost.ts'
import type { Vhosts } from '../core/vhosts.ts'
import type { MeteredBroker } from '../metrics/sampler.ts'
import type { MeteredChannel, MeteredConnection } from '../metrics/traffic.ts'
import type { DefinedBroker, Operator } from './definitions/defined-broker.ts'
import type { ProcessIds } from './process-ids.ts'

/** The broker as its management sees it: core objects as they are, connections to look at, and what can be done. */
export interface ManagedBroker extends DefinedBroker, MeteredBroker {
  readonly vhosts: Vhosts
  readonly users: Users
  readonly connections: ReadonlySet<ManagedConnection>
  readonly alarms: { readonly raised: ReadonlySet<'memory' | 'disk'> }
  readonly limits: NodeLimits
  readonly watch: {
    /** Bytes of memory that it may have, and how that was said. */
    readonly shownMemory: {
      readonly setting: number | { readonly ofMemory: number }
      readonly bytes: number
    }
    /** Least bytes free on the disk. */
    readonly shownDiskFree: number
  }
  readonly compat: Compat
  readonly ids: ProcessIds
  readonly log: Logger
  readonly administration: ManagedAdministration
  /** Ways to log in over AMQP that may be used. */
  readonly mechanisms: readonly string[]
  /** Logins over every protocol. */
  readonly attempts: AuthAttempts
  /** Aborted when it begins to close. */
  readonly closing: { readonly signal: AbortSignal }
  /** Users who may log in from this machine only. */
  readonly loopbackUsers: ReadonlySet<string>
  /** Channels that a connection may open; 0 for any number. */
  readonly channelMax: number
  /** How long a consumer may keep a message, in milliseconds; null for ever. */
  readonly consumerTimeoutMs: number | null
  /** When it was started, in milliseconds since 1970. */
  readonly startedAtMs: number
  /** Paths of what it was started with, and RabbitMQ's names of what it was asked for. */
  readonly process: {
    readonly configFiles: readonly string[]
    readonly logFiles: readonly string[]
    readonly plugins: readonly string[]
  }
  /** Where clients are accepted now. */
  listeners(): readonly ManagedListener[]
  /** What a user may do in a vhost. */
  session(user: User, vhost: Vhost): ManagedSession
  /** What a user does with messages that lie in the queues of a vhost. */
  transfer(user: User, vhost: Vhost): ManagedTransfer
  /**
   * Resolves when who fails to log in may be told so, which is the later the more often it happens, or with `cut` when too
   * many wait: then it is hung up on.
   */
  refuseLogin(address: string, user: string): Promise<'told' | 'cut'>
  /** Closes connections with 320 and a reason. */
  close(connections: Iterable<ManagedConnection>, reason: string): void
}

/** A place where clients are accepted. */
export interface ManagedListener {
  /** RabbitMQ's name: `amqp`, `amqp/ssl`, `http`, `https`, `http/prometheus`, `https/prometheus`. */
  readonly protocol: string
  readonly host: string
  readonly port: number
  /** Null without TLS. */
  readonly tls: ManagedTls | null
}

/** How TLS is spoken at a place. */
export interface ManagedTls {
  /** Paths of files. */
  readonly cert: string
  readonly key: string
  readonly ca?: string
  readonly verifiesPeer?: boolean
  readonly requiresCert?: boolean
  readonly versions?: readonly string[]
}

/** Bytes, a part of the memory, or null for any number. */
type Limit = number | { readonly ofMemory: number } | null

export interface ManagedAdministration extends Operator {
  deleteVhost(name: string): void
  setTracing(vhost: string, isOn: boolean): void
  setAlarm(alarm: 'memory' | 'disk', isOn: boolean): void
  setResourceLimits(limits: { memory?: Limit; diskFree?: Limit }): void
  setChannelMax(channelMax: number): void
  setLoopbackUsers(users: readonly string[]): void
  changePassword(name: string, password: string): void
  clearPassword(name: string): void
  setUserTags(name: string, tags: readonly string[]): void
  deleteUser(name: string): void
  clearPermissions(user: string, vhost: string): void
  clearTopicPermissions(user: string, vhost: string, exchange: string): void
  deletePolicy(vhost: string, name: string): void
  deleteOperatorPolicy(vhost: string, name: string): void
  clearParameter(component: string, vhost: string, name: string): boolean
  clearGlobalParameter(name: string): boolean
  setGlobalParameter(name: string, value: Json): void
}

/** A client's connection; the session is null until it is open. */
export interface ManagedConnection extends MeteredConnection {
  readonly name: string
  readonly state: 'header' | 'handshake' | 'open' | 'closing' | 'closed'
  readonly reading: { readonly isBlocked: boolean }
  readonly session: ManagedConnectionSession | null
  readonly channels: (Iterable<ManagedChannel> & { readonly count: number }) | null
}

export interface ManagedConnectionSession {
  readonly user: User
  readonly vhost: Vhost
  readonly clientProperties: Table
  readonly mechanism: string
  /** Milliseconds since 1970. */
  readonly openedAtMs: number
  readonly frameMax: number
  readonly channelMax: number
  readonly heartbeatSeconds: number
  readonly endpoints: {
    readonly peerHost: string
    readonly peerPort: number
    readonly host: string
    readonly port: number
    readonly tls?: ManagedTlsSession
  }
}

/** What TLS has agreed on with a client, in RabbitMQ's words. */
export interface ManagedTlsSession {
  readonly protocol: string
  readonly suite: { readonly keyExchange: string; readonly cipher: string; readonly hash: string }
  /** Null when the client has shown no certificate. */
  readonly peer: {
    readonly subject: string
    readonly issuer: string
    readonly serialNumber: string
    readonly validity: string
  } | null
}

export interface ManagedChannel extends MeteredChannel {
  readonly number: number
  readonly prefetch: number
  /** For all consumers together; 0 for no limit. */
  readonly globalPrefetch: number
  readonly unacked: { readonly count: number }
  readonly consumers: ReadonlyMap<string, ManagedConsumer>
  readonly confirms: { readonly unconfirmedCount: number } | null
  readonly transaction: {
    readonly publishes: readonly unknown[]
    readonly settlements: readonly { readonly entries: readonly unknown[] }[]
  } | null
}

export interface ManagedConsumer extends Subscriber {
  readonly queue: Queue
  /** 0 for no limit. */
  readonly prefetch: number
}

/** What a user does in a vhost. Everything throws a Refusal when the user may not, or the broker does not. */
export interface ManagedSession {
  /** True when it is a new one. */
  declareQueue(name: string, durable: boolean, autoDelete: boolean, args: Table): boolean
  deleteQueue(name: string, ifUnused: boolean, ifEmpty: boolean): void
  purgeQueue(name: string): void
  /** True when it is a new one. */
  declareExchange(exchange: ExchangeWish): boolean
  deleteExchange(name: string, ifUnused: boolean): void
  bind(source: string, target: BindingEnd, routingKey: string, args: Table): void
  unbind(source: string, target: BindingEnd, routingKey: string, args: Table): void
  publish(message: MessageToPublish): Promise<'routed' | 'unroutable' | 'rejected'>
  get(queue: string, wanted: MessagesWanted): readonly FetchedMessage[]
}

/** Everything throws a Refusal when the user may not. */
export interface ManagedTransfer {
  peek(queue: string, range: PeekRange): { messages: readonly FetchedMessage[]; isCut: boolean }
  /** Moves messages from the head of one queue to the end of another. */
  move(from: string, to: string, count: number): Promise<Transferred>
  /** Sends dead letters from the head of a queue to where they were before. */
  replay(from: string, target: ReplayTarget, count: number): Promise<Transferred>
}

export interface Transferred {
  readonly count: number
  /** Why it ended before as many as were wanted; null when nothing was in the way. */
  readonly stopped: string | null
}

export type ExchangeWish = Pick<
  Exchange,
  'name' | 'type' | 'durable' | 'autoDelete' | 'internal' | 'arguments'
>

export interface BindingEnd {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

export interface MessageToPublish {
  readonly exchange: string
  readonly routingKey: string
  readonly properties: BasicProperties
  readonly body: Buffer
}

export interface MessagesWanted {
  /** A negative one is for all there are. */
  readonly count: number
  /** How they come back to the queue; null when they are taken for good. */
  readonly requeue: 'nack' | 'reject' | null
}

export interface FetchedMessage {
  readonly exchange: string
  readonly routingKey: string
  readonly redelivered: boolean
  readonly properties: BasicProperties
  readonly body: Buffer
  /** Messages that were ready behind it. */
  readonly messageCount: number
}

/** The properties of class basic (AMQP 0-9-1 section 1.8). */
export interface BasicProperties {
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly headers?: Table
  readonly deliveryMode?: number
  readonly priority?: number
  readonly correlationId?: string
  readonly replyTo?: string
  readonly expiration?: string
  readonly messageId?: string
  readonly timestamp?: bigint
  readonly type?: string
  readonly userId?: string
  readonly appId?: string
  readonly clusterId?: string
}
