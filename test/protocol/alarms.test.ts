import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { frameBytes } from '../support/frames.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  close,
  closeOk,
  consume,
  declareQueue,
  headerFrame,
  publish,
  publishMethod,
  type Received,
} from '../support/test-client.ts'

const CAPABLE = { channels: [1], capabilities: ['connection.blocked'] }

describe('while memory or disk is short', () => {
  test('a client is blocked with its first publish, and not before', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    expect(client.call(declareQueue(1, 'other')).map(({ id }) => id)).toEqual([
      wire.QUEUE_DECLARE_OK,
    ])
    expect(client.call(publish(1, 'q', 'one'))).toEqual([blocked('low on memory')])
  })

  test('a client is blocked with the first frame of content, though the content is not complete', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    expect(client.call(publishMethod(1, 'q'))).toEqual([])
    expect(client.call(headerFrame(1, 6))).toEqual([blocked('low on memory')])
    client.send(frameBytes(3, 1, 'foobar'))
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(0)
  })

  test('a client that has begun before the alarm is blocked with the rest of its content', () => {
    const { broker, client } = connected()
    client.send(publishMethod(1, 'q'), headerFrame(1, 6))
    broker.services.alarms.raise('memory', 'operator')
    expect(client.call(frameBytes(3, 1, 'foo'))).toEqual([blocked('low on memory')])
    expect(client.call(frameBytes(3, 1, 'bar'), declareQueue(1, 'other'))).toEqual([])
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(0)
    broker.services.alarms.clear('memory', 'operator')
    broker.settle()
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test('a client is blocked with what it publishes in a transaction', () => {
    const { broker, client } = connected()
    client.call(encodeMethod(1, { id: wire.TX_SELECT }))
    broker.services.alarms.raise('memory', 'operator')
    const commit = encodeMethod(1, { id: wire.TX_COMMIT })
    expect(client.call(publish(1, 'q', 'one'), commit)).toEqual([blocked('low on memory')])
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(0)
    broker.services.alarms.clear('memory', 'operator')
    broker.settle()
    expect(client.receive().map(({ id }) => id)).toEqual([
      wire.CONNECTION_UNBLOCKED,
      wire.TX_COMMIT_OK,
    ])
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test('a client is blocked with a publish that is refused afterwards', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    const refused = publish(1, 'q', 'one', { exchange: 'missing' })
    expect(client.call(refused)).toEqual([blocked('low on memory')])
    broker.services.alarms.clear('memory', 'operator')
    broker.settle()
    expect(client.receive().map(({ id }) => id)).toEqual([
      wire.CONNECTION_UNBLOCKED,
      wire.CHANNEL_CLOSE,
    ])
  })

  test('a message without a body has arrived with the header that its client was blocked with', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    expect(client.call(publish(1, 'q', ''))).toEqual([blocked('low on memory')])
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test('what is behind the frame that it was blocked with waits', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('disk', 'operator')
    client.send(publish(1, 'q', 'one'), publish(1, 'q', 'two'))
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(0)
    broker.services.alarms.clear('disk', 'operator')
    broker.settle()
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(2)
  })

  test.each([
    [['memory'], 'low on memory'],
    [['disk'], 'low on disk'],
    [['memory', 'disk'], 'low on disk & memory'],
  ] as const)('of %j the client is told %j', (alarms, reason) => {
    const { broker, client } = connected()
    for (const alarm of alarms) broker.services.alarms.raise(alarm, 'operator')
    expect(client.call(publish(1, 'q', 'one'))).toEqual([blocked(reason)])
  })

  test('another alarm is not told, and the end only when all are over', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    client.call(publish(1, 'q', 'one'))
    broker.services.alarms.raise('disk', 'operator')
    broker.services.alarms.clear('memory', 'operator')
    broker.settle()
    expect(client.receive()).toEqual([])
    broker.services.alarms.clear('disk', 'operator')
    broker.settle()
    expect(client.receive()).toEqual([{ id: wire.CONNECTION_UNBLOCKED, channel: 0 }])
  })

  test('a close is answered behind the end of the alarm', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    client.call(publish(1, 'q', 'one'))
    expect(client.call(close(0))).toEqual([])
    broker.services.alarms.clear('memory', 'operator')
    broker.settle()
    expect(client.receive().map(({ id }) => id)).toEqual([
      wire.CONNECTION_UNBLOCKED,
      wire.CONNECTION_CLOSE_OK,
    ])
  })

  test('a client that does not announce that it understands is blocked without a word', () => {
    const { broker, client } = connected({ channels: [1], capabilities: [] })
    broker.services.alarms.raise('memory', 'operator')
    expect(client.call(publish(1, 'q', 'one'), declareQueue(1, 'other'))).toEqual([])
    broker.services.alarms.clear('memory', 'operator')
    broker.settle()
    expect(client.receive().map(({ id }) => id)).toEqual([wire.QUEUE_DECLARE_OK])
  })

  test('a consumer is left alone', () => {
    const { broker, client } = connected()
    const consumer = broker.connect(CAPABLE)
    client.call(publish(1, 'q', 'one'))
    broker.services.alarms.raise('memory', 'operator')
    expect(client.call(publish(1, 'q', 'two'))).toEqual([blocked('low on memory')])
    expect(consumer.call(consume(1, 'q', 'c', true)).map(({ id }) => id)).toEqual([
      wire.BASIC_CONSUME_OK,
      wire.BASIC_DELIVER,
    ])
    expect(consumer.call(declareQueue(1, 'q')).map(({ id }) => id)).toEqual([wire.QUEUE_DECLARE_OK])
  })

  test('a blocked client that the broker closes is heard when it answers', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    client.send(publish(1, 'q', 'one'))
    client.connection.forceClose('enough')
    client.send(closeOk(0))
    expect(client.transport.isClosed).toBe(true)
  })

  test('a client that goes is forgotten', () => {
    const { broker, client } = connected()
    broker.services.alarms.raise('memory', 'operator')
    client.send(publish(1, 'q', 'one'))
    client.drop()
    broker.services.alarms.clear('memory', 'operator')
    const next = broker.connect(CAPABLE)
    expect(next.call(publish(1, 'q', 'two'))).toEqual([])
  })
})

function connected(session: { channels: number[]; capabilities: string[] } = CAPABLE) {
  const broker = new TestBroker()
  const client = broker.connect(session)
  client.call(declareQueue(1, 'q'))
  return { broker, client }
}

function blocked(reason: string): Received {
  return { id: wire.CONNECTION_BLOCKED, channel: 0, reason }
}
