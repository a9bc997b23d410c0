import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ring } from '../../src/common/ring.ts'
import { reachableSlots } from '../support/reachable.ts'

const operations = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('push' as const), count: fc.nat(30) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('shift' as const), count: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), at: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  ),
  { maxLength: 60, size: 'max' },
)

type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never

test('a ring does what an array does, however it grows, wraps and shrinks', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const ring = new Ring<number>()
      const model: number[] = []
      let next = 0
      for (const operation of list) {
        next = apply(operation, ring, model, next)
        expect([...ring]).toEqual(model)
        expect(ring.length).toBe(model.length)
        expect(ring.peek()).toBe(model[0])
        expect(model.map((_, index) => ring.at(index))).toEqual(model)
        expect(ring.at(model.length)).toBeUndefined()
      }
    }),
  )
})

/** Does the same to both; returns the next number that neither has. */
function apply(operation: Operation, ring: Ring<number>, model: number[], next: number): number {
  switch (operation.kind) {
    case 'push':
      for (let i = 0; i < operation.count; i++) {
        ring.push(next + i)
        model.push(next + i)
      }
      return next + operation.count
    case 'shift':
      for (let i = 0; i < operation.count; i++) expect(ring.shift()).toBe(model.shift())
      return next
    case 'replace':
      if (operation.at >= model.length) return next
      ring.replace(operation.at, next)
      model[operation.at] = next
      return next + 1
    case 'clear':
      ring.clear()
      model.length = 0
      return next
  }
}

test('a ring that was full and is empty again holds no more than a new one', () => {
  const ring = new Ring<object>()
  for (let i = 0; i < 10_000; i++) ring.push({ i })
  const full = reachableSlots(ring)
  while (ring.length > 0) ring.shift()
  expect(full).toBeGreaterThan(20_000)
  expect(reachableSlots(ring)).toBe(reachableSlots(new Ring<object>()))
})

test('an item that has left is not held on to', () => {
  const ring = new Ring<object>()
  const items = [{ name: 'first' }, { name: 'second' }, { name: 'third' }]
  for (const item of items) ring.push(item)
  const slots = reachableSlots(ring)
  ring.shift()
  expect(reachableSlots(ring)).toBe(slots - 1)
})
