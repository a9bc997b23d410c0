import { tmpdir } from 'node:os'
import { setTimeout as pass } from 'node:timers/promises'
import { LoadConnection } from '../load/connection.ts'
import { Latencies } from '../load/latencies.ts'
import type { Table } from '../table.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { FairBroker } from './fair-broker.ts'
import { PoliteClient } from './polite-client.ts'
import { SCENARIOS, type Scenario, type Scene } from './scenarios.ts'

export const STALL_HEADERS = ['what happens', 'took ms', 'event loop ms', 'ping ms']

/**
 * The longest stall under each of the operations that have much to do at once: as the broker's event loop measures it,
 * and as a client sees it that sends a message to itself every millisecond.
 */
export async function measureStalls(program: string, only: RegExp, table: Table) {
  for (const isKept of [false, true]) {
    const scenarios = SCENARIOS.filter(({ name }) =>
      only.test(`${name}${isKept ? ', durable' : ''}`),
    )
    if (scenarios.length === 0) continue
    const dataDir = isKept ? temporaryDirectory(tmpdir(), 'leveret-fairness') : null
    const broker = await FairBroker.start(program, dataDir)
    const client = await LoadConnection.open(broker.url)
    for (const scenario of scenarios) await run(scenario, { broker, client, isKept }, table)
    await client.close()
    await broker.stop()
  }
}

async function run(scenario: Scenario, scene: Scene, table: Table) {
  const { broker, isKept } = scene
  const act = await scenario.prepare(scene)
  const latencies = new Latencies()
  const client = await PoliteClient.open(broker.url, { pauseMs: 1, latencies })
  client.start()
  await pass(300)
  await broker.obey({ do: 'collect-garbage' })
  await pass(100)
  latencies.clear()
  await broker.obey({ do: 'begin' })
  await pass(20) // the first interval after it does not count
  const startMs = performance.now()
  await act()
  const tookMs = performance.now() - startMs
  await pass(scenario.settleMs ?? 300)
  const stallMs = await broker.obey({ do: 'end' })
  await client.stop()
  const name = `${scenario.name}${isKept ? ', durable' : ''}`
  table.add(name, tookMs, stallMs, latencies.quantile(1))
  console.log(
    `${name}: took ${tookMs.toFixed(1)} ms, event loop ${stallMs.toFixed(1)} ms, ping ${latencies.quantile(1).toFixed(1)} ms`,
  )
}
