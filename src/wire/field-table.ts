import { EMPTY_TABLE, type FieldValue, type Table } from '../common/table.ts'
import { type ByteWriter, shortstrSize } from './byte-writer.ts'
import { type Cursor, DecodeError } from './cursor.ts'

/**
 * How deep tables and arrays may lie in each other, the outermost counted. RabbitMQ has no limit,
 * but a frame could hold some 20,000 levels, which would exhaust the stack; real headers have
 * fewer than ten.
 */
export const MAX_DEPTH = 64

/**
 * A field table (AMQP 0-9-1 section 4.2.5.5, with the tags RabbitMQ gives the types). Of two
 * entries with one name the first counts. Byte strings are copied.
 * @throws DecodeError also if the entries do not end where the table does, or at more than
 *   MAX_DEPTH levels; the cursor must be reset before its next use then
 */
export function readTable(cursor: Cursor): Table {
  return readEntries(cursor, 1)
}

/** Writes `tableSize(table)` bytes. */
export function writeTable(writer: ByteWriter, table: Table): void {
  const sizeAt = beginSized(writer)
  for (const [name, value] of table) {
    writer.shortstr(name)
    writeValue(writer, value)
  }
  endSized(writer, sizeAt)
}

/** The size of a table when encoded, in bytes, its length field included. */
export function tableSize(table: Table): number {
  let size = 4
  for (const [name, value] of table) size += shortstrSize(name) + valueSize(value)
  return size
}

/**
 * Moves past a table and checks it as `readTable` does, without allocating.
 * @returns whether it has an entry CC or BCC, which name further routing keys
 */
export function skipTable(cursor: Cursor): boolean {
  const outerEnd = enter(cursor)
  let hasRoutingKeys = false
  while (cursor.at < cursor.end) {
    if (isRoutingHeader(cursor)) hasRoutingKeys = true
    cursor.skip(cursor.u8())
    skipValue(cursor, 1)
  }
  cursor.end = outerEnd
  return hasRoutingKeys
}

const TAG_ARRAY = 0x41 // A
const TAG_UNSIGNED_BYTE = 0x42 // B
const TAG_DECIMAL = 0x44 // D
const TAG_TABLE = 0x46 // F
const TAG_SIGNED_INT = 0x49 // I
const TAG_LONG_ALIAS = 0x4c // L
const TAG_LONGSTR = 0x53 // S
const TAG_TIMESTAMP = 0x54 // T
const TAG_VOID = 0x56 // V
const TAG_BYTE = 0x62 // b
const TAG_DOUBLE = 0x64 // d
const TAG_FLOAT = 0x66 // f
const TAG_UNSIGNED_INT = 0x69 // i
const TAG_LONG = 0x6c // l
const TAG_SHORT = 0x73 // s
const TAG_BOOL = 0x74 // t
const TAG_UNSIGNED_SHORT = 0x75 // u
const TAG_BINARY = 0x78 // x

// A value of one or two bytes on the wire must not become an object of its own in memory.
const VOID: FieldValue = { type: 'void' }
const TRUE: FieldValue = { type: 'bool', value: true }
const FALSE: FieldValue = { type: 'bool', value: false }

/** Reads a length, confines the cursor to that many bytes and returns the end to go back to. */
function enter(cursor: Cursor): number {
  const outerEnd = cursor.end
  const size = cursor.u32()
  const start = cursor.skip(size)
  cursor.at = start
  cursor.end = start + size
  return outerEnd
}

function readEntries(cursor: Cursor, depth: number): Table {
  checkDepth(depth)
  const outerEnd = enter(cursor)
  if (cursor.at === cursor.end) {
    cursor.end = outerEnd
    return EMPTY_TABLE
  }
  const table = new Map<string, FieldValue>()
  while (cursor.at < cursor.end) {
    const name = cursor.lenientShortstr()
    const value = readValue(cursor, depth)
    if (!table.has(name)) table.set(name, value)
  }
  cursor.end = outerEnd
  return table
}

