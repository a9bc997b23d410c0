import { afterEach, beforeEach, expect, test } from 'vitest'
import { frameBytes } from '../support/frames.ts'
import { SocketBroker, type SocketClient } from '../support/socket-broker.ts'
import { consume, declareQueue, OPENING, openChannel, publish } from '../support/test-client.ts'

const COUNT = 20_000
const BODY_SIZE = 2000

/** What may be on the way to a client beyond which nothing more is delivered. */
const ROOM = 262_144

let broker: SocketBroker

beforeEach(async () => {
  broker = await SocketBroker.start()
})

afterEach(async () => {
  await broker.close()
})

test('a client that stops reading gets everything in order when it goes on', async () => {
  const slow = await opened()
  slow.send(declareQueue(1, 'q'), consume(1, 'q', 'slow', true))
  await slow.take(2)
  slow.socket.pause()
  await publishAll()
  const queue = broker.vhost.queues.find('q')
  // some have gone into the buffers of the system, the others wait in the queue
  expect(queue?.readyCount).toBeGreaterThan(0)
  for (const { output, unsentSize } of broker.connections()) {
    expect(output.size + unsentSize).toBeLessThan(ROOM + 2 * BODY_SIZE)
  }
  slow.socket.resume()
  const frames = await slow.take(3 * COUNT)
  const bodies = frames.filter(({ type }) => type === 3).map(({ payload }) => numberIn(payload))
  expect(bodies).toEqual(Array.from({ length: COUNT }, (_, i) => i))
  expect(queue?.readyCount).toBe(0)
})

test('a client that stops reading its replies is not read, and answered when it goes on', async () => {
  const slow = await opened()
  slow.socket.pause()
  const name = 'x'.repeat(255)
  const requests = Buffer.concat(Array.from({ length: 1000 }, () => declareQueue(1, name)))
  for (let i = 0; i < 100; i++) slow.send(requests)
  while (!broker.connections().some(({ unsentSize }) => unsentSize > 4_194_304)) await publishOne()
  for (let i = 0; i < 100; i++) await publishOne()
  const [largest] = broker.connections().sort((a, b) => b.unsentSize - a.unsentSize)
  expect(largest?.unsentSize).toBeLessThan(4_194_304 + 300_000)
  expect(slow.socket.writableLength).toBeGreaterThan(0)
  slow.socket.resume()
  expect(await slow.take(100_000)).toHaveLength(100_000)
})

async function opened(): Promise<SocketClient> {
  const client = await broker.connect()
  client.send(OPENING, openChannel(1))
  await client.take(4)
  return client
}

async function publishAll(): Promise<void> {
  const publisher = await opened()
  for (let i = 0; i < COUNT; i += 100) {
    publisher.send(...Array.from({ length: 100 }, (_, k) => publish(1, 'q', numbered(i + k))))
  }
  publisher.send(declareQueue(1, 'done'))
  await publisher.take(1)
}

/** One round trip of another client: time for the broker to do what it can for the first. */
async function publishOne(): Promise<void> {
  const publisher = await opened()
  publisher.send(publish(1, 'done', 'x'), declareQueue(1, 'done'), frameBytes(8, 0, ''))
  await publisher.take(1)
  publisher.socket.destroy()
}

function numbered(number: number): Buffer {
  const body = Buffer.alloc(BODY_SIZE)
  body.writeUInt32BE(number)
  return body
}

function numberIn(body: Buffer): number {
  return body.readUInt32BE(0)
}
