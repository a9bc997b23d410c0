import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { BrokerUnderTest, RunningBroker } from './brokers/broker.ts'
import type { Measures } from './load/job.ts'
import { runJob } from './load-process.ts'
import { processTree, usageOf } from './process-usage.ts'
import type { Scenario } from './scenarios.ts'

/**
 * Runs a scenario once on a broker, and looks at its memory so many seconds later, if that is wanted. Rejects when the
 * broker fails it.
 */
export async function runScenario(
  loadProgram: string,
  broker: BrokerUnderTest,
  scenario: Scenario,
  restSeconds: number | null,
): Promise<Measures> {
  const isDurable =
    scenario.kind === 'backlog' || (scenario.kind === 'traffic' && scenario.isDurable)
  const running = await broker.open({ isDurable, isFresh: scenario.kind === 'idle' })
  if (scenario.kind === 'backlog') return await runBacklog(loadProgram, running, scenario)
  try {
    const { url, pid, startMs } = running
    const measures = await runJob(loadProgram, { ...scenario, url, pid })
    const rested = await memoryAfter(restSeconds, pid)
    const start = scenario.kind === 'idle' && startMs !== null ? { startMs } : {}
    return { ...start, ...measures, ...rested }
  } finally {
    await running.release()
  }
}

async function memoryAfter(restSeconds: number | null, pid: number | null): Promise<Measures> {
  if (restSeconds === null || pid === null) return {}
  await pause(restSeconds * 1000)
  return { rssRestedBytes: usageOf(processTree(pid)).rss }
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
