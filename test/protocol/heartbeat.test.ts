import { describe, expect, test } from 'vitest'
import { DelayedStore } from '../support/delayed-store.ts'
import { frameBytes } from '../support/frames.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  close,
  consume,
  declareQueue,
  openChannel,
  publish,
  type TestClient,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

const HEARTBEAT = frameBytes(8, 0, '')
const INTERVAL_MS = 10_000

describe('heartbeats of the server', () => {
  test('come after half an interval of silence, and again', () => {
    const { broker, client } = connected()
    broker.advance(INTERVAL_MS / 2) // open-ok was in this half
    broker.advance(INTERVAL_MS / 2 - 1)
    expect(heartbeatsOf(client)).toBe(0)
    broker.advance(1)
    expect(heartbeatsOf(client)).toBe(1)
    client.send(HEARTBEAT)
    broker.advance(INTERVAL_MS)
    expect(heartbeatsOf(client)).toBe(2)
  })

  test('do not come while it says something else in every half of an interval', () => {
    const { broker, client } = connected()
    client.call(openChannel(1))
    for (let i = 0; i < 10; i++) {
      broker.advance(INTERVAL_MS / 2 - 1)
      client.send(declareQueue(1, 'q'))
      broker.advance(1)
    }
    expect(client.frames().map((frame) => frame.type)).toEqual(new Array(10).fill(1))
  })

  test('come no later than one interval after the last word', () => {
    const { broker, client } = connected()
    broker.advance(INTERVAL_MS / 2 + 1)
    client.call(openChannel(1))
    broker.advance(INTERVAL_MS - 1)
    expect(heartbeatsOf(client)).toBe(1)
  })

  test('are not needed by a client that gets deliveries, whoever they come from', () => {
    const { broker, client } = connected()
    const publisher = broker.connect({ channels: [1] })
    client.call(openChannel(1), declareQueue(1, 'q'), consume(1, 'q', 'c', true))
    for (let i = 0; i < 10; i++) {
      publisher.send(publish(1, 'q', 'm'))
      client.send(HEARTBEAT)
      broker.advance(INTERVAL_MS / 2)
    }
    expect(client.frames().filter((frame) => frame.type === 8)).toEqual([])
  })

  test('end with the connection', () => {
    const { broker, client } = connected()
    client.call(close(0))
    broker.advance(INTERVAL_MS - 1)
    expect(client.frames()).toEqual([])
    client.drop()
    broker.advance(100 * INTERVAL_MS)
    expect(broker.clock.timerCount).toBe(0)
  })

  test('are not sent when the client asks for none', () => {
    const broker = new TestBroker()
    const client = broker.connect({ heartbeatSeconds: 0 })
    broker.advance(100 * INTERVAL_MS)
    expect(client.frames()).toEqual([])
    expect(client.transport.isClosed).toBe(false)
  })
})

describe('a silent client', () => {
  test('is dropped after two intervals, without a word', () => {
    const { broker, client } = connected()
    broker.advance(2 * INTERVAL_MS - 1)
    expect(client.transport.isClosed).toBe(false)
    broker.advance(1)
    expect(client.transport.isClosed).toBe(true)
    expect(heartbeatsOf(client)).toBeGreaterThan(0)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    broker.advance(100 * INTERVAL_MS)
    expect(broker.clock.timerCount).toBe(0)
  })

  test('is given two whole intervals from the check that its last octet was before', () => {
    const { broker, client } = connected()
    broker.advance(INTERVAL_MS / 2)
    client.send(HEARTBEAT)
    broker.advance(2.5 * INTERVAL_MS - 1)
    expect(client.transport.isClosed).toBe(false)
    broker.advance(1)
    expect(client.transport.isClosed).toBe(true)
  })

  test('is not one that sends a heartbeat in every second interval', () => {
    const { broker, client } = connected()
    for (let i = 0; i < 10; i++) {
      broker.advance(2 * INTERVAL_MS - 1)
      client.send(HEARTBEAT)
      broker.advance(1)
    }
    expect(client.transport.isClosed).toBe(false)
  })

  test('is not one that sends anything: an octet of a frame counts', () => {
    const { broker, client } = connected()
    client.call(openChannel(1))
    const bytes = declareQueue(1, 'slowly')
    for (const octet of bytes) {
      broker.advance(INTERVAL_MS)
      client.send(Buffer.from([octet]))
    }
    expect(broker.vhost.queues.find('slowly')).toBeDefined()
    expect(client.transport.isClosed).toBe(false)
  })

  test('gives back what it held', () => {
    const { broker, client } = connected()
    client.call(openChannel(1), declareQueue(1, 'q'), consume(1, 'q', 'c', false))
    client.call(publish(1, 'q', 'm'))
    expect(broker.leftovers()).toMatchObject({ consumers: 1, unacked: 1 })
    broker.advance(3 * INTERVAL_MS)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })
})

