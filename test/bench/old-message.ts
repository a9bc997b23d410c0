/**
 * One old message stays unacknowledged while very many others come and go: what the data directory takes on the disk
 * meanwhile, which must have a bound. Prints the disk use as it goes on.
 *
 *     old-message.ts --messages 10000000 --size 100 --queue same --window 1000 --ackEvery 100 --dir /tmp
 *
 * --queue other leaves the old message in a queue of its own.
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

const MIB = 1_048_576
const STEPS = 20
const QUEUE = 'traffic'

const { messages, size, window, prefetch, ackEvery, queue, dir } = readArguments({
  messages: 10_000_000,
  size: 100,
  window: 1000,
  prefetch: 1000,
  ackEvery: 100,
  queue: 'same',
  dir: tmpdir(),
})
const oldQueue = queue === 'same' ? QUEUE : 'old'
const table = new Table(['came and went', 'seconds', 'disk MiB', 'files', 'RSS MiB'])
const program = await buildBroker()

const directory = temporaryDirectory(dir, 'leveret-data')
const broker = await BrokerProcess.start(program, directory)
const keeper = await leaveOneBehind(broker.url)
await comeAndGo(broker, directory)
await keeper.close()
await broker.stop()
const { bytes } = diskUse(directory)
table.print(`disk use with one old message in the ${queue} queue, ${size} bytes each`)
console.log(`\nafter it was acknowledged and the broker stopped: ${(bytes / MIB).toFixed(1)} MiB`)

/** Publishes one message to the old queue and takes it, without acknowledging it until it is closed. */
async function leaveOneBehind(url: string): Promise<OrderedConsumer> {
  const setUp = await LoadConnection.open(url)
  for (const name of new Set([QUEUE, oldQueue])) await setUp.declareQueue(name, true)
  await setUp.close()
  const publisher = await Publisher.open(url, messagesTo(oldQueue, 1))
  await publisher.publish(1)
  await publisher.close()
  const keeper = await OrderedConsumer.open(url, { queue: oldQueue, prefetch: 1, ackEvery: 2 })
  await keeper.until(1)
  return keeper
}

async function comeAndGo(broker: BrokerProcess, directory: string): Promise<void> {
  const { url, pid } = broker
  const publisher = await Publisher.open(url, messagesTo(QUEUE, window))
  const consumer = await OrderedConsumer.open(url, { queue: QUEUE, prefetch, ackEvery })
  const beginMs = performance.now()
  for (let step = 1; step <= STEPS; step++) {
    await publisher.publish(Math.round((messages * step) / STEPS) - publisher.confirmed)
    await consumer.until(publisher.confirmed)
    const { bytes, files } = diskUse(directory)
    const seconds = Math.round((performance.now() - beginMs) / 1000)
    const megabytes = (bytes / MIB).toFixed(1)
    table.add(consumer.received, seconds, megabytes, files, Math.round(usageOf([pid]).rss / MIB))
    console.log(`${consumer.received} came and went, disk ${megabytes} MiB`)
  }
  if (consumer.outOfOrder > 0) throw new Error('messages out of order')
  await consumer.close()
  await publisher.close()
}

function messagesTo(queue: string, window: number) {
  return { exchange: '', routingKeys: [queue], bodySize: size, isPersistent: true, window }
}
