/** The parts of the API's answers that the page shows, under RabbitMQ's names. */

export interface WhoAmI {
  readonly name: string
  readonly tags: readonly string[]
}

export interface Sample {
  readonly sample: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

export interface Details {
  readonly rate: number
  /** Newest first. */
  readonly samples?: readonly Sample[]
}

/** Numbers by name, and their details by the same name with `_details`. */
export type Stats = Readonly<Record<string, number | Details | undefined>>

export interface Overview {
  readonly cluster_name: string
  readonly rabbitmq_version: string
  readonly product_name: string
  readonly node?: string
  readonly message_stats?: Stats
  readonly queue_totals?: Stats
  readonly object_totals: Readonly<Record<string, number>>
  readonly exchange_types: readonly { readonly name: string }[]
  readonly listeners?: readonly {
    readonly protocol: string
    readonly ip_address: string
    readonly port: number
    readonly tls: boolean
  }[]
}

export interface NodeInfo {
  readonly name: string
  readonly uptime: number
  readonly mem_used: number
  readonly mem_limit: number
  readonly mem_alarm: boolean
  readonly disk_free: number
  readonly disk_free_alarm: boolean
  readonly fd_used: number
  readonly fd_total: number
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly page: number
  readonly page_count: number
  readonly page_size: number
  readonly filtered_count: number
  readonly total_count: number
}

export type Arguments = Readonly<Record<string, unknown>>

export interface Queue {
  readonly name: string
  readonly vhost: string
  readonly type: string
  readonly state?: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly exclusive: boolean
  readonly arguments: Arguments
  readonly policy?: string | null
  readonly operator_policy?: string | null
  readonly effective_policy_definition?: Arguments
  readonly messages?: number
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
  readonly message_bytes?: number
  readonly memory?: number
  readonly consumers?: number
  readonly consumer_utilisation?: number
  readonly idle_since?: string
  readonly message_stats?: Stats
  readonly messages_ready_details?: Details
  readonly messages_unacknowledged_details?: Details
  readonly consumer_details?: readonly Consumer[]
}

export interface Consumer {
  readonly consumer_tag: string
  readonly ack_required: boolean
  readonly exclusive: boolean
  readonly active: boolean
  readonly activity_status: string
  readonly prefetch_count: number
  readonly queue: { readonly name: string; readonly vhost: string }
  readonly channel_details: {
    readonly name: string
    readonly user: string
    readonly connection_name: string
  }
}

export interface Binding {
  readonly source: string
  readonly vhost: string
  readonly destination: string
  readonly destination_type: 'queue' | 'exchange'
  readonly routing_key: string
  readonly arguments: Arguments
  readonly properties_key: string
}

export interface Exchange {
  readonly name: string
  readonly vhost: string
  readonly type: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly internal: boolean
  readonly arguments: Arguments
  readonly policy?: string | null
  readonly message_stats?: Stats
}

export interface Connection {
  readonly name: string
  readonly vhost: string
  readonly user: string
  readonly state: string
  readonly protocol: string
  readonly ssl: boolean
  readonly ssl_protocol: string
  readonly ssl_key_exchange: string
  readonly ssl_cipher: string
  readonly ssl_hash: string
  readonly peer_cert_subject: string
  readonly peer_cert_issuer: string
  readonly peer_cert_validity: string
  readonly channels: number
  readonly channel_max: number
  readonly frame_max: number
  readonly timeout: number
  readonly auth_mechanism: string
  readonly peer_host: string
  readonly peer_port: number
  readonly connected_at: number
  readonly client_properties: Arguments
  readonly user_provided_name?: string
  readonly recv_oct: number
  readonly send_oct: number
  readonly recv_oct_details?: Details
  readonly send_oct_details?: Details
}

export interface Channel {
  readonly name: string
  readonly number: number
  readonly vhost: string
  readonly user: string
  readonly state: string
  readonly prefetch_count: number
  readonly consumer_count: number
  readonly messages_unacknowledged: number
  readonly messages_unconfirmed: number
  readonly messages_uncommitted: number
  readonly acks_uncommitted: number
  readonly confirm: boolean
  readonly transactional: boolean
  readonly idle_since?: string
  readonly message_stats?: Stats
  readonly connection_details: { readonly name: string }
  readonly consumer_details?: readonly Consumer[]
}

/** One of what `get` fetches, or `messages` shows. */
export interface ShownMessage {
  readonly payload: string
  readonly payload_bytes: number
  readonly payload_encoding: 'string' | 'base64'
  readonly exchange: string
  readonly routing_key: string
  readonly redelivered: boolean
  readonly message_count: number
  /** An empty list when there are none. */
  readonly properties: Arguments | readonly []
}

export interface Death {
  readonly queue: string
  readonly reason: string
  readonly count: number
  /** Seconds since 1970. */
  readonly time: number
  readonly exchange: string
  readonly 'routing-keys': readonly string[]
}

export interface Transferred {
  readonly count: number
  readonly stopped: string | null
}

export interface Trial {
  readonly queues: readonly string[]
  readonly steps: readonly TrialStep[]
}

export interface TrialStep {
  readonly exchange: string
  readonly type: string
  readonly note: string | null
  readonly alternate: string | null
  readonly omitted: number
  readonly bindings: readonly (Omit<Binding, 'source' | 'vhost'> & {
    readonly matches: boolean
    readonly reason: string
  })[]
}

export interface User {
  readonly name: string
  readonly tags: readonly string[]
  readonly password_hash: string
}

export interface Permission {
  readonly user: string
  readonly vhost: string
  readonly configure: string
  readonly write: string
  readonly read: string
}

export interface Vhost {
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly default_queue_type?: string
  readonly messages?: number
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
}

export interface Policy {
  readonly vhost: string
  readonly name: string
  readonly pattern: string
  readonly 'apply-to': string
  readonly definition: Arguments
  readonly priority: number
}
