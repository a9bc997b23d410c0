import { describe, expect, test } from 'vitest'
import type { FieldValue } from '../../src/common/table.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import { decodeProperties } from '../../src/wire/properties.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { frameBytes } from '../support/frames.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  ack,
  close,
  consume,
  declareQueue,
  headerFrame,
  openChannel,
  openVhost,
  publish,
  publishMethod,
  startOk,
  type TestClient,
  tuneOk,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

const TX_SELECT = encodeMethod(1, { id: wire.TX_SELECT })

/** A session, step by step; the socket may go away behind each. */
const STEPS: readonly (readonly [string, (client: TestClient) => void])[] = [
  ['connecting', () => {}],
  ['half a protocol header', (client) => client.send(PROTOCOL_HEADER.subarray(0, 4))],
  ['the protocol header', (client) => client.send(PROTOCOL_HEADER.subarray(4))],
  ['start-ok', (client) => client.send(startOk())],
  ['tune-ok', (client) => client.send(tuneOk({ heartbeatSeconds: 10 }))],
  ['open', (client) => client.send(openVhost('/'))],
  ['channel.open', (client) => client.send(openChannel(1))],
  ['an exclusive queue', (client) => client.send(declareQueue(1, 'own', { exclusive: true }))],
  ['a consumer of it', (client) => client.send(consume(1, 'own', 'a', false))],
  [
    'an auto-delete queue with a consumer',
    (client) =>
      client.send(declareQueue(1, 'auto', { autoDelete: true }), consume(1, 'auto', 'b', false)),
  ],
  ['a consumer of the shared queue', (client) => client.send(consume(1, 'shared', 'c', false))],
  ['a delivery', (client) => client.send(publish(1, 'shared', 'x'), publish(1, 'own', 'y'))],
  ['tx.select and an ack', (client) => client.send(TX_SELECT, ack(1, 1))],
  ['a publish in the transaction', (client) => client.send(publish(1, 'shared', 'never'))],
  ['half a method', (client) => client.send(publishMethod(1, 'shared').subarray(0, 9))],
  ['the other half', (client) => client.send(publishMethod(1, 'shared').subarray(9))],
  ['a header', (client) => client.send(headerFrame(1, 20_000))],
  [
    'a part of a body',
    (client) => client.send(frameBytes(3, 1, 'x'.repeat(20_000)).subarray(0, 99)),
  ],
]

const DELIVERED = STEPS.findIndex(([name]) => name === 'a delivery')

describe('a client that is lost', () => {
  test.each(STEPS.map(([name], i) => ({ name, last: i })))(
    'after $name leaves nothing behind',
    ({ last }) => {
      for (const error of [null, new Error('read ECONNRESET')]) {
        const { broker, client } = afterStep(last)
        client.drop(error)
        expect(broker.leftovers()).toEqual(NOTHING_LEFT)
        expect([...broker.vhost.queues].map((queue) => queue.name)).toEqual(['shared'])
        expect(broker.vhost.queues.find('shared')?.readyCount).toBe(last >= DELIVERED ? 1 : 0)
        broker.advance(1_000_000)
        expect(broker.clock.timerCount).toBe(0)
      }
    },
  )

  test('in the same turn as its last words leaves nothing behind', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.push(declareQueue(1, 'own', { exclusive: true }), consume(1, 'own', 'c', false))
    client.push(publish(1, 'own', 'm'), close(0))
    client.drop()
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('while it is closed by the server leaves nothing behind', () => {
    const broker = new TestBroker()
    const client = broker.connect({ channels: [1] })
    client.send(openChannel(1))
    client.drop(new Error('read ECONNRESET'))
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    expect(broker.clock.timerCount).toBeLessThanOrEqual(1)
  })

  test('while its declaration waits for the store leaves nothing behind', () => {
    const store = new DelayedStore()
    const broker = new TestBroker({}, store)
    const client = broker.connect({ channels: [1] })
    client.send(declareQueue(1, 'q', { durable: true }), openChannel(2))
    client.drop()
    store.sync()
    broker.settle()
    expect(client.receive()).toEqual([])
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    expect(broker.vhost.queues.find('q')).toBeDefined()
  })

  test('gets no messages on one channel that another gives back', () => {
    const broker = new TestBroker()
    const lost = broker.connect({ channels: [1, 2, 3] })
    const other = broker.connect({ channels: [1] })
    lost.call(declareQueue(1, 'q'), consume(1, 'q', 'a', false))
    other.call(publish(1, 'q', 'm'))
    lost.call(consume(2, 'q', 'b', false), consume(3, 'q', 'c', true))
    lost.drop()
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test('with many channels fails to handle a message once, not once for each channel', () => {
    const broker = new TestBroker()
    const numbers = Array.from({ length: 50 }, (_, i) => i + 1)
    const lost = broker.connect({ channels: numbers })
    const type: FieldValue = { type: 'longstr', value: Buffer.from('quorum') }
    const args = new Map([['x-queue-type', type]])
    lost.call(declareQueue(1, 'q', { durable: true, arguments: args }))
    lost.call(consume(1, 'q', 'c', false), publish(1, 'q', 'm'))
    lost.call(...numbers.slice(1).map((number) => consume(number, 'q', 'c', false)))
    lost.drop()
    const other = broker.connect({ channels: [1] })
    const [, delivery] = other.call(consume(1, 'q', 'c', false))
    const headers = decodeProperties(delivery?.properties ?? Buffer.alloc(2)).headers
    expect(headers?.get('x-delivery-count')).toEqual({ type: 'long', value: 1n })
  })

  test('gives its messages to the others, in their order and marked as redelivered', () => {
    const broker = new TestBroker()
    const lost = broker.connect({ channels: [1] })
    const other = broker.connect({ channels: [1] })
    other.call(declareQueue(1, 'q'))
    lost.call(consume(1, 'q', 'c', false))
    other.call(...['a', 'b', 'c'].map((body) => publish(1, 'q', body)))
    other.call(consume(1, 'q', 'c', true))
    lost.drop()
    const deliveries = other.receive()
    expect(deliveries).toMatchObject(
      ['a', 'b', 'c'].map((body) => ({ id: wire.BASIC_DELIVER, redelivered: true, body })),
    )
  })
})

function afterStep(last: number): { broker: TestBroker; client: TestClient } {
  const broker = new TestBroker()
  const owner = broker.connect({ channels: [1] })
  owner.call(declareQueue(1, 'shared'))
  owner.drop()
  const client = broker.accept()
  for (const [, step] of STEPS.slice(0, last + 1)) step(client)
  return { broker, client }
}
