import type { AuthAttempts } from '../auth/auth-attempts.ts'
import type { LoginDelays } from '../auth/login-delays.ts'
import type { Users } from '../auth/users.ts'
import type { Clock } from '../common/clock.ts'
import type { Compat } from '../common/compat.ts'
import type { Deadlines } from '../common/deadlines.ts'
import type { Logger } from '../common/log.ts'
import type { RunQueue } from '../common/run-queue.ts'
import type { Slab } from '../common/slab.ts'
import type { Churn } from '../core/counters.ts'
import type { NodeLimits } from '../core/node-limits.ts'
import type { Parameters } from '../core/parameters.ts'
import type { Store } from '../core/ports.ts'
import type { VhostDefaults } from '../core/vhost-defaults.ts'
import type { Vhosts } from '../core/vhosts.ts'
import type { BlockPool } from '../wire/output.ts'
import type { Alarms } from './alarms.ts'
import type { Connection } from './connection.ts'
import type { ReplyTo } from './reply-to.ts'
import type { ResourceWatch } from './resource-watch.ts'
import type { Credentials } from './sasl.ts'
import type { StartFrames } from './start-frames.ts'

/** What all connections of a broker share. */
export interface Services {
  readonly settings: Settings
  readonly limits: NodeLimits
  readonly churn: Churn
  readonly vhosts: Vhosts
  /** Every connection from its first byte to its last. */
  readonly connections: Set<Connection>
  readonly users: Users
  readonly loginDelays: LoginDelays
  readonly authAttempts: AuthAttempts
  readonly parameters: Parameters
  readonly replyTo: ReplyTo
  readonly alarms: Alarms
  readonly watch: ResourceWatch
  readonly store: Store
  readonly turn: RunQueue
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly blocks: BlockPool
  readonly slab: Slab
  readonly log: Logger
  /** Aborted when the broker begins to close: long work is then left as it is. */
  readonly closing: AbortController
}

/** What the broker proposes to clients, and what it lets them do. */
export interface Settings {
  readonly compat: Compat
  /** Largest frame, in bytes. */
  readonly frameMax: number
  /** Channels of one connection; 0 for no limit. An operator may change it for connections to come. */
  channelMax: number
  /** 0 switches heartbeats off. */
  readonly heartbeatSeconds: number
  /** Largest body of a message, in bytes. */
  readonly maxMessageSize: number
  /** From the first byte to an open connection. */
  readonly handshakeTimeoutMs: number
  /** How long a consumer may keep a message, where its queue says nothing of it; null for ever. */
  readonly consumerTimeoutMs: number | null
  /** Name of the node, as texts show it. */
  readonly nodeName: string
  /** Users who may log in from this machine only. An operator may change it. */
  loopbackUsers: ReadonlySet<string>
  /** What every client is sent first. */
  readonly startFrames: StartFrames
  /** Ways to log in, in the order in which they are offered. */
  readonly mechanisms: readonly string[]
  /** As whom a client logs in that does not say who it is; null for nobody. */
  readonly anonymousLogin: Credentials | null
  /** Type of durable queues that neither their declaration nor their vhost gives one. */
  readonly defaultQueueType: string
  /** What every new vhost begins with. */
  readonly vhostDefaults: VhostDefaults
}
