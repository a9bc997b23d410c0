import { createHash, randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import type { ChannelModel } from 'amqplib'
import { expect, test } from 'vitest'
import type { Broker } from '../../src/index.ts'
import { runProgram } from './program.ts'
import { connectTo, startBroker } from './running-broker.ts'

const MEBIBYTE = 1_048_576

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function randomBody(size: number): Buffer {
  return randomFillSync(Buffer.allocUnsafe(size))
}

/** Sends a body from one connection to the other; returns what came. */
async function pass(body: Buffer, from: ChannelModel, to: ChannelModel): Promise<Buffer> {
  const publisher = await from.createConfirmChannel()
  const consumer = await to.createChannel()
  const { queue } = await publisher.assertQueue('', { autoDelete: true })
  publisher.sendToQueue(queue, body)
  await publisher.waitForConfirms()
  const message = await new Promise<Buffer>((resolve, reject) => {
    const subscribed = consumer.consume(queue, (delivery) => {
      if (delivery === null) return reject(new Error('the consumer was cancelled'))
      consumer.ack(delivery)
      resolve(delivery.content)
    })
    subscribed.catch(reject)
  })
  await consumer.close()
  return message
}

/** Connections that negotiated the largest and the smallest frames. */
async function connectBoth(broker: Broker) {
  const large = await connectTo(broker, 'frameMax=131072')
  const small = await connectTo(broker, 'frameMax=8192')
  return { large, small }
}

test.each([
  ['large', 'small'],
  ['small', 'large'],
] as const)(
  '64 MiB pass whole, published in %s frames and delivered in %s ones',
  async (from, to) => {
    const broker = await startBroker({ maxMessageSize: 128 * MEBIBYTE })
    const connections = await connectBoth(broker)
    const body = randomBody(64 * MEBIBYTE)
    const received = await pass(body, connections[from], connections[to])
    expect(received.length).toBe(body.length)
    expect(sha256(received)).toBe(sha256(body))
  },
)

test('sizes around the edges of frames pass whole', async () => {
  const connections = Object.values(await connectBoth(await startBroker()))
  const edges = [8184, 16_368, 16_384, 32_768, 65_536, 131_064, 131_072, 262_128]
  for (const size of edges.flatMap((edge) => [edge - 1, edge, edge + 1])) {
    const body = randomBody(size)
    for (const from of connections) {
      for (const to of connections) expect((await pass(body, from, to)).equals(body)).toBe(true)
    }
  }
})

test('16 MiB pass by default', async () => {
  const broker = await startBroker()
  const connection = await connectTo(broker)
  const body = randomBody(16 * MEBIBYTE)
  expect(sha256(await pass(body, connection, connection))).toBe(sha256(body))
})

test.each(['131072', '8192'])(
  'one byte more costs the channel, at frame-max %s',
  async (frameMax) => {
    const broker = await startBroker()
    const connection = await connectTo(broker, `frameMax=${frameMax}`)
    const [bystander, neighbour] = [await connectTo(broker), await connection.createChannel()]
    const other = await bystander.createConfirmChannel()
    await other.assertQueue('q')
    const channel = await connection.createChannel()
    const failed = once(channel, 'error')
    channel.sendToQueue('q', Buffer.alloc(16 * MEBIBYTE + 1))
    const [error] = await failed
    expect(error).toMatchObject({ code: 406, classId: 60, methodId: 40 })
    expect(error.message).toContain(
      '"PRECONDITION_FAILED - message size 16777217 is larger than configured max size 16777216"',
    )
    expect(await neighbour.checkQueue('q')).toMatchObject({ messageCount: 0 })
    neighbour.sendToQueue('q', Buffer.from('small'))
    other.sendToQueue('q', Buffer.from('small'))
    await other.waitForConfirms()
    await neighbour.get('q')
    expect(await other.checkQueue('q')).toMatchObject({ messageCount: 1 })
    await (await connection.createChannel()).close()
  },
)

test('memory comes back when large messages are gone, and what will be refused takes none', async () => {
  const { exitCode, stdout, stderr } = await runProgram('large-bodies', ['--expose-gc'])
  expect(stderr).toEqual([])
  const { before, held, refused, after } = JSON.parse(stdout[0] ?? '')
  expect(held.arrayBuffers - before.arrayBuffers).toBeGreaterThan(16 * MEBIBYTE)
  expect(refused.arrayBuffers - before.arrayBuffers).toBeLessThan(4 * MEBIBYTE)
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 * MEBIBYTE)
  expect(after.heapUsed - before.heapUsed).toBeLessThan(4 * MEBIBYTE)
  expect(exitCode).toBe(0)
})
