import { expect, test } from 'vitest'
import { AssertionError, assert } from '../../src/common/assert.ts'

test('what holds passes', () => {
  expect(() => assert(true, 'it holds')).not.toThrow()
})

test('what does not hold throws, and says what should have held', () => {
  const fail = () => assert(1 + 1 === 3, 'one and one is three')
  expect(fail).toThrow(AssertionError)
  expect(fail).toThrow('assertion failed: one and one is three')
})
