import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE, type FieldValue, longstr, type Table } from '../../src/common/table.ts'
import { Cursor, DecodeError } from '../../src/wire/cursor.ts'
import {
  decodeProperties,
  encodeProperties,
  type Properties,
  type PropertiesScan,
  readHeaders,
  scanProperties,
  withHeaders,
  withoutExpiration,
  withReplyTo,
} from '../../src/wire/properties.ts'
import { PROPERTY_SPECS } from '../support/method-specs.ts'
import { propertiesWith } from '../support/properties-arbitrary.ts'
import { anyTables, shortTexts } from '../support/table-arbitraries.ts'

const anyProperties = propertiesWith(anyTables, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))

const ROUNDS = { numRuns: 1000 }
const NOTHING_SPECIAL: PropertiesScan = {
  deliveryMode: 0,
  priority: -1,
  expiration: null,
  userId: null,
  replyTo: null,
  hasHeaders: false,
  hasRoutingHeaders: false,
}

describe('encoding', () => {
  const SAMPLES: Readonly<Record<string, [string | number | bigint | Table, string]>> = {
    shortstr: ['ab', '026162'],
    u8: [255, 'ff'],
    u64: [2n ** 64n - 1n, 'ffffffffffffffff'],
    table: [new Map<string, FieldValue>([['a', { type: 'void' }]]), '00000003016156'],
  }

  test.each(PROPERTY_SPECS)('$name is announced by bit $flagBit', ({ key, type, flagBit }) => {
    const [value, hex] = SAMPLES[type]!
    const properties: Properties = { [key]: value }
    const flags = (1 << flagBit).toString(16).padStart(4, '0')
    expect(encodeProperties(properties).toString('hex')).toBe(flags + hex)
    expect(decodeProperties(Buffer.from(flags + hex, 'hex'))).toEqual(properties)
  })

  test('no property is two octets of flags', () => {
    expect(encodeProperties({}).toString('hex')).toBe('0000')
    expect(decodeProperties(Buffer.alloc(2))).toEqual({})
  })

  test('empty values are values', () => {
    const properties: Properties = { contentType: '', headers: EMPTY_TABLE, priority: 0 }
    expect(encodeProperties(properties).toString('hex')).toBe('a800000000000000')
    expect(decodeProperties(encodeProperties(properties))).toEqual(properties)
  })

  test('properties come back as they were', () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        assert.deepStrictEqual(decodeProperties(encodeProperties(properties)), properties)
      }),
      ROUNDS,
    )
  })

  test('a text longer than 255 bytes is cut', () => {
    const encoded = encodeProperties({ appId: 'é'.repeat(200), clusterId: 'c' })
    expect(decodeProperties(encoded)).toEqual({ appId: 'é'.repeat(127), clusterId: 'c' })
  })
})

describe('scanning', () => {
  test('agrees with decoding', () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const { headers, replyTo } = properties
        assert.deepStrictEqual(scan(encodeProperties(properties)), {
          deliveryMode: properties.deliveryMode ?? 0,
          priority: properties.priority ?? -1,
          expiration: properties.expiration ?? null,
          userId: properties.userId ?? null,
          replyTo: replyTo?.startsWith('amq.rabbitmq.reply-to') ? replyTo : null,
          hasHeaders: headers !== undefined,
          hasRoutingHeaders: headers?.has('CC') || headers?.has('BCC') || false,
        })
      }),
      ROUNDS,
    )
  })

  test.each(['CC', 'BCC'])('finds the header %s', (name) => {
    const headers: Table = new Map([
      ['a', longstr('b')],
      [name, { type: 'array', value: [longstr('key')] }],
    ])
    expect(scan(encodeProperties({ headers, deliveryMode: 2 }))).toEqual({
      ...NOTHING_SPECIAL,
      deliveryMode: 2,
      hasHeaders: true,
      hasRoutingHeaders: true,
    })
  })

  test('gives messages without particulars the same object', () => {
    const first = scan(encodeProperties({ contentType: 'text/plain', deliveryMode: 2 }))
    const second = scan(encodeProperties({ messageId: '1', deliveryMode: 2, replyTo: 'q' }))
    expect(first).toEqual({ ...NOTHING_SPECIAL, deliveryMode: 2 })
    expect(second).toBe(first)
  })

  test.each([0, 1, 2, 3, 255])('tells delivery mode %i as it came', (deliveryMode) => {
    expect(scan(encodeProperties({ deliveryMode }))).toEqual({ ...NOTHING_SPECIAL, deliveryMode })
  })

  test('does not take the next property for a part of reply-to', () => {
    const expiration = `to${'x'.repeat(43)}` // its length octet reads as the hyphen
    const encoded = encodeProperties({ replyTo: 'amq.rabbitmq.reply', expiration })
    expect(encoded.toString()).toContain('amq.rabbitmq.reply-to')
    expect(scan(encoded)).toEqual({ ...NOTHING_SPECIAL, expiration })
  })

  test('starts where the cursor is', () => {
    const bytes = Buffer.concat([Buffer.alloc(3), encodeProperties({ priority: 7 })])
    const cursor = new Cursor().reset(bytes, 3, bytes.length)
    expect(scanProperties(cursor)).toEqual({ ...NOTHING_SPECIAL, priority: 7 })
  })

  test('lets strings pass that are not UTF-8', () => {
    const bytes = Buffer.from('8110 01ff 02c328 01fe'.replaceAll(' ', ''), 'hex')
    expect(scan(bytes)).toEqual({ ...NOTHING_SPECIAL, expiration: '\uFFFD(', userId: '\uFFFD' })
    expect(decodeProperties(bytes).contentType).toBe('\uFFFD')
  })
})

