// Generated from amqp-0-9-1.json by generate.ts. Do not edit.
import type { Table } from '../common/table.ts'
import { type Cursor, DecodeError } from './cursor.ts'
import { readTable, tableSize, writeTable } from './field-table.ts'
import { FRAME_END, FRAME_METHOD } from './frame-reader.ts'
import type { Output } from './output.ts'

/** connection.start: sent by the server; answered by start-ok. */
export const CONNECTION_START = 0x000a000a

export interface ConnectionStart {
  readonly versionMajor: number
  readonly versionMinor: number
  readonly serverProperties: Table
  readonly mechanisms: Buffer
  readonly locales: Buffer
}

export function decodeConnectionStart(cursor: Cursor): ConnectionStart {
  const versionMajor = cursor.u8()
  const versionMinor = cursor.u8()
  const serverProperties = readTable(cursor)
  const mechanisms = cursor.longstr()
  const locales = cursor.longstr()
  return { versionMajor, versionMinor, serverProperties, mechanisms, locales }
}

export function writeConnectionStart(
  output: Output,
  channel: number,
  method: ConnectionStart,
): void {
  const bound =
    26 +
    tableSize(method.serverProperties) +
    method.mechanisms.length +
    method.locales.length
  const sizeAt = beginFrame(output, channel, CONNECTION_START, bound)
  output.u8(method.versionMajor)
  output.u8(method.versionMinor)
  writeTable(output, method.serverProperties)
  output.longstr(method.mechanisms)
  output.longstr(method.locales)
  endFrame(output, sizeAt)
}

/** connection.start-ok: sent by the client. */
export const CONNECTION_START_OK = 0x000a000b

export interface ConnectionStartOk {
  readonly clientProperties: Table
  readonly mechanism: string
  readonly response: Buffer
  readonly locale: string
}

export function decodeConnectionStartOk(cursor: Cursor): ConnectionStartOk {
  const clientProperties = readTable(cursor)
  const mechanism = cursor.shortstr()
  const response = cursor.longstr()
  const locale = cursor.shortstr()
  return { clientProperties, mechanism, response, locale }
}

export function writeConnectionStartOk(
  output: Output,
  channel: number,
  method: ConnectionStartOk,
): void {
  const bound = 532 + tableSize(method.clientProperties) + method.response.length
  const sizeAt = beginFrame(output, channel, CONNECTION_START_OK, bound)
  writeTable(output, method.clientProperties)
  output.shortstr(method.mechanism)
  output.longstr(method.response)
  output.shortstr(method.locale)
  endFrame(output, sizeAt)
}

/** connection.secure: sent by the server; answered by secure-ok. */
export const CONNECTION_SECURE = 0x000a0014

export interface ConnectionSecure {
  readonly challenge: Buffer
}

export function decodeConnectionSecure(cursor: Cursor): ConnectionSecure {
  const challenge = cursor.longstr()
  return { challenge }
}

export function writeConnectionSecure(
  output: Output,
  channel: number,
  method: ConnectionSecure,
): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_SECURE, 16 + method.challenge.length)
  output.longstr(method.challenge)
  endFrame(output, sizeAt)
}

/** connection.secure-ok: sent by the client. */
export const CONNECTION_SECURE_OK = 0x000a0015

export interface ConnectionSecureOk {
  readonly response: Buffer
}

export function decodeConnectionSecureOk(cursor: Cursor): ConnectionSecureOk {
  const response = cursor.longstr()
  return { response }
}

export function writeConnectionSecureOk(
  output: Output,
  channel: number,
  method: ConnectionSecureOk,
): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_SECURE_OK, 16 + method.response.length)
  output.longstr(method.response)
  endFrame(output, sizeAt)
}

/** connection.tune: sent by the server; answered by tune-ok. */
export const CONNECTION_TUNE = 0x000a001e

export interface ConnectionTune {
  readonly channelMax: number
  readonly frameMax: number
  readonly heartbeat: number
}

export function decodeConnectionTune(cursor: Cursor): ConnectionTune {
  const channelMax = cursor.u16()
  const frameMax = cursor.u32()
  const heartbeat = cursor.u16()
  return { channelMax, frameMax, heartbeat }
}

export function writeConnectionTune(output: Output, channel: number, method: ConnectionTune): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_TUNE, 20)
  output.u16(method.channelMax)
  output.u32(method.frameMax)
  output.u16(method.heartbeat)
  endFrame(output, sizeAt)
}

/** connection.tune-ok: sent by the client. */
export const CONNECTION_TUNE_OK = 0x000a001f

export interface ConnectionTuneOk {
  readonly channelMax: number
  readonly frameMax: number
  readonly heartbeat: number
}

export function decodeConnectionTuneOk(cursor: Cursor): ConnectionTuneOk {
  const channelMax = cursor.u16()
  const frameMax = cursor.u32()
  const heartbeat = cursor.u16()
  return { channelMax, frameMax, heartbeat }
}

export function writeConnectionTuneOk(
  output: Output,
  channel: number,
  method: ConnectionTuneOk,
): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_TUNE_OK, 20)
  output.u16(method.channelMax)
  output.u32(method.frameMax)
  output.u16(method.heartbeat)
  endFrame(output, sizeAt)
}

/** connection.open: sent by the client; answered by open-ok. */
export const CONNECTION_OPEN = 0x000a0028

export interface ConnectionOpen {
  readonly virtualHost: string
}

export function decodeConnectionOpen(cursor: Cursor): ConnectionOpen {
  const virtualHost = cursor.shortstr()
  cursor.shortstr() // reserved-1
  cursor.u8() // reserved-2
  return { virtualHost }
}

export function writeConnectionOpen(output: Output, channel: number, method: ConnectionOpen): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_OPEN, 525)
  output.shortstr(method.virtualHost)
  output.u8(0)
  output.u8(0)
  endFrame(output, sizeAt)
}

/** connection.open-ok: sent by the server. */
export const CONNECTION_OPEN_OK = 0x000a0029

export function decodeConnectionOpenOk(cursor: Cursor): void {
  cursor.shortstr() // reserved-1
}

export function writeConnectionOpenOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_OPEN_OK, 268)
  output.u8(0)
  endFrame(output, sizeAt)
}

/** connection.close: sent by both sides; answered by close-ok. */
export const CONNECTION_CLOSE = 0x000a0032

export interface ConnectionClose {
  readonly replyCode: number
  readonly replyText: string
  readonly classId: number
  readonly methodId: number
}

export function decodeConnectionClose(cursor: Cursor): ConnectionClose {
  const replyCode = cursor.u16()
  const replyText = cursor.shortstr()
  const classId = cursor.u16()
  const methodId = cursor.u16()
  return { replyCode, replyText, classId, methodId }
}

export function writeConnectionClose(
  output: Output,
  channel: number,
  method: ConnectionClose,
): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_CLOSE, 274)
  output.u16(method.replyCode)
  output.shortstr(method.replyText)
  output.u16(method.classId)
  output.u16(method.methodId)
  endFrame(output, sizeAt)
}

/** connection.close-ok: sent by both sides. */
export const CONNECTION_CLOSE_OK = 0x000a0033

export function writeConnectionCloseOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_CLOSE_OK, 12)
  endFrame(output, sizeAt)
}

/** connection.blocked: sent by the server; an extension. */
export const CONNECTION_BLOCKED = 0x000a003c

export interface ConnectionBlocked {
  readonly reason: string
}

export function decodeConnectionBlocked(cursor: Cursor): ConnectionBlocked {
  const reason = cursor.shortstr()
  return { reason }
}

export function writeConnectionBlocked(
  output: Output,
  channel: number,
  method: ConnectionBlocked,
): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_BLOCKED, 268)
  output.shortstr(method.reason)
  endFrame(output, sizeAt)
}

/** connection.unblocked: sent by the server; an extension. */
export const CONNECTION_UNBLOCKED = 0x000a003d

export function writeConnectionUnblocked(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_UNBLOCKED, 12)
  endFrame(output, sizeAt)
}

/** connection.update-secret: sent by the client; answered by update-secret-ok; an extension. */
export const CONNECTION_UPDATE_SECRET = 0x000a0046

export interface ConnectionUpdateSecret {
  readonly newSecret: Buffer
  readonly reason: string
}

export function decodeConnectionUpdateSecret(cursor: Cursor): ConnectionUpdateSecret {
  const newSecret = cursor.longstr()
  const reason = cursor.shortstr()
  return { newSecret, reason }
}

export function writeConnectionUpdateSecret(
  output: Output,
  channel: number,
  method: ConnectionUpdateSecret,
): void {
  const bound = 272 + method.newSecret.length
  const sizeAt = beginFrame(output, channel, CONNECTION_UPDATE_SECRET, bound)
  output.longstr(method.newSecret)
  output.shortstr(method.reason)
  endFrame(output, sizeAt)
}

