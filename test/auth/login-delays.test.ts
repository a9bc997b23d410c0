import { expect, test } from 'vitest'
import { type LoginDelay, LoginDelays } from '../../src/auth/login-delays.ts'

function failedTimes(delays: LoginDelays, count: number, address = 'a', nowMs = 0) {
  const seen: LoginDelay[] = []
  for (let i = 0; i < count; i++) seen.push(delays.failed(address, 'u', nowMs))
  return seen
}

test('the eleventh failure of a user from an address within a minute is answered late', () => {
  const delays = new LoginDelays()
  expect(failedTimes(delays, 11)).toEqual([...Array(10).fill('hold'), 'hold-answer'])
  expect(delays.failed('a', 'other', 0)).toBe('hold')
  expect(delays.failed('b', 'u', 0)).toBe('hold')
  expect(delays.failed('a', 'u', 59_999)).toBe('hold-answer')
  expect(delays.failed('a', 'u', 60_000)).toBe('hold')
})

test('of an address 200 are kept waiting, of all 1000, and as many again when they are gone', () => {
  const delays = new LoginDelays()
  expect(failedTimes(delays, 200)).not.toContain('cut')
  expect(failedTimes(delays, 1)).toEqual(['cut'])
  for (const address of ['b', 'c', 'd', 'e']) {
    expect(failedTimes(delays, 200, address)).not.toContain('cut')
  }
  expect(failedTimes(delays, 1, 'f')).toEqual(['cut'])
  delays.release('b')
  expect(failedTimes(delays, 2, 'f')).toEqual(['hold', 'cut'])
  for (const address of ['a', 'f']) delays.release(address)
  expect(failedTimes(delays, 2)).toEqual(['hold-answer', 'cut'])
})

test('a flood of names is not remembered for ever', () => {
  const delays = new LoginDelays()
  for (let i = 0; i < 25_000; i++) delays.failed('a', `u${i}`, 0)
  expect(delays.failed('b', 'u24999', 0)).toBe('hold')
  for (let i = 0; i < 11; i++) delays.failed('c', 'u', 0)
  expect(delays.failed('c', 'u', 0)).toBe('hold-answer')
})
