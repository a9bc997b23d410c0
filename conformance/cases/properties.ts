import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import type { Properties } from '../support/content-header.ts'
import { fact } from '../support/fact.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'amqp-0-9-1.md 2, 3'

const ALL: Properties = {
  contentType: 'application/json',
  contentEncoding: 'gzip',
  headers: [['h', 'S', 'v']],
  deliveryMode: 2,
  priority: 7,
  correlationId: 'correlation',
  replyTo: 'somewhere',
  expiration: '60000',
  messageId: 'message',
  timestamp: 1700000000n,
  type: 'kind',
  userId: 'guest',
  appId: 'conformance',
  clusterId: 'cluster',
}

const TYPES: [what: string, tag: string, ...values: FieldValue[]][] = [
  ['bool', 't', true, false],
  ['signed 8-bit integer', 'b', -128, 0, 127],
  ['unsigned 8-bit integer', 'B', 0, 255],
  ['signed 16-bit integer', 's', -32768, 32767],
  ['unsigned 16-bit integer', 'u', 0, 65535],
  ['signed 32-bit integer', 'I', -2147483648, 2147483647],
  ['unsigned 32-bit integer', 'i', 0, 4294967295],
  [
    'signed 64-bit integer',
    'l',
    -9223372036854775808n,
    -1n,
    9007199254740993n,
    9223372036854775807n,
  ],
  ['float', 'f', 0, -1.5, 16777216],
  ['double', 'd', 0.1, -1e300, Number.MAX_SAFE_INTEGER],
  ['decimal', 'D', { scale: 2, value: 12345 }, { scale: 0, value: 4294967295 }],
  ['long string', 'S', '', 'text', 'Grüße 🐇', Buffer.from([0xff, 0xfe, 0])],
  ['byte array', 'x', Buffer.alloc(0), Buffer.from([0, 255, 10])],
  ['timestamp', 'T', 0n, 1700000000n, 253402300799n],
  ['void', 'V', null],
  [
    'array',
    'A',
    [],
    [
      ['I', 1],
      ['S', 'two'],
      ['A', [['t', true]]],
      ['V', null],
    ],
  ],
  [
    'table',
    'F',
    [],
    [
      ['a', 'I', 1],
      ['b', 'F', [['c', 'S', 'deep']]],
    ],
  ],
]

