import { ByteReader, bytes } from './bytes.ts'
import { decodeTable, encodeTable, type Table } from './field-table.ts'

/** The properties of a basic message; absent ones are absent on the wire too. */
export type Properties = {
  contentType?: string
  contentEncoding?: string
  headers?: Table
  deliveryMode?: number
  priority?: number
  correlationId?: string
  replyTo?: string
  expiration?: string
  messageId?: string
  timestamp?: bigint
  type?: string
  userId?: string
  appId?: string
  clusterId?: string
}

export type ContentHeader = {
  readonly classId: number
  readonly bodySize: number
  readonly properties: Properties
}

const BASIC_CLASS = 60

/** Payload of a content header frame (amqp-0-9-1.md section 2). */
export function encodeContentHeader(
  bodySize: number,
  properties: Properties = {},
  form: { classId?: number; weight?: number } = {},
): Buffer {
  const { contentType, contentEncoding, headers, deliveryMode, priority, timestamp } = properties
  const values: (Buffer | undefined)[] = [
    text(contentType),
    text(contentEncoding),
    headers === undefined ? undefined : encodeTable(headers),
    deliveryMode === undefined ? undefined : bytes.u8(deliveryMode),
    priority === undefined ? undefined : bytes.u8(priority),
    text(properties.correlationId),
    text(properties.replyTo),
    text(properties.expiration),
    text(properties.messageId),
    timestamp === undefined ? undefined : bytes.u64(timestamp),
    text(properties.type),
    text(properties.userId),
    text(properties.appId),
    text(properties.clusterId),
  ]
  let flags = 0
  values.forEach((value, at) => {
    if (value !== undefined) flags |= 1 << (15 - at)
  })
  return Buffer.concat([
    bytes.u16(form.classId ?? BASIC_CLASS),
    bytes.u16(form.weight ?? 0),
    bytes.u64(bodySize),
    bytes.u16(flags),
    ...values.filter((value) => value !== undefined),
  ])
}

export function decodeContentHeader(payload: Buffer): ContentHeader {
  const reader = new ByteReader(payload)
  const classId = reader.u16()
  reader.u16() // weight
  const bodySize = Number(reader.u64())
  const flags = reader.u16()
  const has = (at: number) => (flags & (1 << (15 - at))) !== 0
  const properties: Properties = {}
  if (has(0)) properties.contentType = reader.shortstr()
  if (has(1)) properties.contentEncoding = reader.shortstr()
  if (has(2)) properties.headers = decodeTable(reader)
  if (has(3)) properties.deliveryMode = reader.u8()
  if (has(4)) properties.priority = reader.u8()
  if (has(5)) properties.correlationId = reader.shortstr()
  if (has(6)) properties.replyTo = reader.shortstr()
  if (has(7)) properties.expiration = reader.shortstr()
  if (has(8)) properties.messageId = reader.shortstr()
  if (has(9)) properties.timestamp = reader.u64()
  if (has(10)) properties.type = reader.shortstr()
  if (has(11)) properties.userId = reader.shortstr()
  if (has(12)) properties.appId = reader.shortstr()
  if (has(13)) properties.clusterId = reader.shortstr()
  if (!reader.isAtEnd) throw new Error('octets left over in a content header')
  return { classId, bodySize, properties }
}

function text(value: string | undefined): Buffer | undefined {
  return value === undefined ? undefined : bytes.shortstr(value)
}