/** connection.update-secret-ok: sent by the server; an extension. */
export const CONNECTION_UPDATE_SECRET_OK = 0x000a0047

export function writeConnectionUpdateSecretOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CONNECTION_UPDATE_SECRET_OK, 12)
  endFrame(output, sizeAt)
}

/** channel.open: sent by the client; answered by open-ok. */
export const CHANNEL_OPEN = 0x0014000a

export function decodeChannelOpen(cursor: Cursor): void {
  cursor.shortstr() // reserved-1
}

export function writeChannelOpen(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CHANNEL_OPEN, 268)
  output.u8(0)
  endFrame(output, sizeAt)
}

/** channel.open-ok: sent by the server. */
export const CHANNEL_OPEN_OK = 0x0014000b

export function decodeChannelOpenOk(cursor: Cursor): void {
  cursor.longstr() // reserved-1
}

export function writeChannelOpenOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CHANNEL_OPEN_OK, 16)
  output.u32(0)
  endFrame(output, sizeAt)
}

/** channel.flow: sent by both sides; answered by flow-ok. */
export const CHANNEL_FLOW = 0x00140014

export interface ChannelFlow {
  readonly active: boolean
}

export function decodeChannelFlow(cursor: Cursor): ChannelFlow {
  const bits = cursor.u8()
  return { active: (bits & 1) !== 0 }
}

export function writeChannelFlow(output: Output, channel: number, method: ChannelFlow): void {
  const sizeAt = beginFrame(output, channel, CHANNEL_FLOW, 13)
  output.u8(method.active ? 1 : 0)
  endFrame(output, sizeAt)
}

/** channel.flow-ok: sent by both sides. */
export const CHANNEL_FLOW_OK = 0x00140015

export interface ChannelFlowOk {
  readonly active: boolean
}

export function decodeChannelFlowOk(cursor: Cursor): ChannelFlowOk {
  const bits = cursor.u8()
  return { active: (bits & 1) !== 0 }
}

export function writeChannelFlowOk(output: Output, channel: number, method: ChannelFlowOk): void {
  const sizeAt = beginFrame(output, channel, CHANNEL_FLOW_OK, 13)
  output.u8(method.active ? 1 : 0)
  endFrame(output, sizeAt)
}

/** channel.close: sent by both sides; answered by close-ok. */
export const CHANNEL_CLOSE = 0x00140028

export interface ChannelClose {
  readonly replyCode: number
  readonly replyText: string
  readonly classId: number
  readonly methodId: number
}

export function decodeChannelClose(cursor: Cursor): ChannelClose {
  const replyCode = cursor.u16()
  const replyText = cursor.shortstr()
  const classId = cursor.u16()
  const methodId = cursor.u16()
  return { replyCode, replyText, classId, methodId }
}

export function writeChannelClose(output: Output, channel: number, method: ChannelClose): void {
  const sizeAt = beginFrame(output, channel, CHANNEL_CLOSE, 274)
  output.u16(method.replyCode)
  output.shortstr(method.replyText)
  output.u16(method.classId)
  output.u16(method.methodId)
  endFrame(output, sizeAt)
}

/** channel.close-ok: sent by both sides. */
export const CHANNEL_CLOSE_OK = 0x00140029

export function writeChannelCloseOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CHANNEL_CLOSE_OK, 12)
  endFrame(output, sizeAt)
}

/** access.request: sent by the client; answered by request-ok. */
export const ACCESS_REQUEST = 0x001e000a

export interface AccessRequest {
  readonly realm: string
  readonly exclusive: boolean
  readonly passive: boolean
  readonly active: boolean
  readonly write: boolean
  readonly read: boolean
}

export function decodeAccessRequest(cursor: Cursor): AccessRequest {
  const realm = cursor.shortstr()
  const bits = cursor.u8()
  return {
    realm,
    exclusive: (bits & 1) !== 0,
    passive: (bits & 2) !== 0,
    active: (bits & 4) !== 0,
    write: (bits & 8) !== 0,
    read: (bits & 16) !== 0,
  }
}

export function writeAccessRequest(output: Output, channel: number, method: AccessRequest): void {
  const sizeAt = beginFrame(output, channel, ACCESS_REQUEST, 269)
  output.shortstr(method.realm)
  output.u8(
    (method.exclusive ? 1 : 0) |
      (method.passive ? 2 : 0) |
      (method.active ? 4 : 0) |
      (method.write ? 8 : 0) |
      (method.read ? 16 : 0),
  )
  endFrame(output, sizeAt)
}

/** access.request-ok: sent by the server. */
export const ACCESS_REQUEST_OK = 0x001e000b

export interface AccessRequestOk {
  readonly ticket: number
}

export function decodeAccessRequestOk(cursor: Cursor): AccessRequestOk {
  const ticket = cursor.u16()
  return { ticket }
}

export function writeAccessRequestOk(
  output: Output,
  channel: number,
  method: AccessRequestOk,
): void {
  const sizeAt = beginFrame(output, channel, ACCESS_REQUEST_OK, 14)
  output.u16(method.ticket)
  endFrame(output, sizeAt)
}

/** exchange.declare: sent by the client; answered by declare-ok. */
export const EXCHANGE_DECLARE = 0x0028000a

export interface ExchangeDeclare {
  readonly exchange: string
  readonly type: string
  readonly passive: boolean
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly internal: boolean
  readonly noWait: boolean
  readonly arguments: Table
}

export function decodeExchangeDeclare(cursor: Cursor): ExchangeDeclare {
  cursor.u16() // ticket
  const exchange = cursor.shortstr()
  const type = cursor.shortstr()
  const bits = cursor.u8()
  const table = readTable(cursor)
  return {
    exchange,
    type,
    passive: (bits & 1) !== 0,
    durable: (bits & 2) !== 0,
    autoDelete: (bits & 4) !== 0,
    internal: (bits & 8) !== 0,
    noWait: (bits & 16) !== 0,
    arguments: table,
  }
}

export function writeExchangeDeclare(
  output: Output,
  channel: number,
  method: ExchangeDeclare,
): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_DECLARE, 531 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.exchange)
  output.shortstr(method.type)
  output.u8(
    (method.passive ? 1 : 0) |
      (method.durable ? 2 : 0) |
      (method.autoDelete ? 4 : 0) |
      (method.internal ? 8 : 0) |
      (method.noWait ? 16 : 0),
  )
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** exchange.declare-ok: sent by the server. */
export const EXCHANGE_DECLARE_OK = 0x0028000b

export function writeExchangeDeclareOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_DECLARE_OK, 12)
  endFrame(output, sizeAt)
}

/** exchange.delete: sent by the client; answered by delete-ok. */
export const EXCHANGE_DELETE = 0x00280014

export interface ExchangeDelete {
  readonly exchange: string
  readonly ifUnused: boolean
  readonly noWait: boolean
}

export function decodeExchangeDelete(cursor: Cursor): ExchangeDelete {
  cursor.u16() // ticket
  const exchange = cursor.shortstr()
  const bits = cursor.u8()
  return { exchange, ifUnused: (bits & 1) !== 0, noWait: (bits & 2) !== 0 }
}

export function writeExchangeDelete(output: Output, channel: number, method: ExchangeDelete): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_DELETE, 271)
  output.u16(0)
  output.shortstr(method.exchange)
  output.u8((method.ifUnused ? 1 : 0) | (method.noWait ? 2 : 0))
  endFrame(output, sizeAt)
}

/** exchange.delete-ok: sent by the server. */
export const EXCHANGE_DELETE_OK = 0x00280015

export function writeExchangeDeleteOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_DELETE_OK, 12)
  endFrame(output, sizeAt)
}

/** exchange.bind: sent by the client; answered by bind-ok; an extension. */
export const EXCHANGE_BIND = 0x0028001e

export interface ExchangeBind {
  readonly destination: string
  readonly source: string
  readonly routingKey: string
  readonly noWait: boolean
  readonly arguments: Table
}

export function decodeExchangeBind(cursor: Cursor): ExchangeBind {
  cursor.u16() // ticket
  const destination = cursor.shortstr()
  const source = cursor.shortstr()
  const routingKey = cursor.shortstr()
  const bits = cursor.u8()
  const table = readTable(cursor)
  return { destination, source, routingKey, noWait: (bits & 1) !== 0, arguments: table }
}

export function writeExchangeBind(output: Output, channel: number, method: ExchangeBind): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_BIND, 787 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.destination)
  output.shortstr(method.source)
  output.shortstr(method.routingKey)
  output.u8(method.noWait ? 1 : 0)
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** exchange.bind-ok: sent by the server; an extension. */
export const EXCHANGE_BIND_OK = 0x0028001f

export function writeExchangeBindOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_BIND_OK, 12)
  endFrame(output, sizeAt)
}

