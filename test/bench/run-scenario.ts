import { randomBytes } from 'node:crypto'
import type { BrokerUnderTest, RunningBroker } from './brokers/broker.ts'
import type { Measures } from './load/job.ts'
import { runJob } from './load-process.ts'
import type { Scenario } from './scenarios.ts'

/** Runs a scenario once on a broker. Rejects when the broker fails it. */
export async function runScenario(
  loadProgram: string,
  broker: BrokerUnderTest,
  scenario: Scenario,
): Promise<Measures> {
  const isDurable =
    scenario.kind === 'backlog' || (scenario.kind === 'traffic' && scenario.isDurable)
  const running = await broker.open({ isDurable, isFresh: scenario.kind === 'idle' })
  if (scenario.kind === 'backlog') return await runBacklog(loadProgram, running, scenario)
  try {
    const { url, pid, startMs } = running
    const measures = await runJob(loadProgram, { ...scenario, url, pid })
    return scenario.kind === 'idle' && startMs !== null ? { startMs, ...measures } : measures
  } finally {
    await running.release()
  }
}

async function runBacklog(
  loadProgram: string,
  first: RunningBroker,
  { seconds, messages, bodySize }: Scenario & { readonly kind: 'backlog' },
): Promise<Measures> {
  const queue = `b${randomBytes(2).toString('hex')}-backlog`
  let running = first
  try {
    const fill = { kind: 'fill', queue, messages, bodySize, seconds } as const
    const filled = await runJob(loadProgram, { ...fill, url: running.url, pid: running.pid })
    running = (await running.restart?.()) ?? running
    const { startMs } = running
    const drain = { kind: 'drain', queue, messages: filled.waitingMessages ?? 0 } as const
    const limits = { seconds: DRAIN_SECONDS, url: running.url, pid: running.pid }
    const drained = await runJob(loadProgram, { ...drain, ...limits })
    return { ...filled, ...(startMs === null ? {} : { restartMs: startMs }), ...drained }
  } finally {
    await running.release()
  }
}

/** At most, while messages come. */
const DRAIN_SECONDS = 60
