import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from '../../src/common/heap.ts'

test('what is pushed comes out sorted', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 200, size: 'max' }),
      (numbers) => {
        const heap = newHeap()
        for (const number of numbers) heap.push(number)
        const popped = numbers.map(() => heap.pop())
        expect(popped).toEqual([...numbers].sort((a, b) => a - b))
        expect(heap.pop()).toBeUndefined()
      },
    ),
  )
})

test('what is kept comes out sorted, the rest never', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 200, size: 'max' }), (numbers) => {
      const heap = newHeap()
      for (const number of numbers) heap.push(number)
      heap.keep((number) => number % 3 !== 0)
      const expected = numbers.filter((number) => number % 3 !== 0).sort((a, b) => a - b)
      expect(heap.length).toBe(expected.length)
      expect(expected.map(() => heap.pop())).toEqual(expected)
    }),
  )
})

test('pushes and pops in any order give the least of what is there', () => {
  const operations = fc.array(fc.option(fc.integer({ min: 0, max: 20 })), {
    maxLength: 300,
    size: 'max',
  })
  fc.assert(
    fc.property(operations, (list) => {
      const heap = newHeap()
      const model: number[] = []
      for (const number of list) {
        if (number === null) expect(heap.pop()).toBe(model.shift())
        else {
          heap.push(number)
          model.push(number)
          model.sort((a, b) => a - b)
        }
        expect(heap.length).toBe(model.length)
        expect(heap.peek()).toBe(model[0])
      }
    }),
  )
})

test('a cleared heap is empty', () => {
  const heap = newHeap()
  for (const number of [3, 1, 2]) heap.push(number)
  heap.clear()
  expect(heap.length).toBe(0)
  expect(heap.peek()).toBeUndefined()
  heap.push(7)
  expect(heap.pop()).toBe(7)
})

function newHeap(): Heap<number> {
  return new Heap((a, b) => a < b)
}
