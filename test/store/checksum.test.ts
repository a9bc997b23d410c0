import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Checksum, checksumOf, viewOf } from '../../src/store/log/checksum.ts'

/** Values that other implementations of XXH32 publish for these texts. */
describe('XXH32', () => {
  test.each([
    ['', 0, 0x02cc5d05],
    ['a', 0, 0x550d7456],
    ['abc', 0, 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
  ])('of %j with seed %i', (text, seed, expected) => {
    const bytes = Buffer.from(text)
    expect(checksumOf(viewOf(bytes), 0, bytes.length, seed)).toBe(expected)
  })
})

test('is the same wherever the bytes lie, and in however many pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 8 }),
      fc.nat(0xffff_ffff),
      fc.nat(40),
      (pieces, seed, start) => {
        const whole = Buffer.concat([Buffer.alloc(start, 7), ...pieces, Buffer.alloc(9)])
        const end = whole.length - 9
        const pieced = new Checksum(seed)
        for (const piece of pieces) pieced.add(viewOf(piece), 0, piece.length)
        expect(pieced.end()).toBe(checksumOf(viewOf(whole), start, end, seed))
      },
    ),
  )
})

test('is another one when a single bit or the seed is', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(0xffff_ffff),
      fc.nat(),
      (bytes, seed, where) => {
        const before = checksumOf(viewOf(bytes), 0, bytes.length, seed)
        expect(checksumOf(viewOf(bytes), 0, bytes.length, seed ^ 1)).not.toBe(before)
        bytes[where % bytes.length]! ^= 1 << (where & 7)
        expect(checksumOf(viewOf(bytes), 0, bytes.length, seed)).not.toBe(before)
      },
    ),
  )
})
