import type { RawConnection } from '../../support/raw-connection.ts'
import { type Names, queueIsThere, type Row } from './row.ts'

const TAG = 'reader'

/** What takes no right: it is about what the client has already, or about its channel. */
export const UNGUARDED: readonly Row[] = [
  ...plain('channel.open', 2, {}),
  ...plain('channel.flow', 1, { active: true }),
  ...plain('channel.close', 1, {}),
  ...plain('access.request', 1, { realm: '/data', active: true, write: true, read: true }),
  ...plain('basic.qos', 1, { prefetchCount: 1 }),
  ...plain('basic.recover', 1, { requeue: true }),
  ...plain('confirm.select', 1, {}),
  ...plain('tx.select', 1, {}),
  {
    method: 'tx.commit',
    use: 'of what was published while it was permitted',
    rights: () => [],
    before: (names) => [queueIsThere(names)],
    prepare: publishInTransaction,
    act: (client) => client.send(1, 'tx.commit'),
    answer: 'tx.commit-ok',
  },
  {
    method: 'tx.rollback',
    use: '',
    rights: () => [],
    before: (names) => [queueIsThere(names)],
    prepare: publishInTransaction,
    act: (client) => client.send(1, 'tx.rollback'),
    answer: 'tx.rollback-ok',
  },
  {
    method: 'basic.cancel',
    use: 'of a consumer that was permitted once',
    rights: () => [],
    before: (names) => [queueIsThere(names)],
    prepare: async (client, { queue }) => {
      await client.call(1, 'basic.consume', { queue, consumerTag: TAG })
    },
    act: (client) => client.send(1, 'basic.cancel', { consumerTag: TAG }),
    answer: 'basic.cancel-ok',
  },
  ...settling('basic.ack', { deliveryTag: 1 }),
  ...settling('basic.nack', { deliveryTag: 1 }),
  ...settling('basic.reject', { deliveryTag: 1 }),
  ...settling('basic.recover-async', { requeue: true }),
]

function plain(method: string, channel: number, args: Parameters<RawConnection['send']>[2]): Row[] {
  const act = (client: RawConnection) => client.send(channel, method, args)
  return [{ method, use: '', rights: () => [], act, answer: `${method}-ok` }]
}

/** None of these is answered: a question behind it is. */
function settling(method: string, args: Parameters<RawConnection['send']>[2]): Row[] {
  return [
    {
      method,
      use: 'of a message that was permitted once',
      rights: () => [],
      before: (names) => [queueIsThere(names), ['basic.publish', { routingKey: names.queue }]],
      prepare: async (client, { queue }) => {
        client.send(1, 'basic.get', { queue })
        await client.message(1, 'basic.get-ok')
      },
      act: (client) => {
        client.send(1, method, args)
        client.send(1, 'channel.flow', { active: true })
      },
      answer: 'channel.flow-ok',
    },
  ]
}

async function publishInTransaction(client: RawConnection, { queue }: Names): Promise<void> {
  await client.call(1, 'tx.select')
  client.publish(1, { routingKey: queue }, 'm')
}
