import { createRequire } from 'node:module'
import type { FieldValue, Table } from '../../src/common/table.ts'

/** The codec inside amqplib, which owes nothing to ours. It is not part of amqplib's interface. */
export const amqplibCodec = {
  /** A whole method frame. */
  encodeMethod(id: number, channel: number, fields: object): Buffer {
    return expectBuffer(call('encodeMethod', id, channel, fields))
  },

  /** Arguments of a method, or with id 60 the properties of a message. */
  decode(id: number, bytes: Buffer): Record<string, unknown> {
    return expectRecord(call('decode', id, bytes))
  },

  /** A whole content header frame. */
  encodeProperties(classId: number, channel: number, bodySize: number, fields: object): Buffer {
    return expectBuffer(call('encodeProperties', classId, channel, bodySize, fields))
  },
}

/** A table as amqplib wants it for encoding, with the tag of every value chosen. */
export function toAmqplibTable(table: Table): Record<string, unknown> {
  return Object.fromEntries([...table].map(([name, value]) => [name, toAmqplibValue(value)]))
}

/** A table as amqplib decodes it: most tags are lost. */
export function asDecodedByAmqplib(table: Table): Record<string, unknown> {
  return Object.fromEntries([...table].map(([name, value]) => [name, decodedValue(value)]))
}

function toAmqplibValue(field: FieldValue): unknown {
  switch (field.type) {
    case 'array':
      return field.value.map(toAmqplibValue)
    case 'table':
      return toAmqplibTable(field.value)
    case 'signedint':
      return { '!': 'int', value: field.value }
    case 'long':
      return { '!': 'long', value: Number(field.value) }
    case 'byte':
    case 'unsignedbyte':
    case 'short':
    case 'unsignedshort':
    case 'unsignedint':
    case 'float':
    case 'double':
      return { '!': field.type, value: field.value }
    default:
      return decodedValue(field)
  }
}

function decodedValue(field: FieldValue): unknown {
  switch (field.type) {
    case 'array':
      return field.value.map(decodedValue)
    case 'table':
      return asDecodedByAmqplib(field.value)
    case 'longstr':
      return Buffer.from(field.value).toString()
    case 'binary':
      return Buffer.from(field.value)
    case 'long':
      return Number(field.value)
    case 'timestamp':
      return { '!': 'timestamp', value: Number(field.value) }
    case 'decimal':
      return { '!': 'decimal', value: { places: field.scale, digits: field.value } }
    case 'void':
      return null
    default:
      return field.value
  }
}

const require = createRequire(import.meta.url)
const definitions = expectRecord(require('../../node_modules/amqplib/lib/defs.js'))

function call(name: string, ...args: readonly unknown[]): unknown {
  const member = definitions[name]
  if (typeof member !== 'function') throw new Error(`amqplib has no function ${name}`)
  return member(...args)
}

function expectRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('amqplib gave no object')
  return Object.fromEntries(Object.entries(value))
}

function expectBuffer(value: unknown): Buffer {
  if (!Buffer.isBuffer(value)) throw new Error('amqplib gave no buffer')
  return value
}
