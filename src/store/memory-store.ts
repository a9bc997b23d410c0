import type {
  DefinitionStore,
  Durability,
  DurabilityWaiter,
  MessageStore,
  Store,
} from '../core/ports.ts'

/**
 * The store that keeps nothing: what it is told is in memory already, and ends with the process. Every change is as
 * durable as it will ever be at once, so nobody waits.
 */
export class MemoryStore implements Store, MessageStore, DefinitionStore, Durability {
  /** The latest change, of whatever kind; it is as durable as it gets. */
  position = 0

  get messages(): MessageStore {
    return this
  }

  get definitions(): DefinitionStore {
    return this
  }

  get durability(): Durability {
    return this
  }

  get recorded(): number {
    return this.position
  }

  get durable(): number {
    return this.position
  }

  append(): number {
    return ++this.position
  }

  settle(): void {
    this.position++
  }

  record(): void {
    this.position++
  }

  whenDurable(waiter: DurabilityWaiter): void {
    waiter.onDurable(this.position)
  }

  async close(): Promise<void> {}
}
