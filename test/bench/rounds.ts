import type { BrokerUnderTest } from './brokers/broker.ts'
import type { Measures } from './load/job.ts'
import type { Result } from './results.ts'
import type { Scenario } from './scenarios.ts'

/** Runs a scenario once on a broker; rejects when the broker fails it. */
export type RunOnce = (broker: BrokerUnderTest, scenario: Scenario) => Promise<Measures>

/**
 * Runs every scenario on every broker, round by round: the brokers take turns, and every other round the last one
 * goes first. A broker that fails a scenario is not asked for it again. `tell` hears of each run.
 */
export async function runRounds(
  scenarios: readonly Scenario[],
  brokers: readonly BrokerUnderTest[],
  run: RunOnce,
  tell: (text: string) => void,
): Promise<readonly Result[]> {
  const entries = scenarios.flatMap((scenario) =>
    brokers.map((broker) => new Entry(scenario, broker)),
  )
  const most = Math.max(...scenarios.map(({ rounds }) => rounds))
  for (let round = 1; round <= most; round++) {
    for (const scenario of scenarios) {
      if (round > scenario.rounds) continue
      const due = entries.filter((entry) => entry.scenario === scenario && entry.failure === null)
      for (const entry of round % 2 === 1 ? due : due.reverse()) {
        await entry.run(run)
        tell(`round ${round}  ${scenario.name}  ${entry.broker.name}: ${entry.latest}`)
      }
    }
  }
  return entries.map((entry) => entry.result)
}

class Entry {
  readonly scenario: Scenario
  readonly broker: BrokerUnderTest
  failure: string | null = null
  /** What became of the latest run, in a few words. */
  latest = ''
  private readonly rounds: Measures[] = []

  constructor(scenario: Scenario, broker: BrokerUnderTest) {
    this.scenario = scenario
    this.broker = broker
  }

  get result(): Result {
    const { scenario, broker, rounds, failure } = this
    const at = new Date().toISOString()
    return { scenario: scenario.name, broker: broker.name, at, rounds, failure }
  }

  async run(run: RunOnce): Promise<void> {
    const beginMs = performance.now()
    try {
      this.rounds.push(await run(this.broker, this.scenario))
      this.latest = `${((performance.now() - beginMs) / 1000).toFixed(1)} s`
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error)
      this.latest = `failed: ${this.failure}`
    }
  }
}
