import type { FileLane } from './file-lane.ts'
import { Ranges } from './ranges.ts'
import type { Segment } from './segment.ts'

/**
 * The messages of one lane in one segment: their ordinals, rising, where each begins in the file, and which of them are
 * settled. Where they begin is kept in memory until the segment's index file is written, and read from there later.
 */
export class Holding {
  readonly lane: FileLane
  segment: Segment
  /** The ordinals of the first and the last. */
  first = 0
  last = 0
  count = 0
  /** Not settled. */
  liveCount = 0
  /** Sum of the bodies of those, in bytes. */
  liveBytes = 0
  settled = new Ranges()
  /** Messages that do not survive a restart; null when there is none. */
  spilled: Ranges | null = null
  /** Of those, the ones that are not settled. */
  spilledCount = 0
  spilledBytes = 0
  /** Places, while they are in memory. */
  places: Places | null
  /** Where the places are in the index file of the segment; -1 before that is written. */
  indexAt = -1

  constructor(lane: FileLane, segment: Segment, places: Places | null) {
    this.lane = lane
    this.segment = segment
    this.places = places
  }

  /** What a restart brings back: how many, of how many bytes. */
  get keptCount(): number {
    return this.liveCount - this.spilledCount
  }

  get keptBytes(): number {
    return this.liveBytes - this.spilledBytes
  }

  /** What it does not bring back. */
  get gone(): Ranges {
    if (this.spilled === null) return this.settled
    const gone = new Ranges([...this.settled.flat])
    gone.addAll(this.spilled)
    return gone
  }

  /** Adds a message that begins at `at` in the file; its ordinal is above all before. */
  add(ordinal: number, at: number, bodySize: number, isSpilled: boolean): void {
    if (this.count === 0) this.first = ordinal
    this.last = ordinal
    this.places!.push(ordinal, at, bodySize)
    this.count++
    this.liveCount++
    this.liveBytes += bodySize
    this.segment.added(bodySize)
    if (isSpilled) this.addSpilled(ordinal, bodySize)
  }

  /** One that is settled already, or is not here, changes nothing. */
  settle(ordinal: number, bodySize: number): void {
    if (ordinal < this.first || ordinal > this.last) return
    if (this.settled.add(ordinal, ordinal) > 0) this.loseOne(ordinal, bodySize)
  }

  /** It is in another holding now. */
  giveAway(ordinal: number, bodySize: number): void {
    if (!this.settled.has(ordinal)) this.loseOne(ordinal, bodySize)
  }

  /** Settles what is here of a range. */
  settleRange(from: number, to: number): void {
    if (this.liveCount === 0 || from > this.last || to < this.first) return
    const isAllBefore = from <= this.first || this.settled.next(this.first) >= from
    if (isAllBefore && to >= this.last) this.settleAll()
    else this.settlePart(from, to)
  }

  /** What does not survive a restart is gone. */
  settleSpilled(): void {
    if (this.spilled === null) return
    this.settled.addAll(this.spilled)
    this.lose(this.spilledCount, this.spilledBytes)
    this.spilledCount = 0
    this.spilledBytes = 0
    this.spilled = null
  }

  /** Settles everything. */
  settleAll(): void {
    this.settled.add(this.first, this.last)
    this.spilledCount = 0
    this.spilledBytes = 0
    this.lose(this.liveCount, this.liveBytes)
    if (this.segment.isIndexed) this.places = null
  }

  /** When the places cannot be read nobody knows what is here: then it is as if it came again. */
  private settlePart(from: number, to: number): void {
    let places: Places
    try {
      places = this.segment.placesOf(this)
    } catch {
      return
    }
    const [low, high] = [places.indexOf(from), places.indexOf(to + 1)]
    for (let i = low; i < high; i++) this.settle(places.ordinalAt(i), places.sizeAt(i))
  }

  private loseOne(ordinal: number, bodySize: number): void {
    this.lose(1, bodySize)
    if (this.spilled?.has(ordinal) !== true) return
    this.spilledCount--
    this.spilledBytes -= bodySize
  }

  private lose(count: number, bytes: number): void {
    this.liveCount -= count
    this.liveBytes -= bytes
    this.segment.lose(count, bytes)
  }

  private addSpilled(ordinal: number, bodySize: number): void {
    this.spilled ??= new Ranges()
    this.spilled.add(ordinal, ordinal)
    this.spilledCount++
    this.spilledBytes += bodySize
  }
}

/** Messages of a lane: ordinals, where their records begin, and the sizes of their bodies, in growing arrays. */
export class Places {
  count = 0
  private ordinals: Float64Array
  private offsets: Uint32Array
  private sizes: Uint32Array

  constructor(capacity = MIN_PLACES) {
    this.ordinals = new Float64Array(capacity)
    this.offsets = new Uint32Array(capacity)
    this.sizes = new Uint32Array(capacity)
  }

  push(ordinal: number, at: number, bodySize: number): void {
    const { count } = this
    if (count === this.ordinals.length) this.grow()
    this.ordinals[count] = ordinal
    this.offsets[count] = at
    this.sizes[count] = bodySize
    this.count++
  }

  ordinalAt(index: number): number {
    return this.ordinals[index]!
  }

  offsetAt(index: number): number {
    return this.offsets[index]!
  }

  /** Of the body, in bytes. */
  sizeAt(index: number): number {
    return this.sizes[index]!
  }

  /** The index of the first ordinal from `ordinal` on; `count` when there is none. */
  indexOf(ordinal: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.ordinals[middle]! < ordinal) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Takes out all that begin at `at` or behind, moved by `shift` bytes. */
  takeFrom(at: number, shift: number): Places {
    let index = this.count
    while (index > 0 && this.offsets[index - 1]! >= at) index--
    const taken = new Places()
    for (let i = index; i < this.count; i++) {
      taken.push(this.ordinals[i]!, this.offsets[i]! + shift, this.sizes[i]!)
    }
    this.count = index
    return taken
  }

  /** All begin so many bytes further behind. */
  shift(bytes: number): void {
    for (let i = 0; i < this.count; i++) this.offsets[i]! += bytes
  }

  /** As the index file keeps them: 6 bytes for the ordinal, 4 for the place, 4 for the size of the body. */
  encode(target: Buffer, start: number): void {
    let at = start
    for (let i = 0; i < this.count; i++) {
      at = target.writeUIntLE(this.ordinals[i]!, at, 6)
      at = target.writeUInt32LE(this.offsets[i]!, at)
      at = target.writeUInt32LE(this.sizes[i]!, at)
    }
  }

  static decode(bytes: Buffer): Places {
    const places = new Places(bytes.length / PLACE_SIZE)
    for (let at = 0; at < bytes.length; at += PLACE_SIZE) {
      const ordinal = bytes.readUIntLE(at, 6)
      places.push(ordinal, bytes.readUInt32LE(at + 6), bytes.readUInt32LE(at + 10))
    }
    return places
  }

  private grow(): void {
    const larger = new Places(Math.max(this.count * 2, MIN_PLACES))
    larger.ordinals.set(this.ordinals)
    larger.offsets.set(this.offsets)
    larger.sizes.set(this.sizes)
    this.ordinals = larger.ordinals
    this.offsets = larger.offsets
    this.sizes = larger.sizes
  }
}

/** Bytes of one place in an index file. */
export const PLACE_SIZE = 14

const MIN_PLACES = 8
