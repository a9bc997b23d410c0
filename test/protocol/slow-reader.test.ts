import { describe, expect, test } from 'vitest'
import { Message } from '../../src/core/message.ts'
import { EncodedAddress } from '../../src/protocol/address.ts'
import { EncodedProperties } from '../../src/protocol/message-properties.ts'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  ack,
  consume,
  declareQueue,
  openChannel,
  publish,
  type Received,
  type TestClient,
} from '../support/test-client.ts'

/** What may be on the way to a client before its deliveries stop. */
const ROOM = 262_144

/** What may be on the way before its requests are not read any more. */
const READING_LIMIT = 4_194_304

describe('a consumer that does not read', () => {
  test('costs a bounded amount of memory while a million messages wait', () => {
    const { broker, slow } = withSlowConsumer(true)
    enqueue(broker, 1_000_000, 100)
    broker.settle()
    expect(heldFor(slow)).toBeGreaterThanOrEqual(ROOM)
    expect(heldFor(slow)).toBeLessThan(ROOM + 1000)
    const queue = broker.vhost.queues.find('q')
    expect(queue?.readyCount).toBeGreaterThan(990_000)
    enqueue(broker, 1000, 100)
    broker.settle()
    expect(heldFor(slow)).toBeLessThan(ROOM + 1000)
  })

  test('is given one large message beyond its room, not two', () => {
    const { broker, slow } = withSlowConsumer(false)
    enqueue(broker, 50, 1_000_000)
    broker.settle()
    expect(slow.transport.unsentSize).toBeGreaterThan(1_000_000)
    expect(heldFor(slow)).toBeLessThan(1_010_000)
  })

  test('does not keep messages from the other consumers of the queue', () => {
    const { broker, slow } = withSlowConsumer(true)
    const quick = broker.connect({ channels: [1] })
    quick.call(consume(1, 'q', 'quick', true))
    enqueue(broker, 50_000, 100)
    broker.settle()
    const delivered = quick.receive().length
    expect(delivered).toBeGreaterThan(45_000)
    slow.read()
    expect(slow.receive().length + delivered).toBe(50_000)
  })

  test.each([true, false])('gets everything in order once it reads again (no-ack %s)', (noAck) => {
    const { broker, slow } = withSlowConsumer(noAck)
    const publisher = broker.connect({ channels: [1] })
    const count = 30_000
    for (let i = 0; i < count; i += 1000) {
      publisher.send(...Array.from({ length: 1000 }, (_, k) => publish(1, 'q', `message ${i + k}`)))
    }
    expect(heldFor(slow)).toBeLessThan(ROOM + 1000)
    slow.read()
    const deliveries = slow.receive()
    expect(deliveries.map(({ body }) => body)).toEqual(
      Array.from({ length: count }, (_, i) => `message ${i}`),
    )
    expect(deliveries.map(tagOf)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
    if (!noAck) slow.call(ack(1, count, true))
    expect(broker.leftovers()).toMatchObject({ unacked: 0 })
  })

  test('reads a little, stops and goes on, and misses nothing', () => {
    const { broker, slow } = withSlowConsumer(false)
    const publisher = broker.connect({ channels: [1] })
    const bodies: (string | undefined)[] = []
    for (let i = 0; i < 40; i++) {
      publisher.send(...Array.from({ length: 500 }, (_, k) => publish(1, 'q', `${i * 500 + k}`)))
      if (i % 5 === 4) slow.read()
      bodies.push(...slow.receive().map(({ body }) => body))
      slow.transport.stopReading()
    }
    slow.read()
    bodies.push(...slow.receive().map(({ body }) => body))
    expect(bodies).toEqual(Array.from({ length: 20_000 }, (_, i) => `${i}`))
  })

  test('that was also at its prefetch limit goes on when it acknowledges', () => {
    const { broker, slow } = withSlowConsumer(false, 2000)
    enqueue(broker, 10_000, 1000)
    broker.settle()
    slow.read()
    expect(slow.receive()).toHaveLength(2000)
    slow.transport.stopReading()
    slow.send(ack(1, 2000, true))
    expect(heldFor(slow)).toBeGreaterThanOrEqual(ROOM)
    slow.read()
    expect(slow.receive()).toHaveLength(2000)
  })

  test('keeps other channels of its connection waiting no longer than itself', () => {
    const { broker, slow } = withSlowConsumer(true)
    slow.send(openChannel(2), declareQueue(2, 'other'), consume(2, 'other', 'second', true))
    enqueue(broker, 10_000, 100)
    broker.settle()
    const publisher = broker.connect({ channels: [1] })
    publisher.send(publish(1, 'other', 'for the second'))
    slow.read()
    const received = slow.receive()
    expect(received.filter(({ body }) => body === 'for the second')).toHaveLength(1)
    expect(received.filter(({ id }) => id === wire.BASIC_DELIVER)).toHaveLength(10_001)
  })
})

describe('a client that does not read the replies to its requests', () => {
  test('is not read any more from a limit on, and answered in order later', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    const name = (i: number) => `${i}`.padStart(200, '-')
    client.transport.stopReading()
    const count = 30_000
    for (let i = 0; i < count; i += 300) {
      client.send(...Array.from({ length: 300 }, (_, k) => declareQueue(1, name(i + k))))
    }
    expect(client.transport.isPaused).toBe(true)
    expect(client.transport.unreadSize).toBeGreaterThan(1_000_000)
    expect(heldFor(client)).toBeGreaterThan(READING_LIMIT)
    expect(heldFor(client)).toBeLessThan(READING_LIMIT + 300 * 230)
    client.read()
    const replies = client.receive()
    expect(replies.map((reply) => ('queue' in reply ? reply.queue : ''))).toEqual(
      Array.from({ length: count }, (_, i) => name(i)),
    )
    expect(client.transport.isPaused).toBe(false)
  })

  test('is stopped in the middle of a chunk when the replies are large', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.call(declareQueue(1, 'q'))
    enqueue(broker, 3000, 16_000)
    client.transport.stopReading()
    client.send(...Array.from({ length: 3000 }, () => GET))
    expect(client.transport.isPaused).toBe(true)
    expect(heldFor(client)).toBeGreaterThan(READING_LIMIT)
    expect(heldFor(client)).toBeLessThan(READING_LIMIT + 40_000)
    client.read()
    expect(client.receive().map(tagOf)).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1))
  })

  test('is stopped there too when what goes too far answers errors', () => {
    const broker = new TestBroker()
    const others = Array.from({ length: 100 }, (_, i) => i + 2)
    const client = broker.connect({ channels: [1, ...others] })
    client.call(declareQueue(1, 'q'))
    enqueue(broker, 1000, 16_000)
    client.transport.stopReading()
    const gets = Array.from({ length: 261 }, () => GET)
    const faults = others.map((channel) => declareQueue(channel, 'missing', { passive: true }))
    client.send(...gets, ...faults, ...gets)
    expect(heldFor(client)).toBeGreaterThan(READING_LIMIT)
    expect(heldFor(client)).toBeLessThan(READING_LIMIT + 1000)
    client.read()
    const replies = client.receive()
    expect(replies.filter(({ id }) => id === wire.BASIC_GET_OK)).toHaveLength(2 * 261)
    expect(replies.slice(261, 361).map(({ channel }) => channel)).toEqual(others)
  })

  test('costs nothing when it is lost', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.call(declareQueue(1, 'q'))
    enqueue(broker, 1000, 16_000)
    client.transport.stopReading()
    client.send(...Array.from({ length: 1000 }, () => GET))
    client.drop(new Error('read ECONNRESET'))
    expect(broker.leftovers()).toMatchObject({ connections: 0, unacked: 0 })
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1000)
  })
})

