import type { Message } from '../message.ts'
import type { DurabilityWaiter, HeldMessage, Lane } from '../ports.ts'
import { Entry } from './entry.ts'
import type { LevelOf } from './priority-ready.ts'
import type { Queue } from './queue.ts'
import type { QueueHost } from './queue-host.ts'
import type { ReadyMemory } from './ready-memory.ts'

/** A queue's side of storage: its lanes, one for each level that has needed one, what goes there and comes back. */
export class QueueStorage {
  readonly memory: ReadyMemory
  private readonly queue: Queue
  private readonly host: QueueHost
  private readonly levelOf: LevelOf | null
  private readonly keepsTransient: boolean
  private readonly lanes: (Lane | undefined)[] = [] // by level

  /** `levelOf` is null where there is one level only. */
  constructor(queue: Queue, host: QueueHost, levelOf: LevelOf | null) {
    this.queue = queue
    this.host = host
    this.levelOf = levelOf
    this.memory = host.readyMemory
    this.keepsTransient = queue.type === 'quorum'
  }

  /** Up to here changes are safe. */
  get durable(): number {
    return this.host.durability.durable
  }

  whenDurable(waiter: DurabilityWaiter): void {
    this.host.durability.whenDurable(waiter)
  }

  /** Whether the queue keeps a message over a restart. A quorum queue keeps all. */
  keeps(message: Message): boolean {
    return this.queue.durable && (message.isPersistent || this.keepsTransient)
  }

  laneOf(message: Message): Lane {
    return this.lane(this.levelOf === null ? 0 : this.levelOf(message))
  }

  lane(level: number): Lane {
    const known = this.lanes[level]
    if (known !== undefined) return known
    const { vhost, name, durable } = this.queue
    const lane = this.host.messages.lane({ vhost, kind: 'queue', name, level, durable })
    this.lanes[level] = lane
    return lane
  }

  /** Levels that held something when the broker started. */
  restoredLevels(): readonly number[] {
    const { vhost, name, durable } = this.queue
    return durable ? this.host.messages.levelsOf({ vhost, kind: 'queue', name }) : []
  }

  /**
   * Everything that the lane of a level held when the broker started. Of a level that the queue has no more, the
   * messages are stored in others.
   */
  *takeOver(level: number): Iterable<Entry> {
    const lane = this.lane(level)
    const to = lane.latest
    let isForeign = false
    for (let from = 1; from <= to; ) {
      const { messages, next } = lane.read(from, to, this.memory.readBytes)
      for (const held of messages) {
        const entry = this.entryOf(held)
        isForeign = this.laneOf(held.message) !== lane
        if (isForeign) this.move(entry, lane)
        yield entry
      }
      from = next
    }
    if (!isForeign) return
    lane.drop()
    this.lanes[level] = undefined
  }

  /** Puts a message into storage that has only been in memory, so that memory need not hold it. */
  spill(entry: Entry): void {
    entry.position = this.host.messages.spill(entry.message, this.queue)
    entry.ordinal = this.laneOf(entry.message).latest
  }

  /** Gives a stored message a place behind all others: its own is before that of one enqueued earlier. */
  storeAgain(entry: Entry): void {
    this.move(entry, this.laneOf(entry.message))
  }

  /** The queue is done with a message. */
  settle({ message, ordinal }: Entry): void {
    if (ordinal !== 0) this.laneOf(message).settle(ordinal, message.bodySize)
  }

  /** A consumer has given a message back. */
  returned({ message, ordinal, acquiredCount, failedCount }: Entry): void {
    if (ordinal !== 0) this.laneOf(message).returned(ordinal, acquiredCount, failedCount)
  }

  /** A message that comes back from storage. */
  entryOf(held: HeldMessage): Entry {
    const { clock } = this.host
    this.queue.counters.diskReads++
    const leftMs = held.timeMs === 0 ? Number.POSITIVE_INFINITY : held.timeMs - clock.wallTime()
    const entry = new Entry(held.message, this.queue, 0, held.ordinal, clock.now() + leftMs)
    this.takeHistory(entry)
    if (held.acquiredCount > 0) {
      entry.acquiredCount = held.acquiredCount
      entry.failedCount = held.failedCount
    }
    if (held.redelivered) entry.redelivered = true
    return entry
  }

  /** A dead letter carries its counts along, where the profile says so. */
  takeHistory(entry: Entry): void {
    const { history } = entry.message
    if (history === null || !this.host.compat.rejectMeansFailure) return
    entry.acquiredCount = history.acquiredCount
    entry.failedCount = history.failedCount
    entry.redelivered = entry.acquiredCount > 0
  }

  /** The queue is deleted. */
  drop(): void {
    for (const lane of this.lanes) lane?.drop()
    this.lanes.length = 0
  }

  private move(entry: Entry, from: Lane): void {
    const { message, ordinal } = entry
    entry.position = this.host.messages.append(message, [this.queue])
    entry.ordinal = this.laneOf(message).latest
    if (entry.redelivered) this.returned(entry)
    from.settle(ordinal, message.bodySize)
  }
}
