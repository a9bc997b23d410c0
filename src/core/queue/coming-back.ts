import type { LongWorkTime } from '../../common/long-work-time.ts'
import { Ring } from '../../common/ring.ts'
import type { ReturnCause } from './delivery-count.ts'
import type { Entry } from './entry.ts'

/** Messages that a queue is to take back, in their order: too many to do it in one turn. */
export class ComingBack {
  /** Messages. */
  count = 0
  private readonly batches = new Ring<Batch>()
  private at = 0 // the next one of the first batch

  /** Whether these have to wait: they are many, or others came before. */
  isTakenFor(entries: readonly Entry[]): boolean {
    return entries.length > AT_ONCE || this.count > 0
  }

  add(entries: readonly Entry[], cause: ReturnCause): void {
    if (entries.length === 0) return
    this.batches.push({ entries, cause })
    this.count += entries.length
  }

  /** Hands one after the other to `take`; false when the time is up before. */
  takeAll(time: LongWorkTime | null, take: (entry: Entry, cause: ReturnCause) => void): boolean {
    for (let batch = this.batches.peek(); batch !== undefined; batch = this.batches.peek()) {
      while (this.at < batch.entries.length) {
        this.count--
        take(batch.entries[this.at++]!, batch.cause)
        if (time !== null && !time.goesOn()) return false
      }
      this.batches.shift()
      this.at = 0
    }
    return true
  }

  clear(): void {
    this.batches.clear()
    this.count = 0
    this.at = 0
  }
}

interface Batch {
  readonly entries: readonly Entry[]
  readonly cause: ReturnCause
}

/** So many messages come back in one go, whatever the turn has to do besides. */
const AT_ONCE = 256
