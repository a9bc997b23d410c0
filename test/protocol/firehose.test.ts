import { describe, expect, test } from 'vitest'
import { type FieldValue, longstr, type Table } from '../../src/common/table.ts'
import { MAX_DEPTH } from '../../src/wire/field-table.ts'
import * as wire from '../../src/wire/methods.ts'
import { readHeaders } from '../../src/wire/properties.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { TestBroker } from '../support/test-broker.ts'
import { consume, declareQueue, publish, type Received } from '../support/test-client.ts'

const PROPERTIES = {
  contentType: 'text/plain',
  deliveryMode: 2,
  timestamp: 1_700_000_000n,
  headers: new Map([['CC', { type: 'array', value: [longstr('other')] } as const]]),
}

describe('the firehose', () => {
  test('copies what is published, with where it went', () => {
    const { client, traced } = tracing()
    client.send(publish(1, 'q', 'one', { properties: PROPERTIES }))
    const [copy] = traced('publish.')
    expect(copy).toMatchObject({
      exchange: 'amq.rabbitmq.trace',
      routingKey: 'publish.',
      body: 'one',
    })
    expect(headersOf(copy)).toEqual([
      ['exchange_name', longstr('')],
      ['routing_keys', { type: 'array', value: [longstr('q'), longstr('other')] }],
      [
        'properties',
        {
          type: 'table',
          value: new Map<string, FieldValue>([
            ['content_type', longstr('text/plain')],
            ['headers', { type: 'table', value: PROPERTIES.headers }],
            ['delivery_mode', { type: 'signedint', value: 2 }],
            ['timestamp', { type: 'signedint', value: 1_700_000_000 }],
          ]),
        },
      ],
      ['node', longstr('rabbit@test')],
      ['vhost', longstr('/')],
      ['connection', longstr(client.connection.name)],
      ['channel', { type: 'signedint', value: 1 }],
      ['user', longstr('guest')],
      ['routed_queues', { type: 'array', value: [longstr('q')] }],
    ])
  })

  test('copies what is delivered and fetched, with whether it was before', () => {
    const { client, traced } = tracing()
    client.send(publish(1, 'q', 'one'))
    client.send(encodeMethod(1, { id: wire.BASIC_GET, queue: 'q', noAck: false }))
    client.send(encodeMethod(1, { id: wire.BASIC_RECOVER, requeue: true }))
    client.send(consume(1, 'q', 'c', true))
    const copies = traced('deliver.q')
    expect(copies.map(({ body }) => body)).toEqual(['one', 'one'])
    expect(copies.map((copy) => headersOf(copy).at(-1))).toEqual([
      ['redelivered', { type: 'signedint', value: 0 }],
      ['redelivered', { type: 'signedint', value: 1 }],
    ])
  })

  test('copies nothing when it is off, and nothing of another vhost', () => {
    const { broker, client, traced } = tracing()
    broker.vhost.isTraced = false
    broker.services.vhosts.add('other').isTraced = true
    client.send(publish(1, 'q', 'one'))
    expect(traced('#')).toEqual([])
  })

  test('copies a delivery behind it, also to the same consumer', () => {
    const { broker, client } = tracing()
    const atOnce = new Map([['x-message-ttl', { type: 'signedint', value: 0 } as const]])
    client.call(declareQueue(1, 'copies', { arguments: atOnce }))
    const target = { kind: 'queue', name: 'copies' } as const
    broker.vhost.bind('amq.rabbitmq.trace', target, 'deliver.q', new Map(), client.connection)
    client.call(consume(1, 'copies', 'a', false), consume(1, 'q', 'b', false))
    expect(client.call(publish(1, 'q', 'one'))).toMatchObject([
      { deliveryTag: 1, exchange: '' },
      { deliveryTag: 2, exchange: 'amq.rabbitmq.trace' },
    ])
    client.call(encodeMethod(1, { id: wire.BASIC_CANCEL, consumerTag: 'b', noWait: true }))
    client.call(publish(1, 'q', 'two'))
    const fetched = client.call(encodeMethod(1, { id: wire.BASIC_GET, queue: 'q', noAck: false }))
    expect(fetched).toMatchObject([
      { id: wire.BASIC_GET_OK, deliveryTag: 3 },
      { id: wire.BASIC_DELIVER, deliveryTag: 4 },
    ])
  })

  test('leaves out headers that lie too deep to be put deeper', () => {
    const { client, traced } = tracing()
    let headers: Table = new Map()
    for (let depth = 1; depth < MAX_DEPTH; depth++) {
      headers = new Map([['in', { type: 'table', value: headers }]])
    }
    client.send(publish(1, 'q', 'deep', { properties: { headers, priority: 3 } }))
    client.send(consume(1, 'q', 'c', true))
    for (const copy of traced('#')) {
      const properties = new Map(headersOf(copy)).get('properties')
      const expected = new Map([['priority', { type: 'signedint', value: 3 }]])
      expect(properties).toEqual({ type: 'table', value: expected })
    }
    expect(client.receive().at(-1)).toMatchObject({ id: wire.BASIC_DELIVER, body: 'deep' })
  })

  test('shows no BCC keys', () => {
    const { client, traced } = tracing()
    const headers = new Map([['BCC', { type: 'array', value: [longstr('secret')] } as const]])
    client.send(publish(1, 'q', 'one', { properties: { headers } }))
    const [copy] = traced('publish.')
    expect(headersOf(copy)[1]).toEqual(['routing_keys', { type: 'array', value: [longstr('q')] }])
    expect(copy?.properties?.includes('secret')).toBe(false)
  })
})

/** A traced vhost with a queue `q`; `traced` gives the copies whose key matches. */
function tracing() {
  const broker = new TestBroker({ nodeName: 'rabbit@test' })
  const client = broker.connect({ channels: [1] })
  const listener = broker.connect({ channels: [1] })
  client.call(declareQueue(1, 'q'))
  listener.call(declareQueue(1, 'trace'))
  const target = { kind: 'queue', name: 'trace' } as const
  broker.vhost.bind('amq.rabbitmq.trace', target, '#', new Map(), listener.connection)
  broker.vhost.isTraced = true
  const traced = (key: string): Received[] =>
    listener
      .call(consume(1, 'trace', 'c', true))
      .filter((item) => item.id === wire.BASIC_DELIVER && (key === '#' || item.routingKey === key))
  return { broker, client, traced }
}

function headersOf(copy: Received | undefined): [string, FieldValue][] {
  return [...readHeaders(copy?.properties ?? Buffer.alloc(2))]
}