export const area: Area = {
  name: 'properties',
  cases: [
    fact('a message without properties arrives without properties', SOURCE, async (t) => {
      assert.deepEqual(await roundTrip(t, {}), {})
    }),
    fact('all properties together arrive as they were sent', SOURCE, async (t) => {
      assert.deepEqual(await roundTrip(t, { ...ALL, userId: t.target.username }), {
        ...ALL,
        userId: t.target.username,
      })
    }),
    ...Object.entries(ALL).map(([name, value]) =>
      fact(`${name} alone arrives as it was sent`, SOURCE, async (t) => {
        const properties = { [name]: name === 'userId' ? t.target.username : value }
        assert.deepEqual(await roundTrip(t, properties), properties)
      }),
    ),
    ...TYPES.map(([what, tag, ...values]) =>
      fact(`a header of type ${tag} (${what}) keeps type and value`, SOURCE, async (t) => {
        for (const value of values) {
          const headers: Table = [['h', tag, value]]
          assert.deepEqual(await roundTrip(t, { headers }), { headers })
        }
      }),
    ),
    fact('a header of type L comes back as a 64-bit integer', SOURCE, async (t) => {
      const { headers } = await roundTrip(t, { headers: [['h', 'L', 5n]] })
      const [name, tag, value] = headers?.[0] ?? []
      assert.deepEqual([name, tag?.toLowerCase(), value], ['h', 'l', 5n])
    }),
    fact('an empty header table stays a header table', SOURCE, async (t) => {
      assert.deepEqual(await roundTrip(t, { headers: [] }), { headers: [] })
    }),
    fact('many headers all arrive', SOURCE, async (t) => {
      const headers: Table = Array.from({ length: 500 }, (_, at) => [
        `name-${String(at).padStart(3, '0')}`,
        'S',
        `value ${at}`,
      ])
      assert.deepEqual(await roundTrip(t, { headers }), { headers })
    }),
    fact('a header value of 100 000 bytes arrives', SOURCE, async (t) => {
      const headers: Table = [['long', 'S', 'x'.repeat(100_000)]]
      assert.deepEqual(await roundTrip(t, { headers }), { headers })
    }),
    fact('tables nested thirty deep arrive', SOURCE, async (t) => {
      let headers: Table = [['leaf', 'S', 'green']]
      for (let depth = 0; depth < 30; depth++) headers = [[`d${depth}`, 'F', headers]]
      assert.deepEqual(await roundTrip(t, { headers }), { headers })
    }),
    fact('short strings of 0 and of 255 octets arrive', SOURCE, async (t) => {
      for (const value of ['', 'x'.repeat(255), 'ü'.repeat(127)]) {
        const properties = { correlationId: value, messageId: value, contentType: value }
        assert.deepEqual(await roundTrip(t, properties), properties)
      }
    }),
    fact('priority and timestamp keep their extremes', SOURCE, async (t) => {
      for (const number of [0, 1, 255]) {
        const properties = { priority: number, timestamp: BigInt(number) }
        assert.deepEqual(await roundTrip(t, properties), properties)
      }
    }),
    fact('both delivery modes arrive as they were sent', SOURCE, async (t) => {
      for (const deliveryMode of [1, 2]) {
        assert.deepEqual(await roundTrip(t, { deliveryMode }), { deliveryMode })
      }
    }),
    fact('properties survive a requeue', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const sent = { ...ALL, userId: t.target.username }
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, 'body', sent)
      for (let turn = 0; turn < 2; turn++) {
        raw.send(1, 'basic.get', { queue })
        const { args, properties } = await raw.message(1, 'basic.get-ok')
        assert.deepEqual(properties, sent)
        raw.send(1, 'basic.reject', { deliveryTag: Number(args.deliveryTag), requeue: true })
      }
    }),
    fact('properties of one copy are those of the other', SOURCE, async (t) => {
      const raw = await t.raw()
      const queues = [t.name('queue'), t.name('queue')]
      const exchange = t.name('x')
      const sent = { ...ALL, userId: t.target.username }
      await raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      for (const queue of queues) {
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'queue.bind', { queue, exchange })
      }
      raw.publish(1, { exchange }, 'body', sent)
      for (const queue of queues) {
        raw.send(1, 'basic.get', { queue, noAck: true })
        assert.deepEqual((await raw.message(1, 'basic.get-ok')).properties, sent)
      }
    }),
    fact('amqplib reads what amqplib wrote', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const headers = {
        text: 'ü',
        int: 1,
        long: 2 ** 40,
        real: 1.5,
        yes: true,
        none: null,
        list: [1, 'a'],
        deep: { a: { b: 1 } },
      }
      const options = {
        contentType: 'text/plain',
        correlationId: 'c',
        priority: 3,
        timestamp: 1700000000,
        headers,
      }
      ch.sendToQueue(q, Buffer.from('body'), options)
      const message = await ch.get(q, { noAck: true })
      assert.ok(message)
      assert.deepEqual(JSON.parse(JSON.stringify(message.properties)), options)
    }),
  ],
}

/** Publishes with these properties and gives those that came back. */
async function roundTrip(t: Session, properties: Properties): Promise<Properties> {
  const raw = await t.raw()
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue })
  raw.publish(1, { routingKey: queue }, 'body', properties)
  raw.send(1, 'basic.get', { queue, noAck: true })
  const message = await raw.message(1, 'basic.get-ok')
  assert.equal(message.body.toString(), 'body')
  return message.properties
}
