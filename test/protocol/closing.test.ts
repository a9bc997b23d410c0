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
  openChannel,
  publish,
  type TestClient,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

/** Costs the connection: 504. */
const FAULT = openChannel(1)

/** Bytes that are no frame, each in another way. */
const NO_FRAMES: readonly (readonly [string, Buffer])[] = [
  ['too large', Buffer.from('01000000ffffff', 'hex')],
  ['ended wrongly', Buffer.from('0800000000000000', 'hex')],
  ['of no type', frameBytes(99, 0, 'what')],
  ['a heartbeat that speaks', frameBytes(8, 0, 'what')],
]

describe('a client that closes its connection', () => {
  test('gets close-ok when all it had is gone, and is left to hang up', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.call(declareQueue(1, 'mine', { exclusive: true }), publish(1, 'mine', 'm'))
    client.push(close(0))
    expect(client.receive()).toEqual([])
    expect([...broker.vhost.queues]).toEqual([])
    broker.settle()
    expect(client.receive()).toEqual([{ id: wire.CONNECTION_CLOSE_OK, channel: 0 }])
    expect(client.transport.isEnded).toBe(false)
    client.drop()
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test.each([
    [0, 30_000],
    [10, 10_000],
    [60, 30_000],
  ])('with a heartbeat of %i s is hung up on after %i ms', (heartbeatSeconds, ms) => {
    const broker = new TestBroker()
    const client = broker.connect({ heartbeatSeconds })
    client.send(close(0))
    broker.advance(ms - 1)
    expect(client.transport.isClosed).toBe(false)
    broker.advance(1)
    expect(client.transport.isClosed).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    expect(broker.clock.timerCount).toBe(0)
  })

  test('is not heard any more, whatever it says in the same chunk or later', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    const more = [openChannel(2), declareQueue(1, 'late'), close(0), FAULT]
    expect(client.call(close(0), ...more)).toEqual([{ id: wire.CONNECTION_CLOSE_OK, channel: 0 }])
    for (const [, bytes] of NO_FRAMES) client.send(bytes)
    expect(client.call(...more)).toEqual([])
    expect([...broker.vhost.queues]).toEqual([])
  })
})

describe('a connection that the server closes', () => {
  test('ends with the close-ok of the client', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    expect(client.call(FAULT)).toMatchObject([{ id: wire.CONNECTION_CLOSE, replyCode: 504 }])
    expect(client.transport.isEnded).toBe(false)
    client.send(closeOk(0))
    expect(client.transport.isEnded).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('has given everything up before close-ok comes', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    const other = broker.connect({ channels: [1] })
    client.call(declareQueue(1, 'mine', { exclusive: true }), declareQueue(1, 'q'))
    client.call(consume(1, 'q', 'c', false))
    other.call(publish(1, 'q', 'm'))
    expect(broker.leftovers()).toMatchObject({ exclusiveQueues: 1, consumers: 1, unacked: 1 })
    client.push(FAULT)
    expect(broker.leftovers()).toEqual({ ...NOTHING_LEFT, connections: 2 })
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test.each([
    [0, 30_000],
    [10, 10_000],
    [60, 30_000],
  ])('with a heartbeat of %i s waits for close-ok no longer than %i ms', (heartbeatSeconds, ms) => {
    const broker = new TestBroker()
    const client = broker.connect({ heartbeatSeconds, channels: [1] })
    client.send(FAULT)
    broker.advance(ms - 1)
    expect(client.transport.isClosed).toBe(false)
    broker.advance(1)
    expect(client.transport.isClosed).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('hears nothing but closing', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    const more = [
      declareQueue(1, 'late'),
      openChannel(2),
      publish(1, 'late', 'x'.repeat(20_000)),
      frameBytes(8, 0, ''),
      frameBytes(2, 0, Buffer.alloc(14)),
      encodeMethod(0, { id: wire.CONNECTION_OPEN, virtualHost: '/' }),
      frameBytes(1, 0, Buffer.from('000a0032ff', 'hex')), // a connection.close cut short
      frameBytes(1, 3, Buffer.from('ffffffff', 'hex')), // an unknown method
    ]
    expect(client.call(FAULT, ...more.slice(0, 6))).toHaveLength(1)
    expect(client.call(...more.slice(0, 6))).toEqual([])
    expect([...broker.vhost.queues]).toEqual([])
    client.send(closeOk(0))
    expect(client.transport.isEnded).toBe(true)
  })

  test('answers a close that crosses its own, and still waits for close-ok', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    expect(ids(client.call(FAULT, close(0)))).toEqual([
      wire.CONNECTION_CLOSE,
      wire.CONNECTION_CLOSE_OK,
    ])
    expect(client.transport.isEnded).toBe(false)
    client.send(closeOk(0))
    expect(client.transport.isEnded).toBe(true)
  })

  test.each(NO_FRAMES)('is dropped when a frame is %s instead', (_name, bytes) => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.send(FAULT)
    client.send(bytes)
    expect(client.transport.isClosed).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    const pipelined = broker.connect({ channels: [1] })
    pipelined.send(FAULT, bytes)
    expect(pipelined.transport.isClosed).toBe(true)
  })

  test('with a client that stops reading ends when the time is up', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.transport.stopReading()
    client.send(FAULT)
    broker.advance(30_000)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })
})

