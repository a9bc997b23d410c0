import { Heap } from '../../common/heap.ts'
import { Ring } from '../../common/ring.ts'
import { Backlog } from './backlog.ts'
import type { Entry } from './entry.ts'
import { ENTRY_SIZE } from './ready-memory.ts'
import type { QueueStorage } from './storage.ts'

/** The messages of a queue that wait for a consumer, in the order in which they are handed out. */
export interface Ready {
  readonly length: number
  /** Sum of the body sizes, in bytes. */
  readonly bytes: number
  push(entry: Entry): void
  /** Takes back a message that was handed out. */
  putBack(entry: Entry): void
  peek(): Entry | undefined
  shift(): Entry | undefined
  /** A message that has expired and stands where messages are looked at; taken out. */
  shiftExpired(nowMs: number): Entry | undefined
  /** When the next message that stands where messages are looked at expires; Infinity for never. */
  readonly nextExpiryMs: number
  /** Takes all messages out: what can be settled as a range is, the others are handed to `forget`. */
  purge(forget: Forget): void
  clear(): void
  /**
   * Begins with what the lane of this level held when the broker started; false when there is no such level. Before
   * the first look at it, `load` must be called.
   */
  restore(level: number): boolean
  load(): void
  /** All of them in the order in which they would be handed out now. To look at only: nothing is changed by it. */
  inOrder(): Iterable<Entry>
}

/** Takes messages that are in no queue any more and have to be forgotten. */
export type Forget = (entries: Iterable<Entry>) => void

/**
 * In order of enqueue. Those that came back stand before all that were never handed out, in the order of their first
 * enqueue: their old place (core semantics, ack and requeue). Only the first is looked at for expiry.
 *
 * The head is in memory. What memory has no room for stands behind it in a backlog; as long as there is one, all that
 * comes joins it, and when the head runs out, it is filled from there.
 */
export class FifoReady implements Ready {
  private head = new Ring<Entry>()
  private returned = newReturned()
  private readonly level: number
  private readonly storage: QueueStorage | null
  private backlog: Backlog | null = null // never an empty one
  private heldBytes = 0 // bodies of the head and of those that came back
  private lastSequence = 0
  private lastOrdinal = 0
  private isOrdered = true // by ordinals too: then all handed out are before the head, and those behind it are one range

  /** `storage` is null where everything is to be kept in memory. */
  constructor(storage: QueueStorage | null, level = 0) {
    this.storage = storage
    this.level = level
  }

  get length(): number {
    const inMemory = this.head.length + this.returned.length
    return this.backlog === null ? inMemory : inMemory + this.backlog.length
  }

  get bytes(): number {
    return this.backlog === null ? this.heldBytes : this.heldBytes + this.backlog.bytes
  }

  get nextExpiryMs(): number {
    return this.peek()?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  push(entry: Entry): void {
    if (this.storage === null) {
      this.head.push(entry)
      this.heldBytes += entry.message.bodySize
    } else this.pushWhereFits(entry, this.storage)
  }

  putBack(entry: Entry): void {
    this.returned.push(entry)
    this.hold(entry)
  }

  peek(): Entry | undefined {
    return this.returned.peek() ?? this.head.peek()
  }

  shift(): Entry | undefined {
    let entry: Entry | undefined
    if (this.returned.length > 0) entry = this.returned.pop()
    else {
      entry = this.head.shift()
      if (entry !== undefined) entry.sequence = ++this.lastSequence
    }
    if (entry !== undefined) this.letGo(entry)
    if (this.backlog !== null) this.load()
    return entry
  }

  shiftExpired(nowMs: number): Entry | undefined {
    return this.nextExpiryMs <= nowMs ? this.shift() : undefined
  }

  purge(forget: Forget): void {
    const { head, returned, backlog } = this
    this.backlog = null
    this.clear()
    if (returned.length > 0) forget(returned)
    const isOneRange = this.isOrdered && this.storage !== null
    if (!isOneRange && head.length > 0) forget(head)
    const from = isOneRange ? firstOrdinal(head) : 0
    if (backlog !== null) backlog.purge(from)
    else if (from > 0) this.storage?.lane(this.level).settleRange(from, this.lastOrdinal)
  }

  clear(): void {
    if (this.storage !== null) {
      const count = this.head.length + this.returned.length
      this.storage.memory.usedBytes -= this.heldBytes + count * ENTRY_SIZE
    }
    this.head = new Ring()
    this.returned = newReturned()
    this.heldBytes = 0
    this.backlog?.clear()
    this.backlog = null
  }

  restore(level: number): boolean {
    const { storage } = this
    if (storage === null || level !== this.level) return false
    const lane = storage.lane(level)
    this.lastOrdinal = lane.latest
    if (lane.restoredCount > 0) this.backlog = Backlog.restored(storage, lane)
    return true
  }

  load(): void {
    const { backlog } = this
    if (backlog === null || this.head.length > 0) return
    this.heldBytes += backlog.moveTo(this.head)
    if (backlog.length === 0) this.backlog = null
  }

  *inOrder(): Iterable<Entry> {
    yield* [...this.returned].sort((a, b) => a.sequence - b.sequence)
    yield* this.head
    if (this.backlog !== null) yield* this.backlog.inOrder()
  }

  private pushWhereFits(entry: Entry, storage: QueueStorage): void {
    const { head, lastOrdinal } = this
    const { memory } = storage
    if (entry.ordinal > lastOrdinal) this.lastOrdinal = entry.ordinal
    else if (entry.ordinal !== 0 && this.backlog === null) this.isOrdered = false
    if (this.backlog === null) {
      const isInMinimum = head.length < memory.minCount && this.heldBytes < memory.minBytes
      if (isInMinimum || !memory.isFull || head.length === 0) {
        head.push(entry)
        this.hold(entry)
        return
      }
      this.backlog = new Backlog(storage, storage.lane(this.level))
    }
    if (entry.ordinal !== 0 && entry.ordinal < lastOrdinal) storage.storeAgain(entry)
    this.backlog.push(entry)
    this.lastOrdinal = entry.ordinal
  }

  private hold({ message }: Entry): void {
    this.heldBytes += message.bodySize
    if (this.storage !== null) this.storage.memory.usedBytes += message.bodySize + ENTRY_SIZE
  }

  private letGo({ message }: Entry): void {
    this.heldBytes -= message.bodySize
    if (this.storage !== null) this.storage.memory.usedBytes -= message.bodySize + ENTRY_SIZE
  }
}

/** The lowest; 0 when none of them is stored. */
function firstOrdinal(entries: Iterable<Entry>): number {
  for (const { ordinal } of entries) if (ordinal !== 0) return ordinal
  return 0
}

function newReturned(): Heap<Entry> {
  return new Heap((a, b) => a.sequence < b.sequence)
}
