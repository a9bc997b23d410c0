/**
 * Memory for small bodies: pieces are cut from one slab after the other. A piece keeps its whole slab alive, so a
 * slab is small; making one buffer per body would cost more than copying it.
 */
export class Slab {
  /** Where the piece taken last lies. */
  memory: Buffer = Buffer.alloc(0)
  private used = 0

  /** Takes `size` bytes of `memory`; returns where they begin. They are not cleared. */
  take(size: number): number {
    if (this.used + size > this.memory.length) {
      this.memory = Buffer.allocUnsafeSlow(Math.max(SLAB_SIZE, size))
      this.used = 0
    }
    const start = this.used
    this.used += size
    return start
  }
}

/** In bytes. Half of it costs a message of 1 KiB an eighth more of the processor, twice as much is no better. */
const SLAB_SIZE = 65_536
