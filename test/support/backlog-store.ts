import type { Message } from '../../src/core/message.ts'
import type {
  DefinitionChange,
  DefinitionStore,
  Durability,
  DurabilityWaiter,
  Holder,
  Lane,
  LaneName,
  LaneOwner,
  MessageStore,
  Store,
} from '../../src/core/ports.ts'
import { BacklogLane } from './backlog-lane.ts'

/**
 * A store that holds backlogs, and survives what it calls a restart, in memory. It is strict: to settle what is not
 * there, or to read what is not durable, is an error. Changes are durable at once, or when the test says so.
 */
export class BacklogStore implements Store, MessageStore, DefinitionStore, Durability {
  readonly canHoldBacklog = true
  isBehind = false
  recorded = 0
  durable = 0
  /** The latest change of a definition. */
  position = 0
  readonly changes: DefinitionChange[] = []
  private readonly isQuick: boolean
  private readonly kept: readonly DefinitionChange[]
  private readonly lanes = new Map<string, BacklogLane>()
  private readonly unclaimed = new Map<string, BacklogLane>()
  private waiters: DurabilityWaiter[] = []

  /** `isQuick` makes every change durable at once. */
  constructor(isQuick = true, kept: readonly DefinitionChange[] = []) {
    this.isQuick = isQuick
    this.kept = kept
  }

  get messages(): MessageStore {
    return this
  }

  get definitions(): DefinitionStore {
    return this
  }

  get durability(): Durability {
    return this
  }

  /** What is there after the broker has ended and started again. */
  restarted(wish: { isQuick?: boolean; isClean?: boolean } = {}): BacklogStore {
    const { isQuick = true, isClean = true } = wish
    const next = new BacklogStore(isQuick, [...this.kept, ...this.changes])
    for (const [key, lane] of [...this.lanes, ...this.unclaimed]) {
      if (lane.name.durable) next.unclaimed.set(key, lane.restarted(next, isClean))
    }
    return next
  }

  lane(name: LaneName): Lane {
    const key = keyOf(name)
    const lane =
      this.lanes.get(key) ?? this.unclaimed.get(key) ?? new BacklogLane(name, this, new Map(), 0)
    this.unclaimed.delete(key)
    this.lanes.set(key, lane)
    return lane
  }

  levelsOf({ vhost, kind, name }: LaneOwner): readonly number[] {
    const lanes = [...this.unclaimed.values()].filter(
      (lane) => lane.name.vhost === vhost && lane.name.kind === kind && lane.name.name === name,
    )
    return lanes.map((lane) => lane.name.level)
  }

  append(message: Message, holders: readonly Holder[]): number {
    const position = this.changed()
    for (const holder of holders) {
      laneIn(holder.laneOf(message)).add(message, holder.timeOf(message), position, true)
    }
    return position
  }

  spill(message: Message, holder: Holder): number {
    const position = this.changed()
    laneIn(holder.laneOf(message)).add(message, holder.timeOf(message), position, false)
    return position
  }

  dropUnclaimed(): void {
    this.unclaimed.clear()
  }

  record(change: DefinitionChange): void {
    this.changes.push(change)
    this.position = this.changed()
  }

  restored(): Iterable<DefinitionChange> {
    return this.kept
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

  /** One more change; returns its position. */
  changed(): number {
    this.recorded++
    if (this.isQuick) this.durable = this.recorded
    return this.recorded
  }

  /** The lanes of a queue that there are, by level. */
  lanesOf(queue: string): readonly BacklogLane[] {
    const lanes = [...this.lanes.values()].filter((lane) => lane.name.name === queue)
    return lanes.sort((a, b) => a.name.level - b.name.level)
  }

  /** The lane has been dropped. */
  forget(lane: BacklogLane): void {
    const key = keyOf(lane.name)
    if (this.lanes.get(key) !== lane) throw new Error(`lane ${key} is dropped and not there`)
    this.lanes.delete(key)
  }

  async close(): Promise<void> {
    this.sync()
  }
}

function keyOf({ vhost, kind, name, level }: LaneName): string {
  return JSON.stringify([vhost, kind, name, level])
}

function laneIn(lane: Lane): BacklogLane {
  if (!(lane instanceof BacklogLane)) throw new Error('this lane is of another store')
  return lane
}
