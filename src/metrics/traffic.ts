import type { ChannelCounters, ConnectionCounters } from '../core/counters.ts'
import type { Vhost } from '../core/vhost.ts'

/** A client's connection as metrics see it. */
export interface MeteredConnection {
  readonly counters: ConnectionCounters
  /** Null until the connection is open. */
  readonly session: { readonly vhost: Vhost } | null
  readonly channels: Iterable<MeteredChannel> | null
}

export interface MeteredChannel {
  readonly vhost: { readonly name: string }
  readonly counters: ChannelCounters
  readonly consumers: { readonly size: number }
}
