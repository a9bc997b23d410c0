import { ByteReader, bytes } from './bytes.ts'

/**
 * A field table that keeps what is on the wire: order, repeated names and type tags
 * (amqp-0-9-1.md section 3). 64-bit integers and timestamps are bigint.
 */
export type Table = TableField[]
export type TableField = [name: string, tag: string, value: FieldValue]
export type ArrayItem = [tag: string, value: FieldValue]
export type Decimal = { scale: number; value: number }
export type FieldValue =
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | null
  | Decimal
  | Table
  | ArrayItem[]

export function encodeTable(table: Table): Buffer {
  const fields = table.map(([name, tag, value]) =>
    Buffer.concat([bytes.shortstr(name), encodeField(tag, value)]),
  )
  return bytes.longstr(Buffer.concat(fields))
}

export function decodeTable(reader: ByteReader): Table {
  const content = new ByteReader(reader.longstr())
  const table: Table = []
  while (!content.isAtEnd) {
    const name = content.shortstr()
    const [tag, value] = decodeField(content)
    table.push([name, tag, value])
  }
  return table
}

function encodeField(tag: string, value: FieldValue): Buffer {
  return Buffer.concat([Buffer.from(tag, 'latin1'), encodeValue(tag, value)])
}

function encodeValue(tag: string, value: FieldValue): Buffer {
  if (value === null) return Buffer.alloc(0)
  if (typeof value === 'boolean') return bytes.u8(value ? 1 : 0)
  if (typeof value === 'string' || Buffer.isBuffer(value)) return bytes.longstr(value)
  if (typeof value === 'number' || typeof value === 'bigint') return encodeNumber(tag, value)
  if (!Array.isArray(value)) return Buffer.concat([bytes.u8(value.scale), bytes.u32(value.value)])
  return bytes.longstr(Buffer.concat(value.map(encodeMember)))
}

/** A member of an array has a tag and a value, a member of a table also a name. */
function encodeMember(member: TableField | ArrayItem): Buffer {
  if (member.length === 2) return encodeField(member[0], member[1])
  return Buffer.concat([bytes.shortstr(member[0]), encodeField(member[1], member[2])])
}

function encodeNumber(tag: string, value: number | bigint): Buffer {
  switch (tag) {
    case 'l':
      return bytes.i64(value)
    case 'L':
    case 'T':
      return bytes.u64(value)
  }
  const number = Number(value)
  switch (tag) {
    case 'b':
      return bytes.i8(number)
    case 'B':
      return bytes.u8(number)
    case 's':
      return bytes.i16(number)
    case 'u':
      return bytes.u16(number)
    case 'I':
      return bytes.i32(number)
    case 'i':
      return bytes.u32(number)
    case 'f':
      return bytes.f32(number)
    case 'd':
      return bytes.f64(number)
  }
  throw new Error(`no number has the tag ${tag}`)
}

function decodeField(reader: ByteReader): ArrayItem {
  const tag = String.fromCharCode(reader.u8())
  return [tag, decodeValue(tag, reader)]
}

function decodeValue(tag: string, reader: ByteReader): FieldValue {
  switch (tag) {
    case 't':
      return reader.u8() !== 0
    case 'b':
      return reader.i8()
    case 'B':
      return reader.u8()
    case 's':
      return reader.i16()
    case 'u':
      return reader.u16()
    case 'I':
      return reader.i32()
    case 'i':
      return reader.u32()
    case 'l':
      return reader.i64()
    case 'L':
    case 'T':
      return reader.u64()
    case 'f':
      return reader.f32()
    case 'd':
      return reader.f64()
    case 'D':
      return { scale: reader.u8(), value: reader.u32() }
    case 'S':
      return textOrBytes(reader.longstr())
    case 'x':
      return reader.longstr()
    case 'V':
      return null
    case 'F':
      return decodeTable(reader)
    case 'A':
      return decodeArray(reader)
  }
  throw new Error(`unknown field tag ${tag}`)
}

function decodeArray(reader: ByteReader): ArrayItem[] {
  const content = new ByteReader(reader.longstr())
  const items: ArrayItem[] = []
  while (!content.isAtEnd) items.push(decodeField(content))
  return items
}

/** A long string need not be text: then its bytes are the value. */
function textOrBytes(content: Buffer): string | Buffer {
  const text = content.toString('utf8')
  return Buffer.from(text, 'utf8').equals(content) ? text : content
}
