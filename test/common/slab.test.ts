import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Slab } from '../../src/common/slab.ts'

test('pieces of a slab do not overlap, whatever their sizes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 40, size: 'max' }), (sizes) => {
      const slab = new Slab()
      const pieces = sizes.map((size, index) => {
        const start = slab.take(size)
        expect(start + size).toBeLessThanOrEqual(slab.memory.length)
        return slab.memory.subarray(start, start + size).fill(index + 1)
      })
      pieces.forEach((piece, index) => {
        expect(piece.every((octet) => octet === index + 1)).toBe(true)
      })
    }),
  )
})

test('small pieces share memory', () => {
  const slab = new Slab()
  slab.take(100)
  const { memory } = slab
  expect(slab.take(100)).toBe(100)
  expect(slab.memory).toBe(memory)
})

test('a piece larger than a slab gets one of its own size', () => {
  const slab = new Slab()
  expect(slab.take(1_000_000)).toBe(0)
  expect(slab.memory).toHaveLength(1_000_000)
})
