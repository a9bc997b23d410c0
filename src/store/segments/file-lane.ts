import type { Lane, LaneName, LaneReading } from '../../core/ports.ts'
import type { Counts, SettledRange } from '../log/state-records.ts'
import type { Holding } from './holding.ts'
import type { Segment } from './segment.ts'

/** What a lane needs from the store that it is part of. */
export interface LaneHost {
  /** A lane has settled messages since the last batch: they are to go with the next one. */
  settled(lane: FileLane): void
  settledRange(lane: FileLane, range: SettledRange): void
  returned(lane: FileLane, ordinal: number, counts: Counts): void
  read(lane: FileLane, from: number, to: number, maxBytes: number): LaneReading
  dropped(lane: FileLane): void
}

/**
 * The messages of one queue and priority, wherever they lie: what is left of them in each segment.
 *
 * What is settled one by one gathers as a range until the next batch, since acknowledgements mostly come in order.
 */
export class FileLane implements Lane {
  readonly id: number
  readonly name: LaneName
  latest = 0
  restoredCount = 0
  restoredBytes = 0
  /** Up to here nobody can say that a message had not been handed out before the broker started. */
  unsureTo = 0
  /** Messages that came back from consumers, by ordinal. */
  readonly returns = new Map<number, Counts>()
  /** By segment, the oldest first; none without a message. */
  holdings: Holding[] = []
  /** Somebody has asked for it since the start. */
  isClaimed = false
  isDropped = false
  /** What was settled since the last batch; none when `settledFrom` is 0. */
  settledFrom = 0
  settledTo = 0

  private readonly host: LaneHost

  constructor(id: number, name: LaneName, host: LaneHost) {
    this.id = id
    this.name = name
    this.host = host
  }

  /** Adds a message above all before, whose record begins at `at` in the segment. */
  add(ordinal: number, segment: Segment, at: number, bodySize: number, isSpilled: boolean): void {
    const { holdings } = this
    let holding = holdings[holdings.length - 1]
    if (holding === undefined || holding.segment !== segment) {
      holding = segment.holdingOf(this)
      holdings.push(holding)
    }
    holding.add(ordinal, at, bodySize, isSpilled)
    this.latest = ordinal
  }

  settle(ordinal: number, bodySize: number): void {
    if (this.isDropped) return
    this.holdingWith(ordinal)?.settle(ordinal, bodySize)
    if (this.returns.size > 0) this.returns.delete(ordinal)
    if (this.settledFrom !== 0 && ordinal === this.settledTo + 1) {
      this.settledTo = ordinal
      return
    }
    this.host.settled(this)
    this.settledFrom = ordinal
    this.settledTo = ordinal
  }

  settleRange(from: number, to: number): void {
    if (this.isDropped || from > to) return
    const range = { from, to }
    this.applySettled(range)
    this.host.settledRange(this, range)
  }

  returned(ordinal: number, acquiredCount: number, failedCount: number): void {
    if (this.isDropped) return
    const counts = { acquiredCount, failedCount }
    this.returns.set(ordinal, counts)
    this.host.returned(this, ordinal, counts)
  }

  read(from: number, to: number, maxBytes: number): LaneReading {
    return this.host.read(this, from, to, maxBytes)
  }

  drop(): void {
    if (this.isDropped) return
    this.empty()
    this.host.dropped(this)
  }

  /** Takes everything out. */
  empty(): void {
    this.isDropped = true
    for (const holding of this.holdings) {
      holding.settleAll()
      holding.segment.holdings.delete(this)
    }
    this.holdings = []
    this.returns.clear()
    this.settledFrom = 0
  }

  /** Settles whatever is there of a range. */
  applySettled({ from, to }: SettledRange): void {
    for (let i = this.indexOf(from); i < this.holdings.length; i++) {
      const holding = this.holdings[i]!
      if (holding.first > to) break
      holding.settleRange(from, to)
    }
    if (this.returns.size === 0) return
    for (const ordinal of this.returns.keys()) {
      if (ordinal >= from && ordinal <= to) this.returns.delete(ordinal)
    }
  }

  /** What is not settled, as the broker starts. */
  restore(): void {
    this.restoredCount = 0
    this.restoredBytes = 0
    for (const holding of this.holdings) {
      for (const ordinal of this.returns.keys()) {
        if (holding.spilled?.has(ordinal) === true) this.returns.delete(ordinal)
      }
      holding.settleSpilled()
      if (holding.segment.isIndexed) holding.places = null
      this.restoredCount += holding.liveCount
      this.restoredBytes += holding.liveBytes
    }
  }

  /** The index of the first holding that ends at `ordinal` or later. */
  indexOf(ordinal: number): number {
    const { holdings } = this
    let low = 0
    let high = holdings.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holdings[middle]!.last < ordinal) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The last is looked at first: most messages do not stay. */
  private holdingWith(ordinal: number): Holding | undefined {
    const last = this.holdings[this.holdings.length - 1]
    if (last !== undefined && last.first <= ordinal) return last
    return this.holdings[this.indexOf(ordinal)]
  }
}
