import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { frameBytes } from '../support/frames.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  ack,
  close,
  closeOk,
  consume,
  declareQueue,
  headerFrame,
  openChannel,
  publish,
  publishMethod,
  type TestClient,
} from '../support/test-client.ts'

/** Costs the channel: 404. */
const passive = (channel: number) => declareQueue(channel, 'missing', { passive: true })

describe('a channel number', () => {
  test.each([1, 2, 2047, 65_535])('%i can be opened', (number) => {
    const client = new TestBroker().connect()
    expect(client.call(openChannel(number))).toEqual([
      { id: wire.CHANNEL_OPEN_OK, channel: number },
    ])
  })

  test('cannot be opened twice', () => {
    const client = new TestBroker().connect({ channels: [1] })
    expect(client.call(openChannel(1))).toMatchObject([
      {
        id: wire.CONNECTION_CLOSE,
        replyCode: 504,
        replyText: "CHANNEL_ERROR - second 'channel.open' seen",
        classId: 20,
        methodId: 10,
      },
    ])
  })

  test('can be opened again when the client has closed it', () => {
    const client = new TestBroker().connect({ channels: [1] })
    expect(ids(client.call(close(1), openChannel(1), declareQueue(1, 'q')))).toEqual([
      wire.CHANNEL_CLOSE_OK,
      wire.CHANNEL_OPEN_OK,
      wire.QUEUE_DECLARE_OK,
    ])
  })

  test('can be opened again right behind the close-ok for a close of the server', () => {
    const client = new TestBroker().connect({ channels: [1] })
    client.call(passive(1))
    expect(ids(client.call(closeOk(1), openChannel(1), declareQueue(1, 'q')))).toEqual([
      wire.CHANNEL_OPEN_OK,
      wire.QUEUE_DECLARE_OK,
    ])
  })

  test('cannot be opened again before that', () => {
    const client = new TestBroker().connect({ channels: [1] })
    client.call(passive(1))
    expect(client.call(openChannel(1))).toMatchObject([
      { replyCode: 504, replyText: "CHANNEL_ERROR - second 'channel.open' seen" },
    ])
  })

  test('starts afresh when it is opened again', () => {
    const client = new TestBroker().connect({ channels: [1] })
    client.call(declareQueue(1, 'q'), publish(1, 'q', 'a'), consume(1, 'q', 'c', false))
    client.call(close(1), openChannel(1))
    const [, delivery] = client.call(consume(1, 'q', 'c', false))
    expect(delivery).toMatchObject({ deliveryTag: 1, redelivered: true, body: 'a' })
    client.call(close(1), openChannel(1))
    expect(client.call(declareQueue(1, '', { passive: true }))).toMatchObject([
      { replyCode: 404, replyText: "NOT_FOUND - no queue '' in vhost '/'" },
    ])
  })
})

describe('a number that is not open', () => {
  test.each([
    ['a method', declareQueue(7, 'q'), 504, "CHANNEL_ERROR - expected 'channel.open'", 50, 10],
    ['channel.close', close(7), 504, "CHANNEL_ERROR - expected 'channel.open'", 20, 40],
    [
      'a header',
      headerFrame(7, 1),
      505,
      'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
      0,
      0,
    ],
    [
      'a body',
      frameBytes(3, 7, 'x'),
      505,
      'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
      0,
      0,
    ],
    [
      'a heartbeat',
      frameBytes(8, 7, ''),
      505,
      'UNEXPECTED_FRAME - type 8, all octets = <<>>',
      0,
      0,
    ],
  ])('takes no %s', (_name, bytes, replyCode, replyText, classId, methodId) => {
    const client = new TestBroker().connect({ channels: [1] })
    expect(client.call(bytes)).toEqual([
      { id: wire.CONNECTION_CLOSE, channel: 0, replyCode, replyText, classId, methodId },
    ])
  })

  test('may get a close-ok too many', () => {
    const client = new TestBroker().connect({ channels: [1] })
    expect(client.call(closeOk(7), close(1), closeOk(1), closeOk(1))).toHaveLength(1)
    expect(ids(client.call(openChannel(7)))).toEqual([wire.CHANNEL_OPEN_OK])
  })
})

