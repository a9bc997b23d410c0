import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Slices, sortInSlices } from '../../src/common/slices.ts'

test('what is sorted in slices is in order, and equal items keep theirs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { maxLength: 5000 }), async (keys) => {
      const items = keys.map((key, at) => ({ key, at }))
      const sorted = await sortInSlices(items, (a, b) => a.key - b.key, new Slices())
      expect(sorted).toEqual([...items].sort((a, b) => a.key - b.key || a.at - b.at))
    }),
    { numRuns: 30 },
  )
})