/** exchange.unbind: sent by the client; answered by unbind-ok; an extension. */
export const EXCHANGE_UNBIND = 0x00280028

export interface ExchangeUnbind {
  readonly destination: string
  readonly source: string
  readonly routingKey: string
  readonly noWait: boolean
  readonly arguments: Table
}

export function decodeExchangeUnbind(cursor: Cursor): ExchangeUnbind {
  cursor.u16() // ticket
  const destination = cursor.shortstr()
  const source = cursor.shortstr()
  const routingKey = cursor.shortstr()
  const bits = cursor.u8()
  const table = readTable(cursor)
  return { destination, source, routingKey, noWait: (bits & 1) !== 0, arguments: table }
}

export function writeExchangeUnbind(output: Output, channel: number, method: ExchangeUnbind): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_UNBIND, 787 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.destination)
  output.shortstr(method.source)
  output.shortstr(method.routingKey)
  output.u8(method.noWait ? 1 : 0)
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** exchange.unbind-ok: sent by the server; an extension. */
export const EXCHANGE_UNBIND_OK = 0x00280033

export function writeExchangeUnbindOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, EXCHANGE_UNBIND_OK, 12)
  endFrame(output, sizeAt)
}

/** queue.declare: sent by the client; answered by declare-ok. */
export const QUEUE_DECLARE = 0x0032000a

export interface QueueDeclare {
  readonly queue: string
  readonly passive: boolean
  readonly durable: boolean
  readonly exclusive: boolean
  readonly autoDelete: boolean
  readonly noWait: boolean
  readonly arguments: Table
}

export function decodeQueueDeclare(cursor: Cursor): QueueDeclare {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const bits = cursor.u8()
  const table = readTable(cursor)
  return {
    queue,
    passive: (bits & 1) !== 0,
    durable: (bits & 2) !== 0,
    exclusive: (bits & 4) !== 0,
    autoDelete: (bits & 8) !== 0,
    noWait: (bits & 16) !== 0,
    arguments: table,
  }
}

export function writeQueueDeclare(output: Output, channel: number, method: QueueDeclare): void {
  const sizeAt = beginFrame(output, channel, QUEUE_DECLARE, 275 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.queue)
  output.u8(
    (method.passive ? 1 : 0) |
      (method.durable ? 2 : 0) |
      (method.exclusive ? 4 : 0) |
      (method.autoDelete ? 8 : 0) |
      (method.noWait ? 16 : 0),
  )
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** queue.declare-ok: sent by the server. */
export const QUEUE_DECLARE_OK = 0x0032000b

export interface QueueDeclareOk {
  readonly queue: string
  readonly messageCount: number
  readonly consumerCount: number
}

export function decodeQueueDeclareOk(cursor: Cursor): QueueDeclareOk {
  const queue = cursor.shortstr()
  const messageCount = cursor.u32()
  const consumerCount = cursor.u32()
  return { queue, messageCount, consumerCount }
}

export function writeQueueDeclareOk(output: Output, channel: number, method: QueueDeclareOk): void {
  const sizeAt = beginFrame(output, channel, QUEUE_DECLARE_OK, 276)
  output.shortstr(method.queue)
  output.u32(method.messageCount)
  output.u32(method.consumerCount)
  endFrame(output, sizeAt)
}

/** queue.bind: sent by the client; answered by bind-ok. */
export const QUEUE_BIND = 0x00320014

export interface QueueBind {
  readonly queue: string
  readonly exchange: string
  readonly routingKey: string
  readonly noWait: boolean
  readonly arguments: Table
}

export function decodeQueueBind(cursor: Cursor): QueueBind {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const exchange = cursor.shortstr()
  const routingKey = cursor.shortstr()
  const bits = cursor.u8()
  const table = readTable(cursor)
  return { queue, exchange, routingKey, noWait: (bits & 1) !== 0, arguments: table }
}

export function writeQueueBind(output: Output, channel: number, method: QueueBind): void {
  const sizeAt = beginFrame(output, channel, QUEUE_BIND, 787 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.queue)
  output.shortstr(method.exchange)
  output.shortstr(method.routingKey)
  output.u8(method.noWait ? 1 : 0)
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** queue.bind-ok: sent by the server. */
export const QUEUE_BIND_OK = 0x00320015

export function writeQueueBindOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, QUEUE_BIND_OK, 12)
  endFrame(output, sizeAt)
}

/** queue.purge: sent by the client; answered by purge-ok. */
export const QUEUE_PURGE = 0x0032001e

export interface QueuePurge {
  readonly queue: string
  readonly noWait: boolean
}

export function decodeQueuePurge(cursor: Cursor): QueuePurge {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const bits = cursor.u8()
  return { queue, noWait: (bits & 1) !== 0 }
}

export function writeQueuePurge(output: Output, channel: number, method: QueuePurge): void {
  const sizeAt = beginFrame(output, channel, QUEUE_PURGE, 271)
  output.u16(0)
  output.shortstr(method.queue)
  output.u8(method.noWait ? 1 : 0)
  endFrame(output, sizeAt)
}

/** queue.purge-ok: sent by the server. */
export const QUEUE_PURGE_OK = 0x0032001f

export interface QueuePurgeOk {
  readonly messageCount: number
}

export function decodeQueuePurgeOk(cursor: Cursor): QueuePurgeOk {
  const messageCount = cursor.u32()
  return { messageCount }
}

export function writeQueuePurgeOk(output: Output, channel: number, method: QueuePurgeOk): void {
  const sizeAt = beginFrame(output, channel, QUEUE_PURGE_OK, 16)
  output.u32(method.messageCount)
  endFrame(output, sizeAt)
}

/** queue.delete: sent by the client; answered by delete-ok. */
export const QUEUE_DELETE = 0x00320028

export interface QueueDelete {
  readonly queue: string
  readonly ifUnused: boolean
  readonly ifEmpty: boolean
  readonly noWait: boolean
}

export function decodeQueueDelete(cursor: Cursor): QueueDelete {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const bits = cursor.u8()
  return { queue, ifUnused: (bits & 1) !== 0, ifEmpty: (bits & 2) !== 0, noWait: (bits & 4) !== 0 }
}

export function writeQueueDelete(output: Output, channel: number, method: QueueDelete): void {
  const sizeAt = beginFrame(output, channel, QUEUE_DELETE, 271)
  output.u16(0)
  output.shortstr(method.queue)
  output.u8((method.ifUnused ? 1 : 0) | (method.ifEmpty ? 2 : 0) | (method.noWait ? 4 : 0))
  endFrame(output, sizeAt)
}

/** queue.delete-ok: sent by the server. */
export const QUEUE_DELETE_OK = 0x00320029

export interface QueueDeleteOk {
  readonly messageCount: number
}

export function decodeQueueDeleteOk(cursor: Cursor): QueueDeleteOk {
  const messageCount = cursor.u32()
  return { messageCount }
}

export function writeQueueDeleteOk(output: Output, channel: number, method: QueueDeleteOk): void {
  const sizeAt = beginFrame(output, channel, QUEUE_DELETE_OK, 16)
  output.u32(method.messageCount)
  endFrame(output, sizeAt)
}

/** queue.unbind: sent by the client; answered by unbind-ok. */
export const QUEUE_UNBIND = 0x00320032

export interface QueueUnbind {
  readonly queue: string
  readonly exchange: string
  readonly routingKey: string
  readonly arguments: Table
}

export function decodeQueueUnbind(cursor: Cursor): QueueUnbind {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const exchange = cursor.shortstr()
  const routingKey = cursor.shortstr()
  const table = readTable(cursor)
  return { queue, exchange, routingKey, arguments: table }
}

export function writeQueueUnbind(output: Output, channel: number, method: QueueUnbind): void {
  const sizeAt = beginFrame(output, channel, QUEUE_UNBIND, 786 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.queue)
  output.shortstr(method.exchange)
  output.shortstr(method.routingKey)
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** queue.unbind-ok: sent by the server. */
export const QUEUE_UNBIND_OK = 0x00320033

export function writeQueueUnbindOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, QUEUE_UNBIND_OK, 12)
  endFrame(output, sizeAt)
}

/** basic.qos: sent by the client; answered by qos-ok. */
export const BASIC_QOS = 0x003c000a

export interface BasicQos {
  readonly prefetchSize: number
  readonly prefetchCount: number
  readonly global: boolean
}

export function decodeBasicQos(cursor: Cursor): BasicQos {
  const prefetchSize = cursor.u32()
  const prefetchCount = cursor.u16()
  const bits = cursor.u8()
  return { prefetchSize, prefetchCount, global: (bits & 1) !== 0 }
}

