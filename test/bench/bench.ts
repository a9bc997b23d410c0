/** Measures brokers under load; `--help` says how. Ends with 1 when Leveret fails a scenario. */
import { basename, resolve } from 'node:path'
import { type BenchArguments, helpText, type Peer, readBenchArguments } from './bench-arguments.ts'
import type { BrokerUnderTest } from './brokers/broker.ts'
import { ForeignBroker } from './brokers/foreign-broker.ts'
import { garageMq } from './brokers/garagemq.ts'
import { builtLeveret, leveret } from './brokers/leveret.ts'
import { RabbitMq } from './brokers/rabbitmq.ts'
import { buildLoad } from './load-process.ts'
import { failuresOf, reportOf } from './report.ts'
import { loadResults, saveResults } from './results.ts'
import { runRounds } from './rounds.ts'
import { runScenario } from './run-scenario.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let wish: BenchArguments
  try {
    wish = readBenchArguments(args)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(`bench: ${error.message}\nTry --help.\n`)
    return 2
  }
  if (!wish.isHelpWanted) return await bench(wish)
  process.stdout.write(helpText())
  return 0
}

async function bench(wish: BenchArguments): Promise<number> {
  const previous = loadResults(wish.compareWith)?.results ?? []
  const loadProgram = await buildLoad()
  const own = await leveret(wish.isAlwaysOnDisk)
  const brokers = [own, ...wish.peers.map((peer) => brokerOf(peer, wish.isAlwaysOnDisk))]
  try {
    const results = await runRounds(
      wish.scenarios,
      brokers,
      (broker, scenario) => runScenario(loadProgram, broker, scenario, wish.restSeconds),
      (text) => process.stderr.write(`${text}\n`),
    )
    process.stdout.write(`\n${reportOf(wish.scenarios, results, previous)}`)
    saveResults(wish.saveTo, results)
    process.stdout.write(`\nSaved in ${wish.saveTo}\n`)
    return failuresOf(own.name, results).length === 0 ? 0 : 1
  } finally {
    for (const broker of brokers) await broker.end()
  }
}

function brokerOf(peer: Peer, isAlwaysOnDisk: boolean): BrokerUnderTest {
  switch (peer.kind) {
    case 'rabbitmq':
      return new RabbitMq()
    case 'garagemq':
      return garageMq()
    case 'checkout': {
      const directory = resolve(peer.directory)
      return builtLeveret(basename(directory), directory, isAlwaysOnDisk)
    }
    case 'running':
      return new ForeignBroker(peer.url, peer.pid)
  }
}
