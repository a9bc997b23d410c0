import { describe, expect, test } from 'vitest'
import { History, SampleBudget, type Tier } from '../../src/metrics/history.ts'

const TIERS: readonly Tier[] = [
  { ageSeconds: 60, stepSeconds: 5 },
  { ageSeconds: 600, stepSeconds: 60 },
]

/** A history of one number, a sample every five seconds. */
function historyOf(values: readonly number[], budget = new SampleBudget(1_000_000)): History {
  const history = new History(1, TIERS, budget)
  values.forEach((value, i) => {
    history.add(START_MS + i * 5000, Float64Array.of(value))
  })
  return history
}

const START_MS = 1_800_000_000_000

describe('the rate of a number', () => {
  test('is its change per second between the two newest samples', () => {
    expect(historyOf([0, 10, 60]).rate(0)).toBe(10)
  })

  test('is none while it stays, and after one sample', () => {
    expect(historyOf([0, 10, 10]).rate(0)).toBe(0)
    expect(historyOf([10]).rate(0)).toBe(0)
  })
})

describe('samples', () => {
  test('are told newest first, at whole steps', () => {
    const samples = historyOf([1, 2, 2, 2, 5]).samples(0, { ageSeconds: 20, stepSeconds: 5 })
    expect(samples.map(({ sample }) => sample)).toEqual([5, 2, 2, 2, 1])
    expect(samples[0]?.timestamp).toBe(START_MS + 20_000)
  })

  test('end where nothing was sampled yet', () => {
    const samples = historyOf([1, 2]).samples(0, { ageSeconds: 60, stepSeconds: 5 })
    expect(samples.map(({ sample }) => sample)).toEqual([2, 1])
  })

  test('of long ago are kept at longer steps', () => {
    const history = historyOf(Array.from({ length: 100 }, (_, i) => i))
    const samples = history.samples(0, { ageSeconds: 480, stepSeconds: 60 })
    expect(samples.length).toBeGreaterThan(5)
    expect(samples.at(-1)?.sample).toBeLessThan(20)
  })

  test('without room for them are forgotten, but for the rate', () => {
    const history = historyOf([1, 2, 3, 4, 14], new SampleBudget(0))
    expect(history.rate(0)).toBe(2)
    const samples = history.samples(0, { ageSeconds: 20, stepSeconds: 5 })
    expect(samples.map(({ sample }) => sample)).toEqual([14, 4])
  })

  test('give their room back', () => {
    const budget = new SampleBudget(10_000)
    historyOf([1, 2, 3, 4, 5, 6, 7, 8], budget).drop()
    expect(budget.take(10_000)).toBe(true)
  })
})

test('when a number has changed last is known', () => {
  expect(historyOf([1, 2, 2, 2]).changedAtMs).toBe(START_MS + 5000)
})
