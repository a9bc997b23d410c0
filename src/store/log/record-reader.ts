import type { Segment } from '../segments/segment.ts'
import { checksumOf, viewOf } from './checksum.ts'
import { RECORD, RECORD_HEADER_SIZE } from './format.ts'

/** Reads single records of a segment, in pieces so large that neighbours come with one read. */
export class RecordReader {
  private readonly segment: Segment
  private piece: Buffer = Buffer.alloc(0)
  private view = viewOf(this.piece)
  private pieceAt = 0

  constructor(segment: Segment) {
    this.segment = segment
  }

  /** The payload of the publish record at `at`, not copied; null when no such record is there, whole and unharmed. */
  publishAt(at: number): Buffer | null {
    return this.recordAt(at)?.subarray(RECORD_HEADER_SIZE) ?? null
  }

  /** The same with the header of the record. */
  recordAt(at: number): Buffer | null {
    if (at + RECORD_HEADER_SIZE > this.segment.size) return null
    this.bring(at, RECORD_HEADER_SIZE)
    let start = at - this.pieceAt
    if (start + RECORD_HEADER_SIZE > this.piece.length) return null
    const size = this.piece.readUInt32LE(start)
    if (size > MAX_RECORD_SIZE || at + RECORD_HEADER_SIZE + size > this.segment.size) return null
    this.bring(at, RECORD_HEADER_SIZE + size)
    start = at - this.pieceAt
    const record = this.piece.subarray(start, start + RECORD_HEADER_SIZE + size)
    if (record.length < RECORD_HEADER_SIZE + size || record[8] !== RECORD.PUBLISH) return null
    const end = start + record.length
    const checksum = checksumOf(this.view, start + 8, end, this.segment.seed)
    return checksum === record.readUInt32LE(4) ? record : null
  }

  /** A piece that cannot be read may be damaged in another place than is asked for. */
  private bring(at: number, size: number): void {
    if (at >= this.pieceAt && at + size <= this.pieceAt + this.piece.length) return
    const length = Math.min(Math.max(size, PIECE_SIZE), this.segment.size - at)
    try {
      this.read(at, length)
    } catch (error) {
      if (length === size) throw error
      this.read(at, size)
    }
  }

  private read(at: number, length: number): void {
    const piece = Buffer.allocUnsafeSlow(length)
    this.piece = piece.subarray(0, this.segment.file.read(piece, length, at))
    this.view = viewOf(this.piece)
    this.pieceAt = at
  }
}

/** No message is larger, in bytes. */
const MAX_RECORD_SIZE = 1_073_741_824

/** Small enough that a message far from all others costs little, large enough for a thousand neighbours. */
const PIECE_SIZE = 131_072
