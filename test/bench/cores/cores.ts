/**
 * What the one thread of a broker spends on TLS, on frames and on the journal, and what it would cost to give a
 * message to another thread. Writes its table into docs.
 */
import { readArguments } from '../arguments.ts'
import { buildBroker } from '../broker-process.ts'
import { markdownTable, replaceBetweenMarkers } from '../growth/report.ts'
import { median } from '../statistics.ts'
import { portMicroseconds, ringMicroseconds } from './hops.ts'
import { threadCost } from './journal.ts'
import { parsingMicroseconds } from './parsing.ts'
import { speedUp } from './prediction.ts'
import { BODY_SIZES, messagesOf } from './samples.ts'
import { socketMicroseconds } from './sockets.ts'

const { rounds } = readArguments({ rounds: 3 })
const PAGE = new URL('../../../docs/performance.md', import.meta.url)

/** Measures one thing or several at once, in microseconds a message. */
interface Measurement {
  readonly names: readonly string[]
  measure(bodySize: number): Promise<readonly number[]>
}

const program = await buildBroker()
const measurements: readonly Measurement[] = [
  {
    names: ['socket, in and out'],
    measure: async (size) => [await socketMicroseconds('tcp', size)],
  },
  {
    names: ['the same with TLS'],
    measure: async (size) => [await socketMicroseconds('tls', size)],
  },
  { names: ['frame reader'], measure: async (size) => [parsingMicroseconds(size)] },
  brokerThreads('transient', false),
  brokerThreads('persistent', true),
  {
    names: ['hop, MessagePort, in batches of 64 KiB', 'hop, shared ring, in batches of 64 KiB'],
    measure: async (size) => {
      const { bytes, count } = messagesOf(size)
      const [port, ring] = await hops(bytes.length)
      return [port / count, ring / count]
    },
  },
  {
    names: ['hop, MessagePort, one by one', 'hop, shared ring, one by one'],
    measure: async (size) => {
      const { bytes, count } = messagesOf(size)
      return await hops(bytes.length / count)
    },
  },
]

const found = new Map<string, number[][]>()
for (let round = 0; round < rounds; round++) {
  for (const { names, measure } of measurements) {
    for (const [column, size] of BODY_SIZES.entries()) {
      for (const [i, value] of (await measure(size)).entries()) add(names[i]!, column, value)
    }
  }
}
const rows = [...found].map(([name, columns]) => [
  name,
  ...columns.map((values) => median(values).toPrecision(3)),
])
const header = ['16 B', '1 KiB', '64 KiB']
const table = markdownTable([['µs a message', ...header], ...rows])
const predicted = markdownTable([
  ['times the messages', ...header],
  ...[1, 2, 4].map((threads) => predictedRow(`without TLS, ${threads} more`, false, threads)),
  ...[1, 2, 4].map((threads) => predictedRow(`with TLS, ${threads} more`, true, threads)),
])
console.log(`${table}\n\n${predicted}`)
replaceBetweenMarkers(PAGE, 'cores', table)
replaceBetweenMarkers(PAGE, 'more-cores', predicted)
process.exit()

function predictedRow(name: string, isTls: boolean, threads: number): readonly string[] {
  const speedUps = BODY_SIZES.map((_, column) => {
    const cost = (measured: string) => median(found.get(measured)?.[column] ?? [])
    const socket = cost('socket, in and out')
    const tls = isTls ? cost('the same with TLS') - socket : 0
    const whole = cost('whole broker, transient: main thread') + tls
    const movable = socket + tls + cost('frame reader')
    return speedUp({ whole, movable, hop: cost('hop, MessagePort, in batches of 64 KiB') }, threads)
  })
  return [name, ...speedUps.map((times) => times.toFixed(2))]
}

function add(name: string, column: number, value: number): void {
  const columns = found.get(name) ?? BODY_SIZES.map((): number[] => [])
  columns[column]!.push(value)
  found.set(name, columns)
}

function brokerThreads(kind: string, isDurable: boolean): Measurement {
  return {
    names: [`whole broker, ${kind}: main thread`, `whole broker, ${kind}: other threads`],
    measure: async (size) => {
      const { main, others } = await threadCost(program, size, isDurable)
      return [main, others]
    },
  }
}

async function hops(batchSize: number): Promise<readonly [port: number, ring: number]> {
  return [await portMicroseconds(batchSize), await ringMicroseconds(batchSize)]
}