export function writeBasicQos(output: Output, channel: number, method: BasicQos): void {
  const sizeAt = beginFrame(output, channel, BASIC_QOS, 19)
  output.u32(method.prefetchSize)
  output.u16(method.prefetchCount)
  output.u8(method.global ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.qos-ok: sent by the server. */
export const BASIC_QOS_OK = 0x003c000b

export function writeBasicQosOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, BASIC_QOS_OK, 12)
  endFrame(output, sizeAt)
}

/** basic.consume: sent by the client; answered by consume-ok. */
export const BASIC_CONSUME = 0x003c0014

export interface BasicConsume {
  readonly queue: string
  readonly consumerTag: string
  readonly noLocal: boolean
  readonly noAck: boolean
  readonly exclusive: boolean
  readonly noWait: boolean
  readonly arguments: Table
}

export function decodeBasicConsume(cursor: Cursor): BasicConsume {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const consumerTag = cursor.shortstr()
  const bits = cursor.u8()
  const table = readTable(cursor)
  return {
    queue,
    consumerTag,
    noLocal: (bits & 1) !== 0,
    noAck: (bits & 2) !== 0,
    exclusive: (bits & 4) !== 0,
    noWait: (bits & 8) !== 0,
    arguments: table,
  }
}

export function writeBasicConsume(output: Output, channel: number, method: BasicConsume): void {
  const sizeAt = beginFrame(output, channel, BASIC_CONSUME, 531 + tableSize(method.arguments))
  output.u16(0)
  output.shortstr(method.queue)
  output.shortstr(method.consumerTag)
  output.u8(
    (method.noLocal ? 1 : 0) |
      (method.noAck ? 2 : 0) |
      (method.exclusive ? 4 : 0) |
      (method.noWait ? 8 : 0),
  )
  writeTable(output, method.arguments)
  endFrame(output, sizeAt)
}

/** basic.consume-ok: sent by the server. */
export const BASIC_CONSUME_OK = 0x003c0015

export interface BasicConsumeOk {
  readonly consumerTag: string
}

export function decodeBasicConsumeOk(cursor: Cursor): BasicConsumeOk {
  const consumerTag = cursor.shortstr()
  return { consumerTag }
}

export function writeBasicConsumeOk(output: Output, channel: number, method: BasicConsumeOk): void {
  const sizeAt = beginFrame(output, channel, BASIC_CONSUME_OK, 268)
  output.shortstr(method.consumerTag)
  endFrame(output, sizeAt)
}

/** basic.cancel: sent by both sides; answered by cancel-ok. */
export const BASIC_CANCEL = 0x003c001e

export interface BasicCancel {
  readonly consumerTag: string
  readonly noWait: boolean
}

export function decodeBasicCancel(cursor: Cursor): BasicCancel {
  const consumerTag = cursor.shortstr()
  const bits = cursor.u8()
  return { consumerTag, noWait: (bits & 1) !== 0 }
}

