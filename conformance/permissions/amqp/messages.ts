import type { Properties } from '../../support/content-header.ts'
import type { RawConnection } from '../../support/raw-connection.ts'
import { read, topic, write } from './right.ts'
import { exchangeIsThere, type Names, queueIsThere, type Row } from './row.ts'

/** Publishing, and getting what was published; the client confirms what it publishes. */
export const MESSAGES: readonly Row[] = [
  {
    method: 'basic.publish',
    use: '',
    rights: ({ exchange }) => [write('exchange', exchange)],
    before: (names) => [
      exchangeIsThere('fanout')(names),
      queueIsThere(names),
      ['queue.bind', { queue: names.queue, exchange: names.exchange }],
    ],
    prepare: selectConfirms,
    act: (client, { exchange }) => client.publish(1, { exchange }, 'm'),
    answer: 'basic.ack',
  },
  {
    method: 'basic.publish',
    use: 'to the default exchange',
    rights: () => [write('exchange', 'amq.default')],
    before: (names) => [queueIsThere(names)],
    prepare: selectConfirms,
    act: (client, { queue }) => client.publish(1, { routingKey: queue }, 'm'),
    answer: 'basic.ack',
  },
  {
    method: 'basic.publish',
    use: 'to a topic exchange',
    rights: ({ exchange }) => [write('exchange', exchange), topic('write', exchange, 'a.b')],
    before: toTopicExchange,
    prepare: selectConfirms,
    act: (client, { exchange }) => client.publish(1, { exchange, routingKey: 'a.b' }, 'm'),
    answer: 'basic.ack',
  },
  ...(['CC', 'BCC'] as const).map(
    (header): Row => ({
      method: 'basic.publish',
      use: `to a topic exchange with a further key in ${header}`,
      rights: ({ exchange }) => [
        write('exchange', exchange),
        topic('write', exchange, 'a.b'),
        topic('write', exchange, 'c.d'),
      ],
      before: toTopicExchange,
      prepare: selectConfirms,
      act: (client, { exchange }) =>
        client.publish(1, { exchange, routingKey: 'a.b' }, 'm', alsoTo(header, 'c.d')),
      answer: 'basic.ack',
      laxer: { versions: '3.10', reason: '3.10 looks at the first routing key only', at: 2 },
    }),
  ),
  {
    method: 'basic.publish',
    use: 'in a transaction',
    rights: ({ exchange }) => [write('exchange', exchange)],
    before: (names) => [exchangeIsThere('fanout')(names)],
    prepare: async (client) => {
      await client.call(1, 'tx.select')
    },
    act: (client, { exchange }) => {
      client.publish(1, { exchange }, 'm')
      client.send(1, 'tx.commit')
    },
    answer: 'tx.commit-ok',
  },
  {
    method: 'basic.get',
    use: '',
    rights: ({ queue }) => [read('queue', queue)],
    before: (names) => [queueIsThere(names)],
    act: (client, { queue }) => client.send(1, 'basic.get', { queue }),
    answer: 'basic.get-empty',
  },
  {
    method: 'basic.consume',
    use: '',
    rights: ({ queue }) => [read('queue', queue)],
    before: (names) => [queueIsThere(names)],
    act: (client, { queue }) => client.send(1, 'basic.consume', { queue }),
    answer: 'basic.consume-ok',
  },
  {
    method: 'basic.consume',
    use: 'of direct replies',
    rights: () => [],
    act: (client) =>
      client.send(1, 'basic.consume', { queue: 'amq.rabbitmq.reply-to', noAck: true }),
    answer: 'basic.consume-ok',
  },
]

function toTopicExchange(names: Names) {
  return [
    exchangeIsThere('topic')(names),
    queueIsThere(names),
    ['queue.bind', { queue: names.queue, exchange: names.exchange, routingKey: '#' }],
  ] as const
}

async function selectConfirms(client: RawConnection): Promise<void> {
  await client.call(1, 'confirm.select')
}

function alsoTo(header: 'CC' | 'BCC', key: string): Properties {
  return { headers: [[header, 'A', [['S', key]]]] }
}
