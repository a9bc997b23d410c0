import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertExpiration } from '../../src/protocol/expiration.ts'
import { refusalOf } from '../support/refusal-of.ts'

describe('an expiration is accepted', () => {
  test.each(['0', '1', '+5', '007', '4294967296', '315360000000', '-0'])('%s', (text) => {
    expect(refusalOf(() => assertExpiration(text))).toBeNull()
  })

  test('for every whole number of milliseconds up to ten years', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 315_360_000_000 }), (ms) => {
        expect(refusalOf(() => assertExpiration(`${ms}`))).toBeNull()
      }),
    )
  })
})

describe('an expiration is refused', () => {
  test.each([
    ['abc', 'no_integer'],
    ['', 'no_integer'],
    [' 1', 'no_integer'],
    ['+', 'no_integer'],
    ['--1', 'no_integer'],
    ['\u0661', 'no_integer'],
    ['1.5', '{leftover_string,".5"}'],
    ['1 ', '{leftover_string," "}'],
    ['10ms', '{leftover_string,"ms"}'],
    ['0x10', '{leftover_string,"x10"}'],
    ['1e3', '{leftover_string,"e3"}'],
    ['-1', '{value_negative,-1}'],
    ['315360000001', '{value_too_large,315360000001}'],
    ['+315360000001', '{value_too_large,315360000001}'],
    ['9007199254740993', '{value_too_large,9007199254740993}'],
    ['99999999999999999999', `{value_too_large,\n${' '.repeat(44)}99999999999999999999}`],
  ])('%s', (text, error) => {
    expect(refusalOf(() => assertExpiration(text))).toBe(
      `precondition-failed: invalid expiration '${text}': ${error}`,
    )
  })

  test('with its quotes and backslashes shown as Erlang shows them', () => {
    expect(refusalOf(() => assertExpiration('1"\\'))).toBe(
      'precondition-failed: invalid expiration \'1"\\\': {leftover_string,"\\"\\\\"}',
    )
  })
})