function readValues(cursor: Cursor, depth: number): FieldValue[] {
  checkDepth(depth)
  const outerEnd = enter(cursor)
  const values: FieldValue[] = []
  while (cursor.at < cursor.end) values.push(readValue(cursor, depth))
  cursor.end = outerEnd
  return values
}

/** One value inside a table or array at level `depth`. */
function readValue(cursor: Cursor, depth: number): FieldValue {
  switch (cursor.u8()) {
    case TAG_LONGSTR:
      return { type: 'longstr', value: cursor.longstr() }
    case TAG_BINARY:
      return { type: 'binary', value: cursor.longstr() }
    case TAG_TABLE:
      return { type: 'table', value: readEntries(cursor, depth + 1) }
    case TAG_ARRAY:
      return { type: 'array', value: readValues(cursor, depth + 1) }
    case TAG_BOOL:
      return cursor.u8() === 0 ? FALSE : TRUE
    case TAG_VOID:
      return VOID
    case TAG_BYTE:
      return { type: 'byte', value: (cursor.u8() << 24) >> 24 }
    case TAG_UNSIGNED_BYTE:
      return { type: 'unsignedbyte', value: cursor.u8() }
    case TAG_SHORT:
      return { type: 'short', value: (cursor.u16() << 16) >> 16 }
    case TAG_UNSIGNED_SHORT:
      return { type: 'unsignedshort', value: cursor.u16() }
    case TAG_SIGNED_INT:
      return { type: 'signedint', value: cursor.u32() | 0 }
    case TAG_UNSIGNED_INT:
      return { type: 'unsignedint', value: cursor.u32() }
    case TAG_LONG:
    case TAG_LONG_ALIAS:
      return { type: 'long', value: cursor.bytes.readBigInt64BE(cursor.skip(8)) }
    case TAG_TIMESTAMP:
      return { type: 'timestamp', value: cursor.bytes.readBigUInt64BE(cursor.skip(8)) }
    case TAG_FLOAT:
      return { type: 'float', value: cursor.bytes.readFloatBE(cursor.skip(4)) }
    case TAG_DOUBLE:
      return { type: 'double', value: cursor.bytes.readDoubleBE(cursor.skip(8)) }
    case TAG_DECIMAL:
      return { type: 'decimal', scale: cursor.u8(), value: cursor.u32() }
    default:
      throw new DecodeError('unknown type of a table field')
  }
}

function skipValue(cursor: Cursor, depth: number): void {
  switch (cursor.u8()) {
    case TAG_LONGSTR:
    case TAG_BINARY:
      cursor.skip(cursor.u32())
      return
    case TAG_TABLE:
      skipNested(cursor, depth + 1, true)
      return
    case TAG_ARRAY:
      skipNested(cursor, depth + 1, false)
      return
    case TAG_VOID:
      return
    case TAG_BOOL:
    case TAG_BYTE:
    case TAG_UNSIGNED_BYTE:
      cursor.skip(1)
      return
    case TAG_SHORT:
    case TAG_UNSIGNED_SHORT:
      cursor.skip(2)
      return
    case TAG_SIGNED_INT:
    case TAG_UNSIGNED_INT:
    case TAG_FLOAT:
      cursor.skip(4)
      return
    case TAG_DECIMAL:
      cursor.skip(5)
      return
    case TAG_LONG:
    case TAG_LONG_ALIAS:
    case TAG_TIMESTAMP:
    case TAG_DOUBLE:
      cursor.skip(8)
      return
    default:
      throw new DecodeError('unknown type of a table field')
  }
}

function skipNested(cursor: Cursor, depth: number, hasNames: boolean): void {
  checkDepth(depth)
  const outerEnd = enter(cursor)
  while (cursor.at < cursor.end) {
    if (hasNames) cursor.skip(cursor.u8())
    skipValue(cursor, depth)
  }
  cursor.end = outerEnd
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new DecodeError(`tables lie more than ${MAX_DEPTH} levels deep`)
}

