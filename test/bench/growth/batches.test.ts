import { expect, test } from 'vitest'
import { batchesOf, mixedNumbers } from './batches.ts'

test('mixed numbers are all different', () => {
  for (const below of [1, 2, 10, 1000, 4096]) {
    expect(new Set(mixedNumbers(below, below)).size).toBe(below)
    expect(Math.max(...mixedNumbers(below, below))).toBe(below - 1)
  }
  expect(mixedNumbers(7, 1000)).toHaveLength(7)
})

test('every key gets as many messages as the others', () => {
  const keys = Array.from({ length: 2500 }, (_, i) => `key-${i}`)
  const batches = batchesOf({ keys, bodySize: 16 })
  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(2500)
  for (const { bytes } of batches) expect(bytes.length).toBeLessThanOrEqual(65_536)
})

test('a body larger than a batch has a batch of its own', () => {
  expect(batchesOf({ keys: ['key'], bodySize: 200_000 }).map(({ count }) => count)).toEqual([1])
})
