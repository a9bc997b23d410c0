import { expect, test } from 'vitest'
import { SystemClock } from '../../src/common/clock.ts'
import { ManualClock } from '../support/manual-clock.ts'

test('the system clock calls a task once', async () => {
  const clock = new SystemClock()
  const start = clock.now()
  await new Promise<void>((resolve) => clock.after(1, resolve))
  expect(clock.now()).toBeGreaterThan(start)
})

test('a stopped task of the system clock is not called', async () => {
  const clock = new SystemClock()
  const called: string[] = []
  const stop = clock.after(0, () => called.push('stopped'))
  stop()
  await new Promise<void>((resolve) => {
    clock.after(0, () => {
      called.push('later')
      resolve()
    })
  })
  expect(called).toEqual(['later'])
})

test('the manual clock fires timers in the order of their times, those set on the way too', () => {
  const clock = new ManualClock(0, 5000)
  const fired: string[] = []
  clock.after(20, () => fired.push(`b ${clock.now()}`))
  clock.after(10, () => {
    fired.push(`a ${clock.now()}`)
    clock.after(5, () => fired.push(`c ${clock.now()}`))
  })
  const stop = clock.after(12, () => fired.push('stopped'))
  stop()
  clock.advance(30)
  expect(fired).toEqual(['a 10', 'c 15', 'b 20'])
  expect(clock.now()).toBe(30)
  expect(clock.wallTime()).toBe(5030)
  expect(clock.nextTimerMs).toBeNull()
})
