/**
 * How the broker's CPU per message grows: with queues, topic bindings, connections, the backlog and the size of
 * messages. Saves what it finds, and writes tables and plots into docs.
 *
 *     growth.ts --seconds 1 --rounds 3 --only queues,backlog
 *     growth.ts --rounds 0      draws what was saved
 */
import { readArguments } from '../arguments.ts'
import { buildBroker } from '../broker-process.ts'
import { measureSeries } from './measuring.ts'
import { report, savedResults } from './report.ts'
import { backlog } from './series/backlog.ts'
import { connections } from './series/connections.ts'
import { messageSize } from './series/message-size.ts'
import { queues } from './series/queues.ts'
import { topicBindings } from './series/topic-bindings.ts'

const { seconds, rounds, only } = readArguments({ seconds: 1, rounds: 3, only: '' })
const wanted = only === '' ? null : only.split(',')
const all = [queues, topicBindings, connections, backlog, messageSize]

const results = savedResults()
const program = rounds > 0 ? await buildBroker() : ''
for (const series of all) {
  if (wanted !== null && !wanted.includes(series.name)) continue
  const beginMs = performance.now()
  if (rounds > 0) results[series.name] = await measureSeries(program, series, { rounds, seconds })
  report(series, results)
  console.log(`${series.name}: ${Math.round((performance.now() - beginMs) / 1000)} s`)
}
process.exit()
