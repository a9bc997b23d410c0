import { Heap } from '../../common/heap.ts'
import { Ring } from '../../common/ring.ts'
import type { Entry } from './entry.ts'

/**
 * The messages of a queue that wait for a consumer, in order. Those that came back stand before all that were never
 * handed out, in the order of their first enqueue: their old place (core semantics, ack and requeue).
 */
export class Ready {
  /** Sum of the body sizes, in bytes. */
  bytes = 0
  private readonly fresh = new Ring<Entry>()
  private readonly returned = new Heap<Entry>((a, b) => a.sequence < b.sequence)

  get length(): number {
    return this.fresh.length + this.returned.length
  }

  push(entry: Entry): void {
    this.fresh.push(entry)
    this.bytes += entry.message.bodySize
  }

  /** Takes back a message that was handed out. */
  putBack(entry: Entry): void {
    this.returned.push(entry)
    this.bytes += entry.message.bodySize
  }

  shift(): Entry | undefined {
    const entry = this.returned.length > 0 ? this.returned.pop() : this.fresh.shift()
    if (entry !== undefined) this.bytes -= entry.message.bodySize
    return entry
  }

  clear(): void {
    this.fresh.clear()
    this.returned.clear()
    this.bytes = 0
  }
}
