import { expect, test } from 'vitest'
import { frameBytes } from '../support/frames.ts'
import { collectGarbage } from '../support/garbage-collector.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  ack,
  consume,
  declareQueue,
  headerFrame,
  publish,
  publishMethod,
  type TestClient,
} from '../support/test-client.ts'

const SIZE = 60_000
const HEARTBEATS = Buffer.concat(Array.from({ length: SIZE / 8 }, () => frameBytes(8, 0, '')))

/** Chunks of some size after which a connection is idle. */
const CHUNKS: readonly (readonly [string, Buffer])[] = [
  ['methods', Buffer.concat([HEARTBEATS, declareQueue(1, 'q')])],
  ['small messages', Buffer.concat(Array.from({ length: 600 }, () => publish(1, 'none', 'x')))],
  ['a large message that nobody takes', publish(1, 'none', Buffer.alloc(SIZE))],
  [
    'a message in many frames',
    Buffer.concat([
      ...[publishMethod(1, 'none'), headerFrame(1, SIZE)],
      ...Array.from({ length: 60 }, () => frameBytes(3, 1, Buffer.alloc(1000))),
    ]),
  ],
  ['an error', Buffer.concat([HEARTBEATS, declareQueue(1, 'missing', { passive: true })])],
  ['a method without its end', Buffer.concat([HEARTBEATS, declareQueue(1, 'q').subarray(0, 20)])],
]

test.each(CHUNKS)('an idle connection keeps nothing of a chunk with %s', async (_name, bytes) => {
  const broker = new TestBroker()
  const client = broker.connect({ channels: [1] })
  const chunk = received(client, bytes)
  broker.settle()
  client.frames()
  otherWork(broker)
  await collectGarbage()
  expect(isCollected(chunk)).toBe(true)
  expect(client.transport.isClosed).toBe(false)
})

test('an idle connection keeps nothing of a chunk that had to wait', async () => {
  const broker = new TestBroker()
  const client = broker.connect({ channels: [1] })
  broker.services.alarms.raise('memory', 'operator')
  client.call(publish(1, 'none', 'x'))
  const chunk = received(client, Buffer.concat([HEARTBEATS, declareQueue(1, 'q')]))
  broker.services.alarms.clear('memory', 'operator')
  broker.settle()
  expect(broker.vhost.queues.find('q')).toBeDefined()
  otherWork(broker)
  await collectGarbage()
  expect(isCollected(chunk)).toBe(true)
})

test('a large message keeps its memory as long as a queue has it', async () => {
  const broker = new TestBroker()
  const client = broker.connect({ channels: [1] })
  client.call(declareQueue(1, 'q'), consume(1, 'q', 'c', false))
  const chunk = received(client, publish(1, 'q', Buffer.alloc(SIZE)))
  broker.settle()
  client.frames()
  await collectGarbage()
  expect(isCollected(chunk)).toBe(false)
  client.call(ack(1, 1))
  otherWork(broker)
  await collectGarbage()
  expect(isCollected(chunk)).toBe(true)
})

/** What all connections share, decoders above all, has other things to look at. */
function otherWork(broker: TestBroker): void {
  const other = broker.connect({ channels: [1] })
  other.call(declareQueue(1, 'other'), publish(1, 'other', 'x'), consume(1, 'other', 'c', false))
  other.call(ack(1, 1))
}

function isCollected(reference: WeakRef<object>): boolean {
  return reference.deref() === undefined
}

/** Hands a chunk to the connection; returns a weak reference to its memory. */
function received(client: TestClient, bytes: Buffer): WeakRef<ArrayBufferLike> {
  const chunk = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(chunk)
  client.connection.receive(chunk)
  return new WeakRef(chunk.buffer)
}
