import type { Json } from '../common/json.ts'
import type { Table } from '../common/table.ts'
import type { History } from './dead-letter/history.ts'
import type { ExtraKeys, Message } from './message.ts'
import type { Parameter } from './parameters.ts'
import type { PolicyDefinition, PolicyTarget } from './policy/policy.ts'

/**
 * What core asks of storage. Every durable change gets a position in one sequence of changes; `durable` says how
 * far that sequence is safe. Nothing above these ports may assume files, or that durable is quick.
 */
export interface Store {
  readonly messages: MessageStore
  readonly definitions: DefinitionStore
  readonly durability: Durability
  /** Makes everything recorded so far durable, then lets go of what the store holds. */
  close(): Promise<void>
}

/** How far the sequence of changes is safe. */
export interface Durability {
  /** The latest change of any kind. */
  readonly recorded: number
  /** Every change up to this position would survive losing power now. */
  readonly durable: number
  /** Calls `waiter.onDurable` once, the next time that `durable` has grown. */
  whenDurable(waiter: DurabilityWaiter): void
  /** So much waits to become durable that who publishes should pause until it has. */
  readonly isBehind: boolean
}

export interface DurabilityWaiter {
  onDurable(durable: number): void
}

/** Messages of queues, each queue's in lanes: one for each of its priorities. */
export interface MessageStore {
  /** Whether a queue may leave the middle of a long backlog to storage alone. */
  readonly canHoldBacklog: boolean
  /** The lane of this name, with what it held before the broker started; new if there was none. */
  lane(name: LaneName): Lane
  /** The levels that a queue or an exchange has lanes of since before the broker started. */
  levelsOf(owner: LaneOwner): readonly number[]
  /**
   * Records one message that these took; returns the position of the change. Afterwards it is the `latest` of each
   * one's lane.
   */
  append(message: Message, holders: readonly Holder[]): number
  /** The same for a message that need not survive a restart: only memory is to be given back. */
  spill(message: Message, holder: Holder): number
  /** Lanes that nobody has asked for since the start belong to nothing any more. */
  dropUnclaimed(): void
}

/** Who takes messages, as storage sees it: a queue, or an exchange that delays them. */
export interface Holder {
  /** Where the message goes. */
  laneOf(message: Message): Lane
  /** When it expires or is due there, in milliseconds since 1970; 0 for never. */
  timeOf(message: Message): number
}

