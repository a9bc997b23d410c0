import { describe, expect, test } from 'vitest'
import { patternOf } from '../../src/common/pattern.ts'

describe('a pattern', () => {
  test.each([
    ['^q', 'queue', true],
    ['q', 'my-queue', true],
    ['^$', 'queue', false],
    ['my\\-queue', 'my-queue', true],
    ['(?i)^ORDERS', 'orders.eu', true],
    ['^ORDERS', 'orders.eu', false],
    ['\\Aorders\\z', 'orders', true],
    ['\\Aorders\\Z', 'orders.eu', false],
    ['a\\\\Ab', 'a\\Ab', true],
    ['^amq\\.gen', 'amq.gen-x', true],
  ])('%j matches %j: %j', (pattern, name, matches) => {
    expect(patternOf(pattern).test(name)).toBe(matches)
  })

  test('that is none is a SyntaxError', () => {
    expect(() => patternOf('(')).toThrow(SyntaxError)
  })
})
