import { PART_SIZE } from '../wire/frame-reader.ts'

/**
 * Gathers a large body from the pieces it comes in. Large pieces are kept as slices of what was read, small ones are
 * copied together, so that a body in very many small frames does not become very many objects.
 */
export class BodyParts {
  readonly parts: Buffer[] = []
  private block: Buffer = NO_BLOCK
  private start = 0 // where the bytes of `block` begin that are in no part yet
  private at = 0
  private left: number // bytes of the body that are still to come

  constructor(bodySize: number) {
    this.left = bodySize
  }

  add(bytes: Buffer, start: number, end: number): void {
    const { left } = this
    this.left -= end - start
    if (end - start >= PART_SIZE) {
      this.endPart()
      this.parts.push(bytes.subarray(start, end))
      return
    }
    if (end - start > this.block.length - this.at) {
      this.endPart()
      this.block = Buffer.allocUnsafeSlow(Math.min(BLOCK_SIZE, left))
      this.start = 0
      this.at = 0
    }
    this.at += bytes.copy(this.block, this.at, start, end)
  }

  /** All parts, after the last piece. */
  finish(): Buffer[] {
    this.endPart()
    return this.parts
  }

  private endPart(): void {
    if (this.at > this.start) this.parts.push(this.block.subarray(this.start, this.at))
    this.start = this.at
  }
}

/** In bytes, at most. */
const BLOCK_SIZE = 65_536
const NO_BLOCK = Buffer.alloc(0)
