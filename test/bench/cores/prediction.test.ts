import { expect, test } from 'vitest'
import { speedUp } from './prediction.ts'

test('half of the work on another thread doubles what goes through, if moving costs nothing', () => {
  expect(speedUp({ whole: 2, movable: 1, hop: 0 }, 1)).toBe(2)
  expect(speedUp({ whole: 2, movable: 1, hop: 0 }, 8)).toBe(2)
})

test('the slower side sets the pace', () => {
  expect(speedUp({ whole: 4, movable: 3, hop: 0 }, 1)).toBeCloseTo(4 / 3)
  expect(speedUp({ whole: 4, movable: 3, hop: 0 }, 3)).toBe(4)
})

test('a dear hop makes everything slower', () => {
  expect(speedUp({ whole: 1, movable: 0.1, hop: 2 }, 4)).toBeLessThan(1)
})
