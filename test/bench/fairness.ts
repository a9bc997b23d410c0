/**
 * What one client can do to the others: latencies of many polite connections beside one that publishes and consumes at
 * full speed; memory and speed beside consumers that are slow; and the longest stall under operations that have much to
 * do at once.
 *
 *     fairness.ts --parts crowd,slow,stalls --polite 200 --seconds 5 --only purge
 */
import { readArguments } from './arguments.ts'
import { CROWD_HEADERS, measureCrowd } from './fairness/crowd.ts'
import { buildFairBroker } from './fairness/fair-broker.ts'
import { measureSlowConsumers, SLOW_HEADERS } from './fairness/slow-consumers.ts'
import { measureStalls, STALL_HEADERS } from './fairness/stalls.ts'
import { Table } from './table.ts'

const { parts, polite, seconds, only, program } = readArguments({
  parts: 'crowd,slow,stalls',
  polite: 200,
  seconds: 5,
  only: '',
  program: '',
})
const wanted = new Set(parts.split(','))
const built = program === '' ? await buildFairBroker() : program

if (wanted.has('crowd')) {
  const table = new Table(CROWD_HEADERS)
  await measureCrowd(built, { polite, seconds, bodySizes: [16, 1024, 65_536] }, table)
  table.print(`${polite} connections that each send a message to itself 50 ms after the last`)
}
if (wanted.has('slow')) {
  const table = new Table(SLOW_HEADERS)
  await measureSlowConsumers(built, seconds, table)
  table.print('consumers that hardly take what they asked for')
}
if (wanted.has('stalls')) {
  const table = new Table(STALL_HEADERS)
  await measureStalls(built, new RegExp(only), table)
  table.print('longest stall')
}
