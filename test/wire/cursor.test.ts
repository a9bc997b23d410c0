import { describe, expect, test } from 'vitest'
import { Cursor, DecodeError, MalformedUtf8Error } from '../../src/wire/cursor.ts'

describe('a cursor reads', () => {
  test('integers, the highest octet first', () => {
    const cursor = parse('ff fffe fffffffd 001fffffffffffff')
    expect(cursor.u8()).toBe(0xff)
    expect(cursor.u16()).toBe(0xfffe)
    expect(cursor.u32()).toBe(0xffff_fffd)
    expect(cursor.u64()).toBe(Number.MAX_SAFE_INTEGER)
    expect(cursor.at).toBe(cursor.end)
  })

  test('64 bits beyond 2^53 as the nearest number', () => {
    expect(parse('ffffffffffffffff').u64()).toBe(2 ** 64)
    expect(parse('0020000000000001').u64()).toBe(2 ** 53)
  })

  test('strings by their length', () => {
    const cursor = parse('00 02c3a9 00000003 00ff80')
    expect(cursor.shortstr()).toBe('')
    expect(cursor.shortstr()).toBe('é')
    expect(cursor.longstr()).toEqual(Buffer.from([0, 0xff, 0x80]))
  })

  test('a shortstr of 255 bytes', () => {
    expect(parse(`ff${'61'.repeat(255)}`).shortstr()).toBe('a'.repeat(255))
  })

  test('from the place it was reset to', () => {
    const bytes = Buffer.from([1, 2, 3, 4])
    const cursor = new Cursor().reset(bytes, 1, 3)
    expect(cursor.u16()).toBe(0x0203)
    expect(() => cursor.u8()).toThrow(DecodeError)
    expect(cursor.reset(bytes, 3, 4).u8()).toBe(4)
  })
})

describe('UTF-8', () => {
  test.each(['01ff', '02c328', '03eda080', '04f4908080', '02c080'])(
    '%s is refused in a shortstr',
    (hex) => {
      expect(() => parse(hex).shortstr()).toThrow(MalformedUtf8Error)
    },
  )

  test('the replacement character itself is a character', () => {
    expect(parse('03efbfbd').shortstr()).toBe('\uFFFD')
  })

  test('a lenient shortstr replaces what is malformed', () => {
    expect(parse('0361ff62').lenientShortstr()).toBe('a\uFFFDb')
  })
})

test('a longstr outlives the frame', () => {
  const bytes = Buffer.from('0000000161', 'hex')
  const text = new Cursor().reset(bytes, 0, bytes.length).longstr()
  bytes.fill(0)
  expect(text.toString()).toBe('a')
})

test('skip tells where the bytes began', () => {
  const cursor = parse('010203')
  expect(cursor.skip(2)).toBe(0)
  expect(cursor.skip(1)).toBe(2)
  expect(cursor.skip(0)).toBe(3)
})

const READS: readonly [string, string, (cursor: Cursor) => unknown][] = [
  ['u8', '01', (cursor) => cursor.u8()],
  ['u16', '0102', (cursor) => cursor.u16()],
  ['u32', '01020304', (cursor) => cursor.u32()],
  ['u64', '0102030405060708', (cursor) => cursor.u64()],
  ['skip', '010203', (cursor) => cursor.skip(3)],
  ['shortstr', '03616263', (cursor) => cursor.shortstr()],
  ['lenientShortstr', '03616263', (cursor) => cursor.lenientShortstr()],
  ['longstr', '00000003616263', (cursor) => cursor.longstr()],
]

test.each(READS)('%s stops at the end, whatever lies behind it', (_, hex, read) => {
  const bytes = Buffer.from(`${hex}616263`, 'hex')
  const size = hex.length / 2
  for (let end = 0; end < size; end++) {
    expect(() => read(new Cursor().reset(bytes, 0, end))).toThrow(DecodeError)
  }
  expect(() => read(new Cursor().reset(bytes, 0, size))).not.toThrow()
})

function parse(hex: string): Cursor {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
  return new Cursor().reset(bytes, 0, bytes.length)
}
