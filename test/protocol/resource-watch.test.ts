import { expect, test } from 'vitest'
import { Deadlines } from '../../src/common/deadlines.ts'
import { Alarms } from '../../src/protocol/alarms.ts'
import { ResourceWatch } from '../../src/protocol/resource-watch.ts'
import { LogLines } from '../broker/log-lines.ts'
import { ManualClock } from '../support/manual-clock.ts'

function watched() {
  const clock = new ManualClock()
  const alarms = new Alarms()
  const log = new LogLines()
  const there = { memory: 100, disk: 1000, looks: 0 }
  const watch = new ResourceWatch({
    resources: {
      memoryUsed: () => {
        there.looks++
        return there.memory
      },
      diskFree: () => there.disk,
      memoryThere: () => 2000,
    },
    alarms,
    deadlines: new Deadlines(clock),
    log,
    nodeName: 'rabbit@test',
  })
  return { clock, alarms, log, there, watch }
}

test('memory above its limit raises an alarm within 2.5 seconds, and clears it again', () => {
  const { clock, alarms, log, there, watch } = watched()
  watch.setLimits({ memory: 100 })
  there.memory = 101
  clock.advance(2499)
  expect(alarms.isRaised).toBe(false)
  clock.advance(1)
  expect(alarms.isRaised).toBe(true)
  clock.advance(5000)
  there.memory = 100
  clock.advance(2500)
  expect(alarms.isRaised).toBe(false)
  expect(log.lines).toEqual([
    expect.stringMatching(
      /^warn memory resource limit alarm set on node rabbit@test\.\n\n\*+\n\*\*\* Publishers will be blocked until this alarm clears \*\*\*\n\*+\n$/,
    ),
    'warn memory resource limit alarm cleared on node rabbit@test',
    'warn memory resource limit alarm cleared across the cluster',
  ])
})

test('limits take effect at once, each for itself', () => {
  const { alarms, log, watch } = watched()
  watch.setLimits({ memory: 99 })
  watch.setLimits({ diskFree: 1001 })
  watch.setLimits({ memory: null })
  expect(alarms.isRaised).toBe(true)
  watch.setLimits({ diskFree: 1000 })
  expect(alarms.isRaised).toBe(false)
  const said = log.lines.map((line) => /warn (\w+) resource limit alarm (\w+ on)?/.exec(line))
  expect(said.map((found) => [found?.[1], found?.[2]])).toEqual([
    ['memory', 'set on'],
    ['disk', 'set on'],
    ['memory', 'cleared on'],
    ['memory', undefined],
    ['disk', 'cleared on'],
    ['disk', undefined],
  ])
})

test('a limit may be a part of the memory that there is', () => {
  const { there, watch } = watched()
  expect(watch.shownMemory).toEqual({ setting: { ofMemory: 0.6 }, bytes: 1200 })
  watch.setLimits({ memory: { ofMemory: 0.4 }, diskFree: { ofMemory: 0.1 } })
  expect(watch.limits).toEqual({ memory: 800, diskFree: 200 })
  expect(watch.shownMemory).toEqual({ setting: { ofMemory: 0.4 }, bytes: 800 })
  there.memory = 801
  watch.setLimits({ diskFree: 5 })
  expect(watch.limits).toEqual({ memory: 800, diskFree: 5 })
  watch.setLimits({ memory: 900 })
  expect(watch.shownMemory).toEqual({ setting: 900, bytes: 900 })
})

test('an alarm that somebody else has raised stays', () => {
  const { clock, alarms, watch } = watched()
  alarms.raise('disk', 'operator')
  watch.setLimits({ diskFree: 10 })
  clock.advance(2500)
  expect(alarms.isRaised).toBe(true)
})

test('the alarm of a limit stays when storage that could not write can write again', () => {
  const { clock, alarms, there, watch } = watched()
  watch.setLimits({ diskFree: 1001 })
  alarms.raise('disk', 'storage')
  alarms.clear('disk', 'storage')
  expect([...alarms.raised]).toEqual(['disk'])
  there.disk = 1001
  clock.advance(2500)
  expect(alarms.isRaised).toBe(false)
})

test('the alarm of storage that cannot write stays when the limit is kept again', () => {
  const { clock, alarms, log, there, watch } = watched()
  alarms.raise('disk', 'storage')
  watch.setLimits({ diskFree: 1001 })
  there.disk = 1001
  clock.advance(2500)
  expect([...alarms.raised]).toEqual(['disk'])
  expect(log.lines.at(-1)).toBe('warn disk resource limit alarm cleared on node rabbit@test')
  alarms.clear('disk', 'storage')
  expect(alarms.isRaised).toBe(false)
})

test('a cause that is told twice is gone when it is cleared once', () => {
  const { alarms } = watched()
  alarms.raise('memory', 'storage')
  alarms.raise('memory', 'storage')
  alarms.clear('memory', 'operator')
  expect(alarms.isRaised).toBe(true)
  alarms.clear('memory', 'storage')
  expect(alarms.isRaised).toBe(false)
})

test('without limits nothing is looked at', () => {
  const { clock, there, watch } = watched()
  watch.setLimits({ memory: 1000 })
  clock.advance(5000)
  expect(there.looks).toBe(3)
  watch.setLimits({ memory: null })
  clock.advance(10_000)
  expect(there.looks).toBe(3)
})