describe('channel-max', () => {
  test('limits how many are open, whatever their numbers', () => {
    const client = new TestBroker().connect({ channelMax: 3, channels: [1, 500, 65_535] })
    expect(client.call(close(500), openChannel(501))).toHaveLength(2)
    expect(client.call(openChannel(2))).toMatchObject([
      {
        replyCode: 530,
        replyText:
          'NOT_ALLOWED - number of channels opened (3) has reached the negotiated channel_max (3)',
        classId: 0,
        methodId: 0,
      },
    ])
  })

  test('of one allows one channel, again and again', () => {
    const client = new TestBroker().connect({ channelMax: 1, channels: [1] })
    for (let i = 0; i < 5; i++) {
      expect(client.call(passive(1), closeOk(1), openChannel(1))).toHaveLength(2)
    }
  })
})

describe('a channel that the server has closed', () => {
  test('hears nothing until close-ok, in the same chunk and later', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    const more = [
      declareQueue(1, 'late'),
      publish(1, 'late', 'body'),
      publish(1, 'late', Buffer.alloc(50_000)),
      passive(1),
      headerFrame(1, 5),
      frameBytes(3, 1, 'body'),
      ack(1, 99),
      frameBytes(1, 1, Buffer.from('ffffffff', 'hex')), // an unknown method
    ]
    expect(client.call(passive(1), ...more)).toEqual([
      {
        id: wire.CHANNEL_CLOSE,
        channel: 1,
        replyCode: 404,
        replyText: "NOT_FOUND - no queue 'missing' in vhost '/'",
        classId: 50,
        methodId: 10,
      },
    ])
    expect(client.call(...more)).toEqual([])
    expect([...broker.vhost.queues]).toEqual([])
  })

  test('answers a close that crosses its own, and still waits for close-ok', () => {
    const client = new TestBroker().connect({ channels: [1] })
    expect(ids(client.call(passive(1), close(1), declareQueue(1, 'late')))).toEqual([
      wire.CHANNEL_CLOSE,
      wire.CHANNEL_CLOSE_OK,
    ])
    expect(ids(client.call(closeOk(1), openChannel(1)))).toEqual([wire.CHANNEL_OPEN_OK])
  })

  test('takes no method after close-ok: it is not open', () => {
    const client = new TestBroker().connect({ channels: [1] })
    client.call(passive(1))
    expect(client.call(closeOk(1), declareQueue(1, 'q'))).toMatchObject([
      { replyCode: 504, replyText: "CHANNEL_ERROR - expected 'channel.open'" },
    ])
  })

  test('gives back what it held, to be delivered in the old order', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1, 2] })
    client.call(declareQueue(1, 'q'), consume(1, 'q', 'c', false))
    client.call(...['a', 'b', 'c'].map((body) => publish(2, 'q', body)))
    client.call(ack(1, 2), passive(1))
    expect(broker.leftovers()).toMatchObject({ consumers: 0, unacked: 0 })
    expect(bodies(client.call(consume(2, 'q', 'c', true)))).toEqual(['a', 'c'])
  })

  test('forgets the content that was coming in', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.call(declareQueue(1, 'q'))
    client.call(publishMethod(1, 'q'), headerFrame(1, 4), frameBytes(3, 1, 'bo'))
    expect(client.call(close(1))).toMatchObject([{ id: wire.CONNECTION_CLOSE, replyCode: 505 }])
    const other = broker.connect({ channels: [1] })
    other.call(publish(1, 'x', 'b', { exchange: 'none' }), closeOk(1), openChannel(1))
    other.call(publish(1, 'q', 'whole'))
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })
})