describe('bytes that are no frame', () => {
  test.each(NO_FRAMES)('(%s) end the stream behind the reason', (_name, bytes) => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    expect(client.call(bytes, declareQueue(1, 'late'))).toMatchObject([
      { id: wire.CONNECTION_CLOSE, replyCode: 501, classId: 0, methodId: 0 },
    ])
    expect(client.transport.isEnded).toBe(true)
    expect([...broker.vhost.queues]).toEqual([])
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('end it even for a client that keeps its end open', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.transport.staysOpen = true
    client.send(frameBytes(99, 0, ''))
    client.send(declareQueue(1, 'late'))
    expect(client.transport.isClosed).toBe(false)
    broker.advance(30_000)
    expect(client.transport.isClosed).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })
})

describe('a forced close', () => {
  const reason = "broker forced connection closure with reason 'shutdown'"

  test('tells an open connection why, once', () => {
    const broker = new TestBroker()
    const client = broker.connect()
    client.connection.forceClose(reason)
    client.connection.forceClose(reason)
    broker.settle()
    expect(client.receive()).toEqual([
      {
        id: wire.CONNECTION_CLOSE,
        channel: 0,
        replyCode: 320,
        replyText: `CONNECTION_FORCED - ${reason}`,
        classId: 0,
        methodId: 0,
      },
    ])
    client.send(closeOk(0))
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('drops one that is not open yet, and leaves a closing one alone', () => {
    const broker = new TestBroker()
    const silent = broker.accept()
    const closing = broker.connect({ channels: [1] })
    closing.call(FAULT)
    for (const client of [silent, closing]) client.connection.forceClose(reason)
    broker.settle()
    expect(silent.transport.isClosed).toBe(true)
    expect(closing.transport.isClosed).toBe(false)
    expect(closing.receive()).toEqual([])
  })
})

describe('a handshake that takes too long', () => {
  const stages: readonly (readonly [string, (client: TestClient) => void])[] = [
    ['before the protocol header', () => {}],
    ['within the protocol header', (client) => client.send(Buffer.from('AMQP'))],
    [
      'after the protocol header',
      (client) => client.send(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')),
    ],
  ]

  test.each(stages)('%s is dropped without a word', (_name, begin) => {
    const broker = new TestBroker({ handshakeTimeoutMs: 5000 })
    const client = broker.accept()
    begin(client)
    client.receive()
    broker.advance(4999)
    expect(client.transport.isClosed).toBe(false)
    broker.advance(1)
    expect(client.transport.isClosed).toBe(true)
    expect(client.receive()).toEqual([])
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('does not matter once the connection is open', () => {
    const broker = new TestBroker({ handshakeTimeoutMs: 5000 })
    const client = broker.connect({ channels: [1] })
    broker.advance(1_000_000)
    expect(ids(client.call(declareQueue(1, 'q')))).toEqual([wire.QUEUE_DECLARE_OK])
  })
})

function ids(received: readonly { readonly id: number }[]): number[] {
  return received.map(({ id }) => id)
}
