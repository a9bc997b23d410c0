/**
 * Many durable queues that each receive one persistent message at a time, the next one when the last is confirmed:
 * confirms and syncs a second for 1, 10, 100 and 1,000 queues. The number of syncs must not grow with that of the
 * queues. Syncs are counted in two ways: as calls of write by the threads of the pool, which writes the files, two for
 * each synced write (its own, and one that wakes the first thread up); and as flushes that the disk under the data has
 * seen, which are those of the whole machine.
 *
 *     queues.ts --seconds 5 --size 1024 --most 1000 --dir /tmp
 */
import { readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { readArguments } from './arguments.ts'
import { BrokerProcess, buildBroker } from './broker-process.ts'
import { LoadConnection } from './load/connection.ts'
import { TurnPublisher } from './load/turn-publisher.ts'
import { usageOf } from './process-usage.ts'
import { Table } from './table.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const CHANNELS_OF_A_CONNECTION = 100

const { seconds, size, most, dir } = readArguments({
  seconds: 5,
  size: 1024,
  most: 1000,
  dir: tmpdir(),
})
const table = new Table([
  'queues',
  'confirms/s',
  'syncs/s',
  'disk flushes/s',
  'confirms per sync',
  'confirm p50 ms',
  'confirm p99 ms',
  'broker CPU µs/message',
])

const program = await buildBroker()
for (const count of [1, 10, 100, 1000].filter((each) => each <= most)) {
  const directory = temporaryDirectory(dir, 'leveret-data')
  const broker = await BrokerProcess.start(program, directory)
  const queues = Array.from({ length: count }, (_, i) => `queue-${i}`)
  await run(broker, queues, deviceOf(directory))
  await broker.stop()
}
table.print(
  `one persistent message of ${size} bytes at a time for each durable queue, ${seconds} s`,
)

async function run(broker: BrokerProcess, queues: readonly string[], device: string) {
  const setUp = await LoadConnection.open(broker.url)
  for (const queue of queues) await setUp.declareQueue(queue, true)
  await setUp.close()
  const publishers: TurnPublisher[] = []
  for (let at = 0; at < queues.length; at += CHANNELS_OF_A_CONNECTION) {
    const share = queues.slice(at, at + CHANNELS_OF_A_CONNECTION)
    publishers.push(await TurnPublisher.open(broker.url, share, size))
  }

  for (const publisher of publishers) publisher.start()
  await pass(1) // what is compiled late, is compiled
  for (const { latencies } of publishers) latencies.clear()
  const before = readings(broker, publishers, device)
  await pass(seconds)
  const after = readings(broker, publishers, device)
  await Promise.all(publishers.map((publisher) => publisher.stop()))
  await Promise.all(publishers.map((publisher) => publisher.close()))

  const confirms = after.confirms - before.confirms
  const elapsedSeconds = (after.atMs - before.atMs) / 1000
  const syncs = (after.poolWrites - before.poolWrites) / 2
  table.add(
    queues.length,
    Math.round(confirms / elapsedSeconds),
    Math.round(syncs / elapsedSeconds),
    Math.round((after.flushes - before.flushes) / elapsedSeconds),
    confirms / syncs,
    Math.max(...publishers.map(({ latencies }) => latencies.quantile(0.5))),
    Math.max(...publishers.map(({ latencies }) => latencies.quantile(0.99))),
    ((after.cpuSeconds - before.cpuSeconds) * 1e6) / confirms,
  )
  console.log(`${queues.length} queues: ${Math.round(confirms / elapsedSeconds)} confirms/s`)
}

function readings(broker: BrokerProcess, publishers: readonly TurnPublisher[], device: string) {
  const { cpuSeconds, poolWrites } = usageOf([broker.pid])
  return {
    atMs: performance.now(),
    confirms: publishers.reduce((sum, { confirmed }) => sum + confirmed, 0),
    cpuSeconds,
    poolWrites,
    flushes: flushesOf(device),
  }
}

function pass(forSeconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forSeconds * 1000))
}

/** `major:minor` of the disk that a directory is on. */
function deviceOf(directory: string): string {
  const { dev } = statSync(directory)
  return `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
}

/** Flushes that a disk has done since the machine started; 0 where the kernel does not count them. */
function flushesOf(device: string): number {
  try {
    const fields = readFileSync(`/sys/dev/block/${device}/stat`, 'utf8').trim().split(/\s+/)
    return Number(fields[15] ?? 0)
  } catch {
    return 0 // the file system has no disk of its own
  }
}
