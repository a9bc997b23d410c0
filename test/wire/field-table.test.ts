import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE, type FieldValue, longstr, type Table } from '../../src/common/table.ts'
import { ByteWriter } from '../../src/wire/byte-writer.ts'
import { Cursor, DecodeError } from '../../src/wire/cursor.ts'
import {
  MAX_DEPTH,
  readTable,
  skipTable,
  tableSize,
  writeTable,
} from '../../src/wire/field-table.ts'
import { anyTables } from '../support/table-arbitraries.ts'

const VALUES: readonly [string, FieldValue][] = [
  ['74 00', { type: 'bool', value: false }],
  ['74 01', { type: 'bool', value: true }],
  ['62 80', { type: 'byte', value: -128 }],
  ['62 7f', { type: 'byte', value: 127 }],
  ['42 ff', { type: 'unsignedbyte', value: 255 }],
  ['73 8000', { type: 'short', value: -32768 }],
  ['73 7fff', { type: 'short', value: 32767 }],
  ['75 ffff', { type: 'unsignedshort', value: 65535 }],
  ['49 80000000', { type: 'signedint', value: -2147483648 }],
  ['49 7fffffff', { type: 'signedint', value: 2147483647 }],
  ['69 ffffffff', { type: 'unsignedint', value: 4294967295 }],
  ['6c 8000000000000000', { type: 'long', value: -(2n ** 63n) }],
  ['6c 7fffffffffffffff', { type: 'long', value: 2n ** 63n - 1n }],
  ['54 ffffffffffffffff', { type: 'timestamp', value: 2n ** 64n - 1n }],
  ['66 7f7fffff', { type: 'float', value: 3.4028234663852886e38 }],
  ['66 ff800000', { type: 'float', value: Number.NEGATIVE_INFINITY }],
  ['64 7fefffffffffffff', { type: 'double', value: Number.MAX_VALUE }],
  ['64 0000000000000001', { type: 'double', value: Number.MIN_VALUE }],
  ['64 8000000000000000', { type: 'double', value: -0 }],
  ['44 ff ffffffff', { type: 'decimal', scale: 255, value: 4294967295 }],
  ['53 00000000', { type: 'longstr', value: Buffer.alloc(0) }],
  ['53 00000002 ff00', { type: 'longstr', value: Buffer.from([0xff, 0]) }],
  ['78 00000001 80', { type: 'binary', value: Buffer.from([0x80]) }],
  ['41 00000000', { type: 'array', value: [] }],
  [
    '41 00000003 56 7401',
    { type: 'array', value: [{ type: 'void' }, { type: 'bool', value: true }] },
  ],
  ['46 00000000', { type: 'table', value: EMPTY_TABLE }],
  ['46 00000003 0161 56', { type: 'table', value: new Map([['a', { type: 'void' }]]) }],
  ['56', { type: 'void' }],
]

describe('values byte for byte', () => {
  test.each(VALUES)('%s', (hex, value) => {
    const entry = `0178${hex.replaceAll(' ', '')}`
    const bytes = Buffer.from(`${u32(entry.length / 2)}${entry}`, 'hex')
    const table: Table = new Map([['x', value]])
    expect(readTable(cursorOf(bytes))).toEqual(table)
    expect(encode(table).toString('hex')).toBe(bytes.toString('hex'))
  })

  test('L is another tag for long', () => {
    expect(readTable(parse('0000000b 0178 4c ffffffffffffffff'))).toEqual(
      new Map([['x', { type: 'long', value: -1n }]]),
    )
  })

  test('every octet but 0 is true', () => {
    expect(readTable(parse('00000004 0178 74 80')).get('x')).toEqual({ type: 'bool', value: true })
  })
})

test('tables of every shape come back as they were, in the size foretold', () => {
  fc.assert(
    fc.property(anyTables, (table) => {
      const bytes = encode(table)
      const cursor = cursorOf(bytes)
      assert.deepStrictEqual(readTable(cursor), table)
      assert.equal(cursor.at, bytes.length)
      assert.equal(cursor.end, bytes.length)
    }),
    { numRuns: 1000 },
  )
})

test('entries keep their order', () => {
  const names = ['b', '10', 'a', '2']
  const table = new Map(names.map((name) => [name, longstr(name)]))
  expect([...readTable(cursorOf(encode(table))).keys()]).toEqual(names)
})

test('of two entries with one name the first counts', () => {
  const table = readTable(parse('0000000c 0178 6201 0179 6202 0178 7401'))
  expect([...table]).toEqual([
    ['x', { type: 'byte', value: 1 }],
    ['y', { type: 'byte', value: 2 }],
  ])
})

test('names that are not UTF-8 pass', () => {
  expect([...readTable(parse('00000003 01ff 56')).keys()]).toEqual(['\uFFFD'])
})

test('a name longer than 255 bytes is cut and the table stays valid', () => {
  const table: Table = new Map([['é'.repeat(200), { type: 'void' }]])
  expect([...readTable(cursorOf(encode(table))).keys()]).toEqual(['é'.repeat(127)])
})

test('byte strings outlive the frame', () => {
  const bytes = encode(new Map([['x', longstr('kept')]]))
  const table = readTable(cursorOf(bytes))
  bytes.fill(0)
  expect(table.get('x')).toEqual(longstr('kept'))
})