export function writeBasicCancel(output: Output, channel: number, method: BasicCancel): void {
  const sizeAt = beginFrame(output, channel, BASIC_CANCEL, 269)
  output.shortstr(method.consumerTag)
  output.u8(method.noWait ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.cancel-ok: sent by both sides. */
export const BASIC_CANCEL_OK = 0x003c001f

export interface BasicCancelOk {
  readonly consumerTag: string
}

export function decodeBasicCancelOk(cursor: Cursor): BasicCancelOk {
  const consumerTag = cursor.shortstr()
  return { consumerTag }
}

export function writeBasicCancelOk(output: Output, channel: number, method: BasicCancelOk): void {
  const sizeAt = beginFrame(output, channel, BASIC_CANCEL_OK, 268)
  output.shortstr(method.consumerTag)
  endFrame(output, sizeAt)
}

/** basic.publish: sent by the client; content follows. */
export const BASIC_PUBLISH = 0x003c0028

export interface BasicPublish {
  readonly exchange: string
  readonly routingKey: string
  readonly mandatory: boolean
  readonly immediate: boolean
}

export function decodeBasicPublish(cursor: Cursor): BasicPublish {
  cursor.u16() // ticket
  const exchange = cursor.lenientShortstr()
  const routingKey = cursor.lenientShortstr()
  const bits = cursor.u8()
  return { exchange, routingKey, mandatory: (bits & 1) !== 0, immediate: (bits & 2) !== 0 }
}

export function writeBasicPublish(output: Output, channel: number, method: BasicPublish): void {
  const sizeAt = beginFrame(output, channel, BASIC_PUBLISH, 527)
  output.u16(0)
  output.shortstr(method.exchange)
  output.shortstr(method.routingKey)
  output.u8((method.mandatory ? 1 : 0) | (method.immediate ? 2 : 0))
  endFrame(output, sizeAt)
}

/** basic.return: sent by the server; content follows. */
export const BASIC_RETURN = 0x003c0032

export interface BasicReturn {
  readonly replyCode: number
  readonly replyText: string
  readonly exchange: string
  readonly routingKey: string
}

export function decodeBasicReturn(cursor: Cursor): BasicReturn {
  const replyCode = cursor.u16()
  const replyText = cursor.lenientShortstr()
  const exchange = cursor.lenientShortstr()
  const routingKey = cursor.lenientShortstr()
  return { replyCode, replyText, exchange, routingKey }
}

export function writeBasicReturn(output: Output, channel: number, method: BasicReturn): void {
  const sizeAt = beginFrame(output, channel, BASIC_RETURN, 782)
  output.u16(method.replyCode)
  output.shortstr(method.replyText)
  output.shortstr(method.exchange)
  output.shortstr(method.routingKey)
  endFrame(output, sizeAt)
}

/** basic.deliver: sent by the server; content follows. */
export const BASIC_DELIVER = 0x003c003c

export interface BasicDeliver {
  readonly consumerTag: string
  readonly deliveryTag: number
  readonly redelivered: boolean
  readonly exchange: string
  readonly routingKey: string
}

export function decodeBasicDeliver(cursor: Cursor): BasicDeliver {
  const consumerTag = cursor.lenientShortstr()
  const deliveryTag = cursor.u64()
  const bits = cursor.u8()
  const exchange = cursor.lenientShortstr()
  const routingKey = cursor.lenientShortstr()
  return { consumerTag, deliveryTag, redelivered: (bits & 1) !== 0, exchange, routingKey }
}

export function writeBasicDeliver(output: Output, channel: number, method: BasicDeliver): void {
  const sizeAt = beginFrame(output, channel, BASIC_DELIVER, 789)
  output.shortstr(method.consumerTag)
  output.u64(method.deliveryTag)
  output.u8(method.redelivered ? 1 : 0)
  output.shortstr(method.exchange)
  output.shortstr(method.routingKey)
  endFrame(output, sizeAt)
}

/** basic.get: sent by the client; answered by get-ok or get-empty. */
export const BASIC_GET = 0x003c0046

export interface BasicGet {
  readonly queue: string
  readonly noAck: boolean
}

export function decodeBasicGet(cursor: Cursor): BasicGet {
  cursor.u16() // ticket
  const queue = cursor.shortstr()
  const bits = cursor.u8()
  return { queue, noAck: (bits & 1) !== 0 }
}

export function writeBasicGet(output: Output, channel: number, method: BasicGet): void {
  const sizeAt = beginFrame(output, channel, BASIC_GET, 271)
  output.u16(0)
  output.shortstr(method.queue)
  output.u8(method.noAck ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.get-ok: sent by the server; content follows. */
export const BASIC_GET_OK = 0x003c0047

export interface BasicGetOk {
  readonly deliveryTag: number
  readonly redelivered: boolean
  readonly exchange: string
  readonly routingKey: string
  readonly messageCount: number
}

export function decodeBasicGetOk(cursor: Cursor): BasicGetOk {
  const deliveryTag = cursor.u64()
  const bits = cursor.u8()
  const exchange = cursor.lenientShortstr()
  const routingKey = cursor.lenientShortstr()
  const messageCount = cursor.u32()
  return { deliveryTag, redelivered: (bits & 1) !== 0, exchange, routingKey, messageCount }
}

export function writeBasicGetOk(output: Output, channel: number, method: BasicGetOk): void {
  const sizeAt = beginFrame(output, channel, BASIC_GET_OK, 537)
  output.u64(method.deliveryTag)
  output.u8(method.redelivered ? 1 : 0)
  output.shortstr(method.exchange)
  output.shortstr(method.routingKey)
  output.u32(method.messageCount)
  endFrame(output, sizeAt)
}

/** basic.get-empty: sent by the server. */
export const BASIC_GET_EMPTY = 0x003c0048

export function decodeBasicGetEmpty(cursor: Cursor): void {
  cursor.shortstr() // reserved-1
}

export function writeBasicGetEmpty(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, BASIC_GET_EMPTY, 268)
  output.u8(0)
  endFrame(output, sizeAt)
}

/** basic.ack: sent by both sides. */
export const BASIC_ACK = 0x003c0050

export interface BasicAck {
  readonly deliveryTag: number
  readonly multiple: boolean
}

export function decodeBasicAck(cursor: Cursor): BasicAck {
  const deliveryTag = cursor.u64()
  const bits = cursor.u8()
  return { deliveryTag, multiple: (bits & 1) !== 0 }
}

export function writeBasicAck(output: Output, channel: number, method: BasicAck): void {
  const sizeAt = beginFrame(output, channel, BASIC_ACK, 21)
  output.u64(method.deliveryTag)
  output.u8(method.multiple ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.reject: sent by the client. */
export const BASIC_REJECT = 0x003c005a

export interface BasicReject {
  readonly deliveryTag: number
  readonly requeue: boolean
}

export function decodeBasicReject(cursor: Cursor): BasicReject {
  const deliveryTag = cursor.u64()
  const bits = cursor.u8()
  return { deliveryTag, requeue: (bits & 1) !== 0 }
}

export function writeBasicReject(output: Output, channel: number, method: BasicReject): void {
  const sizeAt = beginFrame(output, channel, BASIC_REJECT, 21)
  output.u64(method.deliveryTag)
  output.u8(method.requeue ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.recover-async: sent by the client. */
export const BASIC_RECOVER_ASYNC = 0x003c0064

export interface BasicRecoverAsync {
  readonly requeue: boolean
}

export function decodeBasicRecoverAsync(cursor: Cursor): BasicRecoverAsync {
  const bits = cursor.u8()
  return { requeue: (bits & 1) !== 0 }
}

export function writeBasicRecoverAsync(
  output: Output,
  channel: number,
  method: BasicRecoverAsync,
): void {
  const sizeAt = beginFrame(output, channel, BASIC_RECOVER_ASYNC, 13)
  output.u8(method.requeue ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.recover: sent by the client; answered by recover-ok. */
export const BASIC_RECOVER = 0x003c006e

export interface BasicRecover {
  readonly requeue: boolean
}

export function decodeBasicRecover(cursor: Cursor): BasicRecover {
  const bits = cursor.u8()
  return { requeue: (bits & 1) !== 0 }
}

export function writeBasicRecover(output: Output, channel: number, method: BasicRecover): void {
  const sizeAt = beginFrame(output, channel, BASIC_RECOVER, 13)
  output.u8(method.requeue ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.recover-ok: sent by the server. */
export const BASIC_RECOVER_OK = 0x003c006f

export function writeBasicRecoverOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, BASIC_RECOVER_OK, 12)
  endFrame(output, sizeAt)
}

/** basic.nack: sent by both sides; an extension. */
export const BASIC_NACK = 0x003c0078

export interface BasicNack {
  readonly deliveryTag: number
  readonly multiple: boolean
  readonly requeue: boolean
}

export function decodeBasicNack(cursor: Cursor): BasicNack {
  const deliveryTag = cursor.u64()
  const bits = cursor.u8()
  return { deliveryTag, multiple: (bits & 1) !== 0, requeue: (bits & 2) !== 0 }
}

export function writeBasicNack(output: Output, channel: number, method: BasicNack): void {
  const sizeAt = beginFrame(output, channel, BASIC_NACK, 21)
  output.u64(method.deliveryTag)
  output.u8((method.multiple ? 1 : 0) | (method.requeue ? 2 : 0))
  endFrame(output, sizeAt)
}

/** basic.credit: sent by the client; answered by credit-ok; an extension. */
export const BASIC_CREDIT = 0x003c00c8

export interface BasicCredit {
  readonly consumerTag: string
  readonly credit: number
  readonly drain: boolean
}

export function decodeBasicCredit(cursor: Cursor): BasicCredit {
  const consumerTag = cursor.shortstr()
  const credit = cursor.u32()
  const bits = cursor.u8()
  return { consumerTag, credit, drain: (bits & 1) !== 0 }
}

export function writeBasicCredit(output: Output, channel: number, method: BasicCredit): void {
  const sizeAt = beginFrame(output, channel, BASIC_CREDIT, 273)
  output.shortstr(method.consumerTag)
  output.u32(method.credit)
  output.u8(method.drain ? 1 : 0)
  endFrame(output, sizeAt)
}

/** basic.credit-ok: sent by the server; an extension. */
export const BASIC_CREDIT_OK = 0x003c00c9

export interface BasicCreditOk {
  readonly available: number
}

export function decodeBasicCreditOk(cursor: Cursor): BasicCreditOk {
  const available = cursor.u32()
  return { available }
}

export function writeBasicCreditOk(output: Output, channel: number, method: BasicCreditOk): void {
  const sizeAt = beginFrame(output, channel, BASIC_CREDIT_OK, 16)
  output.u32(method.available)
  endFrame(output, sizeAt)
}

/** basic.credit-drained: sent by the server; an extension. */
export const BASIC_CREDIT_DRAINED = 0x003c00ca

export interface BasicCreditDrained {
  readonly consumerTag: string
  readonly creditDrained: number
}

export function decodeBasicCreditDrained(cursor: Cursor): BasicCreditDrained {
  const consumerTag = cursor.shortstr()
  const creditDrained = cursor.u32()
  return { consumerTag, creditDrained }
}

export function writeBasicCreditDrained(
  output: Output,
  channel: number,
  method: BasicCreditDrained,
): void {
  const sizeAt = beginFrame(output, channel, BASIC_CREDIT_DRAINED, 272)
  output.shortstr(method.consumerTag)
  output.u32(method.creditDrained)
  endFrame(output, sizeAt)
}

/** confirm.select: sent by the client; answered by select-ok; an extension. */
export const CONFIRM_SELECT = 0x0055000a

export interface ConfirmSelect {
  readonly noWait: boolean
}

export function decodeConfirmSelect(cursor: Cursor): ConfirmSelect {
  const bits = cursor.u8()
  return { noWait: (bits & 1) !== 0 }
}

export function writeConfirmSelect(output: Output, channel: number, method: ConfirmSelect): void {
  const sizeAt = beginFrame(output, channel, CONFIRM_SELECT, 13)
  output.u8(method.noWait ? 1 : 0)
  endFrame(output, sizeAt)
}

/** confirm.select-ok: sent by the server; an extension. */
export const CONFIRM_SELECT_OK = 0x0055000b

export function writeConfirmSelectOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, CONFIRM_SELECT_OK, 12)
  endFrame(output, sizeAt)
}

/** tx.select: sent by the client; answered by select-ok. */
export const TX_SELECT = 0x005a000a

export function writeTxSelect(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, TX_SELECT, 12)
  endFrame(output, sizeAt)
}

/** tx.select-ok: sent by the server. */
export const TX_SELECT_OK = 0x005a000b

export function writeTxSelectOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, TX_SELECT_OK, 12)
  endFrame(output, sizeAt)
}

/** tx.commit: sent by the client; answered by commit-ok. */
export const TX_COMMIT = 0x005a0014

export function writeTxCommit(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, TX_COMMIT, 12)
  endFrame(output, sizeAt)
}

/** tx.commit-ok: sent by the server. */
export const TX_COMMIT_OK = 0x005a0015

export function writeTxCommitOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, TX_COMMIT_OK, 12)
  endFrame(output, sizeAt)
}

/** tx.rollback: sent by the client; answered by rollback-ok. */
export const TX_ROLLBACK = 0x005a001e

export function writeTxRollback(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, TX_ROLLBACK, 12)
  endFrame(output, sizeAt)
}

/** tx.rollback-ok: sent by the server. */
export const TX_ROLLBACK_OK = 0x005a001f

export function writeTxRollbackOk(output: Output, channel: number): void {
  const sizeAt = beginFrame(output, channel, TX_ROLLBACK_OK, 12)
  endFrame(output, sizeAt)
}

