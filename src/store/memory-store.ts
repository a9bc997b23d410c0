import { assert } from '../common/assert.ts'
import type { Message } from '../core/message.ts'
import type {
  DefinitionChange,
  DefinitionStore,
  Durability,
  DurabilityWaiter,
  Holder,
  Lane,
  LaneName,
  LaneOwner,
  LaneReading,
  MessageStore,
  Store,
} from '../core/ports.ts'

/**
 * The store that keeps nothing: what it is told is in memory already, and ends with the process. Every change is as
 * durable as it will ever be at once, so nobody waits.
 */
export class MemoryStore implements Store, MessageStore, DefinitionStore, Durability {
  readonly canHoldBacklog = false
  readonly isBehind = false
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

  lane(_name: LaneName): Lane {
    return new CountingLane(this)
  }

  levelsOf(_owner: LaneOwner): readonly number[] {
    return []
  }

  append(message: Message, holders: readonly Holder[]): number {
    for (const holder of holders) countIn(holder.laneOf(message))
    return ++this.position
  }

  spill(message: Message, holder: Holder): number {
    countIn(holder.laneOf(message))
    return ++this.position
  }

  dropUnclaimed(): void {}

  record(_change: DefinitionChange): void {
    this.position++
  }

  restored(): Iterable<DefinitionChange> {
    return []
  }

  whenDurable(waiter: DurabilityWaiter): void {
    waiter.onDurable(this.position)
  }

  async close(): Promise<void> {}
}

/** A lane that numbers its messages and has none of them. */
export class CountingLane implements Lane {
  latest = 0
  readonly restoredCount = 0
  readonly restoredBytes = 0
  private readonly store: { position: number }

  constructor(store: { position: number }) {
    this.store = store
  }

  settle(_ordinal: number, _bodySize: number): void {
    this.store.position++
  }

  settleRange(_from: number, _to: number): void {
    this.store.position++
  }

  returned(_ordinal: number, _acquiredCount: number, _failedCount: number): void {
    this.store.position++
  }

  read(_from: number, to: number, _maxBytes: number): LaneReading {
    return { messages: [], next: to + 1 }
  }

  drop(): void {
    this.store.position++
  }
}

function countIn(lane: Lane): void {
  assert(lane instanceof CountingLane, 'a holder has its lanes from the store it is stored in')
  lane.latest++
}
