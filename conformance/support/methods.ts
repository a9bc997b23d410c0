import { ByteReader, bytes } from './bytes.ts'
import { decodeTable, encodeTable, type Table } from './field-table.ts'

/** The value of one method argument. Long strings arrive as text. */
export type Argument = number | string | boolean | bigint | Buffer | Table
export type Arguments = { readonly [name: string]: Argument }
export type Method = { readonly name: string; readonly args: Arguments }

/** Method ids, and arguments in wire order as `name:type` (amqp-0-9-1.md section 4). */
const SIGNATURES: Record<string, readonly [classId: number, methodId: number, args: string]> = {
  'connection.start': [
    10,
    10,
    'versionMajor:u8 versionMinor:u8 serverProperties:table mechanisms:longstr locales:longstr',
  ],
  'connection.start-ok': [
    10,
    11,
    'clientProperties:table mechanism:shortstr response:longstr locale:shortstr',
  ],
  'connection.secure': [10, 20, 'challenge:longstr'],
  'connection.secure-ok': [10, 21, 'response:longstr'],
  'connection.tune': [10, 30, 'channelMax:u16 frameMax:u32 heartbeat:u16'],
  'connection.tune-ok': [10, 31, 'channelMax:u16 frameMax:u32 heartbeat:u16'],
  'connection.open': [10, 40, 'virtualHost:shortstr reserved1:shortstr reserved2:bit'],
  'connection.open-ok': [10, 41, 'reserved1:shortstr'],
  'connection.close': [10, 50, 'replyCode:u16 replyText:shortstr classId:u16 methodId:u16'],
  'connection.close-ok': [10, 51, ''],
  'connection.blocked': [10, 60, 'reason:shortstr'],
  'connection.unblocked': [10, 61, ''],
  'connection.update-secret': [10, 70, 'newSecret:longstr reason:shortstr'],
  'connection.update-secret-ok': [10, 71, ''],
  'channel.open': [20, 10, 'reserved1:shortstr'],
  'channel.open-ok': [20, 11, 'reserved1:longstr'],
  'channel.flow': [20, 20, 'active:bit'],
  'channel.flow-ok': [20, 21, 'active:bit'],
  'channel.close': [20, 40, 'replyCode:u16 replyText:shortstr classId:u16 methodId:u16'],
  'channel.close-ok': [20, 41, ''],
  'access.request': [
    30,
    10,
    'realm:shortstr exclusive:bit passive:bit active:bit write:bit read:bit',
  ],
  'access.request-ok': [30, 11, 'ticket:u16'],
  'exchange.declare': [
    40,
    10,
    'ticket:u16 exchange:shortstr type:shortstr passive:bit durable:bit autoDelete:bit internal:bit nowait:bit arguments:table',
  ],
  'exchange.declare-ok': [40, 11, ''],
  'exchange.delete': [40, 20, 'ticket:u16 exchange:shortstr ifUnused:bit nowait:bit'],
  'exchange.delete-ok': [40, 21, ''],
  'exchange.bind': [
    40,
    30,
    'ticket:u16 destination:shortstr source:shortstr routingKey:shortstr nowait:bit arguments:table',
  ],
  'exchange.bind-ok': [40, 31, ''],
  'exchange.unbind': [
    40,
    40,
    'ticket:u16 destination:shortstr source:shortstr routingKey:shortstr nowait:bit arguments:table',
  ],
  'exchange.unbind-ok': [40, 51, ''],
  'queue.declare': [
    50,
    10,
    'ticket:u16 queue:shortstr passive:bit durable:bit exclusive:bit autoDelete:bit nowait:bit arguments:table',
  ],
  'queue.declare-ok': [50, 11, 'queue:shortstr messageCount:u32 consumerCount:u32'],
  'queue.bind': [
    50,
    20,
    'ticket:u16 queue:shortstr exchange:shortstr routingKey:shortstr nowait:bit arguments:table',
  ],
  'queue.bind-ok': [50, 21, ''],
  'queue.purge': [50, 30, 'ticket:u16 queue:shortstr nowait:bit'],
  'queue.purge-ok': [50, 31, 'messageCount:u32'],
  'queue.delete': [50, 40, 'ticket:u16 queue:shortstr ifUnused:bit ifEmpty:bit nowait:bit'],
  'queue.delete-ok': [50, 41, 'messageCount:u32'],
  'queue.unbind': [
    50,
    50,
    'ticket:u16 queue:shortstr exchange:shortstr routingKey:shortstr arguments:table',
  ],
  'queue.unbind-ok': [50, 51, ''],
  'basic.qos': [60, 10, 'prefetchSize:u32 prefetchCount:u16 global:bit'],
  'basic.qos-ok': [60, 11, ''],
  'basic.consume': [
    60,
    20,
    'ticket:u16 queue:shortstr consumerTag:shortstr noLocal:bit noAck:bit exclusive:bit nowait:bit arguments:table',
  ],
  'basic.consume-ok': [60, 21, 'consumerTag:shortstr'],
  'basic.cancel': [60, 30, 'consumerTag:shortstr nowait:bit'],
  'basic.cancel-ok': [60, 31, 'consumerTag:shortstr'],
  'basic.publish': [
    60,
    40,
    'ticket:u16 exchange:shortstr routingKey:shortstr mandatory:bit immediate:bit',
  ],
  'basic.return': [
    60,
    50,
    'replyCode:u16 replyText:shortstr exchange:shortstr routingKey:shortstr',
  ],
  'basic.deliver': [
    60,
    60,
    'consumerTag:shortstr deliveryTag:u64 redelivered:bit exchange:shortstr routingKey:shortstr',
  ],
  'basic.get': [60, 70, 'ticket:u16 queue:shortstr noAck:bit'],
  'basic.get-ok': [
    60,
    71,
    'deliveryTag:u64 redelivered:bit exchange:shortstr routingKey:shortstr messageCount:u32',
  ],
  'basic.get-empty': [60, 72, 'reserved1:shortstr'],
  'basic.ack': [60, 80, 'deliveryTag:u64 multiple:bit'],
  'basic.reject': [60, 90, 'deliveryTag:u64 requeue:bit'],
  'basic.recover-async': [60, 100, 'requeue:bit'],
  'basic.recover': [60, 110, 'requeue:bit'],
  'basic.recover-ok': [60, 111, ''],
  'basic.nack': [60, 120, 'deliveryTag:u64 multiple:bit requeue:bit'],
  'basic.credit': [60, 200, 'consumerTag:shortstr credit:u32 drain:bit'],
  'confirm.select': [85, 10, 'nowait:bit'],
  'confirm.select-ok': [85, 11, ''],
  'tx.select': [90, 10, ''],
  'tx.select-ok': [90, 11, ''],
  'tx.commit': [90, 20, ''],
  'tx.commit-ok': [90, 21, ''],
  'tx.rollback': [90, 30, ''],
  'tx.rollback-ok': [90, 31, ''],
}