/** Any method, told apart by `id`. */
export type Method =
  | ({ readonly id: typeof CONNECTION_START } & ConnectionStart)
  | ({ readonly id: typeof CONNECTION_START_OK } & ConnectionStartOk)
  | ({ readonly id: typeof CONNECTION_SECURE } & ConnectionSecure)
  | ({ readonly id: typeof CONNECTION_SECURE_OK } & ConnectionSecureOk)
  | ({ readonly id: typeof CONNECTION_TUNE } & ConnectionTune)
  | ({ readonly id: typeof CONNECTION_TUNE_OK } & ConnectionTuneOk)
  | ({ readonly id: typeof CONNECTION_OPEN } & ConnectionOpen)
  | { readonly id: typeof CONNECTION_OPEN_OK }
  | ({ readonly id: typeof CONNECTION_CLOSE } & ConnectionClose)
  | { readonly id: typeof CONNECTION_CLOSE_OK }
  | ({ readonly id: typeof CONNECTION_BLOCKED } & ConnectionBlocked)
  | { readonly id: typeof CONNECTION_UNBLOCKED }
  | ({ readonly id: typeof CONNECTION_UPDATE_SECRET } & ConnectionUpdateSecret)
  | { readonly id: typeof CONNECTION_UPDATE_SECRET_OK }
  | { readonly id: typeof CHANNEL_OPEN }
  | { readonly id: typeof CHANNEL_OPEN_OK }
  | ({ readonly id: typeof CHANNEL_FLOW } & ChannelFlow)
  | ({ readonly id: typeof CHANNEL_FLOW_OK } & ChannelFlowOk)
  | ({ readonly id: typeof CHANNEL_CLOSE } & ChannelClose)
  | { readonly id: typeof CHANNEL_CLOSE_OK }
  | ({ readonly id: typeof ACCESS_REQUEST } & AccessRequest)
  | ({ readonly id: typeof ACCESS_REQUEST_OK } & AccessRequestOk)
  | ({ readonly id: typeof EXCHANGE_DECLARE } & ExchangeDeclare)
  | { readonly id: typeof EXCHANGE_DECLARE_OK }
  | ({ readonly id: typeof EXCHANGE_DELETE } & ExchangeDelete)
  | { readonly id: typeof EXCHANGE_DELETE_OK }
  | ({ readonly id: typeof EXCHANGE_BIND } & ExchangeBind)
  | { readonly id: typeof EXCHANGE_BIND_OK }
  | ({ readonly id: typeof EXCHANGE_UNBIND } & ExchangeUnbind)
  | { readonly id: typeof EXCHANGE_UNBIND_OK }
  | ({ readonly id: typeof QUEUE_DECLARE } & QueueDeclare)
  | ({ readonly id: typeof QUEUE_DECLARE_OK } & QueueDeclareOk)
  | ({ readonly id: typeof QUEUE_BIND } & QueueBind)
  | { readonly id: typeof QUEUE_BIND_OK }
  | ({ readonly id: typeof QUEUE_PURGE } & QueuePurge)
  | ({ readonly id: typeof QUEUE_PURGE_OK } & QueuePurgeOk)
  | ({ readonly id: typeof QUEUE_DELETE } & QueueDelete)
  | ({ readonly id: typeof QUEUE_DELETE_OK } & QueueDeleteOk)
  | ({ readonly id: typeof QUEUE_UNBIND } & QueueUnbind)
  | { readonly id: typeof QUEUE_UNBIND_OK }
  | ({ readonly id: typeof BASIC_QOS } & BasicQos)
  | { readonly id: typeof BASIC_QOS_OK }
  | ({ readonly id: typeof BASIC_CONSUME } & BasicConsume)
  | ({ readonly id: typeof BASIC_CONSUME_OK } & BasicConsumeOk)
  | ({ readonly id: typeof BASIC_CANCEL } & BasicCancel)
  | ({ readonly id: typeof BASIC_CANCEL_OK } & BasicCancelOk)
  | ({ readonly id: typeof BASIC_PUBLISH } & BasicPublish)
  | ({ readonly id: typeof BASIC_RETURN } & BasicReturn)
  | ({ readonly id: typeof BASIC_DELIVER } & BasicDeliver)
  | ({ readonly id: typeof BASIC_GET } & BasicGet)
  | ({ readonly id: typeof BASIC_GET_OK } & BasicGetOk)
  | { readonly id: typeof BASIC_GET_EMPTY }
  | ({ readonly id: typeof BASIC_ACK } & BasicAck)
  | ({ readonly id: typeof BASIC_REJECT } & BasicReject)
  | ({ readonly id: typeof BASIC_RECOVER_ASYNC } & BasicRecoverAsync)
  | ({ readonly id: typeof BASIC_RECOVER } & BasicRecover)
  | { readonly id: typeof BASIC_RECOVER_OK }
  | ({ readonly id: typeof BASIC_NACK } & BasicNack)
  | ({ readonly id: typeof BASIC_CREDIT } & BasicCredit)
  | ({ readonly id: typeof BASIC_CREDIT_OK } & BasicCreditOk)
  | ({ readonly id: typeof BASIC_CREDIT_DRAINED } & BasicCreditDrained)
  | ({ readonly id: typeof CONFIRM_SELECT } & ConfirmSelect)
  | { readonly id: typeof CONFIRM_SELECT_OK }
  | { readonly id: typeof TX_SELECT }
  | { readonly id: typeof TX_SELECT_OK }
  | { readonly id: typeof TX_COMMIT }
  | { readonly id: typeof TX_COMMIT_OK }
  | { readonly id: typeof TX_ROLLBACK }
  | { readonly id: typeof TX_ROLLBACK_OK }

/**
 * The method whose arguments fill the cursor.
 * @throws DecodeError if they are malformed, leave bytes over, or the id is not in METHODS
 */
export function decodeMethod(cursor: Cursor, id: number): Method {
  const method = decodeArguments(cursor, id)
  if (cursor.at !== cursor.end) throw new DecodeError('bytes are left over')
  return method
}

