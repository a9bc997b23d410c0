import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteWriter, shortstrSize } from '../../src/wire/byte-writer.ts'

test('integers are written with the highest octet first', () => {
  const writer = new ByteWriter(Buffer.alloc(23))
  writer.u8(0xff)
  writer.u16(0xfffe)
  writer.u32(0xffff_fffd)
  writer.u64(Number.MAX_SAFE_INTEGER)
  writer.u64(2 ** 32)
  expect(writer.block.toString('hex')).toBe('fffffefffffffd001fffffffffffff0000000100000000')
  expect(writer.at).toBe(23)
})

test('byte strings are written as they are', () => {
  const writer = new ByteWriter(Buffer.alloc(8))
  writer.longstr(Buffer.from([0xff, 0]))
  writer.bytes(Buffer.from([1, 2]))
  expect(writer.block.toString('hex')).toBe('00000002ff000102')
})

describe('shortstr', () => {
  const TEXTS: readonly [string, string][] = [
    ['', ''],
    ['short', 'short'],
    ['short é', 'short é'],
    ['twenty characters 20', 'twenty characters 20'],
    ['twenty-one characters', 'twenty-one characters'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['x'.repeat(256), 'x'.repeat(255)],
    [`${'x'.repeat(254)}é`, 'x'.repeat(254)],
    [`${'x'.repeat(253)}é!`, `${'x'.repeat(253)}é`],
    [`${'x'.repeat(253)}€`, 'x'.repeat(253)],
    [`${'x'.repeat(252)}😀`, 'x'.repeat(252)],
    [`${'x'.repeat(251)}😀!`, `${'x'.repeat(251)}😀`],
    ['\uD800', '\uFFFD'],
  ]

  test.each(TEXTS)('writes %j', (text, written) => {
    expect(writeShortstr(text, 300)).toEqual(encoded(written))
  })

  test('size is foretold, and is all the room that is needed', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary-ascii', maxLength: 300 }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const size = shortstrSize(text)
        assert.ok(size <= 256)
        assert.deepStrictEqual(writeShortstr(text, size), writeShortstr(text, 300))
        assert.equal(writeShortstr(text, size).length, size)
      }),
      { numRuns: 1000 },
    )
  })

  function encoded(text: string): Buffer {
    const bytes = Buffer.from(text)
    return Buffer.concat([Buffer.from([bytes.length]), bytes])
  }

  function writeShortstr(text: string, room: number): Buffer {
    const writer = new ByteWriter(Buffer.alloc(room))
    writer.shortstr(text)
    return writer.block.subarray(0, writer.at)
  }
})
