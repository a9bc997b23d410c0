import { Ring } from '../../common/ring.ts'
import type { Message } from '../message.ts'
import type { Entry } from './entry.ts'
import type { LevelOf } from './priority-ready.ts'
import { FifoReady, type Forget, type Ready } from './ready.ts'
import type { QueueStorage } from './storage.ts'

/**
 * The order of a quorum queue: what came back goes first, in the order in which it came back and whatever its
 * priority; the rest by priority.
 */
export class QuorumReady implements Ready {
  private readonly fresh: Ready
  private returned = new Ring<Entry>()
  private returnedBytes = 0

  constructor(fresh: Ready) {
    this.fresh = fresh
  }

  get length(): number {
    return this.returned.length + this.fresh.length
  }

  get bytes(): number {
    return this.returnedBytes + this.fresh.bytes
  }

  get nextExpiryMs(): number {
    const returned = this.returned.peek()?.expiresAtMs ?? Number.POSITIVE_INFINITY
    return Math.min(returned, this.fresh.nextExpiryMs)
  }

  push(entry: Entry): void {
    this.fresh.push(entry)
  }

  putBack(entry: Entry): void {
    this.returned.push(entry)
    this.returnedBytes += entry.message.bodySize
  }

  peek(): Entry | undefined {
    return this.returned.peek() ?? this.fresh.peek()
  }

  shift(): Entry | undefined {
    const entry = this.returned.shift()
    if (entry === undefined) return this.fresh.shift()
    this.returnedBytes -= entry.message.bodySize
    return entry
  }

  shiftExpired(nowMs: number): Entry | undefined {
    const returned = this.returned.peek()
    if (returned !== undefined && returned.expiresAtMs <= nowMs) return this.shift()
    return this.fresh.shiftExpired(nowMs)
  }

  purge(forget: Forget): void {
    if (this.returned.length > 0) forget(this.returned)
    this.returned = new Ring()
    this.returnedBytes = 0
    this.fresh.purge(forget)
  }

  clear(): void {
    this.returned = new Ring()
    this.returnedBytes = 0
    this.fresh.clear()
  }

  restore(level: number): boolean {
    return this.fresh.restore(level)
  }

  load(): void {
    this.fresh.load()
  }

  *inOrder(): Iterable<Entry> {
    yield* this.returned
    yield* this.fresh.inOrder()
  }
}

/** RabbitMQ 4.3: 32 strict levels; none counts as 4, more than 31 as 31. */
export const STRICT_LEVEL_COUNT = 32

export const strictLevel: LevelOf = (message) =>
  Math.min(priorityOf(message), STRICT_LEVEL_COUNT - 1)

/** RabbitMQ 4.0 to 4.2: two classes, high from 5 on; two of the high ones, then one of the others. */
export class TwoClassReady implements Ready {
  private readonly high: FifoReady
  private readonly normal: FifoReady
  private highInARow = 0

  constructor(storage: QueueStorage | null) {
    this.high = new FifoReady(storage, HIGH_CLASS)
    this.normal = new FifoReady(storage, NORMAL_CLASS)
  }

  get length(): number {
    return this.high.length + this.normal.length
  }

  get bytes(): number {
    return this.high.bytes + this.normal.bytes
  }

  get nextExpiryMs(): number {
    return Math.min(this.high.nextExpiryMs, this.normal.nextExpiryMs)
  }

  push(entry: Entry): void {
    this.classOf(entry).push(entry)
  }

  putBack(entry: Entry): void {
    this.classOf(entry).putBack(entry)
  }

  peek(): Entry | undefined {
    return this.next().peek()
  }

  shift(): Entry | undefined {
    const from = this.next()
    this.highInARow = from === this.high ? this.highInARow + 1 : 0
    return from.shift()
  }

  shiftExpired(nowMs: number): Entry | undefined {
    return this.high.shiftExpired(nowMs) ?? this.normal.shiftExpired(nowMs)
  }

  clear(): void {
    this.high.clear()
    this.normal.clear()
  }

  purge(forget: Forget): void {
    this.high.purge(forget)
    this.normal.purge(forget)
  }

  restore(level: number): boolean {
    return this.high.restore(level) || this.normal.restore(level)
  }

  load(): void {
    this.high.load()
    this.normal.load()
  }

  *inOrder(): Iterable<Entry> {
    const high = this.high.inOrder()[Symbol.iterator]()
    const normal = this.normal.inOrder()[Symbol.iterator]()
    let nextHigh = high.next()
    let nextNormal = normal.next()
    for (let inARow = this.highInARow; !nextHigh.done || !nextNormal.done; ) {
      if (!nextHigh.done && (nextNormal.done || inARow < MOST_HIGH_IN_A_ROW)) {
        yield nextHigh.value
        nextHigh = high.next()
        inARow++
      } else if (!nextNormal.done) {
        yield nextNormal.value
        nextNormal = normal.next()
        inARow = 0
      }
    }
  }

  private classOf({ message }: Entry): Ready {
    return classLevel(message) === HIGH_CLASS ? this.high : this.normal
  }

  private next(): Ready {
    if (this.normal.length === 0) return this.high
    return this.high.length > 0 && this.highInARow < MOST_HIGH_IN_A_ROW ? this.high : this.normal
  }
}

const MOST_HIGH_IN_A_ROW = 2

/** The two classes as levels: none of the 32, so that nothing is mistaken after a change of the profile. */
const NORMAL_CLASS = STRICT_LEVEL_COUNT
const HIGH_CLASS = STRICT_LEVEL_COUNT + 1

export const classLevel: LevelOf = (message) =>
  priorityOf(message) >= 5 ? HIGH_CLASS : NORMAL_CLASS

/** None counts as 4. */
function priorityOf({ properties }: Message): number {
  const { priority } = properties
  return priority < 0 ? 4 : priority
}
