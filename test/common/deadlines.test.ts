import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Deadline, Deadlines } from '../../src/common/deadlines.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { reachableSlots } from '../support/reachable.ts'

test('deadlines come in the order of their times, each at its time', () => {
  const delays = fc.array(fc.nat(1000), { minLength: 1, maxLength: 50, size: 'max' })
  const steps = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20, size: 'max' })
  fc.assert(
    fc.property(
      delays,
      steps,
      fc.array(fc.nat(49), { maxLength: 20 }),
      (list, advances, cancelled) => {
        const clock = new ManualClock(0)
        const deadlines = new Deadlines(clock)
        const ran: { delay: number; atMs: number }[] = []
        const set = list.map((delay) =>
          deadlines.after(delay, () => ran.push({ delay, atMs: clock.now() })),
        )
        const dropped = new Set(cancelled.filter((index) => index < list.length))
        for (const index of dropped) set[index]!.cancel()
        for (const step of [...advances, 1000]) {
          clock.advance(step)
          expect(clock.timerCount).toBeLessThanOrEqual(1)
        }
        const expected = list.filter((_, index) => !dropped.has(index)).sort((a, b) => a - b)
        expect(ran).toEqual(expected.map((delay) => ({ delay, atMs: delay })))
      },
    ),
  )
})

describe('deadlines', () => {
  test('share one timer, set for the earliest', () => {
    const { clock, deadlines } = start()
    deadlines.after(50, () => {})
    deadlines.after(20, () => {})
    deadlines.after(80, () => {})
    expect(clock.timerCount).toBe(1)
    expect(clock.nextTimerMs).toBe(20)
  })

  test('that are past when the process gets to them all come, in their order', () => {
    const { clock, deadlines, ran, note } = start()
    for (const delay of [30, 10, 20]) deadlines.after(delay, note(`${delay}`))
    clock.skip(100)
    clock.advance(0)
    expect(ran).toEqual(['10', '20', '30'])
  })

  test('that were cancelled never come, and their time does not matter', () => {
    const { clock, deadlines, ran, note } = start()
    const first = deadlines.after(10, note('first'))
    deadlines.after(20, note('second'))
    first.cancel()
    first.cancel()
    clock.advance(10)
    expect(ran).toEqual([])
    clock.advance(10)
    expect(ran).toEqual(['second'])
    expect(clock.timerCount).toBe(0)
  })

  test('that were cancelled ask for no timer when their turn comes', () => {
    const { clock, deadlines } = start()
    deadlines.after(10, () => {})
    const second = deadlines.after(20, () => {})
    deadlines.after(30, () => {})
    second.cancel()
    clock.advance(10)
    expect(clock.nextTimerMs).toBe(30)
  })

  test('can be cancelled by the task of one that is due at the same time', () => {
    const { clock, deadlines, ran, note } = start()
    const later: Deadline[] = []
    deadlines.after(9, () => later[0]!.cancel())
    later.push(deadlines.after(10, note('cancelled')))
    clock.skip(10)
    clock.advance(0)
    expect(ran).toEqual([])
  })

  test('set by a task come at their own time', () => {
    const { clock, deadlines, ran, note } = start()
    deadlines.after(10, () => {
      note('first')()
      deadlines.after(5, note('second'))
    })
    deadlines.after(12, note('between'))
    clock.advance(14)
    expect(ran).toEqual(['first', 'between'])
    clock.advance(1)
    expect(ran).toEqual(['first', 'between', 'second'])
    expect(clock.timerCount).toBe(0)
  })

  test('that repeat themselves keep one timer', () => {
    const { clock, deadlines, ran, note } = start()
    const beat = () => {
      note('beat')()
      deadlines.after(10, beat)
    }
    deadlines.after(10, beat)
    clock.advance(45)
    expect(ran).toHaveLength(4)
    expect(clock.timerCount).toBe(1)
  })

  test('can be cancelled after they came', () => {
    const { clock, deadlines, ran, note } = start()
    const deadline = deadlines.after(1, note('once'))
    clock.advance(1)
    deadline.cancel()
    clock.advance(10)
    expect(ran).toEqual(['once'])
  })

  test('know their time', () => {
    const { clock, deadlines } = start()
    clock.advance(7)
    expect(deadlines.after(5, () => {}).atMs).toBe(12)
  })

  test('that were cancelled are not kept until their time', () => {
    const { deadlines, ran, note, clock } = start()
    for (const delay of [30, 10, 20]) deadlines.after(delay, note(`${delay}`))
    const before = reachableSlots(deadlines)
    for (let i = 0; i < 10_000; i++) deadlines.after(1_000_000 - i, note('never')).cancel()
    expect(reachableSlots(deadlines)).toBeLessThan(before + 2000)
    clock.advance(30)
    expect(ran).toEqual(['10', '20', '30'])
  })

  test('can be swept out while others are done', () => {
    const { clock, deadlines, ran, note } = start()
    const far = Array.from({ length: 1000 }, (_, i) => deadlines.after(1000 + i, note('never')))
    deadlines.after(10, () => {
      for (const deadline of far) deadline.cancel()
    })
    deadlines.after(10, note('same time'))
    deadlines.after(20, note('later'))
    clock.advance(5000)
    expect(ran).toEqual(['same time', 'later'])
  })

  test('as far away as ten years ask for no timer that node cannot set', () => {
    const { clock, deadlines, ran, note } = start()
    const tenYearsMs = 315_360_000_000
    deadlines.after(tenYearsMs, note('at last'))
    expect(clock.nextTimerMs).toBeLessThanOrEqual(2 ** 31 - 1)
    clock.advance(tenYearsMs - 1)
    expect(ran).toEqual([])
    clock.advance(1)
    expect(ran).toEqual(['at last'])
    expect(clock.timerCount).toBe(0)
  })
})

describe('closed deadlines', () => {
  test('leave no timer and never come', () => {
    const { clock, deadlines, ran, note } = start()
    deadlines.after(10, note('never'))
    deadlines.close()
    expect(clock.timerCount).toBe(0)
    clock.advance(20)
    expect(ran).toEqual([])
  })

  test('take no more', () => {
    const { clock, deadlines, ran, note } = start()
    deadlines.close()
    deadlines.after(10, note('never'))
    expect(clock.timerCount).toBe(0)
    clock.advance(20)
    expect(ran).toEqual([])
    const before = reachableSlots(deadlines)
    for (let i = 0; i < 100; i++) deadlines.after(10, note('never'))
    expect(reachableSlots(deadlines)).toBe(before)
  })

  test('by one of their tasks let no other task run', () => {
    const { clock, deadlines, ran, note } = start()
    deadlines.after(10, () => deadlines.close())
    deadlines.after(11, note('never'))
    clock.skip(20)
    clock.advance(20)
    expect(ran).toEqual([])
    expect(clock.timerCount).toBe(0)
  })
})

function start() {
  const clock = new ManualClock(0)
  const ran: string[] = []
  const note = (name: string) => () => {
    ran.push(name)
  }
  return { clock, deadlines: new Deadlines(clock), ran, note }
}