function decodeArguments(cursor: Cursor, id: number): Method {
  switch (id) {
    case CONNECTION_START:
      return { id: CONNECTION_START, ...decodeConnectionStart(cursor) }
    case CONNECTION_START_OK:
      return { id: CONNECTION_START_OK, ...decodeConnectionStartOk(cursor) }
    case CONNECTION_SECURE:
      return { id: CONNECTION_SECURE, ...decodeConnectionSecure(cursor) }
    case CONNECTION_SECURE_OK:
      return { id: CONNECTION_SECURE_OK, ...decodeConnectionSecureOk(cursor) }
    case CONNECTION_TUNE:
      return { id: CONNECTION_TUNE, ...decodeConnectionTune(cursor) }
    case CONNECTION_TUNE_OK:
      return { id: CONNECTION_TUNE_OK, ...decodeConnectionTuneOk(cursor) }
    case CONNECTION_OPEN:
      return { id: CONNECTION_OPEN, ...decodeConnectionOpen(cursor) }
    case CONNECTION_OPEN_OK:
      decodeConnectionOpenOk(cursor)
      return { id: CONNECTION_OPEN_OK }
    case CONNECTION_CLOSE:
      return { id: CONNECTION_CLOSE, ...decodeConnectionClose(cursor) }
    case CONNECTION_CLOSE_OK:
      return { id: CONNECTION_CLOSE_OK }
    case CONNECTION_BLOCKED:
      return { id: CONNECTION_BLOCKED, ...decodeConnectionBlocked(cursor) }
    case CONNECTION_UNBLOCKED:
      return { id: CONNECTION_UNBLOCKED }
    case CONNECTION_UPDATE_SECRET:
      return { id: CONNECTION_UPDATE_SECRET, ...decodeConnectionUpdateSecret(cursor) }
    case CONNECTION_UPDATE_SECRET_OK:
      return { id: CONNECTION_UPDATE_SECRET_OK }
    case CHANNEL_OPEN:
      decodeChannelOpen(cursor)
      return { id: CHANNEL_OPEN }
    case CHANNEL_OPEN_OK:
      decodeChannelOpenOk(cursor)
      return { id: CHANNEL_OPEN_OK }
    case CHANNEL_FLOW:
      return { id: CHANNEL_FLOW, ...decodeChannelFlow(cursor) }
    case CHANNEL_FLOW_OK:
      return { id: CHANNEL_FLOW_OK, ...decodeChannelFlowOk(cursor) }
    case CHANNEL_CLOSE:
      return { id: CHANNEL_CLOSE, ...decodeChannelClose(cursor) }
    case CHANNEL_CLOSE_OK:
      return { id: CHANNEL_CLOSE_OK }
    case ACCESS_REQUEST:
      return { id: ACCESS_REQUEST, ...decodeAccessRequest(cursor) }
    case ACCESS_REQUEST_OK:
      return { id: ACCESS_REQUEST_OK, ...decodeAccessRequestOk(cursor) }
    case EXCHANGE_DECLARE:
      return { id: EXCHANGE_DECLARE, ...decodeExchangeDeclare(cursor) }
    case EXCHANGE_DECLARE_OK:
      return { id: EXCHANGE_DECLARE_OK }
    case EXCHANGE_DELETE:
      return { id: EXCHANGE_DELETE, ...decodeExchangeDelete(cursor) }
    case EXCHANGE_DELETE_OK:
      return { id: EXCHANGE_DELETE_OK }
    case EXCHANGE_BIND:
      return { id: EXCHANGE_BIND, ...decodeExchangeBind(cursor) }
    case EXCHANGE_BIND_OK:
      return { id: EXCHANGE_BIND_OK }
    case EXCHANGE_UNBIND:
      return { id: EXCHANGE_UNBIND, ...decodeExchangeUnbind(cursor) }
    case EXCHANGE_UNBIND_OK:
      return { id: EXCHANGE_UNBIND_OK }
    case QUEUE_DECLARE:
      return { id: QUEUE_DECLARE, ...decodeQueueDeclare(cursor) }
    case QUEUE_DECLARE_OK:
      return { id: QUEUE_DECLARE_OK, ...decodeQueueDeclareOk(cursor) }
    case QUEUE_BIND:
      return { id: QUEUE_BIND, ...decodeQueueBind(cursor) }
    case QUEUE_BIND_OK:
      return { id: QUEUE_BIND_OK }
    case QUEUE_PURGE:
      return { id: QUEUE_PURGE, ...decodeQueuePurge(cursor) }
    case QUEUE_PURGE_OK:
      return { id: QUEUE_PURGE_OK, ...decodeQueuePurgeOk(cursor) }
    case QUEUE_DELETE:
      return { id: QUEUE_DELETE, ...decodeQueueDelete(cursor) }
    case QUEUE_DELETE_OK:
      return { id: QUEUE_DELETE_OK, ...decodeQueueDeleteOk(cursor) }
    case QUEUE_UNBIND:
      return { id: QUEUE_UNBIND, ...decodeQueueUnbind(cursor) }
    case QUEUE_UNBIND_OK:
      return { id: QUEUE_UNBIND_OK }
    case BASIC_QOS:
      return { id: BASIC_QOS, ...decodeBasicQos(cursor) }
    case BASIC_QOS_OK:
      return { id: BASIC_QOS_OK }
    case BASIC_CONSUME:
      return { id: BASIC_CONSUME, ...decodeBasicConsume(cursor) }
    case BASIC_CONSUME_OK:
      return { id: BASIC_CONSUME_OK, ...decodeBasicConsumeOk(cursor) }
    case BASIC_CANCEL:
      return { id: BASIC_CANCEL, ...decodeBasicCancel(cursor) }
    case BASIC_CANCEL_OK:
      return { id: BASIC_CANCEL_OK, ...decodeBasicCancelOk(cursor) }
    case BASIC_PUBLISH:
      return { id: BASIC_PUBLISH, ...decodeBasicPublish(cursor) }
    case BASIC_RETURN:
      return { id: BASIC_RETURN, ...decodeBasicReturn(cursor) }
    case BASIC_DELIVER:
      return { id: BASIC_DELIVER, ...decodeBasicDeliver(cursor) }
    case BASIC_GET:
      return { id: BASIC_GET, ...decodeBasicGet(cursor) }
    case BASIC_GET_OK:
      return { id: BASIC_GET_OK, ...decodeBasicGetOk(cursor) }
    case BASIC_GET_EMPTY:
      decodeBasicGetEmpty(cursor)
      return { id: BASIC_GET_EMPTY }
    case BASIC_ACK:
      return { id: BASIC_ACK, ...decodeBasicAck(cursor) }
    case BASIC_REJECT:
      return { id: BASIC_REJECT, ...decodeBasicReject(cursor) }
    case BASIC_RECOVER_ASYNC:
      return { id: BASIC_RECOVER_ASYNC, ...decodeBasicRecoverAsync(cursor) }
    case BASIC_RECOVER:
      return { id: BASIC_RECOVER, ...decodeBasicRecover(cursor) }
    case BASIC_RECOVER_OK:
      return { id: BASIC_RECOVER_OK }
    case BASIC_NACK:
      return { id: BASIC_NACK, ...decodeBasicNack(cursor) }
    case BASIC_CREDIT:
      return { id: BASIC_CREDIT, ...decodeBasicCredit(cursor) }
    case BASIC_CREDIT_OK:
      return { id: BASIC_CREDIT_OK, ...decodeBasicCreditOk(cursor) }
    case BASIC_CREDIT_DRAINED:
      return { id: BASIC_CREDIT_DRAINED, ...decodeBasicCreditDrained(cursor) }
    case CONFIRM_SELECT:
      return { id: CONFIRM_SELECT, ...decodeConfirmSelect(cursor) }
    case CONFIRM_SELECT_OK:
      return { id: CONFIRM_SELECT_OK }
    case TX_SELECT:
      return { id: TX_SELECT }
    case TX_SELECT_OK:
      return { id: TX_SELECT_OK }
    case TX_COMMIT:
      return { id: TX_COMMIT }
    case TX_COMMIT_OK:
      return { id: TX_COMMIT_OK }
    case TX_ROLLBACK:
      return { id: TX_ROLLBACK }
    case TX_ROLLBACK_OK:
      return { id: TX_ROLLBACK_OK }
    default:
      throw new DecodeError('unknown method')
  }
}

/** Writes the whole frame of any method. */
export function writeMethod(output: Output, channel: number, method: Method): void {
  switch (method.id) {
    case CONNECTION_START:
      return writeConnectionStart(output, channel, method)
    case CONNECTION_START_OK:
      return writeConnectionStartOk(output, channel, method)
    case CONNECTION_SECURE:
      return writeConnectionSecure(output, channel, method)
    case CONNECTION_SECURE_OK:
      return writeConnectionSecureOk(output, channel, method)
    case CONNECTION_TUNE:
      return writeConnectionTune(output, channel, method)
    case CONNECTION_TUNE_OK:
      return writeConnectionTuneOk(output, channel, method)
    case CONNECTION_OPEN:
      return writeConnectionOpen(output, channel, method)
    case CONNECTION_OPEN_OK:
      return writeConnectionOpenOk(output, channel)
    case CONNECTION_CLOSE:
      return writeConnectionClose(output, channel, method)
    case CONNECTION_CLOSE_OK:
      return writeConnectionCloseOk(output, channel)
    case CONNECTION_BLOCKED:
      return writeConnectionBlocked(output, channel, method)
    case CONNECTION_UNBLOCKED:
      return writeConnectionUnblocked(output, channel)
    case CONNECTION_UPDATE_SECRET:
      return writeConnectionUpdateSecret(output, channel, method)
    case CONNECTION_UPDATE_SECRET_OK:
      return writeConnectionUpdateSecretOk(output, channel)
    case CHANNEL_OPEN:
      return writeChannelOpen(output, channel)
    case CHANNEL_OPEN_OK:
      return writeChannelOpenOk(output, channel)
    case CHANNEL_FLOW:
      return writeChannelFlow(output, channel, method)
    case CHANNEL_FLOW_OK:
      return writeChannelFlowOk(output, channel, method)
    case CHANNEL_CLOSE:
      return writeChannelClose(output, channel, method)
    case CHANNEL_CLOSE_OK:
      return writeChannelCloseOk(output, channel)
    case ACCESS_REQUEST:
      return writeAccessRequest(output, channel, method)
    case ACCESS_REQUEST_OK:
      return writeAccessRequestOk(output, channel, method)
    case EXCHANGE_DECLARE:
      return writeExchangeDeclare(output, channel, method)
    case EXCHANGE_DECLARE_OK:
      return writeExchangeDeclareOk(output, channel)
    case EXCHANGE_DELETE:
      return writeExchangeDelete(output, channel, method)
    case EXCHANGE_DELETE_OK:
      return writeExchangeDeleteOk(output, channel)
    case EXCHANGE_BIND:
      return writeExchangeBind(output, channel, method)
    case EXCHANGE_BIND_OK:
      return writeExchangeBindOk(output, channel)
    case EXCHANGE_UNBIND:
      return writeExchangeUnbind(output, channel, method)
    case EXCHANGE_UNBIND_OK:
      return writeExchangeUnbindOk(output, channel)
    case QUEUE_DECLARE:
      return writeQueueDeclare(output, channel, method)
    case QUEUE_DECLARE_OK:
      return writeQueueDeclareOk(output, channel, method)
    case QUEUE_BIND:
      return writeQueueBind(output, channel, method)
    case QUEUE_BIND_OK:
      return writeQueueBindOk(output, channel)
    case QUEUE_PURGE:
      return writeQueuePurge(output, channel, method)
    case QUEUE_PURGE_OK:
      return writeQueuePurgeOk(output, channel, method)
    case QUEUE_DELETE:
      return writeQueueDelete(output, channel, method)
    case QUEUE_DELETE_OK:
      return writeQueueDeleteOk(output, channel, method)
    case QUEUE_UNBIND:
      return writeQueueUnbind(output, channel, method)
    case QUEUE_UNBIND_OK:
      return writeQueueUnbindOk(output, channel)
    case BASIC_QOS:
      return writeBasicQos(output, channel, method)
    case BASIC_QOS_OK:
      return writeBasicQosOk(output, channel)
    case BASIC_CONSUME:
      return writeBasicConsume(output, channel, method)
    case BASIC_CONSUME_OK:
      return writeBasicConsumeOk(output, channel, method)
    case BASIC_CANCEL:
      return writeBasicCancel(output, channel, method)
    case BASIC_CANCEL_OK:
      return writeBasicCancelOk(output, channel, method)
    case BASIC_PUBLISH:
      return writeBasicPublish(output, channel, method)
    case BASIC_RETURN:
      return writeBasicReturn(output, channel, method)
    case BASIC_DELIVER:
      return writeBasicDeliver(output, channel, method)
    case BASIC_GET:
      return writeBasicGet(output, channel, method)
    case BASIC_GET_OK:
      return writeBasicGetOk(output, channel, method)
    case BASIC_GET_EMPTY:
      return writeBasicGetEmpty(output, channel)
    case BASIC_ACK:
      return writeBasicAck(output, channel, method)
    case BASIC_REJECT:
      return writeBasicReject(output, channel, method)
    case BASIC_RECOVER_ASYNC:
      return writeBasicRecoverAsync(output, channel, method)
    case BASIC_RECOVER:
      return writeBasicRecover(output, channel, method)
    case BASIC_RECOVER_OK:
      return writeBasicRecoverOk(output, channel)
    case BASIC_NACK:
      return writeBasicNack(output, channel, method)
    case BASIC_CREDIT:
      return writeBasicCredit(output, channel, method)
    case BASIC_CREDIT_OK:
      return writeBasicCreditOk(output, channel, method)
    case BASIC_CREDIT_DRAINED:
      return writeBasicCreditDrained(output, channel, method)
    case CONFIRM_SELECT:
      return writeConfirmSelect(output, channel, method)
    case CONFIRM_SELECT_OK:
      return writeConfirmSelectOk(output, channel)
    case TX_SELECT:
      return writeTxSelect(output, channel)
    case TX_SELECT_OK:
      return writeTxSelectOk(output, channel)
    case TX_COMMIT:
      return writeTxCommit(output, channel)
    case TX_COMMIT_OK:
      return writeTxCommitOk(output, channel)
    case TX_ROLLBACK:
      return writeTxRollback(output, channel)
    case TX_ROLLBACK_OK:
      return writeTxRollbackOk(output, channel)
  }
}