describe('a client that the server does not read', () => {
  test('is not silent while its declaration waits for the store', () => {
    const { broker, client, store } = waiting()
    for (let i = 0; i < 20; i++) {
      client.send(HEARTBEAT)
      broker.advance(INTERVAL_MS / 2)
    }
    expect(client.transport.isClosed).toBe(false)
    client.send(declareQueue(1, 'r'))
    expect(broker.vhost.queues.find('r')).toBeUndefined()
    client.frames()
    store.sync()
    broker.settle()
    expect(client.receive()).toHaveLength(2)
  })

  test('is not silent while it is slow to take what it asked for', () => {
    const { broker, client } = slow()
    for (let i = 0; i < 20; i++) {
      client.send(HEARTBEAT)
      broker.advance(INTERVAL_MS / 2)
    }
    expect(client.transport.isPaused).toBe(true)
    expect(client.transport.isClosed).toBe(false)
    client.read()
    expect(client.receive()).toHaveLength(60)
    expect(client.transport.isPaused).toBe(false)
  })

  test('is silent when it sends nothing that could be read', () => {
    for (const { broker, client } of [waiting(), slow()]) {
      for (let i = 0; i < 3; i++) broker.advance(INTERVAL_MS)
      expect(client.transport.isClosed).toBe(true)
      expect(broker.leftovers()).toMatchObject({ connections: 0, unacked: 0 })
    }
  })

  test('cannot make use of that to send without end', () => {
    const { broker, client } = waiting()
    const chunk = Buffer.concat(Array.from({ length: 8192 }, () => HEARTBEAT))
    for (let i = 0; i < 100; i++) client.send(chunk)
    expect(client.transport.unreadSize).toBe(100 * chunk.length)
    broker.advance(INTERVAL_MS)
    expect(client.transport.unreadSize).toBe(99 * chunk.length)
    for (let i = 0; i < 100; i++) broker.advance(INTERVAL_MS)
    expect(client.transport.unreadSize).toBe(84 * chunk.length)
    expect(client.transport.isClosed).toBe(false)
  })
})

/** A client whose declaration is recorded and not durable. */
function waiting(): { broker: TestBroker; client: TestClient; store: DelayedStore } {
  const store = new DelayedStore()
  const broker = new TestBroker({}, store)
  const client = broker.connect({ heartbeatSeconds: INTERVAL_MS / 1000, channels: [1] })
  client.send(declareQueue(1, 'q', { durable: true }))
  return { broker, client, store }
}

/** A client that has asked for 6 MB and does not read them. */
function slow(): { broker: TestBroker; client: TestClient } {
  const { broker, client } = connected()
  client.call(openChannel(1), declareQueue(1, 'q'))
  client.send(...Array.from({ length: 60 }, () => publish(1, 'q', Buffer.alloc(100_000))))
  client.transport.stopReading()
  client.send(...Array.from({ length: 60 }, () => GET))
  return { broker, client }
}

/** basic.get of the queue `q`, without acknowledgement. */
const GET = frameBytes(1, 1, Buffer.from('003c0046 0000 0171 01'.replaceAll(' ', ''), 'hex'))

function connected(): { broker: TestBroker; client: TestClient } {
  const broker = new TestBroker()
  const client = broker.connect({ heartbeatSeconds: INTERVAL_MS / 1000 })
  return { broker, client }
}

/** How many heartbeats have come since the last call; fails on anything else. */
function heartbeatsOf(client: TestClient): number {
  const frames = client.frames()
  expect(
    frames.filter(({ type, channel, payload }) => type === 8 && !channel && !payload.length),
  ).toEqual(frames)
  return frames.length
}
