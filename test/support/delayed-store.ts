import type { Message } from '../../src/core/message.ts'
import type {
  DefinitionChange,
  DefinitionStore,
  Durability,
  DurabilityWaiter,
  MessageStore,
  Store,
  StoredQueue,
} from '../../src/core/ports.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'

/**
 * A store that is as slow as a test wants: changes are recorded at once, and are durable when the test says so.
 * What was recorded can be read.
 */
export class DelayedStore implements Store, MessageStore, DefinitionStore, Durability {
  durable = 0
  readonly appended: { readonly message: Message; readonly queues: readonly string[] }[] = []
  readonly settled: { readonly queue: string; readonly position: number }[] = []
  readonly changes: DefinitionChange[] = []
  /** The latest change of a definition. */
  position = 0
  private readonly memory = new MemoryStore()
  private waiters: DurabilityWaiter[] = []

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
    return this.memory.recorded
  }

  append(message: Message, queues: readonly StoredQueue[]): number {
    this.appended.push({ message, queues: queues.map((queue) => queue.name) })
    return this.memory.append()
  }

  settle(queue: StoredQueue, position: number): void {
    this.settled.push({ queue: queue.name, position })
    this.memory.settle()
  }

  record(change: DefinitionChange): void {
    this.changes.push(change)
    this.memory.record()
    this.position = this.memory.position
  }

  whenDurable(waiter: DurabilityWaiter): void {
    this.waiters.push(waiter)
  }

  /** Makes changes durable up to `position` and tells who waits. */
  sync(position = this.recorded): void {
    if (position <= this.durable) return
    this.durable = Math.min(position, this.recorded)
    const waiters = this.waiters
    this.waiters = []
    for (const waiter of waiters) waiter.onDurable(this.durable)
  }

  async close(): Promise<void> {
    this.sync()
    await this.memory.close()
  }
}
