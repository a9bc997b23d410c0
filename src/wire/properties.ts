import { EMPTY_TABLE, type Table } from '../common/table.ts'
import { ByteWriter, shortstrSize } from './byte-writer.ts'
import { Cursor, DecodeError } from './cursor.ts'
import { readTable, skipTable, tableSize, writeTable } from './field-table.ts'

/**
 * The basic properties of a message (AMQP 0-9-1 section 1.8), which stay encoded in the broker as
 * the publisher sent them:
 *
 *     flags u16 | content-type shortstr | content-encoding shortstr | headers table | ...
 *
 * A bit of the flags says whether the value is there; values follow in the order of the bits.
 */
export interface Properties {
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly headers?: Table
  /** 2 is persistent, everything else transient. */
  readonly deliveryMode?: number
  readonly priority?: number
  readonly correlationId?: string
  readonly replyTo?: string
  /** Milliseconds as decimal text. */
  readonly expiration?: string
  readonly messageId?: string
  /** Seconds since 1970. */
  readonly timestamp?: bigint
  readonly type?: string
  readonly userId?: string
  readonly appId?: string
  readonly clusterId?: string
}

/** What the broker itself wants to know of the properties of every message. */
export interface PropertiesScan {
  /** 0 if absent. */
  readonly deliveryMode: number
  /** -1 if absent. */
  readonly priority: number
  /** The text as it came, unchecked. */
  readonly expiration: string | null
  readonly userId: string | null
  /** Only if it begins with `amq.rabbitmq.reply-to`; the broker has no interest in others. */
  readonly replyTo: string | null
  readonly hasHeaders: boolean
  /** The headers have CC or BCC. */
  readonly hasRoutingHeaders: boolean
}

/**
 * Checks encoded properties, which must end where the cursor does, and tells what the broker needs.
 * Strings that are not UTF-8 pass, as in RabbitMQ. Messages without any particulars share one
 * object, so that most messages cost no allocation.
 * @throws DecodeError
 */
export function scanProperties(cursor: Cursor): PropertiesScan {
  const flags = readFlags(cursor)
  if (flags & CONTENT_TYPE) cursor.skip(cursor.u8())
  if (flags & CONTENT_ENCODING) cursor.skip(cursor.u8())
  const hasHeaders = (flags & HEADERS) !== 0
  const hasRoutingHeaders = hasHeaders && skipTable(cursor)
  const deliveryMode = flags & DELIVERY_MODE ? cursor.u8() : 0
  const priority = flags & PRIORITY ? cursor.u8() : -1
  if (flags & CORRELATION_ID) cursor.skip(cursor.u8())
  const replyTo = flags & REPLY_TO ? scanReplyTo(cursor) : null
  const expiration = flags & EXPIRATION ? cursor.lenientShortstr() : null
  if (flags & MESSAGE_ID) cursor.skip(cursor.u8())
  if (flags & TIMESTAMP) cursor.skip(8)
  if (flags & TYPE) cursor.skip(cursor.u8())
  const userId = flags & USER_ID ? cursor.lenientShortstr() : null
  if (flags & APP_ID) cursor.skip(cursor.u8())
  if (flags & CLUSTER_ID) cursor.skip(cursor.u8())
  checkEnd(cursor)

  const isPlain = (flags & (PRIORITY | EXPIRATION | USER_ID)) === 0 && replyTo === null
  if (isPlain && !hasRoutingHeaders && deliveryMode <= PERSISTENT) {
    return (hasHeaders ? PLAIN_WITH_HEADERS : PLAIN)[deliveryMode]!
  }
  return {
    deliveryMode,
    priority,
    expiration,
    userId,
    replyTo,
    hasHeaders,
    hasRoutingHeaders,
  }
}

/**
 * All properties. In strings, what is not UTF-8 reads as U+FFFD.
 * @throws DecodeError
 */
export function decodeProperties(encoded: Buffer): Properties {
  const cursor = new Cursor().reset(encoded, 0, encoded.length)
  const flags = readFlags(cursor)
  const properties: Writable<Properties> = {}
  for (const field of FIELDS) {
    if (flags & field.flag) readField(cursor, field, properties)
  }
  checkEnd(cursor)
  return properties
}

