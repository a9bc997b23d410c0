import { expect, test } from 'vitest'
import { numberText, svgOf } from './plot.ts'

test('numbers on an axis are short', () => {
  const shown = [0, 1, 1000, 50_000, 10_000_000, 1024, 16_777_216].map(numberText)
  expect(shown).toEqual(['0', '1', '1 k', '50 k', '10 M', '1 Ki', '16 Mi'])
})

test('a plot has a mark for each point, also at 0, and no coordinate that is no number', () => {
  const points = [
    [0, 1, 0.9, 1.1],
    [10, 2, 1, 3],
    [1000, 40, 30, 50],
  ] as const
  const svg = svgOf({ title: 't', xLabel: 'x', yLabel: 'y', lines: [{ name: 'n', points }] })
  expect(svg.match(/<circle/g)).toHaveLength(3)
  expect(svg).not.toMatch(/NaN|Infinity/)
})
