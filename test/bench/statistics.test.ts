import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Latencies } from './load/latencies.ts'
import { ratio } from './report.ts'
import { median, spreadOf } from './statistics.ts'

describe('the median', () => {
  test('of an odd number of values is the one in the middle', () => {
    expect(median([30, 1, 2])).toBe(2)
  })

  test('of an even number of values lies between the two in the middle', () => {
    expect(median([4, 1, 100, 2])).toBe(3)
  })

  test('of nothing is no number', () => {
    expect(median([])).toBeNaN()
    expect(spreadOf([])).toBeNull()
  })

  test('comes with the least and the most', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 })
  })
})

describe('how much better one is than the other', () => {
  const one = { median: 2, least: 1, most: 3 }
  const other = { median: 6, least: 1, most: 9 }

  test('is the share of its costs where less is better', () => {
    expect(ratio(one, other, true)).toBe(3)
  })

  test('is the multiple of its speed where more is better', () => {
    expect(ratio(other, one, false)).toBe(3)
  })

  test('is not told when one of them is not known', () => {
    expect(ratio(null, other, true)).toBe('')
    expect(ratio(one, undefined, true)).toBe('')
    expect(ratio({ ...one, median: 0 }, other, true)).toBe('')
  })
})

describe('latencies', () => {
  test('have no quantile when there are none', () => {
    expect(new Latencies().quantile(0.5)).toBeNaN()
  })

  test('have the quantiles of the sorted values, to 1.6 %', () => {
    const values = fc.array(fc.double({ min: 0, max: 200_000, noNaN: true }), { minLength: 1 })
    const shares = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, shares, (ms, share) => {
        const latencies = new Latencies()
        for (const each of ms) latencies.add(each)
        const sorted = [...ms].sort((a, b) => a - b)
        const exact = sorted[Math.min(Math.floor(share * ms.length), ms.length - 1)]!
        const found = latencies.quantile(share)
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.016 + 0.0001)
      }),
    )
  })

  test('forget what was before they were cleared', () => {
    const latencies = new Latencies()
    latencies.add(1000)
    latencies.clear()
    latencies.add(1)
    expect(latencies.count).toBe(1)
    expect(latencies.quantile(1)).toBeCloseTo(1, 1)
  })
})
