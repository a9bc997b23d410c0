import { crc32 } from 'node:zlib'

/**
 * What every file of a data directory begins with, and the version of all their formats. README.md draws them.
 *
 * A file's header is 32 bytes: magic (8), version (2), kind (1), reserved (1), number of the file (6), number of the log
 * file before it (6), how many bytes of that one count (4), checksum of all before (4). Numbers are little-endian.
 */
export interface FileHeader {
  readonly kind: FileKind
  readonly number: number
  /** Of a log file: the file before it, 0 for none, and where that ends: what lies behind was never confirmed. */
  readonly previous: number
  readonly previousSize: number
}

/** Versions are compared when a data directory is opened: one of another version is refused. */
export const FORMAT_VERSION = 2

export const HEADER_SIZE = 32

export type FileKind = 'log' | 'index' | 'checkpoint' | 'reserve'

export function encodeHeader(header: FileHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_SIZE)
  MAGIC.copy(bytes)
  bytes.writeUInt16LE(FORMAT_VERSION, 8)
  bytes[10] = KINDS.indexOf(header.kind)
  bytes.writeUIntLE(header.number, 12, 6)
  bytes.writeUIntLE(header.previous, 18, 6)
  bytes.writeUInt32LE(header.previousSize, 24)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
  return bytes
}

/** Null for bytes that are no whole header of this kind; whether it is newer or older for one of another version. */
export function decodeHeader(bytes: Buffer, kind: FileKind): FileHeader | OtherVersion | null {
  if (bytes.length < HEADER_SIZE || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
  if (crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return null
  const version = bytes.readUInt16LE(8)
  if (version !== FORMAT_VERSION) return version > FORMAT_VERSION ? 'newer' : 'older'
  if (bytes[10] !== KINDS.indexOf(kind)) return null
  return {
    kind,
    number: bytes.readUIntLE(12, 6),
    previous: bytes.readUIntLE(18, 6),
    previousSize: bytes.readUInt32LE(24),
  }
}

export type OtherVersion = 'newer' | 'older'

const MAGIC = Buffer.from('LEVERET\n')
const KINDS: readonly FileKind[] = ['log', 'index', 'checkpoint', 'reserve']

/** Bytes before the payload of a record: size of the payload (4), checksum of type and payload (4), type (1). */
export const RECORD_HEADER_SIZE = 9

/** What a record says; the number is what stands in the file. */
export const RECORD = {
  /** The first of every batch: everything before it was durable when it was written. */
  BATCH: 1,
  PUBLISH: 2,
  SETTLE: 3,
  RETURN: 4,
  LANE: 5,
  LANE_DROPPED: 6,
  DEFINITION: 7,
} as const
