import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type FieldValue,
  fingerprint,
  integerOf,
  longstr,
  type Table,
  textOf,
} from '../../src/common/table.ts'
import { anyTables } from '../support/table-arbitraries.ts'

describe('the fingerprint of a table', () => {
  test('is the same in whatever order the entries came', () => {
    fc.assert(
      fc.property(anyTables, (table) => {
        expect(fingerprint(new Map([...table].reverse()))).toBe(fingerprint(table))
      }),
    )
  })

  test('differs when a name is added, and when a value is another one', () => {
    fc.assert(
      fc.property(anyTables, fc.string(), (table, name) => {
        const without = new Map(table)
        without.delete(name)
        const one = new Map(without).set(name, longstr('one'))
        const two = new Map(without).set(name, longstr('two'))
        expect(new Set([without, one, two].map(fingerprint)).size).toBe(3)
      }),
    )
  })

  const LOOK_ALIKES: readonly FieldValue[] = [
    { type: 'void' },
    longstr('void'),
    longstr(''),
    { type: 'binary', value: Buffer.from('void') },
    longstr('1'),
    { type: 'signedint', value: 1 },
    { type: 'long', value: 1n },
    { type: 'byte', value: 1 },
    { type: 'double', value: 1 },
    { type: 'float', value: 1 },
    { type: 'timestamp', value: 1n },
    { type: 'bool', value: true },
    longstr('true'),
    { type: 'decimal', scale: 1, value: 2 },
    { type: 'decimal', scale: 12, value: 0 },
    { type: 'array', value: [] },
    { type: 'array', value: [longstr('a,b')] },
    { type: 'array', value: [longstr('a'), longstr('b')] },
    { type: 'array', value: [{ type: 'array', value: [] }] },
    { type: 'table', value: new Map() },
    { type: 'table', value: new Map([['a', longstr('b')]]) },
    longstr('table []'),
    longstr('[]'),
    { type: 'array', value: [longstr('[]')] },
    { type: 'array', value: [{ type: 'table', value: new Map() }] },
  ]

  test('tells values apart that look alike', () => {
    const prints = LOOK_ALIKES.map((value) => fingerprint(new Map([['x', value]])))
    expect(new Set(prints).size).toBe(LOOK_ALIKES.length)
  })

  test('tells names from values', () => {
    const tables: readonly Table[] = [
      new Map([['a', longstr('","b')]]),
      new Map([
        ['a', longstr('')],
        ['b', longstr('')],
      ]),
      new Map([['a","', longstr('b')]]),
    ]
    expect(new Set(tables.map(fingerprint)).size).toBe(3)
  })

  test('does not mix up bytes that are not UTF-8', () => {
    const print = (bytes: number[]) =>
      fingerprint(new Map([['x', { type: 'longstr', value: Buffer.from(bytes) }]]))
    expect(print([0xff])).not.toBe(print([0xfe]))
  })
})

describe('field values', () => {
  test('the text of strings and binaries is read as UTF-8, of others there is none', () => {
    expect(textOf(longstr('größe'))).toBe('größe')
    const middle = Buffer.from('xabcx').subarray(1, 4)
    expect(textOf({ type: 'binary', value: middle })).toBe('abc')
    expect(textOf({ type: 'signedint', value: 1 })).toBeNull()
    expect(textOf(undefined)).toBeNull()
  })

  test('integers of every width have a value, others have none', () => {
    expect(integerOf({ type: 'byte', value: -1 })).toBe(-1)
    expect(integerOf({ type: 'unsignedint', value: 2 ** 32 - 1 })).toBe(2 ** 32 - 1)
    expect(integerOf({ type: 'long', value: -5n })).toBe(-5)
    expect(integerOf({ type: 'timestamp', value: 5n })).toBeNull()
    expect(integerOf({ type: 'double', value: 5 })).toBeNull()
    expect(integerOf(longstr('5'))).toBeNull()
    expect(integerOf(undefined)).toBeNull()
  })
})
