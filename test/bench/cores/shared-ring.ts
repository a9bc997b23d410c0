/** A ring of batches in shared memory, with one writer and one reader on two threads. */
export class SharedRing {
  readonly memory: SharedArrayBuffer
  private readonly counts: Int32Array // batches written, batches read
  private readonly bytes: Uint8Array
  private readonly batchSize: number
  private readonly capacity: number

  constructor(memory: SharedArrayBuffer, batchSize: number) {
    this.memory = memory
    this.counts = new Int32Array(memory, 0, 2)
    this.bytes = new Uint8Array(memory, HEADER_SIZE)
    this.batchSize = batchSize
    this.capacity = this.bytes.length / batchSize
  }

  static create(capacity: number, batchSize: number): SharedRing {
    return new SharedRing(new SharedArrayBuffer(HEADER_SIZE + capacity * batchSize), batchSize)
  }

  /** There must be room. True when it was empty before, so that its reader may have to be woken. */
  push(batch: Uint8Array): boolean {
    const written = Atomics.load(this.counts, WRITTEN)
    this.bytes.set(batch, (written % this.capacity) * this.batchSize)
    Atomics.store(this.counts, WRITTEN, written + 1)
    return written === Atomics.load(this.counts, READ)
  }

  /** Wakes a reader that waits. */
  notify(): void {
    Atomics.notify(this.counts, WRITTEN)
  }

  /** Copies the first batch out; false when there is none. */
  shift(into: Uint8Array): boolean {
    const read = Atomics.load(this.counts, READ)
    if (read === Atomics.load(this.counts, WRITTEN)) return false
    const start = (read % this.capacity) * this.batchSize
    into.set(this.bytes.subarray(start, start + this.batchSize))
    Atomics.store(this.counts, READ, read + 1)
    return true
  }

  /** Sleeps until there is a batch. Not for a thread with an event loop, which hears by a message instead. */
  wait(): void {
    Atomics.wait(this.counts, WRITTEN, Atomics.load(this.counts, READ))
  }
}

const WRITTEN = 0
const READ = 1
const HEADER_SIZE = 8