/** What a peer may know of a method without decoding it. */
export interface MethodInfo {
  readonly id: number
  /** Such as 'basic.publish'. */
  readonly name: string
  readonly classId: number
  readonly methodId: number
  readonly sentBy: 'client' | 'server' | 'both'
  /** A content header and body frames follow. */
  readonly hasContent: boolean
}

/** Every method of AMQP 0-9-1 and RabbitMQ's extensions, by id. */
export const METHODS: ReadonlyMap<number, MethodInfo> = new Map([
  info(CONNECTION_START, 'connection.start', 'server', false),
  info(CONNECTION_START_OK, 'connection.start-ok', 'client', false),
  info(CONNECTION_SECURE, 'connection.secure', 'server', false),
  info(CONNECTION_SECURE_OK, 'connection.secure-ok', 'client', false),
  info(CONNECTION_TUNE, 'connection.tune', 'server', false),
  info(CONNECTION_TUNE_OK, 'connection.tune-ok', 'client', false),
  info(CONNECTION_OPEN, 'connection.open', 'client', false),
  info(CONNECTION_OPEN_OK, 'connection.open-ok', 'server', false),
  info(CONNECTION_CLOSE, 'connection.close', 'both', false),
  info(CONNECTION_CLOSE_OK, 'connection.close-ok', 'both', false),
  info(CONNECTION_BLOCKED, 'connection.blocked', 'server', false),
  info(CONNECTION_UNBLOCKED, 'connection.unblocked', 'server', false),
  info(CONNECTION_UPDATE_SECRET, 'connection.update-secret', 'client', false),
  info(CONNECTION_UPDATE_SECRET_OK, 'connection.update-secret-ok', 'server', false),
  info(CHANNEL_OPEN, 'channel.open', 'client', false),
  info(CHANNEL_OPEN_OK, 'channel.open-ok', 'server', false),
  info(CHANNEL_FLOW, 'channel.flow', 'both', false),
  info(CHANNEL_FLOW_OK, 'channel.flow-ok', 'both', false),
  info(CHANNEL_CLOSE, 'channel.close', 'both', false),
  info(CHANNEL_CLOSE_OK, 'channel.close-ok', 'both', false),
  info(ACCESS_REQUEST, 'access.request', 'client', false),
  info(ACCESS_REQUEST_OK, 'access.request-ok', 'server', false),
  info(EXCHANGE_DECLARE, 'exchange.declare', 'client', false),
  info(EXCHANGE_DECLARE_OK, 'exchange.declare-ok', 'server', false),
  info(EXCHANGE_DELETE, 'exchange.delete', 'client', false),
  info(EXCHANGE_DELETE_OK, 'exchange.delete-ok', 'server', false),
  info(EXCHANGE_BIND, 'exchange.bind', 'client', false),
  info(EXCHANGE_BIND_OK, 'exchange.bind-ok', 'server', false),
  info(EXCHANGE_UNBIND, 'exchange.unbind', 'client', false),
  info(EXCHANGE_UNBIND_OK, 'exchange.unbind-ok', 'server', false),
  info(QUEUE_DECLARE, 'queue.declare', 'client', false),
  info(QUEUE_DECLARE_OK, 'queue.declare-ok', 'server', false),
  info(QUEUE_BIND, 'queue.bind', 'client', false),
  info(QUEUE_BIND_OK, 'queue.bind-ok', 'server', false),
  info(QUEUE_PURGE, 'queue.purge', 'client', false),
  info(QUEUE_PURGE_OK, 'queue.purge-ok', 'server', false),
  info(QUEUE_DELETE, 'queue.delete', 'client', false),
  info(QUEUE_DELETE_OK, 'queue.delete-ok', 'server', false),
  info(QUEUE_UNBIND, 'queue.unbind', 'client', false),
  info(QUEUE_UNBIND_OK, 'queue.unbind-ok', 'server', false),
  info(BASIC_QOS, 'basic.qos', 'client', false),
  info(BASIC_QOS_OK, 'basic.qos-ok', 'server', false),
  info(BASIC_CONSUME, 'basic.consume', 'client', false),
  info(BASIC_CONSUME_OK, 'basic.consume-ok', 'server', false),
  info(BASIC_CANCEL, 'basic.cancel', 'both', false),
  info(BASIC_CANCEL_OK, 'basic.cancel-ok', 'both', false),
  info(BASIC_PUBLISH, 'basic.publish', 'client', true),
  info(BASIC_RETURN, 'basic.return', 'server', true),
  info(BASIC_DELIVER, 'basic.deliver', 'server', true),
  info(BASIC_GET, 'basic.get', 'client', false),
  info(BASIC_GET_OK, 'basic.get-ok', 'server', true),
  info(BASIC_GET_EMPTY, 'basic.get-empty', 'server', false),
  info(BASIC_ACK, 'basic.ack', 'both', false),
  info(BASIC_REJECT, 'basic.reject', 'client', false),
  info(BASIC_RECOVER_ASYNC, 'basic.recover-async', 'client', false),
  info(BASIC_RECOVER, 'basic.recover', 'client', false),
  info(BASIC_RECOVER_OK, 'basic.recover-ok', 'server', false),
  info(BASIC_NACK, 'basic.nack', 'both', false),
  info(BASIC_CREDIT, 'basic.credit', 'client', false),
  info(BASIC_CREDIT_OK, 'basic.credit-ok', 'server', false),
  info(BASIC_CREDIT_DRAINED, 'basic.credit-drained', 'server', false),
  info(CONFIRM_SELECT, 'confirm.select', 'client', false),
  info(CONFIRM_SELECT_OK, 'confirm.select-ok', 'server', false),
  info(TX_SELECT, 'tx.select', 'client', false),
  info(TX_SELECT_OK, 'tx.select-ok', 'server', false),
  info(TX_COMMIT, 'tx.commit', 'client', false),
  info(TX_COMMIT_OK, 'tx.commit-ok', 'server', false),
  info(TX_ROLLBACK, 'tx.rollback', 'client', false),
  info(TX_ROLLBACK_OK, 'tx.rollback-ok', 'server', false),
])

function info(
  id: number,
  name: string,
  sentBy: MethodInfo['sentBy'],
  hasContent: boolean,
): [number, MethodInfo] {
  return [id, { id, name, classId: id >>> 16, methodId: id & 0xffff, sentBy, hasContent }]
}

/** Starts a frame of at most `bound` bytes and returns where its size goes. */
function beginFrame(output: Output, channel: number, id: number, bound: number): number {
  output.reserve(bound)
  output.u8(FRAME_METHOD)
  output.u16(channel)
  const sizeAt = output.at
  output.u32(0)
  output.u32(id)
  return sizeAt
}

function endFrame(output: Output, sizeAt: number): void {
  const end = output.at
  output.at = sizeAt
  output.u32(end - sizeAt - 4)
  output.at = end
  output.u8(FRAME_END)
}
