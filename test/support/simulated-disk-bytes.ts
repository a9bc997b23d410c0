import type { Random } from './simulated-disk-random.ts'

/** What a disk writes as a whole or not at all. */
const SECTOR = 512

/** The bytes of a simulated file. A copy shares them until one of both is written to. */
export class SimulatedBytes {
  size = 0
  private buffer = Buffer.alloc(0)
  private isShared = false

  copy(): SimulatedBytes {
    const copy = new SimulatedBytes()
    copy.size = this.size
    copy.buffer = this.buffer
    copy.isShared = true
    this.isShared = true
    return copy
  }

  read(target: Uint8Array, length: number, at: number): number {
    const count = Math.max(0, Math.min(length, this.size - at))
    target.set(this.buffer.subarray(at, at + count))
    return count
  }

  /** Zeros are between the end and `at` when it is beyond. */
  write(bytes: Uint8Array, at: number): void {
    const end = at + bytes.length
    this.own(Math.max(end, this.size))
    this.buffer.set(bytes, at)
    this.size = Math.max(end, this.size)
  }

  /** Cuts off what is behind, or adds zeros. */
  resize(size: number): void {
    this.own(Math.max(size, this.size))
    this.buffer.fill(0, Math.min(size, this.size), this.size)
    this.size = size
  }

  /** As a write that was in progress when the power went may have left it: torn in one of several ways. */
  writeTorn(bytes: Uint8Array, at: number, random: Random): void {
    const end = at + bytes.length
    switch (random.below(4)) {
      case 0: // cut off anywhere
        return this.write(bytes.subarray(0, random.below(bytes.length + 1)), at)
      case 1: // cut off, but already as long as it was to be
        this.write(bytes.subarray(0, random.below(bytes.length + 1)), at)
        return this.resize(Math.max(end, this.size))
      case 2:
        this.writeSectors(bytes, at, random)
        return
      default: {
        this.writeSectors(bytes, at, random)
        return this.resize(Math.max(end, this.size))
      }
    }
  }

  /** The same bytes, not to be changed. */
  toBuffer(): Buffer {
    return this.buffer.subarray(0, this.size)
  }

  private writeSectors(bytes: Uint8Array, at: number, random: Random): void {
    const kept = random.pick([0, 0.1, 0.5, 0.9])
    for (let start = at; start < at + bytes.length; ) {
      const end = Math.min(at + bytes.length, start - (start % SECTOR) + SECTOR)
      if (random.chance(kept)) this.write(bytes.subarray(start - at, end - at), start)
      start = end
    }
  }

  private own(capacity: number): void {
    if (!this.isShared && capacity <= this.buffer.length) return
    const buffer = Buffer.alloc(
      capacity <= this.buffer.length ? capacity : capacity + (capacity >> 1),
    )
    this.buffer.copy(buffer, 0, 0, this.size)
    this.buffer = buffer
    this.isShared = false
  }
}
