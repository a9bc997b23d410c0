import { createBroker } from '../../src/index.ts'
import { isRabbitMqInstalled, startRabbitMq } from '../support/rabbitmq-node.ts'
import { Session } from '../support/session.ts'
import { Target } from '../support/target.ts'
import { type Difference, differences } from './difference.ts'
import { type Sighting, Stage } from './stage.ts'
import { TOPOLOGIES, type Topology } from './topologies.ts'

const NAME_WIDTH = Math.max(...TOPOLOGIES.map(({ name }) => name.length)) + 2

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(2)
  },
)

/** Plays every topology on Debian's RabbitMQ and on Leveret at once; gives the exit code. */
async function main(): Promise<number> {
  if (!isRabbitMqInstalled()) {
    console.error('rabbitmq-server is not installed (apt-get install rabbitmq-server)')
    return 1
  }
  const node = await startRabbitMq()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => node.stop().then(() => process.exit(130)))
  }
  // Of the versions that Leveret can be, the one next to Debian's.
  const broker = await createBroker({ amqp: { port: 0, host: '127.0.0.1' }, compat: '3.13' })
  try {
    const rabbitMq = await Target.at(node.url)
    const leveret = await Target.at(broker.url)
    console.log(`RabbitMQ ${rabbitMq.broker.version}, Leveret as ${leveret.broker.version}\n`)
    let failed = 0
    for (const topology of TOPOLOGIES) failed += await compare(topology, rabbitMq, leveret)
    console.log(`\n${TOPOLOGIES.length - failed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } finally {
    await broker.close()
    await node.stop()
  }
}

/** Prints the line of a topology; 1 where something differs for no known reason, 0 otherwise. */
async function compare(topology: Topology, rabbitMq: Target, leveret: Target): Promise<number> {
  try {
    const [theirs, ours] = await Promise.all([play(topology, rabbitMq), play(topology, leveret)])
    const found = differences(theirs, ours)
    const isKnown = found.every(({ reason }) => reason !== null)
    console.log(`${topology.name.padEnd(NAME_WIDTH)}${verdict(theirs, found)}`)
    for (const { path, rabbitMq, leveret, reason } of found) {
      if (reason !== null) continue
      console.log(`  FAIL ${path}\n    RabbitMQ  ${rabbitMq}\n    Leveret   ${leveret}`)
    }
    return isKnown ? 0 : 1
  } catch (error) {
    console.log(`${topology.name.padEnd(NAME_WIDTH)}FAIL ${String(error)}`)
    return 1
  }
}

function verdict(seen: readonly Sighting[], found: readonly Difference[]): string {
  const messages = `${seen.length} messages`
  if (found.length === 0) return `equal      ${messages}`
  const reasons = [...new Set(found.map(({ reason }) => reason ?? 'unexplained'))]
  return `different  ${messages}, ${found.length} fields: ${reasons.join('; ')}`
}

async function play(topology: Topology, target: Target): Promise<readonly Sighting[]> {
  const session = new Session(target)
  try {
    const stage = await Stage.on(session)
    await topology.play(stage)
    return stage.sightings
  } finally {
    await session.cleanUp()
  }
}
