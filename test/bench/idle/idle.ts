/**
 * What a broker costs that does nothing: the time from its start to the first connection, its memory, and its processor
 * time a minute. The broker is as users run it, built, with a data directory, HTTP API and metrics, beside Debian's
 * RabbitMQ with the same plug-ins; it is idle alone, with 1,000 connections, and with 1,000 durable queues. Each
 * measurement has a broker of its own, and the brokers take turns. Writes its table into docs.
 *
 *     idle.ts --seconds 20 --rounds 3 --only queues
 *     idle.ts --rounds 0      draws what was saved
 *     idle.ts --keep 1        adds rounds to what was saved, instead of beginning anew
 */
import { readArguments } from '../arguments.ts'
import type { BrokerUnderTest } from '../brokers/broker.ts'
import { leveret } from '../brokers/leveret.ts'
import { RabbitMq } from '../brokers/rabbitmq.ts'
import { measureIdle, STATES } from './measuring.ts'
import { type IdleResult, report, savedResults } from './report.ts'

const { seconds, rounds, only, keep } = readArguments({ seconds: 20, rounds: 3, only: '', keep: 0 })
const states = STATES.filter(({ name }) => only === '' || only.split(',').includes(name))
const results: IdleResult[] = keep > 0 || rounds === 0 ? [...savedResults()] : []

if (rounds > 0) {
  const places = ['--host', '127.0.0.1', '--management-host', '127.0.0.1', '--management-port', '0']
  const own = await leveret(true, [
    ...places,
    '--prometheus-host',
    '127.0.0.1',
    '--prometheus-port',
    '0',
  ])
  const brokers: readonly BrokerUnderTest[] = [own, new RabbitMq({ hasManagement: true })]
  for (let round = 1; round <= rounds; round++) {
    for (const state of states) {
      for (const broker of round % 2 === 1 ? brokers : [...brokers].reverse()) {
        const measures = await measureIdle(broker, state, seconds)
        results.push({ state: state.name, broker: broker.name, ...measures })
        console.log(`round ${round}  ${broker.name}, ${state.title}: ${JSON.stringify(measures)}`)
      }
    }
  }
}
report(results)
process.exit()
