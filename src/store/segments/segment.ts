import { crc32 } from 'node:zlib'
import type { ReadableFile } from '../files/file-system.ts'
import type { OpenFiles } from '../files/open-files.ts'
import { segmentPath } from '../files/paths.ts'
import { encodeHeader, HEADER_SIZE } from '../log/format.ts'
import type { FileLane } from './file-lane.ts'
import { Holding, PLACE_SIZE, Places } from './holding.ts'
import { reindex } from './reindexing.ts'

/** What a segment needs from around it. */
export interface SegmentHost {
  readonly files: OpenFiles
  readonly seed: number
  /** Little or nothing in the segment is live any more. */
  readonly onLow: () => void
}

/**
 * A log file as the home of messages. It is written by the journal, then sealed; what it holds only becomes less, until
 * the file is deleted, or what is left of it is copied elsewhere.
 */
export class Segment {
  /** Of the log file; of the first one, where several were made into one. */
  readonly number: number
  /** Counts how often its messages have been copied; 0 for the file that the journal wrote. */
  readonly generation: number
  /** What it has held in all, of every lane, since it was written. */
  totalCount = 0
  totalBytes = 0
  /** Bytes of the file that count; what lies behind was never confirmed. Unknown while it is written. */
  size = Number.MAX_SAFE_INTEGER
  liveCount = 0
  /** When no more than so many are live, `ranLow` is to be called; -1 for never. */
  lowMark = -1
  /** Sum of the bodies that are not settled, in bytes. */
  liveBytes = 0
  isSealed = false
  /** A part of the file could not be read since the start. */
  isUnreadable = false
  /** The index file is written: places need not be kept in memory. */
  isIndexed = false
  readonly holdings = new Map<FileLane, Holding>()

  private readonly files: OpenFiles
  /** Of the checksums of its records. */
  readonly seed: number
  private readonly onLow: () => void
  private indexParts: readonly Buffer[] | null = null

  constructor(number: number, generation: number, host: SegmentHost) {
    this.number = number
    this.generation = generation
    this.files = host.files
    this.seed = host.seed
    this.onLow = host.onLow
  }

  /** About what its live messages take up in the file, in bytes. */
  get liveSize(): number {
    const count = this.liveCount / Math.max(1, this.totalCount)
    const bytes = this.liveBytes / Math.max(1, this.totalBytes)
    return Math.round(this.size * Math.max(count, bytes))
  }

  /** Whether less than half of what it held is left. */
  get isSparse(): boolean {
    return this.liveCount * 2 < this.totalCount || this.liveBytes * 2 < this.totalBytes
  }

  get path(): string {
    return segmentPath(this.number, this.generation)
  }

  get indexPath(): string {
    return this.path.replace(/log$/, 'index')
  }

  /** The lane's messages in this segment; new, with places in memory, if there were none. */
  holdingOf(lane: FileLane): Holding {
    const known = this.holdings.get(lane)
    if (known !== undefined) return known
    const holding = new Holding(lane, this, new Places())
    this.holdings.set(lane, holding)
    return holding
  }

  /** One more message of a lane. */
  added(bodySize: number): void {
    this.liveCount++
    this.liveBytes += bodySize
    this.totalCount++
    this.totalBytes += bodySize
  }

  /** So many have been settled, of so many bytes. */
  lose(count: number, bytes: number): void {
    this.liveCount -= count
    this.liveBytes -= bytes
    if (this.liveCount <= this.lowMark) this.ranLow()
  }

  /** Nothing is added any more; the file has so many bytes that count. */
  seal(size: number): void {
    this.size = size
    this.isSealed = true
    this.lowMark = this.liveCount >>> 2
  }

  /** The file, open to be read. */
  get file(): ReadableFile {
    return this.files.get(this.path)
  }

  closeFiles(): void {
    this.files.close(this.path)
    this.files.close(this.indexPath)
  }

  /**
   * Where the messages of a holding begin: from memory, from the index file, or found out by reading the whole segment
   * when the index is damaged. Throws the error of the system when that cannot be read either.
   */
  placesOf(holding: Holding): Places {
    holding.places ??= this.readPlaces(holding)
    if (holding.places === null) reindex(this)
    return holding.places ?? new Places()
  }

  /** The index file is written: places can be read again. */
  indexed(): void {
    this.isIndexed = true
    this.indexParts = null
    for (const holding of this.holdings.values()) holding.places = null
  }

  /** What was known of the places is not to be had any more: they have been found out anew. */
  unindexed(): void {
    this.isIndexed = false
    this.indexParts = null
  }

  /**
   * The content of the index file: the places of every holding, with a checksum before each. Encoded once, so that the
   * holdings' `indexAt` hold for whatever checkpoint names them.
   */
  encodeIndex(): readonly Buffer[] {
    this.indexParts ??= this.newIndex()
    return this.indexParts
  }

  /** So much has been settled that it is time to think of giving its space back; told a few times in a segment's life. */
  private ranLow(): void {
    this.lowMark = this.liveCount === 0 ? -1 : this.lowMark >>> 2
    this.onLow()
  }

  private newIndex(): readonly Buffer[] {
    const header = { kind: 'index', number: this.number, previous: 0, previousSize: 0 } as const
    const parts: Buffer[] = [encodeHeader(header)]
    let at = HEADER_SIZE
    for (const holding of this.holdings.values()) {
      const places = this.placesOf(holding)
      const part = Buffer.allocUnsafe(4 + places.count * PLACE_SIZE)
      places.encode(part, 4)
      part.writeUInt32LE(crc32(part.subarray(4)), 0)
      holding.indexAt = at
      at += part.length
      parts.push(part)
    }
    return parts
  }

  /** Null when the index file does not hold what was written. */
  private readPlaces(holding: Holding): Places | null {
    if (!this.isIndexed) return null
    const bytes = Buffer.allocUnsafe(4 + holding.count * PLACE_SIZE)
    try {
      const count = this.files.get(this.indexPath).read(bytes, bytes.length, holding.indexAt)
      if (count < bytes.length) return null
    } catch {
      return null
    }
    const isWhole = crc32(bytes.subarray(4)) === bytes.readUInt32LE(0)
    return isWhole ? Places.decode(bytes.subarray(4)) : null
  }
}
