import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BodyParts } from '../../src/protocol/body-parts.ts'
import { PART_SIZE } from '../../src/wire/frame-reader.ts'

const sizes = fc.array(
  fc.oneof(
    fc.nat(50),
    fc.integer({ min: 0, max: PART_SIZE }),
    fc.constantFrom(PART_SIZE - 1, PART_SIZE, PART_SIZE + 1, 70_000),
  ),
  { maxLength: 40, size: 'max' },
)

test('the parts together are the bytes that came, however they came', () => {
  fc.assert(
    fc.property(sizes, fc.nat(20), (list, offset) => {
      const parts = new BodyParts(list.reduce((sum, size) => sum + size, 0))
      const pieces = list.map((size, index) => ({ size, octet: (index + 1) & 0xff }))
      for (const { size, octet } of pieces) {
        const chunk = Buffer.alloc(offset + size + 5, 0xee).fill(octet, offset, offset + size)
        parts.add(chunk, offset, offset + size)
        if (size < PART_SIZE) chunk.fill(0)
      }
      const expected = Buffer.concat(pieces.map(({ size, octet }) => Buffer.alloc(size, octet)))
      expect(Buffer.concat(parts.finish()).equals(expected)).toBe(true)
    }),
  )
})

test('large pieces are kept as they are, without a copy', () => {
  const parts = new BodyParts(PART_SIZE + 10)
  const chunk = Buffer.alloc(PART_SIZE + 10)
  parts.add(Buffer.from('small'), 0, 5)
  parts.add(chunk, 10, chunk.length)
  parts.add(Buffer.from('small'), 0, 5)
  const [first, large, last] = parts.finish()
  expect([first, last].map(String)).toEqual(['small', 'small'])
  expect(large?.buffer).toBe(chunk.buffer)
  expect(large?.byteOffset).toBe(chunk.byteOffset + 10)
})

test('very many small pieces become few parts', () => {
  const parts = new BodyParts(1_000_000)
  for (let i = 0; i < 100_000; i++) parts.add(Buffer.from('0123456789'), 0, 10)
  const found = parts.finish()
  expect(found.reduce((sum, part) => sum + part.length, 0)).toBe(1_000_000)
  expect(found.length).toBeLessThan(20)
})

test('a body takes no more memory than its size when it comes in small pieces', () => {
  const size = PART_SIZE + 1
  const parts = new BodyParts(size)
  for (let at = 0; at < size; at += 1000) {
    parts.add(Buffer.alloc(1000), 0, Math.min(1000, size - at))
  }
  const memory = new Set(parts.finish().map((part) => part.buffer))
  expect([...memory].map((buffer) => buffer.byteLength)).toEqual([size])
})
