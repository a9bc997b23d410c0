import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FieldValue, longstr, type Table } from '../../../src/common/table.ts'
import { hasEqualValue } from '../../../src/core/exchange/header-equality.ts'
import { anyTables } from '../../support/table-arbitraries.ts'

const int = (value: number): FieldValue => ({ type: 'signedint', value })
const byte = (value: number): FieldValue => ({ type: 'byte', value })
const long = (value: bigint): FieldValue => ({ type: 'long', value })
const double = (value: number): FieldValue => ({ type: 'double', value })
const float = (value: number): FieldValue => ({ type: 'float', value })
const binary = (text: string): FieldValue => ({ type: 'binary', value: Buffer.from(text) })
const bool = (value: boolean): FieldValue => ({ type: 'bool', value })
const time = (value: bigint): FieldValue => ({ type: 'timestamp', value })
const decimal = (scale: number, value: number): FieldValue => ({ type: 'decimal', scale, value })
const array = (...value: FieldValue[]): FieldValue => ({ type: 'array', value })
const table = (entries: Record<string, FieldValue>): FieldValue => ({
  type: 'table',
  value: new Map(Object.entries(entries)),
})
const NOTHING: FieldValue = { type: 'void' }

describe('equal values', () => {
  const EQUAL: readonly [string, FieldValue, FieldValue][] = [
    ['integers of different width', int(1), long(1n)],
    ['a byte and an int', byte(-1), int(-1)],
    ['an unsigned and a signed one', { type: 'unsignedint', value: 5 }, int(5)],
    ['large longs', long(2n ** 62n), long(2n ** 62n)],
    ['a float and a double', float(1.5), double(1.5)],
    ['a string and a byte array', longstr('a'), binary('a')],
    ['the same bool', bool(false), bool(false)],
    ['the same time', time(7n), time(7n)],
    ['the same decimal', decimal(2, 150), decimal(2, 150)],
    ['arrays', array(int(1), longstr('a')), array(int(1), longstr('a'))],
    ['tables', table({ a: int(1), b: NOTHING }), table({ b: NOTHING, a: int(1) })],
    ['nested ones', array(table({ a: array(long(1n)) })), array(table({ a: array(long(1n)) }))],
  ]
  test.each(EQUAL)('%s', (_, a, b) => {
    expect(hasEqualValue(a, b)).toBe(true)
    expect(hasEqualValue(b, a)).toBe(true)
  })
})

describe('different values', () => {
  const DIFFERENT: readonly [string, FieldValue, FieldValue][] = [
    ['an integer and a double', int(1), double(1)],
    ['a number and a string', int(1), longstr('1')],
    ['a bool and a string', bool(true), longstr('true')],
    ['a bool and an integer', bool(true), int(1)],
    ['integers', int(1), int(2)],
    ['longs that are one number as doubles', long(2n ** 62n), long(2n ** 62n + 1n)],
    ['strings', longstr('a'), longstr('A')],
    ['strings of which one begins the other', longstr('a'), longstr('ab')],
    ['decimals', decimal(1, 15), decimal(2, 150)],
    ['an array and its only item', array(int(1)), int(1)],
    ['array items of different width', array(int(1)), array(long(1n))],
    ['array items of string and byte array', array(longstr('a')), array(binary('a'))],
    ['arrays of different length', array(int(1)), array(int(1), int(1))],
    ['arrays in another order', array(int(1), int(2)), array(int(2), int(1))],
    ['table entries of different width', table({ a: int(1) }), table({ a: long(1n) })],
    ['table names', table({ a: int(1) }), table({ b: int(1) })],
    ['a table and a larger one', table({ a: int(1) }), table({ a: int(1), b: int(2) })],
    ['a table and an array', table({}), array()],
    ['a void and an empty string', NOTHING, longstr('')],
  ]
  test.each(DIFFERENT)('%s', (_, a, b) => {
    expect(hasEqualValue(a, b)).toBe(false)
    expect(hasEqualValue(b, a)).toBe(false)
  })
})

test('every value equals itself, but for what is no number', () => {
  fc.assert(
    fc.property(anyTables, (values) => {
      fc.pre(!hasNaN(values))
      for (const value of values.values()) expect(hasEqualValue(value, value)).toBe(true)
    }),
  )
})

function hasNaN(values: Table): boolean {
  return [...values.values()].some(isNaNInside)
}

function isNaNInside(value: FieldValue): boolean {
  switch (value.type) {
    case 'float':
    case 'double':
      return Number.isNaN(value.value)
    case 'array':
      return value.value.some(isNaNInside)
    case 'table':
      return hasNaN(value.value)
    default:
      return false
  }
}