/** Whether the name at the cursor is CC or BCC. One that crosses the end is found out by `skip`. */
function isRoutingHeader({ bytes, at }: Cursor): boolean {
  const size = bytes[at]
  if (size === 2) return bytes[at + 1] === LETTER_C && bytes[at + 2] === LETTER_C
  return (
    size === 3 &&
    bytes[at + 1] === LETTER_B &&
    bytes[at + 2] === LETTER_C &&
    bytes[at + 3] === LETTER_C
  )
}

const LETTER_B = 0x42
const LETTER_C = 0x43

const TAGS: Readonly<Record<FieldValue['type'], number>> = {
  array: TAG_ARRAY,
  binary: TAG_BINARY,
  bool: TAG_BOOL,
  byte: TAG_BYTE,
  decimal: TAG_DECIMAL,
  double: TAG_DOUBLE,
  float: TAG_FLOAT,
  long: TAG_LONG,
  longstr: TAG_LONGSTR,
  short: TAG_SHORT,
  signedint: TAG_SIGNED_INT,
  table: TAG_TABLE,
  timestamp: TAG_TIMESTAMP,
  unsignedbyte: TAG_UNSIGNED_BYTE,
  unsignedint: TAG_UNSIGNED_INT,
  unsignedshort: TAG_UNSIGNED_SHORT,
  void: TAG_VOID,
}

function writeValue(writer: ByteWriter, field: FieldValue): void {
  writer.u8(TAGS[field.type])
  switch (field.type) {
    case 'longstr':
    case 'binary':
      writer.longstr(field.value)
      break
    case 'table':
      writeTable(writer, field.value)
      break
    case 'array':
      writeArray(writer, field.value)
      break
    case 'bool':
      writer.u8(field.value ? 1 : 0)
      break
    case 'byte':
    case 'unsignedbyte':
      writer.u8(field.value)
      break
    case 'short':
    case 'unsignedshort':
      writer.u16(field.value)
      break
    case 'signedint':
    case 'unsignedint':
      writer.u32(field.value)
      break
    case 'long':
      writer.at = writer.block.writeBigInt64BE(field.value, writer.at)
      break
    case 'timestamp':
      writer.at = writer.block.writeBigUInt64BE(field.value, writer.at)
      break
    case 'float':
      writer.at = writer.block.writeFloatBE(field.value, writer.at)
      break
    case 'double':
      writer.at = writer.block.writeDoubleBE(field.value, writer.at)
      break
    case 'decimal':
      writer.u8(field.scale)
      writer.u32(field.value)
      break
    case 'void':
      break
  }
}

function writeArray(writer: ByteWriter, values: readonly FieldValue[]): void {
  const sizeAt = beginSized(writer)
  for (const value of values) writeValue(writer, value)
  endSized(writer, sizeAt)
}

function beginSized(writer: ByteWriter): number {
  const sizeAt = writer.at
  writer.u32(0)
  return sizeAt
}

function endSized(writer: ByteWriter, sizeAt: number): void {
  const end = writer.at
  writer.at = sizeAt
  writer.u32(end - sizeAt - 4)
  writer.at = end
}

function valueSize(field: FieldValue): number {
  switch (field.type) {
    case 'longstr':
    case 'binary':
      return 5 + field.value.length
    case 'table':
      return 1 + tableSize(field.value)
    case 'array':
      return field.value.reduce((size, value) => size + valueSize(value), 5)
    case 'void':
      return 1
    case 'bool':
    case 'byte':
    case 'unsignedbyte':
      return 2
    case 'short':
    case 'unsignedshort':
      return 3
    case 'signedint':
    case 'unsignedint':
    case 'float':
      return 5
    case 'decimal':
      return 6
    case 'long':
    case 'timestamp':
    case 'double':
      return 9
  }
}
