import { copyBytes } from '../../common/copy-bytes.ts'
import type { ExtraKeys, Message } from '../../core/message.ts'
import type { MessageParts } from '../../core/ports.ts'
import type { Batch } from './batch.ts'
import { RECORD } from './format.ts'

/**
 * The record of a message: who took it, and everything that it is made of; the body comes last. README.md draws it.
 */
export class PublishWriter {
  private batch: Batch | null = null

  /** Begins a record for so many targets; returns where in the batch it begins. */
  begin(batch: Batch, message: Message, targetCount: number, isSpilled: boolean): number {
    const { address, properties, extraKeys, history } = message
    let flags = isSpilled ? SPILLED : 0
    if (extraKeys !== null) flags |= EXTRA_KEYS
    if (history !== null) flags |= HISTORY
    const start = batch.begin(
      FIXED_SIZE +
        targetCount * TARGET_SIZE +
        address.encoded.length +
        properties.encoded.length +
        (extraKeys === null ? 0 : extraKeysSize(extraKeys)) +
        (message.bodyParts === null ? message.bodySize : 0),
    )
    const { view, at } = batch
    view.setUint8(at, flags)
    view.setUint32(at + 1, targetCount, true)
    batch.at = at + TARGETS_AT
    this.batch = batch
    return start
  }

  target(laneId: number, ordinal: number, timeMs: number): void {
    const batch = this.batch!
    const { view, at } = batch
    view.setUint32(at, laneId, true)
    view.setUint32(at + 4, ordinal % 0x1_0000_0000, true)
    view.setUint16(at + 8, Math.floor(ordinal / 0x1_0000_0000), true)
    view.setUint32(at + 10, timeMs % 0x1_0000_0000, true)
    view.setUint16(at + 14, Math.floor(timeMs / 0x1_0000_0000), true)
    batch.at = at + TARGET_SIZE
  }

  /** Writes the message, once all targets are written. */
  end(message: Message): void {
    const batch = this.batch!
    const { block, view } = batch
    const { address, properties, extraKeys, history, body, bodyStart, bodySize, bodyParts } =
      message
    let at = writeBytes(batch, batch.at, address.encoded)
    at = writeBytes(batch, at, properties.encoded)
    if (extraKeys !== null) {
      at = writeKeys(block, at, extraKeys.cc)
      at = writeKeys(block, at, extraKeys.bcc)
    }
    if (history !== null) {
      view.setUint32(at, history.acquiredCount, true)
      view.setUint32(at + 4, history.failedCount, true)
      at += 8
    }
    view.setUint32(at, bodySize, true)
    at += 4
    if (bodyParts === null) {
      copyBytes(body, bodyStart, bodyStart + bodySize, block, at)
      at += bodySize
    }
    batch.at = at
    batch.end(RECORD.PUBLISH, bodyParts)
    this.batch = null
  }
}

/** What can be read of a publish record without its message. */
export interface PublishTargets {
  readonly isSpilled: boolean
  readonly count: number
  readonly bodySize: number
}

/** Throws a RangeError for a payload that is none. */
export function readTargets(payload: Buffer): PublishTargets {
  const count = payload.readUInt32LE(1)
  const reader = new Reader(payload, TARGETS_AT + count * TARGET_SIZE)
  reader.skipMessageHead(payload[0]!)
  return { isSpilled: (payload[0]! & SPILLED) !== 0, count, bodySize: reader.u32() }
}

export function targetLane(payload: Buffer, index: number): number {
  return payload.readUInt32LE(TARGETS_AT + index * TARGET_SIZE)
}

export function targetOrdinal(payload: Buffer, index: number): number {
  return payload.readUIntLE(TARGETS_AT + index * TARGET_SIZE + 4, 6)
}

/** Milliseconds since 1970; 0 for none. */
export function targetTimeMs(payload: Buffer, index: number): number {
  return payload.readUIntLE(TARGETS_AT + index * TARGET_SIZE + 10, 6)
}

/** The index of the target with this lane and ordinal; -1 when there is none. */
export function targetIndex(payload: Buffer, laneId: number, ordinal: number): number {
  const count = payload.readUInt32LE(1)
  for (let i = 0; i < count; i++) {
    if (targetLane(payload, i) === laneId && targetOrdinal(payload, i) === ordinal) return i
  }
  return -1
}

/** The message in a payload, whose bytes it keeps. Throws a RangeError for a payload that is none. */
export function readMessage(payload: Buffer): MessageParts {
  const flags = payload[0]!
  const reader = new Reader(payload, TARGETS_AT + payload.readUInt32LE(1) * TARGET_SIZE)
  const address = reader.bytes()
  const properties = reader.bytes()
  const extraKeys = (flags & EXTRA_KEYS) === 0 ? null : { cc: reader.keys(), bcc: reader.keys() }
  const history =
    (flags & HISTORY) === 0 ? null : { acquiredCount: reader.u32(), failedCount: reader.u32() }
  return { address, properties, extraKeys, history, body: reader.bytes() }
}

class Reader {
  private readonly payload: Buffer
  private at: number

  constructor(payload: Buffer, at: number) {
    this.payload = payload
    this.at = at
  }

  u32(): number {
    const value = this.payload.readUInt32LE(this.at)
    this.at += 4
    return value
  }

  bytes(): Buffer {
    const size = this.u32()
    const end = this.at + size
    if (end > this.payload.length) throw new RangeError('the record ends too early')
    const bytes = this.payload.subarray(this.at, end)
    this.at = end
    return bytes
  }

  keys(): readonly string[] {
    return Array.from({ length: this.u32() }, () => this.bytes().toString())
  }

  /** Goes to where the size of the body is. */
  skipMessageHead(flags: number): void {
    this.bytes()
    this.bytes()
    if ((flags & EXTRA_KEYS) !== 0) {
      this.keys()
      this.keys()
    }
    if ((flags & HISTORY) !== 0) this.at += 8
  }
}

function writeBytes({ block, view }: Batch, at: number, bytes: Buffer): number {
  view.setUint32(at, bytes.length, true)
  copyBytes(bytes, 0, bytes.length, block, at + 4)
  return at + 4 + bytes.length
}

function writeKeys(block: Buffer, at: number, keys: readonly string[]): number {
  let end = block.writeUInt32LE(keys.length, at)
  for (const key of keys) {
    const size = block.write(key, end + 4)
    block.writeUInt32LE(size, end)
    end += 4 + size
  }
  return end
}

function extraKeysSize({ cc, bcc }: ExtraKeys): number {
  let size = 8
  for (const key of cc) size += 4 + Buffer.byteLength(key)
  for (const key of bcc) size += 4 + Buffer.byteLength(key)
  return size
}

/** Only written to give memory back: it does not survive a restart. */
const SPILLED = 1
const EXTRA_KEYS = 2
const HISTORY = 4

/** Behind the flags (1) and the number of targets (4). */
const TARGETS_AT = 5

/** Lane (4), ordinal (6), time (6). */
const TARGET_SIZE = 16

/** Flags, number of targets, sizes of address, properties and body, counts of a history. */
const FIXED_SIZE = TARGETS_AT + 3 * 4 + 2 * 4
