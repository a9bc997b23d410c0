import { describe, expect, test } from 'vitest'
import { LongWorkTime } from '../../src/common/long-work-time.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('the time for long work', () => {
  test('ends three milliseconds after its first work, not after its turn began', () => {
    const { clock, time } = start()
    clock.advance(100)
    expect(stepsOf(time, 1000)).toBe(1000)
    clock.advance(2)
    expect(stepsOf(time, 1000)).toBe(1000)
    clock.advance(1)
    expect(stepsOf(time, 1000)).toBeLessThan(8)
  })

  test('that is over lets everybody who asks do one step until the next turn', () => {
    const { clock, time } = start()
    stepsOf(time, 8)
    clock.advance(3)
    stepsOf(time, 8)
    expect([stepsOf(time, 10), stepsOf(time, 10)]).toEqual([0, 0])
    time.renew()
    expect(stepsOf(time, 1000)).toBe(1000)
  })

  test('never ends once everything is to be done', () => {
    const { clock, time } = start()
    stepsOf(time, 8)
    clock.advance(3)
    stepsOf(time, 8)
    time.release()
    expect(stepsOf(time, 1000)).toBe(1000)
  })

  test('never ends without a clock', () => {
    expect(stepsOf(new LongWorkTime(null), 1000)).toBe(1000)
  })
})

function start() {
  const clock = new ManualClock()
  return { clock, time: new LongWorkTime(clock) }
}

/** How many of so many steps are followed by another one. */
function stepsOf(time: LongWorkTime, most: number): number {
  for (let steps = 0; steps < most; steps++) if (!time.goesOn()) return steps
  return most
}
