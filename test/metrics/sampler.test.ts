import { tmpdir } from 'node:os'
import { expect, test, vi } from 'vitest'
import { Churn } from '../../src/core/counters.ts'
import { SAMPLE_INTERVAL_MS, Sampler } from '../../src/metrics/sampler.ts'
import { ManualClock } from '../support/manual-clock.ts'

test('what grows steadily has steady samples, though every timer is late', async () => {
  const clock = new ManualClock()
  const churn = new Churn()
  const broker = { vhosts: [], connections: [], churn, clock, directory: tmpdir() }
  const sampler = new Sampler(broker)
  sampler.start()
  for (let at = 0; at < 200 * SAMPLE_INTERVAL_MS; ) {
    const dueMs = (clock.nextTimerMs ?? 0) - clock.now()
    clock.skip(dueMs + LATE_MS)
    at += dueMs + LATE_MS
    churn.connectionCreated = Math.floor(clock.wallTime() / SAMPLE_INTERVAL_MS)
    clock.advance(0)
    await vi.waitFor(() => expect(clock.timerCount).toBe(1), { interval: 0 })
  }
  const range = { ageSeconds: 600, stepSeconds: 5 }
  const { samples = [] } = sampler.node.details(broker, 'connection_created', range)
  expect(samples.length).toBeGreaterThan(100)
  const steps = samples.slice(1).map(({ sample }, i) => samples[i]!.sample - sample)
  expect(new Set(steps)).toEqual(new Set([1]))
  sampler.close()
})

/** So much that without care the samples would drift through a whole interval. */
const LATE_MS = 50