/** Texts beyond 255 bytes are cut. */
export function encodeProperties(properties: Properties): Buffer {
  let flags = 0
  let size = FLAGS_SIZE
  for (const field of FIELDS) {
    const fieldSize = sizeOf(properties, field)
    if (fieldSize > 0) flags |= field.flag
    size += fieldSize
  }
  const writer = new ByteWriter(Buffer.allocUnsafe(size))
  writer.u16(flags)
  for (const field of FIELDS) {
    if (flags & field.flag) writeField(writer, properties, field)
  }
  return writer.block
}

/** The headers in encoded properties; the empty table if there are none. */
export function readHeaders(encoded: Buffer): Table {
  const { cursor, isPresent } = find(encoded, HEADERS)
  return isPresent ? readTable(cursor) : EMPTY_TABLE
}

/** Encoded properties with other headers, or none, and all else byte for byte as it was. */
export function withHeaders(encoded: Buffer, headers: Table | null): Buffer {
  if (headers === null) return replace(encoded, HEADERS, null)
  const writer = new ByteWriter(Buffer.allocUnsafe(tableSize(headers)))
  writeTable(writer, headers)
  return replace(encoded, HEADERS, writer.block)
}

/** Encoded properties with another reply-to, and all else byte for byte as it was. */
export function withReplyTo(encoded: Buffer, replyTo: string): Buffer {
  const writer = new ByteWriter(Buffer.allocUnsafe(shortstrSize(replyTo)))
  writer.shortstr(replyTo)
  return replace(encoded, REPLY_TO, writer.block)
}

