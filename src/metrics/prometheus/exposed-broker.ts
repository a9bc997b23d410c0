import type { Vhost } from '../../core/vhost.ts'
import type { MeteredBroker } from '../sampler.ts'
import type { MeteredChannel, MeteredConnection } from '../traffic.ts'

/** A broker as its metrics see it. */
export interface ExposedBroker extends MeteredBroker {
  readonly nodeName: string
  readonly clusterName: string
  readonly clusterId: string
  /** Of RabbitMQ, as clients are told. */
  readonly version: string
  readonly vhosts: Iterable<Vhost>
  readonly connections: Iterable<ExposedConnection>
  readonly alarms: { readonly raised: ReadonlySet<'memory' | 'disk'> }
  readonly memoryLimitBytes: number
  readonly diskFreeLimitBytes: number
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  /** Logins by protocol, and by address and user. */
  readonly attempts: Iterable<readonly [protocol: string, Attempts]> & {
    readonly sources: Iterable<SourceAttempts>
  }
  /** A name for a connection or channel in the form of Erlang's process identifiers. */
  processId(thing: object): string
}

export interface ExposedConnection extends MeteredConnection {
  readonly channels: Iterable<ExposedChannel> | null
}

export interface ExposedChannel extends MeteredChannel {
  readonly prefetch: number
  readonly unacked: { readonly count: number }
  readonly consumers: ReadonlyMap<string, { readonly prefetch: number }>
  readonly confirms: { readonly unconfirmedCount: number } | null
  readonly transaction: {
    readonly publishes: readonly unknown[]
    readonly settlements: readonly { readonly entries: readonly unknown[] }[]
  } | null
}

export interface Attempts {
  readonly succeeded: number
  readonly failed: number
}

export interface SourceAttempts extends Attempts {
  readonly protocol: string
  readonly address: string
  readonly user: string
}
