import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE } from '../../src/common/table.ts'
import * as wire from '../../src/wire/methods.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  ack,
  close,
  closeOk,
  consume,
  declareQueue,
  openChannel,
  publish,
  type TestClient,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

const PERSISTENT = { properties: { deliveryMode: 2 } }
const DURABLE = { durable: true }

const bindFields = { exchange: 'x', routingKey: 'k', arguments: EMPTY_TABLE }
const exchangeDeclare = (noWait: boolean, durable = true): Buffer =>
  encodeMethod(1, {
    id: wire.EXCHANGE_DECLARE,
    exchange: 'x',
    type: 'direct',
    passive: false,
    durable,
    autoDelete: false,
    internal: false,
    noWait,
    arguments: EMPTY_TABLE,
  })
const bindQueue = (noWait: boolean): Buffer =>
  encodeMethod(1, { id: wire.QUEUE_BIND, queue: 'q', noWait, ...bindFields })
const exchangeBinding = {
  source: 'amq.topic',
  destination: 'x',
  routingKey: '#',
  arguments: EMPTY_TABLE,
}
const deleteQueue = (queue: string, noWait: boolean): Buffer =>
  encodeMethod(1, { id: wire.QUEUE_DELETE, queue, ifUnused: false, ifEmpty: false, noWait })

/** Every method that changes a definition, in an order in which each changes something. */
const CHANGES: readonly (readonly [string, Buffer, number])[] = [
  ['queue.declare', declareQueue(1, 'q', DURABLE), wire.QUEUE_DECLARE_OK],
  ['exchange.declare', exchangeDeclare(false), wire.EXCHANGE_DECLARE_OK],
  ['queue.bind', bindQueue(false), wire.QUEUE_BIND_OK],
  [
    'exchange.bind',
    encodeMethod(1, { id: wire.EXCHANGE_BIND, noWait: false, ...exchangeBinding }),
    wire.EXCHANGE_BIND_OK,
  ],
  [
    'exchange.unbind',
    encodeMethod(1, { id: wire.EXCHANGE_UNBIND, noWait: false, ...exchangeBinding }),
    wire.EXCHANGE_UNBIND_OK,
  ],
  [
    'queue.unbind',
    encodeMethod(1, { id: wire.QUEUE_UNBIND, queue: 'q', ...bindFields }),
    wire.QUEUE_UNBIND_OK,
  ],
  [
    'exchange.delete',
    encodeMethod(1, { id: wire.EXCHANGE_DELETE, exchange: 'x', ifUnused: false, noWait: false }),
    wire.EXCHANGE_DELETE_OK,
  ],
  ['queue.delete', deleteQueue('q', false), wire.QUEUE_DELETE_OK],
]

describe('a change of definitions', () => {
  test('is answered when it is durable, each of them', () => {
    const { client, store, sync } = connected()
    for (const [name, bytes, reply] of CHANGES) {
      const changes = store.changes.length
      expect(client.call(bytes), name).toEqual([])
      expect(store.changes.length, name).toBe(changes + 1)
      sync()
      expect(ids(client.receive()), name).toEqual([reply])
    }
  })

  test('is answered at once when nothing is to be stored for it', () => {
    const { client } = connected()
    expect(ids(client.call(declareQueue(1, 'transient'), exchangeDeclare(false, false)))).toEqual([
      wire.QUEUE_DECLARE_OK,
      wire.EXCHANGE_DECLARE_OK,
    ])
  })

  test('waits for its own position, not for the next that becomes durable', () => {
    const { broker, client, store } = connected()
    const other = broker.connect({ channels: [1] })
    other.send(declareQueue(1, 'first', DURABLE))
    client.send(declareQueue(1, 'second', DURABLE))
    store.sync(1)
    broker.settle()
    expect(client.receive()).toEqual([])
    expect(other.receive()).toHaveLength(1)
    store.sync(2)
    broker.settle()
    expect(client.receive()).toHaveLength(1)
  })

  test('without a reply holds nothing up', () => {
    const { client } = connected()
    const sent = [declareQueue(1, 'q', { ...DURABLE, noWait: true }), exchangeDeclare(true)]
    expect(ids(client.call(...sent, bindQueue(true), openChannel(2)))).toEqual([
      wire.CHANNEL_OPEN_OK,
    ])
  })

  test('is known to other connections before it is durable', () => {
    const { broker, client } = connected()
    const other = broker.connect({ channels: [1] })
    client.send(declareQueue(1, 'q', DURABLE))
    expect(ids(other.call(publish(1, 'q', 'm'), GET))).toEqual([wire.BASIC_GET_OK])
  })
})

