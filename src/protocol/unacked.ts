import type { Entry } from '../core/queue/entry.ts'

/**
 * The deliveries of a channel that are not settled, by delivery tag.
 *
 * Tags only grow, so a ring in the order of the tags holds them. Mostly they follow each other without a gap and a
 * tag is found by subtraction; otherwise (settled out of order, or deliveries without acknowledgement in between) by
 * bisection. A settled one leaves a hole; when holes are the majority they are swept out, so that one delivery that
 * is never settled does not make the ring grow for ever. What a burst of deliveries took is given back after it.
 */
export class Unacked {
  /** Deliveries not settled. */
  count = 0
  private tags: number[] = new Array(MIN_CAPACITY).fill(0)
  private entries: (Entry | null)[] = new Array(MIN_CAPACITY).fill(null)
  private head = 0
  private length = 0 // with holes; the first is never one

  /** The entry's tag must be larger than all before. */
  add(entry: Entry): void {
    if (this.length === this.tags.length) this.resize()
    const slot = (this.head + this.length) & (this.tags.length - 1)
    this.tags[slot] = entry.deliveryTag
    this.entries[slot] = entry
    this.length++
    this.count++
  }

  /** In the order of the tags. */
  *[Symbol.iterator](): Iterator<Entry> {
    for (let i = 0; i < this.length; i++) {
      const entry = this.entries[(this.head + i) & (this.tags.length - 1)]
      if (entry) yield entry
    }
  }

  /** Takes out the delivery with this tag; null when there is none. */
  take(tag: number): Entry | null {
    const index = this.indexOf(tag)
    return index < 0 ? null : this.takeAt(index)
  }

  /** Takes out all deliveries up to this tag in their order; null when there is none with the tag itself. */
  takeUpTo(tag: number): readonly Entry[] | null {
    const last = this.indexOf(tag)
    if (last < 0) return null
    const taken: Entry[] = []
    for (let i = 0; i <= last; i++) {
      const slot = (this.head + i) & (this.tags.length - 1)
      const entry = this.entries[slot]
      if (entry) taken.push(entry)
      this.entries[slot] = null
    }
    this.count -= taken.length
    this.dropHoles()
    return taken
  }

  /** Takes out everything, in order. */
  takeAll(): readonly Entry[] {
    const taken = this.inOrder()
    this.reset(taken.length)
    return taken
  }

  /** Puts deliveries back that were taken out before, under their old tags. */
  putBack(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    const all = [...this.takeAll(), ...entries].sort((a, b) => a.deliveryTag - b.deliveryTag)
    for (const entry of all) this.add(entry)
  }

  private indexOf(tag: number): number {
    if (this.length === 0) return -1
    const mask = this.tags.length - 1
    const guess = tag - this.tags[this.head]!
    if (guess >= 0 && guess < this.length && this.tags[(this.head + guess) & mask] === tag) {
      return this.entries[(this.head + guess) & mask] === null ? -1 : guess
    }
    return this.bisect(tag)
  }

  private bisect(tag: number): number {
    const mask = this.tags.length - 1
    let low = 0
    let high = this.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.tags[(this.head + middle) & mask]! < tag) low = middle + 1
      else high = middle
    }
    const slot = (this.head + low) & mask
    return this.tags[slot] === tag && this.entries[slot] !== null ? low : -1
  }

  private takeAt(index: number): Entry | null {
    const slot = (this.head + index) & (this.tags.length - 1)
    const entry = this.entries[slot] ?? null
    this.entries[slot] = null
    this.count--
    if (index === 0) this.dropHoles()
    else this.shrink()
    return entry
  }

  private dropHoles(): void {
    const mask = this.tags.length - 1
    while (this.length > 0 && this.entries[this.head] === null) {
      this.head = (this.head + 1) & mask
      this.length--
    }
    this.shrink()
  }

  private shrink(): void {
    const hasManyHoles = this.length > MIN_CAPACITY && this.count < this.length / 2
    const isMostlyEmpty = this.tags.length > KEPT_CAPACITY && this.length < this.tags.length / 8
    if (hasManyHoles || isMostlyEmpty) this.sweep()
  }

  private inOrder(): Entry[] {
    const entries: Entry[] = []
    for (let i = 0; i < this.length; i++) {
      const entry = this.entries[(this.head + i) & (this.tags.length - 1)]
      if (entry) entries.push(entry)
    }
    return entries
  }

  private sweep(): void {
    const kept = this.inOrder()
    this.reset(kept.length)
    for (const entry of kept) this.add(entry)
  }

  private resize(): void {
    const kept = this.inOrder()
    this.reset(this.tags.length + 1)
    for (const entry of kept) this.add(entry)
  }

  /** Empties the ring and gives it room for `size` deliveries. */
  private reset(size: number): void {
    let capacity = MIN_CAPACITY
    while (capacity < size) capacity *= 2
    this.tags = new Array(capacity).fill(0)
    this.entries = new Array(capacity).fill(null)
    this.head = 0
    this.length = 0
    this.count = 0
  }
}

/** A power of two. */
const MIN_CAPACITY = 16

/** Room that a channel keeps when it is empty: a consumer with a usual prefetch needs no new one for every batch. */
const KEPT_CAPACITY = 1024
