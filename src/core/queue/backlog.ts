import { Ring } from '../../common/ring.ts'
import type { DurabilityWaiter, Lane } from '../ports.ts'
import type { Entry } from './entry.ts'
import { ENTRY_SIZE } from './ready-memory.ts'
import type { QueueStorage } from './storage.ts'

/**
 * What lies behind the head of a queue, or of one level of it: first messages that are in storage alone, a range of
 * ordinals, then the newest ones, in memory until they are durable.
 *
 * No message that has been handed out lies in the range, and what else is missing there is settled: so the range can
 * be read and settled as a whole.
 */
export class Backlog implements DurabilityWaiter {
  private readonly storage: QueueStorage
  private readonly lane: Lane
  private from = 1 // the range; empty when `from` is beyond `to`
  private to = 0
  private storedCount = 0
  private storedBytes = 0
  private readonly tail = new Ring<Entry>()
  private tailBytes = 0
  private isWaiting = false // for what is in the tail to become durable
  private readBytes = FIRST_READ_BYTES

  constructor(storage: QueueStorage, lane: Lane) {
    this.storage = storage
    this.lane = lane
  }

  /** What was in a lane when the broker started. */
  static restored(storage: QueueStorage, lane: Lane): Backlog {
    const backlog = new Backlog(storage, lane)
    backlog.to = lane.latest
    backlog.storedCount = lane.restoredCount
    backlog.storedBytes = lane.restoredBytes
    return backlog
  }

  /** Messages. When storage has lost some, that shows when the last of the range has been read. */
  get length(): number {
    return this.storedCount + this.tail.length
  }

  /** Sum of their bodies, in bytes. */
  get bytes(): number {
    return this.storedBytes + this.tailBytes
  }

  /** Adds a message at the end. Storage gets it too, if it has not been stored. */
  push(entry: Entry): void {
    if (entry.ordinal === 0) this.storage.spill(entry)
    const { bodySize } = entry.message
    this.tail.push(entry)
    this.tailBytes += bodySize
    this.storage.memory.usedBytes += bodySize + ENTRY_SIZE
    this.leave(this.storage.durable, LEAVING_AT_ONCE)
    if (this.isWaiting || this.tail.length === 0) return
    this.isWaiting = true
    this.storage.whenDurable(this)
  }

  onDurable(durable: number): void {
    this.isWaiting = false
    this.leave(durable, this.tail.length)
    if (this.tail.length === 0) return
    this.isWaiting = true
    this.storage.whenDurable(this)
  }

  /**
   * Moves the first messages to `head`, if there are any left; returns the sum of their bodies. One reading of storage
   * is moved, or else the tail.
   */
  moveTo(head: Ring<Entry>): number {
    while (this.from <= this.to) {
      const bytes = this.readInto(head)
      if (head.length > 0) return bytes
    }
    for (let entry = this.tail.shift(); entry !== undefined; entry = this.tail.shift()) {
      head.push(entry)
    }
    const bytes = this.tailBytes
    this.tailBytes = 0
    return bytes
  }

  /** Settles everything, from this ordinal on if it is not 0: the range, and the tail that goes on where it ends. */
  purge(before: number): void {
    const { tail } = this
    const first = this.from <= this.to ? this.from : (tail.peek()?.ordinal ?? 1)
    const from = before === 0 ? first : before
    this.lane.settleRange(from, tail.at(tail.length - 1)?.ordinal ?? this.to)
    this.clear()
  }

  /** Gives the memory back. */
  clear(): void {
    this.storage.memory.usedBytes -= this.tailBytes + this.tail.length * ENTRY_SIZE
    this.tail.clear()
    this.tailBytes = 0
    this.emptyRange()
  }

  /** Copies of what is in storage, and what is in memory; everything stays where it is. */
  *inOrder(): Iterable<Entry> {
    for (let from = this.from; from <= this.to; ) {
      const { messages, next } = this.lane.read(from, this.to, LEAST_READ_BYTES)
      for (const held of messages) yield this.storage.entryOf(held)
      from = next
    }
    yield* this.tail
  }

  private readInto(head: Ring<Entry>): number {
    const { messages, next } = this.lane.read(this.from, this.to, this.nextReadBytes())
    let bytes = 0
    for (const held of messages) {
      head.push(this.storage.entryOf(held))
      bytes += held.message.bodySize
    }
    this.storage.memory.usedBytes += bytes + messages.length * ENTRY_SIZE
    this.storedCount -= messages.length
    this.storedBytes -= bytes
    this.from = next
    if (this.from > this.to) this.emptyRange() // what is still counted is lost
    return bytes
  }

  /** Bodies of so many bytes take, with their entries, about what a reading may take. */
  private nextReadBytes(): number {
    const { memory } = this.storage
    const most = memory.isFull ? Math.min(memory.minBytes, memory.readBytes) : memory.readBytes
    const wanted = Math.min(this.readBytes, most)
    this.readBytes = Math.min(this.readBytes * 2, memory.readBytes)
    const size = this.storedBytes + this.storedCount * ENTRY_SIZE
    const share = this.storedBytes / Math.max(1, size)
    return Math.min(wanted, Math.max(Math.ceil(wanted * share), LEAST_READ_BYTES))
  }

  /** The oldest of the tail leave memory once storage has them for sure. */
  private leave(durable: number, most: number): void {
    for (let i = 0; i < most; i++) {
      const oldest = this.tail.peek()
      if (oldest === undefined || oldest.position > durable) return
      this.tail.shift()
      const { bodySize } = oldest.message
      this.tailBytes -= bodySize
      this.storage.memory.usedBytes -= bodySize + ENTRY_SIZE
      if (this.from > this.to) this.from = oldest.ordinal
      this.to = oldest.ordinal
      this.storedCount++
      this.storedBytes += bodySize
    }
  }

  private emptyRange(): void {
    this.from = 1
    this.to = 0
    this.storedCount = 0
    this.storedBytes = 0
  }
}

/** The first reading of a backlog is small, it may be for one message; each that follows is twice as large. */
const FIRST_READ_BYTES = 65_536

/** Less than this is not worth a reading. */
const LEAST_READ_BYTES = 16_384

/** With each that comes, so many may leave. */
const LEAVING_AT_ONCE = 32
