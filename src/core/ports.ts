import type { Table } from '../common/table.ts'
import type { Message } from './message.ts'

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
}

export interface DurabilityWaiter {
  onDurable(durable: number): void
}

/** Persistent messages in durable queues. */
export interface MessageStore {
  /** Records one message that these queues took; returns the position of the change. */
  append(message: Message, queues: readonly StoredQueue[]): number
  /** Records that a queue is done with the message appended at `position`. */
  settle(queue: StoredQueue, position: number): void
}

/** A queue as storage knows it. */
export interface StoredQueue {
  readonly name: string
  readonly vhost: string
}

/** Durable exchanges, queues and bindings. A change is recorded here first and applied then. */
export interface DefinitionStore {
  /** The latest change of a definition. */
  readonly position: number
  record(change: DefinitionChange): void
}

export type DefinitionChange =
  | { readonly kind: 'exchange-declared'; readonly exchange: ExchangeDefinition }
  | { readonly kind: 'exchange-deleted'; readonly vhost: string; readonly name: string }
  | { readonly kind: 'queue-declared'; readonly queue: QueueDefinition }
  | { readonly kind: 'queue-deleted'; readonly vhost: string; readonly name: string }
  | { readonly kind: 'bound'; readonly binding: BindingDefinition }
  | { readonly kind: 'unbound'; readonly binding: BindingDefinition }

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
