import { ByteWriter } from './byte-writer.ts'

/** Size of a pooled block, in bytes. A turn's output of one connection mostly fits in one. */
export const BLOCK_SIZE = 65_536

/** Blocks kept for reuse; more are left to the garbage collector. */
const MAX_SPARE_BLOCKS = 64

/**
 * Gathers the bytes that one connection sends in one turn.
 *
 * Small pieces are copied into blocks from a shared pool, large ones are kept as slices of the memory they came
 * in. `take` hands everything to the socket; once the socket has passed it on, the blocks go back to the pool.
 * An idle connection holds no block.
 *
 * A writer calls `reserve(n)` and then fills at most n bytes with the primitives of ByteWriter.
 */
export class Output extends ByteWriter {
  /** Grows with every block begun: what was written under another number may be gone. */
  blockNumber = 0
  private readonly pool: BlockPool
  private start = 0 // where the bytes of `block` begin that are in no piece yet
  private pieces: Uint8Array[] = []
  private piecesSize = 0
  private blocks: Buffer[] = []

  constructor(pool: BlockPool) {
    super(NO_BLOCK)
    this.pool = pool
  }

  /** Bytes gathered and not yet taken. */
  get size(): number {
    return this.piecesSize + this.at - this.start
  }

  /** Makes room for `size` bytes in one piece from `block[at]` on. */
  reserve(size: number): void {
    if (this.at + size > this.block.length) this.openBlock(size)
  }

  /** Adds bytes without a copy; they must stay as they are until they are sent. */
  append(bytes: Uint8Array): void {
    this.endPiece()
    this.pieces.push(bytes)
    this.piecesSize += bytes.length
  }

  /** Everything gathered so far. The output is empty afterwards. */
  take(): Batch {
    this.endPiece()
    const batch = { pieces: this.pieces, size: this.piecesSize, blocks: this.blocks }
    this.block = NO_BLOCK
    this.at = 0
    this.start = 0
    this.blockNumber++
    this.pieces = []
    this.piecesSize = 0
    this.blocks = []
    return batch
  }

  private openBlock(size: number): void {
    this.endPiece()
    this.block = size <= BLOCK_SIZE ? this.pool.take() : Buffer.allocUnsafeSlow(size)
    this.at = 0
    this.start = 0
    this.blocks.push(this.block)
    this.blockNumber++
  }

  private endPiece(): void {
    if (this.at === this.start) return
    this.pieces.push(this.block.subarray(this.start, this.at))
    this.piecesSize += this.at - this.start
    this.start = this.at
  }
}

/** What one connection sends in one go, and the blocks to give back once it is sent. */
export interface Batch {
  readonly pieces: readonly Uint8Array[]
  readonly size: number
  readonly blocks: readonly Buffer[]
}

/** Blocks shared by all connections of a broker. The last one back is the first one out: it is warm in the cache. */
export class BlockPool {
  private readonly spare: Buffer[] = []

  take(): Buffer {
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_SIZE)
  }

  giveBack(blocks: readonly Buffer[]): void {
    for (const block of blocks) {
      if (block.length === BLOCK_SIZE && this.spare.length < MAX_SPARE_BLOCKS)
        this.spare.push(block)
    }
  }
}

const NO_BLOCK = Buffer.alloc(0)