describe('while a reply waits', () => {
  test('nothing more is read from the connection, on any of its channels', () => {
    const { broker, client, sync } = connected([1, 2])
    const more = [declareQueue(2, 'two'), publish(2, 'two', 'm'), openChannel(3)]
    expect(client.call(declareQueue(1, 'q', DURABLE), ...more)).toEqual([])
    expect(client.transport.isPaused).toBe(true)
    expect(client.call(declareQueue(2, 'three'))).toEqual([])
    expect(broker.vhost.queues.find('two')).toBeUndefined()
    sync()
    expect(ids(client.receive())).toEqual([
      wire.QUEUE_DECLARE_OK,
      wire.QUEUE_DECLARE_OK,
      wire.CHANNEL_OPEN_OK,
      wire.QUEUE_DECLARE_OK,
    ])
    expect(client.transport.isPaused).toBe(false)
  })

  test('replies keep the order of their requests, however many wait in turn', () => {
    const { client, sync } = connected([1, 2])
    const requests = Array.from({ length: 20 }, (_, i) =>
      declareQueue((i % 2) + 1, `q${i}`, { durable: i % 3 === 0 }),
    )
    client.send(...requests.slice(0, 10))
    client.send(...requests.slice(10))
    for (let i = 0; i < 20; i++) sync()
    const names = client.receive().map((reply) => ('queue' in reply ? reply.queue : ''))
    expect(names).toEqual(Array.from({ length: 20 }, (_, i) => `q${i}`))
  })

  test('an error behind it comes after it', () => {
    const { client, sync } = connected([1, 2])
    client.send(declareQueue(1, 'q', DURABLE), declareQueue(2, 'none', { passive: true }))
    client.send(declareQueue(1, 'r', DURABLE), openChannel(1))
    sync()
    expect(ids(client.receive())).toEqual([wire.QUEUE_DECLARE_OK, wire.CHANNEL_CLOSE])
    sync()
    expect(ids(client.receive())).toEqual([wire.QUEUE_DECLARE_OK, wire.CONNECTION_CLOSE])
  })

  test('deliveries go on: they wait for nothing', () => {
    const { broker, client } = connected([1, 2])
    const publisher = broker.connect({ channels: [1] })
    client.call(declareQueue(2, 'live'), consume(2, 'live', 'c', true))
    client.send(declareQueue(1, 'q', DURABLE))
    publisher.send(publish(1, 'live', 'transient'), publish(1, 'live', 'persistent', PERSISTENT))
    expect(client.receive().map(({ body }) => body)).toEqual(['transient', 'persistent'])
  })

  test('a close of the server goes out, and no reply after it', () => {
    const { broker, client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE), openChannel(2))
    client.connection.forceClose('shutdown')
    broker.settle()
    expect(ids(client.receive())).toEqual([wire.CONNECTION_CLOSE])
    client.send(closeOk(0))
    expect(client.transport.isEnded).toBe(false)
    sync()
    expect(client.receive()).toEqual([])
    expect(client.transport.isEnded).toBe(true)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('a close of the client waits its turn', () => {
    const { client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE), close(1), close(0))
    expect(client.receive()).toEqual([])
    sync()
    expect(ids(client.receive())).toEqual([
      wire.QUEUE_DECLARE_OK,
      wire.CHANNEL_CLOSE_OK,
      wire.CONNECTION_CLOSE_OK,
    ])
  })

  test('a connection that is lost does no harm to the store or to others', () => {
    const { broker, client, store, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE), declareQueue(1, 'never', DURABLE))
    client.drop()
    sync()
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    expect(store.changes).toHaveLength(1)
    const other = broker.connect({ channels: [1] })
    expect(other.call(declareQueue(1, 'q', { passive: true }))).toHaveLength(1)
  })
})

describe('a transaction', () => {
  test('is committed for the client when it is durable', () => {
    const { client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE))
    sync()
    client.call(select(1), publish(1, 'q', 'a', PERSISTENT), publish(1, 'q', 'b', PERSISTENT))
    expect(client.call(commit(1), openChannel(2))).toEqual([])
    sync()
    expect(ids(client.receive())).toEqual([wire.TX_COMMIT_OK, wire.CHANNEL_OPEN_OK])
  })

  test('that only settles waits for that to be durable', () => {
    const { client, store, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE))
    sync()
    client.call(publish(1, 'q', 'a', PERSISTENT), consume(1, 'q', 'c', false))
    sync()
    client.call(select(1), ack(1, 1))
    expect(store.settled).toEqual([])
    expect(client.call(commit(1))).toEqual([])
    expect(store.settled).toHaveLength(1)
    sync()
    expect(ids(client.receive())).toEqual([wire.TX_COMMIT_OK])
  })

  test('is not answered on a channel that is gone by then', () => {
    const { broker, client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE))
    sync()
    client.call(select(1), publish(1, 'q', 'a', PERSISTENT))
    client.send(commit(1))
    client.drop()
    sync()
    expect(client.receive()).toEqual([])
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })
})

