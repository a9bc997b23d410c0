import { expect, test } from 'vitest'
import { quantity } from '../../src/common/quantity.ts'

test.each([
  [0, 'queue', undefined, '0 queues'],
  [1, 'queue', undefined, '1 queue'],
  [999, 'queue', undefined, '999 queues'],
  [1200, 'queue', undefined, '1,200 queues'],
  [123_456, 'queue', undefined, '123,456 queues'],
  [10_000_000, 'queue', undefined, '10,000,000 queues'],
  [2, 'policy', 'policies', '2 policies'],
])('%i of %s', (count, one, more, text) => {
  expect(quantity(count, one, more)).toBe(text)
})