/** Encoded properties without expiration, and all else byte for byte as it was. */
export function withoutExpiration(encoded: Buffer): Buffer {
  return replace(encoded, EXPIRATION, null)
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

type Field =
  | { readonly flag: number; readonly type: 'shortstr'; readonly name: ShortstrName }
  | { readonly flag: number; readonly type: 'table'; readonly name: 'headers' }
  | { readonly flag: number; readonly type: 'u8'; readonly name: 'deliveryMode' | 'priority' }
  | { readonly flag: number; readonly type: 'u64'; readonly name: 'timestamp' }

type ShortstrName = Exclude<keyof Properties, 'headers' | 'deliveryMode' | 'priority' | 'timestamp'>

const CONTENT_TYPE = 0x8000
const CONTENT_ENCODING = 0x4000
const HEADERS = 0x2000
const DELIVERY_MODE = 0x1000
const PRIORITY = 0x0800
const CORRELATION_ID = 0x0400
const REPLY_TO = 0x0200
const EXPIRATION = 0x0100
const MESSAGE_ID = 0x0080
const TIMESTAMP = 0x0040
const TYPE = 0x0020
const USER_ID = 0x0010
const APP_ID = 0x0008
const CLUSTER_ID = 0x0004

/** Bit 0 announces a second word of flags; no property of class basic has a bit there, or bit 1. */
const UNDEFINED_FLAGS = 0x0003
const FLAGS_SIZE = 2
const PERSISTENT = 2

/** In wire order. */
const FIELDS: readonly Field[] = [
  { flag: CONTENT_TYPE, type: 'shortstr', name: 'contentType' },
  { flag: CONTENT_ENCODING, type: 'shortstr', name: 'contentEncoding' },
  { flag: HEADERS, type: 'table', name: 'headers' },
  { flag: DELIVERY_MODE, type: 'u8', name: 'deliveryMode' },
  { flag: PRIORITY, type: 'u8', name: 'priority' },
  { flag: CORRELATION_ID, type: 'shortstr', name: 'correlationId' },
  { flag: REPLY_TO, type: 'shortstr', name: 'replyTo' },
  { flag: EXPIRATION, type: 'shortstr', name: 'expiration' },
  { flag: MESSAGE_ID, type: 'shortstr', name: 'messageId' },
  { flag: TIMESTAMP, type: 'u64', name: 'timestamp' },
  { flag: TYPE, type: 'shortstr', name: 'type' },
  { flag: USER_ID, type: 'shortstr', name: 'userId' },
  { flag: APP_ID, type: 'shortstr', name: 'appId' },
  { flag: CLUSTER_ID, type: 'shortstr', name: 'clusterId' },
]

/** By delivery mode. */
const PLAIN = plainScans(false)
const PLAIN_WITH_HEADERS = plainScans(true)

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to'
const DIRECT_REPLY_TO_BYTES = Buffer.from(DIRECT_REPLY_TO)

function plainScans(hasHeaders: boolean): readonly PropertiesScan[] {
  return [0, 1, PERSISTENT].map((deliveryMode) => ({
    deliveryMode,
    priority: -1,
    expiration: null,
    userId: null,
    replyTo: null,
    hasHeaders,
    hasRoutingHeaders: false,
  }))
}

function readFlags(cursor: Cursor): number {
  const flags = cursor.u16()
  if (flags & UNDEFINED_FLAGS) throw new DecodeError('flags of undefined properties')
  return flags
}

function checkEnd(cursor: Cursor): void {
  if (cursor.at !== cursor.end) throw new DecodeError('bytes are left over')
}

function scanReplyTo(cursor: Cursor): string | null {
  const size = cursor.u8()
  const at = cursor.skip(size)
  const prefixEnd = at + DIRECT_REPLY_TO_BYTES.length
  if (prefixEnd > cursor.at) return null
  if (DIRECT_REPLY_TO_BYTES.compare(cursor.bytes, at, prefixEnd) !== 0) return null
  return prefixEnd === cursor.at ? DIRECT_REPLY_TO : cursor.bytes.toString('utf8', at, cursor.at)
}

function readField(cursor: Cursor, field: Field, into: Writable<Properties>): void {
  switch (field.type) {
    case 'shortstr':
      into[field.name] = cursor.lenientShortstr()
      break
    case 'table':
      into[field.name] = readTable(cursor)
      break
    case 'u8':
      into[field.name] = cursor.u8()
      break
    case 'u64':
      into[field.name] = cursor.bytes.readBigUInt64BE(cursor.skip(8))
      break
  }
}

function skipField(cursor: Cursor, field: Field): void {
  switch (field.type) {
    case 'shortstr':
      cursor.skip(cursor.u8())
      break
    case 'table':
      skipTable(cursor)
      break
    case 'u8':
      cursor.skip(1)
      break
    case 'u64':
      cursor.skip(8)
      break
  }
}

/** 0 if absent; no value takes up none. */
function sizeOf(properties: Properties, field: Field): number {
  switch (field.type) {
    case 'shortstr': {
      const text = properties[field.name]
      return text === undefined ? 0 : shortstrSize(text)
    }
    case 'table': {
      const table = properties[field.name]
      return table === undefined ? 0 : tableSize(table)
    }
    case 'u8':
      return properties[field.name] === undefined ? 0 : 1
    case 'u64':
      return properties[field.name] === undefined ? 0 : 8
  }
}

/** The property is there. */
function writeField(writer: ByteWriter, properties: Properties, field: Field): void {
  switch (field.type) {
    case 'shortstr':
      writer.shortstr(properties[field.name]!)
      break
    case 'table':
      writeTable(writer, properties[field.name]!)
      break
    case 'u8':
      writer.u8(properties[field.name]!)
      break
    case 'u64':
      writer.at = writer.block.writeBigUInt64BE(properties[field.name]!, writer.at)
      break
  }
}

/** A cursor at the place where the property is or would be. */
function find(encoded: Buffer, flag: number): { cursor: Cursor; isPresent: boolean } {
  const cursor = new Cursor().reset(encoded, 0, encoded.length)
  const flags = readFlags(cursor)
  for (const field of FIELDS) {
    if (field.flag === flag) break
    if (flags & field.flag) skipField(cursor, field)
  }
  return { cursor, isPresent: (flags & flag) !== 0 }
}

/** `value` is the encoded value, null to leave the property out. */
function replace(encoded: Buffer, flag: number, value: Buffer | null): Buffer {
  const { cursor, isPresent } = find(encoded, flag)
  const start = cursor.at
  if (isPresent) skipField(cursor, FIELDS.find((field) => field.flag === flag)!)
  const flags = encoded.readUInt16BE(0)
  const writer = new ByteWriter(
    Buffer.allocUnsafe(start + (value?.length ?? 0) + encoded.length - cursor.at),
  )
  writer.u16(value === null ? flags & ~flag : flags | flag)
  writer.bytes(encoded.subarray(FLAGS_SIZE, start))
  if (value !== null) writer.bytes(value)
  writer.bytes(encoded.subarray(cursor.at))
  return writer.block
}