const GET = encodeMethod(1, { id: wire.BASIC_GET, queue: 'q', noAck: false })

function withSlowConsumer(
  noAck: boolean,
  prefetchCount = 0,
): { broker: TestBroker; slow: TestClient } {
  const broker = new TestBroker()
  const slow = broker.connect({ channels: [1] })
  const qos = { id: wire.BASIC_QOS, prefetchSize: 0, prefetchCount, global: false } as const
  slow.call(encodeMethod(1, qos), declareQueue(1, 'q'), consume(1, 'q', 'slow', noAck))
  slow.transport.stopReading()
  return { broker, slow }
}

/** Puts messages into the queue `q` without the work of publishing each. */
function enqueue(broker: TestBroker, count: number, bodySize: number): void {
  const queue = broker.vhost.queues.find('q')
  if (queue === undefined) throw new Error('there is no queue')
  const bytes = Buffer.alloc(bodySize, 'x')
  const body = {
    body: bytes,
    bodyStart: 0,
    bodySize,
    bodyParts: bodySize > 16_384 ? [bytes] : null,
  }
  const properties = new EncodedProperties(Buffer.alloc(2))
  const message = new Message(EncodedAddress.of('', 'q'), properties, body, null, null)
  for (let i = 0; i < count; i++) broker.vhost.enqueue(message, { queues: [queue], delays: null })
}

/** Bytes in memory on their way to the client. */
function heldFor(client: TestClient): number {
  return client.transport.unsentSize + client.connection.output.size
}

function tagOf(received: Received): number {
  return 'deliveryTag' in received ? received.deliveryTag : 0
}
