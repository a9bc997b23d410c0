import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ranges } from '../../src/store/segments/ranges.ts'

const range = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([from, length]) => [from, from + length] as const)

test('ranges hold what a set of all their numbers holds, and count what is new', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 40 }), (added) => {
      const [ranges, model] = [new Ranges(), new Set<number>()]
      for (const [from, to] of added) {
        const before = model.size
        for (let value = from; value <= to; value++) model.add(value)
        expect(ranges.add(from, to)).toBe(model.size - before)
        expect(valuesOf(ranges)).toEqual([...model].sort((a, b) => a - b))
      }
      for (let value = 0; value <= 80; value++) {
        expect(ranges.has(value)).toBe(model.has(value))
        expect(ranges.next(value)).toBe(nextNotIn(model, value))
      }
      expectApart(ranges)
    }),
  )
})

test('all ranges of another are added', () => {
  fc.assert(
    fc.property(fc.array(range), fc.array(range), (one, other) => {
      const [ranges, others, both] = [new Ranges(), new Ranges(), new Ranges()]
      for (const [from, to] of one) for (const set of [ranges, both]) set.add(from, to)
      for (const [from, to] of other) for (const set of [others, both]) set.add(from, to)
      ranges.addAll(others)
      expect(ranges.flat).toEqual(both.flat)
    }),
  )
})

test('a million in a row are one range, also above 2^32', () => {
  const ranges = new Ranges()
  const start = 2 ** 40
  for (let value = start; value < start + 1_000_000; value++) ranges.add(value, value)
  expect(ranges.flat).toEqual([start, start + 999_999])
  expect(ranges.has(start - 1)).toBe(false)
  expect(ranges.next(start)).toBe(start + 1_000_000)
})

function valuesOf({ flat }: Ranges): readonly number[] {
  const values: number[] = []
  for (let i = 0; i < flat.length; i += 2) {
    for (let value = flat[i]!; value <= flat[i + 1]!; value++) values.push(value)
  }
  return values
}

function nextNotIn(model: ReadonlySet<number>, from: number): number {
  let value = from
  while (model.has(value)) value++
  return value
}

/** Rising, and never touching. */
function expectApart({ flat }: Ranges): void {
  for (let i = 2; i < flat.length; i += 2) expect(flat[i]!).toBeGreaterThan(flat[i - 1]! + 1)
}
