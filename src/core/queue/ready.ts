import { Heap } from '../../common/heap.ts'
import { Ring } from '../../common/ring.ts'
import type { Entry } from './entry.ts'

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
  clear(): void
}

/**
 * In order of enqueue. Those that came back stand before all that were never handed out, in the order of their first
 * enqueue: their old place (core semantics, ack and requeue). Only the first is looked at for expiry.
 */
export class FifoReady implements Ready {
  bytes = 0
  private readonly fresh = new Ring<Entry>()
  private readonly returned = new Heap<Entry>((a, b) => a.sequence < b.sequence)

  get length(): number {
    return this.fresh.length + this.returned.length
  }

  get nextExpiryMs(): number {
    return this.peek()?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  push(entry: Entry): void {
    this.fresh.push(entry)
    this.bytes += entry.message.bodySize
  }

  putBack(entry: Entry): void {
    this.returned.push(entry)
    this.bytes += entry.message.bodySize
  }

  peek(): Entry | undefined {
    return this.returned.peek() ?? this.fresh.peek()
  }

  shift(): Entry | undefined {
    const entry = this.returned.length > 0 ? this.returned.pop() : this.fresh.shift()
    if (entry !== undefined) this.bytes -= entry.message.bodySize
    return entry
  }

  shiftExpired(nowMs: number): Entry | undefined {
    return this.nextExpiryMs <= nowMs ? this.shift() : undefined
  }

  clear(): void {
    this.fresh.clear()
    this.returned.clear()
    this.bytes = 0
  }
}
