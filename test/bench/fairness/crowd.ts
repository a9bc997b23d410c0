import { setTimeout as pass } from 'node:timers/promises'
import { Latencies } from '../load/latencies.ts'
import type { Table } from '../table.ts'
import { FairBroker } from './fair-broker.ts'
import { Firehose } from './firehose.ts'
import { PoliteClient } from './polite-client.ts'

/** Each sends a message to itself, and the next one so long after that has come back. */
const POLITE_PAUSE_MS = 50

export const CROWD_HEADERS = [
  'beside them',
  'polite msg/s',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'longest ms',
  'event loop ms',
  'firehose msg/s',
  'broker RSS MiB',
]

/** What many polite connections see of one that publishes, and one that consumes, at full speed. */
export async function measureCrowd(program: string, plan: CrowdPlan, table: Table) {
  const broker = await FairBroker.start(program, null)
  const latencies = new Latencies()
  const clients: PoliteClient[] = []
  for (let i = 0; i < plan.polite; i++) {
    clients.push(await PoliteClient.open(broker.url, { pauseMs: POLITE_PAUSE_MS, latencies }))
  }
  for (const bodySize of [0, ...plan.bodySizes]) {
    const firehose = bodySize === 0 ? null : await Firehose.start(broker.url, bodySize)
    if (bodySize === 0)
      for (const [i, client] of clients.entries()) client.start(i % POLITE_PAUSE_MS)
    await pass(1000) // what is compiled late, is compiled
    latencies.clear()
    await broker.obey({ do: 'begin' })
    const count = () => clients.reduce((sum, { received }) => sum + received, 0)
    const [before, poured] = [count(), (await firehose?.received()) ?? 0]
    const startMs = performance.now()
    await pass(plan.seconds * 1000)
    const elapsed = (performance.now() - startMs) / 1000
    const pouredAfter = (await firehose?.received()) ?? 0
    table.add(
      bodySize === 0 ? 'nothing' : `firehose of ${bodySize} B`,
      Math.round((count() - before) / elapsed),
      ...[0.5, 0.95, 0.99, 1].map((share) => latencies.quantile(share)),
      await broker.obey({ do: 'end' }),
      Math.round((pouredAfter - poured) / elapsed),
      Math.round(broker.rss / 1_048_576),
    )
    await firehose?.stop()
    await pass(200)
  }
  await Promise.all(clients.map((client) => client.stop()))
  await broker.stop()
}

export interface CrowdPlan {
  readonly polite: number
  readonly bodySizes: readonly number[]
  readonly seconds: number
}