describe('malformed tables', () => {
  const MALFORMED: readonly [string, string][] = [
    ['an unknown tag', '00000003 0178 7a'],
    ['a tag that only other brokers know', '00000004 0178 55 00'],
    ['a table longer than the bytes', '00000004 0178 56'],
    ['a length beyond all memory', 'ffffffff 0178 56'],
    ['a name that crosses the end of the table', '00000003 0578 56 5656565656'],
    ['a value that crosses the end of the table', '00000004 0178 73 0001'],
    ['a string that crosses the end of the table', '00000008 0178 53 00000002 61 62'],
    ['an entry without a tag', '00000002 0178 56'],
    ['an inner table that crosses the end of the outer', '00000007 0178 46 00000003 016156'],
    ['an inner table that ends within an entry', '0000000a 0178 46 00000002 016156'],
    ['an inner array that ends within a value', '00000009 0178 41 00000001 7401'],
  ]

  test.each(MALFORMED)('%s', (_, hex) => {
    expect(() => readTable(parse(hex))).toThrow(DecodeError)
    expect(() => skipTable(parse(hex))).toThrow(DecodeError)
  })

  test('every cut-off of a table', () => {
    fc.assert(
      fc.property(anyTables, (table) => {
        const bytes = encode(table)
        for (let end = 0; end < bytes.length; end++) {
          assert.throws(() => readTable(new Cursor().reset(bytes, 0, end)), DecodeError)
          assert.throws(() => skipTable(new Cursor().reset(bytes, 0, end)), DecodeError)
        }
      }),
    )
  })
})

describe('depth', () => {
  const NESTS: readonly [string, (inner: FieldValue) => FieldValue][] = [
    ['tables', (inner) => ({ type: 'table', value: new Map([['x', inner]]) })],
    ['arrays', (inner) => ({ type: 'array', value: [inner] })],
  ]

  test.each(NESTS)('%s may lie in each other up to the limit and no deeper', (_, nest) => {
    const deepest = cursorOf(encode(nested(MAX_DEPTH, nest)))
    expect(readTable(deepest)).toEqual(nested(MAX_DEPTH, nest))
    expect(skipTable(cursorOf(encode(nested(MAX_DEPTH, nest))))).toBe(false)

    const tooDeep = encode(nested(MAX_DEPTH + 1, nest))
    expect(() => readTable(cursorOf(tooDeep))).toThrow(DecodeError)
    expect(() => skipTable(cursorOf(tooDeep))).toThrow(DecodeError)
  })

  test('as many levels as a frame can hold do not exhaust the stack', () => {
    const level = Buffer.from('ffffffff0046', 'hex')
    const bytes = Buffer.concat(Array.from({ length: 20_000 }, () => level))
    for (let at = 0; at < bytes.length; at += level.length) {
      bytes.writeUInt32BE(bytes.length - at - 4, at)
    }
    expect(() => readTable(cursorOf(bytes))).toThrow('levels deep')
    expect(() => skipTable(cursorOf(bytes))).toThrow('levels deep')
  })

  function nested(depth: number, nest: (inner: FieldValue) => FieldValue): Table {
    let value: FieldValue = { type: 'void' }
    for (let level = 1; level < depth; level++) value = nest(value)
    return new Map([['x', value]])
  }
})

describe('skipping a table', () => {
  test('accepts and refuses what reading does, and ends in the same place', () => {
    fc.assert(
      fc.property(anyTables, fc.nat(), fc.nat(0xff), (table, at, octet) => {
        const bytes = encode(table)
        bytes[at % bytes.length] = octet
        const read = outcome(bytes, readTable)
        assert.equal(outcome(bytes, skipTable), read)
      }),
      { numRuns: 5000 },
    )
  })

  test('tells whether there is CC or BCC at the top', () => {
    const names = fc.constantFrom('CC', 'BCC', 'cc', 'C', 'CX', 'XC', 'XCC', 'BXC', 'BCX', 'BCCC')
    const inner = { type: 'table', value: new Map([['CC', longstr('x')]]) } as const
    const values = fc.constantFrom<FieldValue>({ type: 'void' }, inner, longstr('\u0002CC'))
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { maxLength: 4 }), (entries) => {
        const table = new Map(entries)
        const expected = table.has('CC') || table.has('BCC')
        assert.equal(skipTable(cursorOf(encode(table))), expected)
      }),
      { numRuns: 1000 },
    )
  })

  function outcome(bytes: Buffer, walk: (cursor: Cursor) => unknown): number {
    const cursor = cursorOf(bytes)
    try {
      walk(cursor)
      return cursor.at
    } catch (error) {
      if (error instanceof DecodeError) return -1
      throw error
    }
  }
})

function encode(table: Table): Buffer {
  const writer = new ByteWriter(Buffer.alloc(tableSize(table)))
  writeTable(writer, table)
  assert.equal(writer.at, writer.block.length)
  return writer.block
}

function parse(hex: string): Cursor {
  return cursorOf(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function cursorOf(bytes: Buffer): Cursor {
  return new Cursor().reset(bytes, 0, bytes.length)
}

function u32(value: number): string {
  return value.toString(16).padStart(8, '0')
}
