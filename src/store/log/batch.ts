import { Checksum, checksumOf, viewOf } from './checksum.ts'
import { RECORD, RECORD_HEADER_SIZE } from './format.ts'

/**
 * Records that go to the log with one write. Small ones are encoded one behind the other into blocks, which the next
 * batches use again; a large body is passed on as the slices it came in.
 *
 * Whoever writes a record calls `begin`, writes its payload into `block` from `at` on, moves `at` behind it, and calls
 * `end`.
 */
export class Batch {
  /** Where the next bytes go. */
  block: Buffer
  /** The same bytes. */
  view: DataView
  at = 0
  /** Of all records, in bytes. */
  size = 0
  /** Position of the last change in it. */
  position = 0

  private readonly pool: Buffer[]
  private readonly seed: number // of the checksums
  private readonly used: Buffer[] = []
  private readonly written: Buffer[] = []
  private flushed = 0 // up to here the block is in `written`
  private start = 0 // of the record that is being written

  constructor(pool: Buffer[], seed: number) {
    this.pool = pool
    this.seed = seed
    this.block = this.takeBlock(0)
    this.view = viewOf(this.block)
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  /** Makes room for a record whose payload has at most `size` bytes in the block; returns where in the batch it begins. */
  begin(size: number): number {
    const needed = RECORD_HEADER_SIZE + size + (this.size === 0 ? MARK_RECORD_SIZE : 0)
    if (this.at + needed > this.block.length) {
      this.flushBlock()
      this.block = this.takeBlock(needed)
      this.view = viewOf(this.block)
    }
    if (this.size === 0) this.writeBatchMark()
    this.start = this.at
    this.at += RECORD_HEADER_SIZE
    return this.size
  }

  /** The record is complete; `tail` are the last bytes of its payload, which are not copied. */
  end(type: number, tail: readonly Buffer[] | null): void {
    const { view, start, at, seed } = this
    view.setUint8(start + 8, type)
    let size = at - start
    let checksum: number
    if (tail === null) checksum = checksumOf(view, start + 8, at, seed)
    else {
      const checksumming = new Checksum(seed)
      checksumming.add(view, start + 8, at)
      for (const part of tail) {
        checksumming.add(viewOf(part), 0, part.length)
        size += part.length
      }
      checksum = checksumming.end()
    }
    view.setUint32(start, size - RECORD_HEADER_SIZE, true)
    view.setUint32(start + 4, checksum, true)
    this.size += size
    if (tail === null) return
    this.flushBlock()
    this.written.push(...tail)
  }

  /** All bytes in their order. Nothing may be added any more. */
  parts(): readonly Buffer[] {
    this.flushBlock()
    return this.written
  }

  /** The bytes are on the disk: the blocks are free for other batches. */
  release(): void {
    for (const block of this.used) {
      if (block.length === BLOCK_SIZE && this.pool.length < MAX_POOLED) this.pool.push(block)
    }
  }

  private writeBatchMark(): void {
    const { block } = this
    this.start = this.at
    block[this.at + 8] = RECORD.BATCH
    BATCH_MARK.copy(block, this.at + RECORD_HEADER_SIZE)
    this.at += RECORD_HEADER_SIZE + BATCH_MARK.length
    this.end(RECORD.BATCH, null)
  }

  private flushBlock(): void {
    if (this.at > this.flushed) this.written.push(this.block.subarray(this.flushed, this.at))
    this.flushed = this.at
  }

  private takeBlock(size: number): Buffer {
    const block =
      size <= BLOCK_SIZE
        ? (this.pool.pop() ?? Buffer.allocUnsafeSlow(BLOCK_SIZE))
        : Buffer.allocUnsafeSlow(size)
    this.used.push(block)
    this.at = 0
    this.flushed = 0
    return block
  }
}

/** By this a reader finds the next batch behind a damaged place. */
export const BATCH_MARK = Buffer.from([0xf1, 0x4c, 0x45, 0x56, 0x0d, 0x0a, 0x1a, 0xf2])

const MARK_RECORD_SIZE = RECORD_HEADER_SIZE + BATCH_MARK.length

/** Large enough for what a turn brings, small enough to stay in the processor's cache. */
const BLOCK_SIZE = 262_144
const MAX_POOLED = 64
