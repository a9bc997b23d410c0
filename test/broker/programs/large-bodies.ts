/**
 * Publishes large messages and lets them go in each way there is: acknowledged, purged, with their queue, refused for
 * their size, and given up halfway. Prints as one JSON line what memory the process holds before, while 16 MiB lie in
 * a queue, while a body that will be refused is coming in, and after. Run with --expose-gc.
 */
import { once } from 'node:events'
import amqplib, { type ConsumeMessage } from 'amqplib'
import { bodyFrame, headerFrame, methodFrame } from '../../../conformance/support/frames.ts'
import { createBroker } from '../../../src/index.ts'
import { memoryAfterCollection } from '../../bench/memory.ts'
import { connectMuteClient } from '../../cli/mute-client.ts'
import { LogLines } from '../log-lines.ts'

const SIZE = 8_388_608
const log = new LogLines()
const broker = await createBroker({ maxMessageSize: SIZE, logger: log })
const connection = await amqplib.connect(broker.url)
const channel = await connection.createConfirmChannel()

async function publishTwo(queue: string): Promise<void> {
  await channel.assertQueue(queue)
  for (let i = 0; i < 2; i++) channel.sendToQueue(queue, Buffer.alloc(SIZE, i))
  await channel.waitForConfirms()
}

async function consumeTwo(queue: string): Promise<void> {
  const consumer = await connection.createChannel()
  const messages: ConsumeMessage[] = []
  await new Promise<void>((resolve) => {
    void consumer.consume(queue, (message) => {
      if (message !== null && messages.push(message) === 2) resolve()
    })
  })
  for (const message of messages) consumer.ack(message)
  await consumer.close()
}

async function publishTooMuch(): Promise<void> {
  const refused = await connection.createChannel()
  const failed = once(refused, 'error')
  refused.sendToQueue('acknowledged', Buffer.alloc(SIZE + 1))
  await failed
}

/** Sends most of a body of the given size, and leaves; `whenTaken` runs when the broker has read them all. */
async function leaveHalfway(size: number, whenTaken: () => Promise<void>): Promise<void> {
  const client = await connectMuteClient(broker.amqp.port)
  client.write(methodFrame(1, 'channel.open'))
  await once(client, 'data')
  const body = bodyFrame(1, Buffer.alloc(131_064))
  const start = [
    methodFrame(1, 'basic.publish', { routingKey: 'acknowledged' }),
    headerFrame(1, size),
    ...new Array<Buffer>(60).fill(body),
    methodFrame(2, 'channel.open'),
  ]
  client.write(Buffer.concat(start))
  await once(client, 'data') // channel 2 is open
  await whenTaken()
  client.end()
  await log.until('unexpectedly')
  log.lines.length = 0
}

async function playAll(): Promise<void> {
  await publishTwo('acknowledged')
  await consumeTwo('acknowledged')
  await publishTwo('purged')
  await channel.purgeQueue('purged')
  await publishTwo('deleted')
  await channel.deleteQueue('deleted')
  await publishTooMuch()
  await leaveHalfway(SIZE, async () => {})
}

await playAll() // loads and compiles everything
const before = await memoryAfterCollection()
await publishTwo('held')
const held = await memoryAfterCollection()
await channel.purgeQueue('held')
let refused = before
await leaveHalfway(SIZE + 1, async () => {
  refused = await memoryAfterCollection()
})
await playAll()
await channel.checkQueue('held') // the broker has done all that came before
const after = await memoryAfterCollection()
console.log(JSON.stringify({ before, held, refused, after }))
await connection.close()
await broker.close()
