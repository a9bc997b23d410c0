import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Few } from '../../../src/core/exchange/few.ts'
import { reachableSlots } from '../../support/reachable.ts'

test('holds what a Set would hold, in its order', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.constantFrom('a', 'b', 'c')), { maxLength: 30 })
  fc.assert(
    fc.property(steps, (changes) => {
      const few = new Few('a')
      const expected = new Set(['a'])
      for (const [isAdded, item] of changes) {
        if (isAdded) few.add(item)
        else few.delete(item)
        if (isAdded) expected.add(item)
        else expected.delete(item)
        const found: string[] = []
        few.each((each) => found.push(each))
        expect(found).toEqual([...expected])
        expect(few.isEmpty).toBe(expected.size === 0)
      }
    }),
  )
})

test('is small again when all but one have left', () => {
  const few = new Few(1)
  const size = reachableSlots(few)
  for (const item of [2, 3, 4]) few.add(item)
  for (const item of [1, 2, 4]) few.delete(item)
  expect(reachableSlots(few)).toBe(size)
})
