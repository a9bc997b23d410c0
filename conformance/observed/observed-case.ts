import type { BrokerIdentity } from '../support/case.ts'
import { FAMILIES } from './families.ts'
import { type Arrival, loadDeaths, loadErrors } from './observation.ts'
import { comparable, isAsObserved } from './outcome.ts'
import type { Scene } from './scene.ts'
import { arrivalIn } from './x-death/topologies.ts'

export type Part = 'errors' | 'x-death'

/** One observation and the way to make it again. */
export type ObservedCase = {
  readonly part: Part
  readonly family: string
  readonly name: string
  readonly request: string
  readonly expected: string
  /** What the broker did, in the notation of `expected`. */
  provoke(t: Scene): Promise<string>
  isExpected(received: string): boolean
}

/** @throws Error where nothing provokes an observation. */
export async function loadCases(broker: BrokerIdentity): Promise<ObservedCase[]> {
  return [...(await errorCases(broker)), ...(await deathCases(broker))]
}

async function errorCases(broker: BrokerIdentity): Promise<ObservedCase[]> {
  return (await loadErrors(broker)).map((observation) => {
    for (const family of FAMILIES) {
      const scenario = family.provoke(observation)
      if (scenario === null) continue
      const expected = comparable(observation.outcome, '/')
      return {
        part: 'errors',
        family: family.name,
        name: observation.case,
        request: observation.request,
        expected,
        provoke: async (t) => comparable(await scenario(t), t.target.vhost),
        isExpected: (received) => isAsObserved(received, expected),
      }
    }
    throw new Error(`nothing provokes "${observation.case}"`)
  })
}

async function deathCases(broker: BrokerIdentity): Promise<ObservedCase[]> {
  return (await loadDeaths(broker)).map(({ topology, arrival }) => {
    const provoke = arrivalIn(topology)
    if (provoke === null) throw new Error(`nothing builds "${topology}"`)
    const expected = show(arrival)
    return {
      part: 'x-death',
      family: `dead letters of ${topology.startsWith('quorum') ? 'quorum' : 'classic'} queues`,
      name: topology,
      request: topology,
      expected,
      provoke: async (t) => show(await provoke(t)),
      isExpected: (received) => received === expected,
    }
  })
}

function show(arrival: Arrival | null): string {
  if (arrival === null) return 'nothing arrives'
  const { exchange, routingKey, redelivered, properties, headers } = arrival
  const names = Object.keys(properties).sort()
  return [
    `exchange "${exchange}", routing key "${routingKey}", redelivered ${redelivered}`,
    ...names.map((name) => `${name} ${String(properties[name])}`),
    ...(headers === undefined ? ['no headers'] : headers),
  ].join('\n')
}
