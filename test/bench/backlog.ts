/**
 * A backlog of very many messages in one durable queue: how fast they come in with confirms, what memory and disk
 * they take, how long the broker takes to start with them after it was killed, and how fast they go out, in order.
 * Ends with 1 when a confirmed message was missing or out of order.
 *
 *     backlog.ts --messages 10000000 --size 100 --window 1000 --prefetch 2000 --ackEvery 500 --dir /tmp
 *
 * --ackEvery 0 drains without acknowledgements.
 */
import { tmpdir } from 'node:os'
import { readArguments } from './arguments.ts'
import { BrokerProcess, buildBroker } from './broker-process.ts'
import { diskUse } from './disk-use.ts'
import { LoadConnection } from './load/connection.ts'
import { OrderedConsumer } from './load/ordered-consumer.ts'
import { Publisher } from './load/publisher.ts'
import { usageOf } from './process-usage.ts'
import { Table } from './table.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const QUEUE = 'backlog'

const { messages, size, window, prefetch, ackEvery, dir } = readArguments({
  messages: 10_000_000,
  size: 100,
  window: 1000,
  prefetch: 2000,
  ackEvery: 500,
  dir: tmpdir(),
})
const program = await buildBroker()
const table = new Table([
  'messages waiting',
  'messages/s',
  'broker CPU µs/message',
  'RSS MiB',
  'peak RSS MiB',
  'disk MiB',
  'files',
])

const directory = temporaryDirectory(dir, 'leveret-data')
await fill(directory)
const broker = await BrokerProcess.start(program, directory)
console.log(`\nstart after kill -9: ${Math.round(broker.startMs)} ms`)
for (const { level, message } of broker.logLines) console.log(`  ${level} ${message}`)
const outOfOrder = await drain(broker, directory)
await broker.stop()
table.print(`${messages} messages of ${size} bytes, persistent, confirmed, window ${window}`)
console.log(`\nout of order or missing: ${outOfOrder}`)
process.exitCode = outOfOrder === 0 ? 0 : 1

async function fill(directory: string): Promise<void> {
  const broker = await BrokerProcess.start(program, directory)
  console.log(`start with nothing: ${Math.round(broker.startMs)} ms`)
  const connection = await LoadConnection.open(broker.url)
  await connection.declareQueue(QUEUE, true)
  await connection.close()
  const publisher = await Publisher.open(broker.url, {
    exchange: '',
    routingKeys: [QUEUE],
    bodySize: size,
    isPersistent: true,
    window,
  })
  for (const milestone of [0, 0.1, 0.5, 1].map((share) => Math.round(messages * share))) {
    const count = milestone - publisher.confirmed
    await measured(broker, directory, milestone, count, () => publisher.publish(count))
  }
  publisher.abandon()
  await broker.kill()
}

async function drain(broker: BrokerProcess, directory: string): Promise<number> {
  const consumer = await OrderedConsumer.open(broker.url, { queue: QUEUE, prefetch, ackEvery })
  for (const milestone of [0.1, 0.5, 1].map((share) => Math.round(messages * share))) {
    const count = milestone - consumer.received
    await measured(broker, directory, messages - milestone, count, () => consumer.until(milestone))
  }
  await consumer.close()
  return consumer.outOfOrder
}

async function measured(
  broker: BrokerProcess,
  directory: string,
  waiting: number,
  count: number,
  work: () => Promise<void>,
): Promise<void> {
  const beginMs = performance.now()
  const before = usageOf([broker.pid])
  if (count > 0) await work()
  const seconds = (performance.now() - beginMs) / 1000
  const after = usageOf([broker.pid])
  const { bytes, files } = diskUse(directory)
  const [memory, peak] = [inMib(after.rss), inMib(after.peakRss)]
  const rate = count > 0 ? Math.round(count / seconds) : 0
  const cpu = count > 0 ? ((after.cpuSeconds - before.cpuSeconds) * 1e6) / count : 0
  table.add(waiting, rate, cpu, memory, peak, inMib(bytes), files)
  console.log(`${waiting} waiting: ${rate} messages/s, RSS ${memory} MiB`)
}

function inMib(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}
