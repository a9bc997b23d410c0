import { setTimeout as pass } from 'node:timers/promises'
import type { BrokerUnderTest, RunningBroker } from '../brokers/broker.ts'
import { callEach } from '../growth/stand.ts'
import { LoadConnection } from '../load/connection.ts'
import { processTree, threadSecondsOf, usageOf } from '../process-usage.ts'

/** What an idle broker holds while it is measured. */
export interface IdleState {
  readonly name: string
  readonly title: string
  readonly connections: number
  readonly queues: number
}

const MANY = 1000

export const STATES: readonly IdleState[] = [
  { name: 'alone', title: 'nothing', connections: 0, queues: 0 },
  { name: 'connections', title: '1,000 connections', connections: MANY, queues: 0 },
  { name: 'queues', title: '1,000 queues', connections: 0, queues: MANY },
]

export interface IdleMeasures {
  /** From the start of the process to the first connection with a channel. */
  readonly startMs: number
  /** Resident memory, in bytes. */
  readonly rss: number
  /** Processor time of all its processes, in milliseconds for each minute. */
  readonly cpuMsPerMinute: number
}

/** Starts a broker, brings it into a state, lets it settle, and watches it do nothing. */
export async function measureIdle(
  broker: BrokerUnderTest,
  { connections: count, queues }: IdleState,
  seconds: number,
): Promise<IdleMeasures> {
  const running = await broker.open({ isDurable: true, isFresh: true })
  const { url, startMs } = running
  if (startMs === null) throw new Error(`${broker.name} is not a new one`)
  try {
    if (queues > 0) await declareQueues(url, queues)
    const connections: LoadConnection[] = []
    while (connections.length < count) {
      connections.push(await LoadConnection.open(url, 1, ROOM_SIZE))
    }
    await pass(SETTLE_SECONDS * 1000)
    const pids = pidsOf(running)
    const [before, beginMs] = [threadSecondsOf(pids), performance.now()]
    await pass(seconds * 1000)
    const [after, endMs] = [threadSecondsOf(pids), performance.now()]
    const { rss } = usageOf(pids)
    for (const connection of connections) connection.abandon()
    const cpuMs = (after - before) * 1000
    return { startMs, rss, cpuMsPerMinute: (cpuMs * 60_000) / (endMs - beginMs) }
  } finally {
    await running.release()
    await broker.end()
  }
}

async function declareQueues(url: string, count: number): Promise<void> {
  const connection = await LoadConnection.open(url)
  const queues = Array.from({ length: count }, (_, i) => ({ queue: `idle-${i}`, durable: true }))
  await callEach(connection, 'queue.declare', queues)
  await connection.close()
}

function pidsOf({ pid }: RunningBroker): readonly number[] {
  if (pid === null) throw new Error('no process to look at')
  return processTree(pid)
}

/** Long enough for what a start and many declarations leave to do, garbage above all. */
const SETTLE_SECONDS = 15
const ROOM_SIZE = 4096
