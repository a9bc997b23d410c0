import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Table } from '../../src/common/table.ts'
import { Cursor } from '../../src/wire/cursor.ts'
import { decodeMethod } from '../../src/wire/methods.ts'
import { decodeProperties, encodeProperties } from '../../src/wire/properties.ts'
import { amqplibCodec, asDecodedByAmqplib, toAmqplibTable } from '../support/amqplib-codec.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { type ArgumentSpec, METHOD_SPECS } from '../support/method-specs.ts'
import { propertiesWith } from '../support/properties-arbitrary.ts'
import { amqplibTables, shortTexts } from '../support/table-arbitraries.ts'

const FRAME_PREFIX_SIZE = 11 // type, channel, size, method id
const HEADER_PREFIX_SIZE = 19 // type, channel, size, class, weight, body size
const BASIC = 60
const ROUNDS = { numRuns: 1000 }

/** RabbitMQ's plug-ins alone speak these; they are in no published specification. */
const NOT_IN_AMQPLIB = ['basic.credit', 'basic.credit-ok', 'basic.credit-drained']
const SHARED_METHODS = METHOD_SPECS.filter((method) => !NOT_IN_AMQPLIB.includes(method.name))

describe('methods', () => {
  test('amqplib lacks only what is listed', () => {
    const missing = METHOD_SPECS.filter((method) => {
      try {
        amqplibCodec.decode(method.id, Buffer.alloc(1000))
        return false
      } catch (error) {
        return String(error).includes('Unknown class/method ID')
      }
    })
    expect(missing.map((method) => method.name)).toEqual(NOT_IN_AMQPLIB)
  })

  test.each(SHARED_METHODS)('$name means the same here and in amqplib', (method) => {
    const fields = method.arguments.filter((argument) => !argument.isReserved)
    fc.assert(
      fc.property(argumentsOf(fields), fc.nat(0xffff), (args, channel) => {
        const theirs = amqplibCodec.encodeMethod(method.id, channel, forAmqplib(args))
        const here = decodeMethod(cursorOf(theirs.subarray(FRAME_PREFIX_SIZE, -1)), method.id)
        assert.deepStrictEqual(here, { id: method.id, ...args })

        const ours = encodeMethod(channel, here)
        assert.deepStrictEqual(ours, theirs)
        const there = amqplibCodec.decode(method.id, ours.subarray(FRAME_PREFIX_SIZE, -1))
        assert.deepStrictEqual(pick(there, fields), asDecoded(args))
        assert.equal(Object.keys(there).length, method.arguments.length)
      }),
      ROUNDS,
    )
  })
})

test('basic properties mean the same here and in amqplib', () => {
  fc.assert(
    fc.property(propertiesWith(amqplibTables, timestamps), (properties) => {
      const theirs = amqplibCodec
        .encodeProperties(BASIC, 1, 5, forAmqplib({ ...properties }))
        .subarray(HEADER_PREFIX_SIZE, -1)
      assert.deepStrictEqual(decodeProperties(theirs), properties)

      const ours = encodeProperties(properties)
      assert.deepStrictEqual(ours, theirs)
      const there = amqplibCodec.decode(BASIC, ours)
      const present = Object.fromEntries(
        Object.entries(there).filter(([, value]) => value !== undefined),
      )
      assert.deepStrictEqual(present, asDecoded({ ...properties }))
    }),
    ROUNDS,
  )
})

const timestamps = fc.maxSafeNat().map(BigInt)

type Arguments = Readonly<Record<string, unknown>>

function argumentsOf(fields: readonly ArgumentSpec[]): fc.Arbitrary<Arguments> {
  return fc.record(Object.fromEntries(fields.map(({ key, type }) => [key, valuesOf(type)])))
}

function valuesOf(type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'bit':
      return fc.boolean()
    case 'u8':
      return fc.nat(0xff)
    case 'u16':
      return fc.nat(0xffff)
    case 'u32':
      return fc.nat(0xffff_ffff)
    case 'u64':
      return fc.maxSafeNat()
    case 'shortstr':
      return shortTexts
    case 'longstr':
      return fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
    case 'table':
      return amqplibTables
    default:
      throw new Error(`no values for the type ${type}`)
  }
}

function forAmqplib(args: Arguments): Arguments {
  return translated(args, toAmqplibTable)
}

function asDecoded(args: Arguments): Arguments {
  return translated(args, asDecodedByAmqplib)
}

function translated(args: Arguments, table: (value: Table) => unknown): Arguments {
  const entries = Object.entries(args).map(([key, value]) => {
    if (value instanceof Map) return [amqplibKey(key), table(value)]
    return [amqplibKey(key), typeof value === 'bigint' ? Number(value) : value]
  })
  return Object.fromEntries(entries)
}

function amqplibKey(key: string): string {
  return key === 'noWait' ? 'nowait' : key
}

function pick(decoded: Arguments, fields: readonly ArgumentSpec[]): Arguments {
  return Object.fromEntries(fields.map(({ key }) => [amqplibKey(key), decoded[amqplibKey(key)]]))
}

function cursorOf(bytes: Buffer): Cursor {
  return new Cursor().reset(bytes, 0, bytes.length)
}