const NAMES = new Map(
  Object.entries(SIGNATURES).map(([name, [classId, methodId]]) => [`${classId}.${methodId}`, name]),
)

/** `queue.declare` for 50, 10; the bare numbers where there is no such method. */
export function methodName(classId: Argument, methodId: Argument): string {
  const ids = `${String(classId)}.${String(methodId)}`
  return NAMES.get(ids) ?? ids
}

/** The payload of a method frame. Arguments left out are zero, empty or false. */
export function encodeMethod(name: string, args: Arguments = {}): Buffer {
  const [classId, methodId] = signatureOf(name)
  const parts = [bytes.u16(classId), bytes.u16(methodId)]
  const wanted = argumentsOf(name)
  for (const given of Object.keys(args)) {
    if (!wanted.some(([argument]) => argument === given)) {
      throw new Error(`${name} has no argument ${given}`)
    }
  }
  let bits: boolean[] = []
  for (const [argument, type] of wanted) {
    if (type === 'bit') {
      bits.push(args[argument] === true)
      continue
    }
    parts.push(packBits(bits), encodeArgument(type, args[argument]))
    bits = []
  }
  parts.push(packBits(bits))
  return Buffer.concat(parts)
}

export function decodeMethod(payload: Buffer): Method {
  const reader = new ByteReader(payload)
  const name = methodName(reader.u16(), reader.u16())
  const args: Record<string, Argument> = {}
  let bitAt = 8
  let octet = 0
  for (const [argument, type] of argumentsOf(name)) {
    if (type !== 'bit') {
      args[argument] = decodeArgument(type, reader)
      bitAt = 8
      continue
    }
    if (bitAt === 8) {
      octet = reader.u8()
      bitAt = 0
    }
    args[argument] = (octet & (1 << bitAt++)) !== 0
  }
  if (!reader.isAtEnd) throw new Error(`octets left over in ${name}`)
  return { name, args }
}

function signatureOf(name: string): readonly [number, number, string] {
  const signature = SIGNATURES[name]
  if (signature === undefined) throw new Error(`unknown method ${name}`)
  return signature
}

function argumentsOf(name: string): [argument: string, type: string][] {
  const text = signatureOf(name)[2]
  if (text === '') return []
  return text.split(' ').map((part) => {
    const [argument = '', type = ''] = part.split(':')
    return [argument, type]
  })
}

function packBits(bits: boolean[]): Buffer {
  if (bits.length === 0) return Buffer.alloc(0)
  return bytes.u8(bits.reduce((octet, bit, at) => octet | (bit ? 1 << at : 0), 0))
}

function encodeArgument(type: string, value: Argument | undefined): Buffer {
  if (type === 'table') return encodeTable(Array.isArray(value) ? value : [])
  if (type === 'shortstr' || type === 'longstr') {
    return bytes[type](typeof value === 'string' || Buffer.isBuffer(value) ? value : '')
  }
  if (type === 'u64') return bytes.u64(typeof value === 'bigint' ? value : Number(value ?? 0))
  if (type === 'u8' || type === 'u16' || type === 'u32') return bytes[type](Number(value ?? 0))
  throw new Error(`unknown argument type ${type}`)
}

function decodeArgument(type: string, reader: ByteReader): Argument {
  if (type === 'table') return decodeTable(reader)
  if (type === 'shortstr') return reader.shortstr()
  if (type === 'longstr') return reader.longstr().toString('utf8')
  if (type === 'u64') return Number(reader.u64())
  if (type === 'u8' || type === 'u16' || type === 'u32') return reader[type]()
  throw new Error(`unknown argument type ${type}`)
}