describe('a confirm', () => {
  test('comes when the message is durable, and holds up nothing else', () => {
    const { client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE))
    sync()
    client.call(confirmSelect(1))
    const sent = [publish(1, 'q', 'a', PERSISTENT), publish(1, 'q', 'b', PERSISTENT)]
    expect(ids(client.call(...sent, openChannel(2)))).toEqual([wire.CHANNEL_OPEN_OK])
    expect(client.transport.isPaused).toBe(false)
    sync()
    expect(client.receive()).toEqual([
      { id: wire.BASIC_ACK, channel: 1, deliveryTag: 2, multiple: true },
    ])
  })

  test('of a transient message comes at once, but not before those of earlier ones', () => {
    const { client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE))
    sync()
    client.call(confirmSelect(1))
    expect(ids(client.call(publish(1, 'q', 'a')))).toEqual([wire.BASIC_ACK])
    expect(client.call(publish(1, 'q', 'b', PERSISTENT), publish(1, 'q', 'c'))).toEqual([])
    sync()
    expect(client.receive()).toMatchObject([{ deliveryTag: 3, multiple: true }])
  })

  test('is owed to no channel that is gone', () => {
    const { broker, client, sync } = connected()
    client.send(declareQueue(1, 'q', DURABLE))
    sync()
    client.call(confirmSelect(1), publish(1, 'q', 'a', PERSISTENT))
    expect(ids(client.call(close(1), openChannel(1), confirmSelect(1)))).toHaveLength(3)
    sync()
    expect(client.receive()).toEqual([])
    client.send(publish(1, 'q', 'b', PERSISTENT))
    client.drop()
    sync()
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })
})

describe('a store that is behind', () => {
  test('is given time by who publishes: nothing more is read until it has caught up', () => {
    const { broker, client, store, sync } = declared()
    store.isBehind = true
    client.send(publish(1, 'q', 'a', PERSISTENT), publish(1, 'q', 'b', PERSISTENT))
    expect(client.call(openChannel(2))).toEqual([])
    expect(client.transport.isPaused).toBe(true)
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
    sync()
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(2)
    store.isBehind = false
    sync()
    expect(ids(client.receive())).toEqual([wire.CHANNEL_OPEN_OK])
    expect(client.transport.isPaused).toBe(false)
  })

  test('waits for no one else', () => {
    const { broker, client, store } = declared()
    store.isBehind = true
    client.send(publish(1, 'q', 'a', PERSISTENT))
    expect(client.transport.isPaused).toBe(true)
    const other = broker.connect({ channels: [1] })
    other.send(publish(1, 'q', 'transient'), publish(1, 'nowhere', 'a', PERSISTENT))
    expect(ids(other.call(GET))).toEqual([wire.BASIC_GET_OK])
    expect(other.transport.isPaused).toBe(false)
  })

  test('does not keep a lost client waiting', () => {
    const { broker, client, store, sync } = declared()
    store.isBehind = true
    client.send(publish(1, 'q', 'a', PERSISTENT))
    client.drop()
    sync()
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  function declared(): Connected {
    const parts = connected()
    parts.client.send(declareQueue(1, 'q', DURABLE))
    parts.sync()
    parts.client.receive()
    return parts
  }
})

const GET = encodeMethod(1, { id: wire.BASIC_GET, queue: 'q', noAck: true })
const select = (channel: number) => encodeMethod(channel, { id: wire.TX_SELECT })
const commit = (channel: number) => encodeMethod(channel, { id: wire.TX_COMMIT })
const confirmSelect = (channel: number) =>
  encodeMethod(channel, { id: wire.CONFIRM_SELECT, noWait: false })

interface Connected {
  readonly broker: TestBroker
  readonly client: TestClient
  readonly store: DelayedStore
  /** Makes everything recorded durable, and lets the broker do what follows. */
  sync(): void
}

function connected(channels: readonly number[] = [1]): Connected {
  const store = new DelayedStore()
  const broker = new TestBroker({}, store)
  const sync = () => {
    store.sync()
    broker.settle()
  }
  return { broker, client: broker.connect({ channels }), store, sync }
}

function ids(received: readonly { readonly id: number }[]): number[] {
  return received.map(({ id }) => id)
}
