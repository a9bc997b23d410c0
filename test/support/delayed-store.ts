import type { Message } from '../../src/core/message.ts'
import type {
  DefinitionChange,
  DefinitionStore,
  Durability,
  DurabilityWaiter,
  Holder,
  Lane,
  LaneName,
  MessageStore,
  Store,
} from '../../src/core/ports.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { NotingLane, namesOf } from './noting-lane.ts'

/**
 * A store that is as slow as a test wants: changes are recorded at once, and are durable when the test says so.
 * What was recorded can be read.
 */
export class DelayedStore implements Store, MessageStore, DefinitionStore, Durability {
  readonly canHoldBacklog = false
  durable = 0
  isBehind = false
  readonly appended: { readonly message: Message; readonly queues: readonly string[] }[] = []
  readonly settled: Settled[] = []
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

  lane(name: LaneName): Lane {
    return new NotingLane(this.memory, name, ({ name: queue, level }, ordinal) => {
      this.settled.push({ queue, level, ordinal })
    })
  }

  levelsOf(): readonly number[] {
    return []
  }

  append(message: Message, holders: readonly Holder[]): number {
    const queues = namesOf(holders.map((holder) => holder.laneOf(message)))
    this.appended.push({ message, queues })
    return this.memory.append(message, holders)
  }

  spill(message: Message, holder: Holder): number {
    return this.memory.spill(message, holder)
  }

  dropUnclaimed(): void {}

  record(change: DefinitionChange): void {
    this.changes.push(change)
    this.memory.record(change)
    this.position = this.memory.position
  }

  restored(): Iterable<DefinitionChange> {
    return []
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

/** A message that a queue is done with. */
interface Settled {
  readonly queue: string
  readonly level: number
  readonly ordinal: number
}