/** What a lane belongs to. */
export interface LaneOwner {
  readonly vhost: string
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

/** What a lane belongs to, and its number there. */
export interface LaneName extends LaneOwner {
  /** Of a queue, the level of priority. */
  readonly level: number
  /** Of what does not survive a restart, the lane does not either. */
  readonly durable: boolean
}

/** Messages of one queue and priority in the order of their enqueue, numbered from 1: their ordinals. */
export interface Lane {
  /** Ordinal of the message appended last; 0 before the first. */
  readonly latest: number
  /** What it held when the broker started: messages that are not settled, and the sum of their bodies in bytes. */
  readonly restoredCount: number
  readonly restoredBytes: number
  /** The queue is done with a message. */
  settle(ordinal: number, bodySize: number): void
  /** The queue is done with all messages between these, both included. */
  settleRange(from: number, to: number): void
  /** A message has come back from a consumer: that is what it tells after a restart. */
  returned(ordinal: number, acquiredCount: number, failedCount: number): void
  /**
   * Reads messages that are not settled, from one ordinal up to another, in order: as many as have about `maxBytes`
   * together, and at least one if there is any. They must be durable. What cannot be read any more is left out, and
   * logged.
   */
  read(from: number, to: number, maxBytes: number): LaneReading
  /** Ends the lane with all that is in it. */
  drop(): void
}

export interface LaneReading {
  readonly messages: readonly HeldMessage[]
  /** Where to read on; beyond `to` when there is no more. */
  readonly next: number
}

/** A message as a lane gives it back. */
export interface HeldMessage {
  readonly message: Message
  readonly ordinal: number
  /** As `Holder.timeOf` said when it was appended. */
  readonly timeMs: number
  /** It had been handed out before the broker started, or nobody can say that it had not. */
  readonly redelivered: boolean
  readonly acquiredCount: number
  readonly failedCount: number
}

/** Makes messages of what storage has kept of them; storage knows no encoding of properties. */
export interface MessageFactory {
  create(parts: MessageParts): Message
}

/** What storage keeps of a message. */
export interface MessageParts {
  /** As `Address.encoded` gave it. The bytes of this and the following are the factory's to keep. */
  readonly address: Buffer
  /** As `MessageProperties.encoded` gave them. */
  readonly properties: Buffer
  readonly body: Buffer
  readonly extraKeys: ExtraKeys | null
  /** The counts of its `history`; null when it had none. The deaths themselves are in its headers. */
  readonly history: Pick<History, 'acquiredCount' | 'failedCount'> | null
}

/** Everything that is declared or set, other than messages. A change is recorded here first and applied then. */
export interface DefinitionStore {
  /** The latest change of a definition. */
  readonly position: number
  record(change: DefinitionChange): void
  /** Changes that lead from nothing to what there was when the broker started, in an order that can be applied. */
  restored(): Iterable<DefinitionChange>
}

export type DefinitionChange =
  | { readonly kind: 'vhost-added'; readonly vhost: string }
  | { readonly kind: 'vhost-deleted'; readonly vhost: string }
  | { readonly kind: 'vhost-described'; readonly description: VhostDescription }
  | { readonly kind: 'vhost-limited'; readonly limits: VhostLimitsDefinition }
  | { readonly kind: 'user-set'; readonly user: UserDefinition }
  | { readonly kind: 'user-deleted'; readonly user: string }
  | { readonly kind: 'permissions-set'; readonly permissions: PermissionsDefinition }
  | { readonly kind: 'permissions-cleared'; readonly user: string; readonly vhost: string }
  | { readonly kind: 'topic-permissions-set'; readonly permissions: TopicPermissionsDefinition }
  | {
      readonly kind: 'topic-permissions-cleared'
      readonly user: string
      readonly vhost: string
      readonly exchange: string
    }
  | { readonly kind: 'exchange-declared'; readonly exchange: ExchangeDefinition }
  | { readonly kind: 'exchange-deleted'; readonly vhost: string; readonly name: string }
  | { readonly kind: 'queue-declared'; readonly queue: QueueDefinition }
  | { readonly kind: 'queue-deleted'; readonly vhost: string; readonly name: string }
  | { readonly kind: 'bound'; readonly binding: BindingDefinition }
  | { readonly kind: 'unbound'; readonly binding: BindingDefinition }
  | { readonly kind: 'policy-set'; readonly policy: StoredPolicy }
  | {
      readonly kind: 'policy-deleted'
      readonly vhost: string
      readonly isOperator: boolean
      readonly name: string
    }
  | { readonly kind: 'parameter-set'; readonly parameter: Parameter }
  | {
      readonly kind: 'parameter-cleared'
      readonly component: string
      readonly vhost: string
      readonly name: string
    }
  | { readonly kind: 'global-parameter-set'; readonly name: string; readonly value: Json }
  | { readonly kind: 'global-parameter-cleared'; readonly name: string }

export interface VhostDescription {
  readonly vhost: string
  /** For people. */
  readonly text: string
  readonly tags: readonly string[]
  /** Type of queues that are declared without one. */
  readonly defaultQueueType: string
  /** Whether it has to be freed before it can be deleted. */
  readonly isProtected: boolean
}

export interface VhostLimitsDefinition {
  readonly vhost: string
  /** Null for any number. */
  readonly maxQueues: number | null
  readonly maxConnections: number | null
}

export interface UserDefinition {
  readonly name: string
  readonly passwordHash: string
  /** RabbitMQ's name of it; `rabbit_password_hashing_sha256` unless given. */
  readonly hashingAlgorithm?: string
  readonly tags: readonly string[]
  /** Null for any number. */
  readonly maxConnections: number | null
  readonly maxChannels: number | null
}

/** Regular expressions of names. */
export interface PermissionsDefinition {
  readonly user: string
  readonly vhost: string
  readonly configure: string
  readonly write: string
  readonly read: string
}

export interface TopicPermissionsDefinition {
  readonly user: string
  readonly vhost: string
  readonly exchange: string
  readonly write: string
  readonly read: string
}

export interface StoredPolicy {
  readonly vhost: string
  readonly isOperator: boolean
  readonly name: string
  readonly pattern: string
  readonly applyTo: PolicyTarget
  readonly priority: number
  readonly definition: PolicyDefinition
}

export interface ExchangeDefinition {
  readonly vhost: string
  readonly name: string
  readonly type: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly internal: boolean
  readonly arguments: Table
}

export interface QueueDefinition {
  readonly vhost: string
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly arguments: Table
}

export interface BindingDefinition {
  readonly vhost: string
  readonly source: string
  readonly destination: string
  readonly destinationKind: 'queue' | 'exchange'
  readonly routingKey: string
  readonly arguments: Table
}
