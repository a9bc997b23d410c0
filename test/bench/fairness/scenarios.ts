import type { Table } from '../../../conformance/support/field-table.ts'
import { methodFrame } from '../../../conformance/support/frames.ts'
import { LoadConnection } from '../load/connection.ts'
import type { FairBroker } from './fair-broker.ts'
import { declareMany, type FillWish, fill, freshQueue, namesOf } from './filling.ts'

/** Where something happens. */
export interface Scene {
  readonly broker: FairBroker
  /** With channel 1 open. */
  readonly client: LoadConnection
  /** The broker has a data directory; then messages are persistent. */
  readonly isKept: boolean
}

/** An operation that has much to do at once. */
export interface Scenario {
  readonly name: string
  /** How long what follows from it may take; 300 if not given. */
  readonly settleMs?: number
  /** Makes everything ready; what it returns is measured. */
  prepare(scene: Scene): Promise<() => Promise<unknown>>
}

const QUEUE = 'full'
const MANY_QUEUES = 10_000

export const SCENARIOS: readonly Scenario[] = [
  { name: 'nothing', prepare: async () => async () => {} },
  {
    name: 'publishing 1,000,000 messages',
    async prepare(scene) {
      await freshQueue(scene.client, QUEUE)
      return () => fill(scene.broker.url, QUEUE, 1_000_000, wishOf(scene))
    },
  },
  ...[100_000, 1_000_000].flatMap((count): readonly Scenario[] => [
    onFull(`purge of ${count} messages`, count, ({ client }) =>
      client.call(1, 'queue.purge', { queue: QUEUE }),
    ),
    onFull(`deletion of a queue with ${count} messages`, count, ({ client }) =>
      client.call(1, 'queue.delete', { queue: QUEUE }),
    ),
  ]),
  expiry('100,000 messages expire', false),
  expiry('100,000 messages expire to a dead-letter queue', true),
  overflow('max-length 10 comes upon 100,000 messages', false),
  overflow('max-length 10 comes upon 100,000, dead-lettered', true),
  {
    name: 'a consumer leaves with 100,000 unacked',
    settleMs: 1000,
    async prepare(scene) {
      const consumer = await holdingConsumer(scene)
      return async () => consumer.abandon()
    },
  },
  {
    name: '100,000 are rejected at once, dead-lettered',
    settleMs: 2000,
    async prepare(scene) {
      const consumer = await holdingConsumer(scene)
      return async () => {
        consumer.socket.write(methodFrame(1, 'basic.nack', { deliveryTag: 0, multiple: true }))
        await consumer.call(1, 'basic.qos', { prefetchCount: 1 })
        await consumer.close()
      }
    },
  },
  {
    name: 'a connection leaves with 10,000 exclusive queues',
    settleMs: 1000,
    async prepare({ broker }) {
      const owner = await LoadConnection.open(broker.url)
      await declareMany(owner, namesOf('own', MANY_QUEUES), { exclusive: true })
      return () => owner.close()
    },
  },
  {
    name: '10,000 queues are declared at once',
    async prepare({ client }) {
      return () => declareMany(client, namesOf('many', MANY_QUEUES), { durable: true })
    },
  },
  {
    name: 'a policy changes 10,000 queues',
    async prepare({ client, broker }) {
      await declareMany(client, namesOf('many', MANY_QUEUES), { durable: true })
      const policy = { name: 'all', pattern: '^many', definition: { 'max-length': 1000 } }
      return () => broker.obey({ do: 'set-policy', policy })
    },
  },
  {
    name: 'a vhost with 10,000 queues is deleted',
    settleMs: 1000,
    async prepare({ broker }) {
      await broker.obey({ do: 'add-vhost', vhost: 'short-lived' })
      const tenant = await LoadConnection.open(`${broker.url}/short-lived`)
      await declareMany(tenant, namesOf('many', MANY_QUEUES), { durable: true })
      await tenant.close()
      return () => broker.obey({ do: 'delete-vhost', vhost: 'short-lived' })
    },
  },
]

function onFull(name: string, count: number, act: (scene: Scene) => Promise<unknown>): Scenario {
  return {
    name,
    async prepare(scene) {
      await freshQueue(scene.client, QUEUE)
      await fill(scene.broker.url, QUEUE, count, wishOf(scene))
      return () => act(scene)
    },
  }
}

/** They have all expired, but one without a time stands before them, until it is fetched. */
function expiry(name: string, isDeadLettered: boolean): Scenario {
  return {
    name,
    settleMs: 2000,
    async prepare(scene) {
      const { client, broker } = scene
      await deadLetterQueue(client, isDeadLettered)
      await fill(broker.url, QUEUE, 1, wishOf(scene))
      await fill(broker.url, QUEUE, 100_000, { ...wishOf(scene), expiration: '1' })
      return () => client.call(1, 'basic.get', { queue: QUEUE, noAck: true })
    },
  }
}

function overflow(name: string, isDeadLettered: boolean): Scenario {
  return {
    name,
    settleMs: 2000,
    async prepare(scene) {
      const { client, broker } = scene
      await broker.obey({ do: 'delete-policy', name: 'short' })
      await deadLetterQueue(client, isDeadLettered)
      await fill(broker.url, QUEUE, 100_000, wishOf(scene))
      const policy = { name: 'short', pattern: '^full$', definition: { 'max-length': 10 } }
      return async () => {
        await broker.obey({ do: 'set-policy', policy })
        setTimeout(() => void broker.obey({ do: 'delete-policy', name: 'short' }), 1900)
      }
    },
  }
}

async function deadLetterQueue(client: LoadConnection, isDeadLettered: boolean) {
  await freshQueue(client, 'dead')
  await freshQueue(client, QUEUE, isDeadLettered ? DEAD_LETTERED : [])
}

/** A consumer to which 100,000 messages have been delivered, of a queue that dead-letters. */
async function holdingConsumer(scene: Scene): Promise<LoadConnection> {
  const { client, broker } = scene
  await deadLetterQueue(client, true)
  await fill(broker.url, QUEUE, 100_000, wishOf(scene))
  const consumer = await LoadConnection.open(broker.url)
  let count = 0
  const all = new Promise<void>((resolve) => {
    consumer.sink = {
      onConfirm() {},
      onDeliver() {
        count++
        if (count === 100_000) resolve()
      },
      onPause() {},
    }
  })
  await consumer.call(1, 'basic.consume', { queue: QUEUE })
  await all
  return consumer
}

function wishOf({ isKept }: Scene): FillWish {
  return { isPersistent: isKept }
}

const DEAD_LETTERED: Table = [
  ['x-dead-letter-exchange', 'S', ''],
  ['x-dead-letter-routing-key', 'S', 'dead'],
]
