import { describe, expect, test } from 'vitest'
import { LOGIN_DELAY_MS } from '../../src/auth/login-delays.ts'
import { COMPATS } from '../../src/common/compat.ts'
import { textOf } from '../../src/common/table.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { frameBytes } from '../support/frames.ts'
import { LOOPBACK, TestBroker } from '../support/test-broker.ts'
import {
  closeOk,
  declareQueue,
  openChannel,
  openVhost,
  startOk,
  type TestClient,
  tuneOk,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

describe('a protocol header', () => {
  test.each([
    ['AMQP 0-9-1', [0, 0, 9, 1]],
    ['AMQP 0-9', [1, 1, 0, 9]],
  ])('of %s is answered by connection.start', (_name, version) => {
    const client = new TestBroker().accept()
    const [start, ...rest] = client.call(header(version))
    expect(rest).toEqual([])
    expect(start).toMatchObject({
      id: wire.CONNECTION_START,
      channel: 0,
      versionMajor: 0,
      versionMinor: 9,
      mechanisms: Buffer.from('PLAIN AMQPLAIN'),
      locales: Buffer.from('en_US'),
    })
  })

  test.each([
    ['AMQP 1.0 with SASL', header([3, 1, 0, 0])],
    ['AMQP 1.0', header([0, 1, 0, 0])],
    ['a later 0-9', header([0, 0, 9, 2])],
    ['AMQP 0-10', header([1, 1, 0, 10])],
    ['AMQP 0-8', header([0, 0, 8, 0])],
    ['old AMQP 0-8', header([1, 1, 8, 0])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['a TLS ClientHello', Buffer.from('16030100f8010000f40303', 'hex')],
    ['eight zeros', Buffer.alloc(8)],
    ['lower case', Buffer.from('amqp\x00\x00\x09\x01', 'latin1')],
  ])('of %s is answered by ours, and the end of the stream', (_name, bytes) => {
    const broker = new TestBroker()
    const client = broker.accept()
    client.send(bytes)
    expect(client.transport.take()).toEqual(PROTOCOL_HEADER)
    expect(client.transport.isEnded).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('may come octet by octet, or with what follows it', () => {
    const broker = new TestBroker()
    const slow = broker.accept()
    for (const octet of PROTOCOL_HEADER.subarray(0, 7)) slow.send(Buffer.from([octet]))
    expect(slow.receive()).toEqual([])
    expect(ids(slow.call(PROTOCOL_HEADER.subarray(7)))).toEqual([wire.CONNECTION_START])
    const eager = broker.accept()
    const all = [PROTOCOL_HEADER, startOk(), tuneOk(), openVhost('/'), openChannel(1)]
    expect(ids(eager.call(...all, declareQueue(1, 'q')))).toEqual([
      wire.CONNECTION_START,
      wire.CONNECTION_TUNE,
      wire.CONNECTION_OPEN_OK,
      wire.CHANNEL_OPEN_OK,
      wire.QUEUE_DECLARE_OK,
    ])
  })

  test('that never becomes whole is dropped with the connection', () => {
    const broker = new TestBroker()
    const client = broker.accept()
    client.send(Buffer.from('GET'))
    client.drop()
    expect(client.transport.take()).toHaveLength(0)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })
})

describe('a handshake', () => {
  test('proposes what the settings say', () => {
    const broker = new TestBroker({ channelMax: 100, frameMax: 9000, heartbeatSeconds: 7 })
    const client = broker.accept()
    client.call(PROTOCOL_HEADER)
    expect(client.call(startOk())).toEqual([
      { id: wire.CONNECTION_TUNE, channel: 0, channelMax: 100, frameMax: 9000, heartbeat: 7 },
    ])
  })

  test('says that the server is a RabbitMQ of the version it behaves like', () => {
    const [start] = new TestBroker().accept().call(PROTOCOL_HEADER)
    const properties = start?.id === wire.CONNECTION_START ? start.serverProperties : new Map()
    expect(textOf(properties.get('product'))).toBe('RabbitMQ')
    expect(textOf(properties.get('version'))).toBe('4.2.2')
    expect(properties.get('capabilities').value.size).toBe(9)
  })

  test.each([
    ['PLAIN', '\0guest\0guest'],
    ['AMQPLAIN', '\x05LOGINS\0\0\0\x05guest\x08PASSWORDS\0\0\0\x05guest'],
  ])('lets %s in', (mechanism, response) => {
    const client = greeted(new TestBroker())
    expect(ids(client.call(startOk({ mechanism, response })))).toEqual([wire.CONNECTION_TUNE])
  })

  test.each([
    ['a wrong password', { response: '\0guest\0wrong' }, 403],
    ['an unknown user', { response: '\0stranger\0guest' }, 403],
    ['an empty response', { response: '' }, 502],
    ['an authorization identity', { response: 'root\0guest\0guest' }, 502],
    ['an unknown mechanism', { mechanism: 'EXTERNAL' }, 503],
  ])('with %s is refused, in words for a client that takes them', (_name, login, code) => {
    const broker = new TestBroker()
    const told = greeted(broker)
    const [close] = told.call(startOk({ ...login, capabilities: ['authentication_failure_close'] }))
    expect(close).toMatchObject({ id: wire.CONNECTION_CLOSE, replyCode: code, classId: 0 })
    const untold = greeted(broker)
    expect(untold.call(startOk(login))).toEqual([])
    for (const { transport } of [told, untold]) expect(transport.isEnded).toBe(false)
    broker.advance(LOGIN_DELAY_MS)
    for (const { transport } of [told, untold]) expect(transport.isEnded).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('names the mechanism and nothing else when a login is refused', () => {
    const client = greeted(new TestBroker())
    const capabilities = ['authentication_failure_close']
    expect(client.call(startOk({ response: '\0guest\0wrong', capabilities }))).toEqual([
      {
        id: wire.CONNECTION_CLOSE,
        channel: 0,
        replyCode: 403,
        replyText:
          'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. ' +
          'For details see the broker logfile.',
        classId: 0,
        methodId: 0,
      },
    ])
  })

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['128.0.0.1', false],
    ['', false],
  ])('from %j lets a loopback user in: %s', (peerHost, isLetIn) => {
    const broker = new TestBroker()
    const client = broker.accept({ ...LOOPBACK, peerHost })
    client.call(PROTOCOL_HEADER)
    expect(ids(client.call(startOk()))).toEqual(isLetIn ? [wire.CONNECTION_TUNE] : [])
    broker.advance(LOGIN_DELAY_MS)
    expect(client.transport.isEnded).toBe(!isLetIn)
  })

  test('lets others in from anywhere', () => {
    const broker = new TestBroker({ loopbackUsers: new Set() })
    const client = broker.accept({ ...LOOPBACK, peerHost: '10.0.0.1' })
    client.call(PROTOCOL_HEADER)
    expect(ids(client.call(startOk()))).toEqual([wire.CONNECTION_TUNE])
  })
})

describe('tune-ok', () => {
  test.each([
    ['channelMax', 'channel_max', 1, true],
    ['channelMax', 'channel_max', 2047, true],
    ['channelMax', 'channel_max', 2048, '2048 is higher than the maximum allowed value (2047)'],
    [
      'channelMax',
      'channel_max',
      0,
      '0 (no limit) is higher than the maximum allowed value (2047)',
    ],
    ['frameMax', 'frame_max', 131_072, true],
    ['frameMax', 'frame_max', 131_073, '131073 is higher than the maximum allowed value (131072)'],
    ['frameMax', 'frame_max', 0, '0 (no limit) is higher than the maximum allowed value (131072)'],
    ['frameMax', 'frame_max', 4096, true],
    ['frameMax', 'frame_max', 4095, '4095 is lower than the minimum allowed value (4096)'],
    ['heartbeatSeconds', 'heartbeat', 0, true],
    ['heartbeatSeconds', 'heartbeat', 65_535, true],
  ])('%s (%s) of %i: %s', (name, shownName, value, outcome) => {
    const client = greeted(new TestBroker())
    client.call(startOk())
    const replies = client.call(tuneOk({ [name]: value }))
    if (outcome === true) {
      expect(ids([...replies, ...client.call(openVhost('/'))])).toEqual([wire.CONNECTION_OPEN_OK])
      return
    }
    expect(replies).toEqual([
      {
        id: wire.CONNECTION_CLOSE,
        channel: 0,
        replyCode: 530,
        replyText: `NOT_ALLOWED - negotiated ${shownName} = ${outcome}`,
        classId: 10,
        methodId: 30,
      },
    ])
  })

  test('of a frame-max below 8192 is refused where RabbitMQ 4.3 does', () => {
    const client = greeted(new TestBroker({ compat: COMPATS['4.3'] }))
    client.call(startOk())
    expect(client.call(tuneOk({ frameMax: 8191 }))).toMatchObject([{ replyCode: 530 }])
  })

  test('sets the frame-max of the connection once it is open, not before', () => {
    const client = greeted(new TestBroker())
    client.call(startOk())
    client.call(tuneOk({ frameMax: 131_072 }))
    const large = frameBytes(1, 0, Buffer.alloc(8193))
    expect(client.call(large)).toMatchObject([
      {
        replyCode: 501,
        replyText: 'FRAME_ERROR - type 1, all octets = <<>>: {frame_too_large,8193,8184}',
      },
    ])
  })
})

describe('connection.open', () => {
  test.each([
    ['nowhere', 'vhost nowhere not found'],
    ['', 'vhost  not found'],
  ])('of vhost %j is refused', (vhost, text) => {
    const client = greeted(new TestBroker())
    client.send(startOk(), tuneOk())
    client.receive()
    expect(client.call(openVhost(vhost))).toMatchObject([
      { replyCode: 530, replyText: `NOT_ALLOWED - ${text}`, classId: 10, methodId: 40 },
    ])
    expect(client.transport.isEnded).toBe(false)
    expect(client.call(closeOk(0))).toEqual([])
    expect(client.transport.isEnded).toBe(true)
  })

  test('is refused to a user without permissions in the vhost', () => {
    const client = greeted(new TestBroker())
    client.send(startOk({ response: '\0nobody\0nobody' }), tuneOk())
    client.receive()
    expect(client.call(openVhost('/'))).toMatchObject([
      { replyText: "NOT_ALLOWED - access to vhost '/' refused for user 'nobody'" },
    ])
  })
})

describe('a method out of its order', () => {
  const tune = encodeMethod(0, {
    id: wire.CONNECTION_TUNE,
    channelMax: 0,
    frameMax: 0,
    heartbeat: 0,
  })
  const methods = {
    'connection.start-ok': startOk(),
    'connection.tune-ok': tuneOk(),
    'connection.open': openVhost('/'),
    'connection.tune': tune,
    'connection.close-ok': closeOk(0),
    'queue.declare': declareQueue(0, 'q'),
  }
  const stages = [
    { state: 'starting', steps: [], next: 'connection.start-ok' },
    { state: 'tuning', steps: [startOk()], next: 'connection.tune-ok' },
    { state: 'opening', steps: [startOk(), tuneOk()], next: 'connection.open' },
    { state: 'running', steps: [startOk(), tuneOk(), openVhost('/')], next: '' },
  ]
  const wrong = stages.flatMap((stage) =>
    Object.entries(methods)
      .filter(([name]) => name !== stage.next)
      .map(([name, bytes]) => ({ ...stage, name, bytes })),
  )

  test.each(wrong)('$name in state $state costs the connection', ({ state, steps, bytes }) => {
    const broker = new TestBroker()
    const client = greeted(broker)
    if (steps.length > 0) client.call(...steps)
    const id = bytes.readUInt32BE(7)
    expect(client.call(bytes)).toEqual([
      {
        id: wire.CONNECTION_CLOSE,
        channel: 0,
        replyCode: 504,
        replyText: `CHANNEL_ERROR - unexpected method in connection state ${state}`,
        classId: id >>> 16,
        methodId: id & 0xffff,
      },
    ])
    client.send(closeOk(0))
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test.each([
    ['a method', openChannel(1), '<<0,20,0,10,0>>', 1],
    ['a header', frameBytes(2, 1, Buffer.alloc(14)), `<<${'0,'.repeat(13)}0>>`, 2],
    ['a body', frameBytes(3, 1, 'hello'), '<<"hello">>', 3],
  ])('%s on a channel is unexpected before the connection is open', (_name, bytes, shown, type) => {
    const client = greeted(new TestBroker())
    expect(client.call(bytes)).toMatchObject([
      {
        replyCode: 505,
        replyText: `UNEXPECTED_FRAME - type ${type}, all octets = ${shown}`,
        classId: 0,
        methodId: 0,
      },
    ])
  })
})

function header(version: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('AMQP'), Buffer.from(version)])
}

function greeted(broker: TestBroker): TestClient {
  const client = broker.accept()
  client.call(PROTOCOL_HEADER)
  return client
}

function ids(received: readonly { readonly id: number }[]): number[] {
  return received.map(({ id }) => id)
}
