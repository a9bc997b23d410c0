import { BATCH_MARK } from './batch.ts'
import { checksumOf, viewOf } from './checksum.ts'
import { HEADER_SIZE, RECORD, RECORD_HEADER_SIZE } from './format.ts'

/** A stretch of a log that holds no records. */
export interface Damage {
  readonly at: number
  readonly size: number
}

/** What is told of a log as it is read from front to back. */
export interface LogVisitor {
  /** A batch begins: all before it was durable when it was written. */
  batch(): void
  /** The payload is not copied. */
  record(type: number, payload: Buffer, at: number): void
  /** Here are no records. */
  damage(damage: Damage): void
}

/** Reads the records of a log file, `bytes[HEADER_SIZE .. end)`. `seed` is that of the checksums. */
export function scanLog(bytes: Buffer, end: number, seed: number, visitor: LogVisitor): void {
  const log = new Log(bytes, end, seed)
  let at = Math.min(HEADER_SIZE, end)
  while (at < end) {
    const size = log.recordSize(at)
    if (size === 0) {
      const next = log.nextRecord(at + 1)
      visitor.damage({ at, size: next - at })
      at = next
      continue
    }
    const type = bytes[at + 8]!
    if (type === RECORD.BATCH) visitor.batch()
    else visitor.record(type, bytes.subarray(at + RECORD_HEADER_SIZE, at + size), at)
    at += size
  }
}

class Log {
  private readonly bytes: Buffer
  private readonly view: DataView
  private readonly end: number
  private readonly seed: number
  private searchLeft = MAX_SEARCHED

  constructor(bytes: Buffer, end: number, seed: number) {
    this.bytes = bytes
    this.view = viewOf(bytes)
    this.end = end
    this.seed = seed
  }

  /** Bytes of the record at `at`; 0 when there is none, whole and unharmed. */
  recordSize(at: number): number {
    const { bytes, end } = this
    if (at + RECORD_HEADER_SIZE > end) return 0
    const type = bytes[at + 8]!
    if (type < FIRST_TYPE || type > LAST_TYPE) return 0
    const size = RECORD_HEADER_SIZE + bytes.readUInt32LE(at)
    if (at + size > end) return 0
    this.searchLeft -= size
    const checksum = checksumOf(this.view, at + 8, at + size, this.seed)
    return checksum === bytes.readUInt32LE(at + 4) ? size : 0
  }

  /** Where records go on behind a damaged place: found byte by byte as long as that is not too much, then by the mark. */
  nextRecord(from: number): number {
    this.searchLeft = MAX_SEARCHED
    for (let at = from; at + RECORD_HEADER_SIZE <= this.end; at++) {
      if (this.recordSize(at) > 0) return at
      if (this.searchLeft < 0) return this.nextBatch(at + 1)
    }
    return this.end
  }

  private nextBatch(from: number): number {
    const { bytes, end } = this
    let mark = bytes.indexOf(BATCH_MARK, from + RECORD_HEADER_SIZE)
    while (mark >= 0 && mark < end) {
      const at = mark - RECORD_HEADER_SIZE
      if (this.recordSize(at) > 0) return at
      mark = bytes.indexOf(BATCH_MARK, mark + 1)
    }
    return end
  }
}

/** So many bytes are looked at in search of a record: what a body contains may look like the beginnings of many. */
const MAX_SEARCHED = 67_108_864

const FIRST_TYPE = Math.min(...Object.values(RECORD))
const LAST_TYPE = Math.max(...Object.values(RECORD))
