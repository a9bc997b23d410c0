import { Ring } from '../../common/ring.ts'
import type { Entry } from './entry.ts'
import { PriorityReady } from './priority-ready.ts'
import { FifoReady, type Ready } from './ready.ts'

/**
 * The order of a quorum queue: what came back goes first, in the order in which it came back and whatever its
 * priority; the rest by priority.
 */
export class QuorumReady implements Ready {
  private readonly fresh: Ready
  private readonly returned = new Ring<Entry>()
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

  clear(): void {
    this.returned.clear()
    this.returnedBytes = 0
    this.fresh.clear()
  }
}

/** RabbitMQ 4.3: 32 strict levels; none counts as 4, more than 31 as 31. */
export function strictQuorumPriorities(): Ready {
  return new PriorityReady(32, (entry) => Math.min(priorityOf(entry), 31))
}

/** RabbitMQ 4.0 to 4.2: two classes, high from 5 on; two of the high ones, then one of the others. */
export class TwoClassReady implements Ready {
  private readonly high = new FifoReady()
  private readonly normal = new FifoReady()
  private highInARow = 0

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

  private classOf(entry: Entry): Ready {
    return priorityOf(entry) >= 5 ? this.high : this.normal
  }

  private next(): Ready {
    if (this.normal.length === 0) return this.high
    return this.high.length > 0 && this.highInARow < 2 ? this.high : this.normal
  }
}

/** None counts as 4. */
function priorityOf(entry: Entry): number {
  const { priority } = entry.message.properties
  return priority < 0 ? 4 : priority
}
