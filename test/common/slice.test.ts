import { describe, expect, test } from 'vitest'
import { Slice } from '../../src/common/slice.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('a slice', () => {
  test('ends five milliseconds after its first work, not after its turn began', () => {
    const { clock, slice } = start()
    clock.advance(100)
    expect(stepsOf(slice, 1000)).toBe(1000)
    clock.advance(4)
    expect(stepsOf(slice, 1000)).toBe(1000)
    clock.advance(1)
    expect(stepsOf(slice, 1000)).toBeLessThan(8)
  })

  test('that is over lets everybody who asks do one step until the next turn', () => {
    const { clock, slice } = start()
    stepsOf(slice, 8)
    clock.advance(5)
    stepsOf(slice, 8)
    expect([stepsOf(slice, 10), stepsOf(slice, 10)]).toEqual([0, 0])
    slice.renew()
    expect(stepsOf(slice, 1000)).toBe(1000)
  })

  test('never ends once everything is to be done', () => {
    const { clock, slice } = start()
    stepsOf(slice, 8)
    clock.advance(5)
    stepsOf(slice, 8)
    slice.release()
    expect(stepsOf(slice, 1000)).toBe(1000)
  })

  test('never ends without a clock', () => {
    expect(stepsOf(new Slice(null), 1000)).toBe(1000)
  })
})

function start() {
  const clock = new ManualClock()
  return { clock, slice: new Slice(clock) }
}

/** How many of so many steps are followed by another one. */
function stepsOf(slice: Slice, most: number): number {
  for (let steps = 0; steps < most; steps++) if (!slice.goesOn()) return steps
  return most
}
