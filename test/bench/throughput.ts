/**
 * Persistent messages with confirms through a durable queue to a consumer with acknowledgements: how many a second,
 * what they cost the broker, and how long a confirm takes; beside Debian's RabbitMQ where that is installed. Rounds of
 * all brokers take turns, and the medians count. Broker and load run on the same machine; so the processor time is
 * what can be compared, and the rate says what is left when both have to share. How long a confirm takes says more at
 * a fixed rate that all of them can take (--rate, messages a second).
 *
 *     throughput.ts --seconds 4 --rounds 5 --size 1024 --window 1000 --prefetch 1000 --ackEvery 100 \
 *       --rate 2000 --dir /tmp
 */
import { tmpdir } from 'node:os'
import { readArguments } from './arguments.ts'
import { BrokerProcess, buildBroker } from './broker-process.ts'
import { LoadConnection } from './load/connection.ts'
import { OrderedConsumer } from './load/ordered-consumer.ts'
import { WindowPublisher } from './load/window-publisher.ts'
import { usageOf } from './process-usage.ts'
import { median, Table } from './table.ts'
import { leveretTargets, rabbitMqTargets, type Target } from './targets.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const QUEUE = 'throughput'

const { seconds, rounds, size, window, prefetch, ackEvery, rate, dir } = readArguments({
  seconds: 4,
  rounds: 5,
  size: 1024,
  window: 1000,
  prefetch: 1000,
  ackEvery: 100,
  rate: 2000,
  dir: tmpdir(),
})

interface Result {
  readonly rate: number
  readonly cpuMicroseconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rss: number
}

type Results = ReadonlyMap<Target, readonly Result[]>

const program = await buildBroker()
const directory = temporaryDirectory(dir, 'leveret-data')
const broker = await BrokerProcess.start(program, directory)
const rabbitMq = await rabbitMqTargets()
try {
  const targets = [...leveretTargets(broker), ...rabbitMq.targets]
  const unpaced = await compare(targets, null)
  const paced = await compare(targets, rate)
  print('as fast as it goes', unpaced)
  print(`${rate} messages/s`, paced)
} finally {
  await rabbitMq.stop()
  await broker.stop()
}

async function compare(targets: readonly Target[], atRate: number | null): Promise<Results> {
  const results = new Map<Target, Result[]>(targets.map((target) => [target, []]))
  for (const target of targets) await run(target, 1, atRate) // what is compiled late, is compiled
  for (let round = 1; round <= rounds; round++) {
    for (const [target, found] of results) {
      const result = await run(target, seconds, atRate)
      found.push(result)
      console.log(`round ${round}, ${target.name}: ${Math.round(result.rate)} messages/s`)
    }
  }
  return results
}

async function run(target: Target, forSeconds: number, atRate: number | null): Promise<Result> {
  const setUp = await LoadConnection.open(target.port)
  await setUp.declareQueue(QUEUE, target.queueType)
  const publisher = await WindowPublisher.open(target.port, {
    queue: QUEUE,
    bodySize: size,
    window,
  })
  const consumer = await OrderedConsumer.open(target.port, { queue: QUEUE, prefetch, ackEvery })

  const before = usageOf(target.pids)
  const beginMs = performance.now()
  if (atRate !== null) await publisher.publishAtRate(atRate, forSeconds * 1000)
  else {
    setTimeout(() => publisher.stop(), forSeconds * 1000)
    await publisher.publish(Number.MAX_SAFE_INTEGER)
  }
  await consumer.until(publisher.confirmed)
  const elapsedSeconds = (performance.now() - beginMs) / 1000
  const after = usageOf(target.pids)

  if (consumer.outOfOrder > 0) throw new Error(`${target.name}: messages out of order`)
  await consumer.close()
  await publisher.close()
  await setUp.call(1, 'queue.delete', { queue: QUEUE })
  await setUp.close()
  return {
    rate: publisher.confirmed / elapsedSeconds,
    cpuMicroseconds: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / publisher.confirmed,
    p50Ms: publisher.latencies.quantile(0.5),
    p99Ms: publisher.latencies.quantile(0.99),
    rss: after.rss,
  }
}

function print(pace: string, results: Results): void {
  const [first] = results.keys()
  const medians = new Map([...results].map(([target, found]) => [target, medianOf(found)]))
  const base = first === undefined ? undefined : medians.get(first)
  const table = new Table([
    'durable queue',
    'messages/s',
    `${first?.name} is × faster`,
    'broker CPU µs/message',
    `${first?.name} is × cheaper`,
    'confirm p50 ms',
    'confirm p99 ms',
    'RSS MiB',
  ])
  for (const [target, { rate, cpuMicroseconds, p50Ms, p99Ms, rss }] of medians) {
    const faster = (base?.rate ?? 0) / rate
    const cheaper = cpuMicroseconds / (base?.cpuMicroseconds ?? 0)
    const memory = Math.round(rss / 1_048_576)
    table.add(target.name, rate, faster, cpuMicroseconds, cheaper, p50Ms, p99Ms, memory)
  }
  table.print(
    `${pace}: persistent messages of ${size} bytes, window ${window}, prefetch ${prefetch}, ` +
      `acknowledged by ${ackEvery}; medians of ${rounds} rounds of ${seconds} s`,
  )
}

function medianOf(results: readonly Result[]): Result {
  return {
    rate: median(results.map((result) => result.rate)),
    cpuMicroseconds: median(results.map((result) => result.cpuMicroseconds)),
    p50Ms: median(results.map((result) => result.p50Ms)),
    p99Ms: median(results.map((result) => result.p99Ms)),
    rss: median(results.map((result) => result.rss)),
  }
}