describe('malformed properties', () => {
  test('every cut-off and every surplus octet', () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const encoded = encodeProperties(properties)
        for (let end = 0; end < encoded.length; end++) {
          assert.throws(() => scanProperties(new Cursor().reset(encoded, 0, end)), DecodeError)
          assert.throws(() => decodeProperties(encoded.subarray(0, end)), DecodeError)
        }
        const surplus = Buffer.concat([encoded, Buffer.alloc(1)])
        assert.throws(() => scan(surplus), DecodeError)
        assert.throws(() => decodeProperties(surplus), DecodeError)
      }),
    )
  })

  test.each(['0001', '00010000', '0002', '8003 00'])('undefined flags: %s', (hex) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    expect(() => scan(bytes)).toThrow(DecodeError)
    expect(() => decodeProperties(bytes)).toThrow(DecodeError)
  })

  test('scanning and decoding refuse the same bytes', () => {
    fc.assert(
      fc.property(anyProperties, fc.nat(), fc.nat(0xff), (properties, at, octet) => {
        const encoded = encodeProperties(properties)
        encoded[at % encoded.length] = octet
        assert.equal(
          isRefused(() => scan(encoded)),
          isRefused(() => decodeProperties(encoded)),
        )
      }),
      { numRuns: 5000 },
    )
  })

  function isRefused(read: () => unknown): boolean {
    try {
      read()
      return false
    } catch (error) {
      if (error instanceof DecodeError) return true
      throw error
    }
  }
})

describe('changing encoded properties', () => {
  test('headers can be read alone', () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const headers = readHeaders(encodeProperties(properties))
        assert.deepStrictEqual(headers, properties.headers ?? EMPTY_TABLE)
      }),
      ROUNDS,
    )
  })

  test('other headers, or none, leave all else byte for byte as it was', () => {
    fc.assert(
      fc.property(anyProperties, fc.option(anyTables), (properties, headers) => {
        const { headers: _, ...others } = properties
        const expected = headers === null ? others : { ...others, headers }
        const changed = withHeaders(encodeProperties(properties), headers)
        assert.deepStrictEqual(changed, encodeProperties(expected))
      }),
      ROUNDS,
    )
  })

  test('another reply-to leaves all else byte for byte as it was', () => {
    fc.assert(
      fc.property(anyProperties, shortTexts, (properties, replyTo) => {
        const changed = withReplyTo(encodeProperties(properties), replyTo)
        assert.deepStrictEqual(changed, encodeProperties({ ...properties, replyTo }))
      }),
      ROUNDS,
    )
  })

  test('without expiration all else is byte for byte as it was', () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const { expiration: _, ...others } = properties
        const changed = withoutExpiration(encodeProperties(properties))
        assert.deepStrictEqual(changed, encodeProperties(others))
      }),
      ROUNDS,
    )
  })

  test('octets that would not survive decoding stay', () => {
    const encoded = Buffer.from(
      'a110 02c328 00000003016156 01ff 03eda080'.replaceAll(' ', ''),
      'hex',
    )
    expect(withHeaders(encoded, null).toString('hex')).toBe('811002c32801ff03eda080')
    const headers: Table = new Map([['b', { type: 'bool', value: true }]])
    expect(withHeaders(withHeaders(encoded, null), headers).toString('hex')).toBe(
      'a11002c328000000040162740101ff03eda080',
    )
  })
})

function scan(encoded: Buffer): PropertiesScan {
  return scanProperties(new Cursor().reset(encoded, 0, encoded.length))
}