describe('channels of one connection', () => {
  test('may have contents come in between each other, frame by frame', () => {
    const { client, broker } = withQueue([1, 2, 3])
    client.send(publishMethod(1, 'q'), publishMethod(2, 'q'))
    client.send(headerFrame(2, 4), publishMethod(3, 'q'), headerFrame(1, 6))
    client.send(frameBytes(3, 1, 'on'), headerFrame(3, 0), frameBytes(3, 2, 'two'))
    client.send(frameBytes(3, 1, 'e--'), frameBytes(3, 2, '2'), frameBytes(3, 1, '1'))
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(3)
    expect(bodies(client.call(consume(3, 'q', 'c', true)))).toEqual(['', 'two2', 'one--1'])
  })

  test('keep their contents apart when large bodies come in parts', () => {
    const { client } = withQueue([1, 2])
    const bodyOf = (letter: string) => letter.repeat(40_000)
    const half = (channel: number, letter: string) => frameBytes(3, channel, letter.repeat(20_000))
    const stream = Buffer.concat([
      publishMethod(1, 'q'),
      headerFrame(1, 40_000),
      publishMethod(2, 'q'),
      headerFrame(2, 40_000),
      half(1, 'a'),
      half(2, 'b'),
      half(1, 'a'),
      half(2, 'b'),
    ])
    for (let at = 0; at < stream.length; at += 7001) client.send(stream.subarray(at, at + 7001))
    expect(bodies(client.call(consume(2, 'q', 'c', true)))).toEqual([bodyOf('a'), bodyOf('b')])
  })

  test('do not lose a content that is coming in when another one fails', () => {
    const { client } = withQueue([1, 2])
    client.send(publishMethod(1, 'q'), headerFrame(1, 6), frameBytes(3, 1, 'one'))
    expect(client.call(passive(2))).toMatchObject([{ id: wire.CHANNEL_CLOSE, channel: 2 }])
    client.send(frameBytes(3, 1, 'two'))
    expect(bodies(client.call(consume(1, 'q', 'c', true)))).toEqual(['onetwo'])
  })

  test('fail in the middle of a content without harm to the next', () => {
    const { client } = withQueue([1, 2])
    client.send(publishMethod(1, 'q', 'none'), publishMethod(2, 'q'), headerFrame(2, 3))
    const replies = client.call(headerFrame(1, 2), frameBytes(3, 1, 'no'), frameBytes(3, 2, 'yes'))
    expect(replies).toMatchObject([{ id: wire.CHANNEL_CLOSE, channel: 1, replyCode: 404 }])
    expect(bodies(client.call(consume(2, 'q', 'c', true)))).toEqual(['yes'])
  })

  test('fail one after the other in one chunk', () => {
    const client = new TestBroker().connect({ channels: [1, 2, 3] })
    const replies = client.call(
      passive(1),
      passive(2),
      passive(1),
      declareQueue(3, 'q'),
      passive(3),
    )
    expect(replies.map(({ id, channel }) => [id, channel])).toEqual([
      [wire.CHANNEL_CLOSE, 1],
      [wire.CHANNEL_CLOSE, 2],
      [wire.QUEUE_DECLARE_OK, 3],
      [wire.CHANNEL_CLOSE, 3],
    ])
  })

  test('answer in the order of the requests', () => {
    const client = new TestBroker().connect({ channels: [1, 2] })
    const requests = Array.from({ length: 40 }, (_, i) => declareQueue((i % 2) + 1, `q${i}`))
    const names = client.call(...requests).map((reply) => ('queue' in reply ? reply.queue : ''))
    expect(names).toEqual(Array.from({ length: 40 }, (_, i) => `q${i}`))
  })
})

function withQueue(channels: readonly number[]): { broker: TestBroker; client: TestClient } {
  const broker = new TestBroker()
  const client = broker.connect({ channels })
  client.call(declareQueue(channels[0] ?? 1, 'q'))
  return { broker, client }
}

function ids(received: readonly { readonly id: number }[]): number[] {
  return received.map(({ id }) => id)
}

function bodies(received: readonly { readonly body?: string }[]): string[] {
  return received.flatMap(({ body }) => (body === undefined ? [] : [body]))
}
