import type { Table } from '../../support/field-table.ts'
import { configure, GENERATED, read, write } from './right.ts'
import { exchangeIsThere, queueIsThere, type Row } from './row.ts'

/** Declaring, deleting and emptying. */
export const DECLARING: readonly Row[] = [
  {
    method: 'exchange.declare',
    use: '',
    rights: ({ exchange }) => [configure('exchange', exchange)],
    act: (client, { exchange }) => client.send(1, 'exchange.declare', { exchange, type: 'direct' }),
    answer: 'exchange.declare-ok',
  },
  {
    method: 'exchange.declare',
    use: 'with an alternate exchange',
    rights: ({ exchange, other }) => [
      configure('exchange', exchange),
      read('exchange', exchange),
      write('exchange', other),
    ],
    act: (client, { exchange, other }) =>
      client.send(1, 'exchange.declare', {
        exchange,
        type: 'direct',
        arguments: text('alternate-exchange', other),
      }),
    answer: 'exchange.declare-ok',
  },
  {
    method: 'exchange.declare',
    use: 'of one that is there, with an alternate exchange',
    rights: ({ exchange }) => [configure('exchange', exchange)],
    before: ({ exchange, other }) => [
      [
        'exchange.declare',
        { exchange, type: 'direct', arguments: text('alternate-exchange', other) },
      ],
    ],
    act: (client, { exchange, other }) =>
      client.send(1, 'exchange.declare', {
        exchange,
        type: 'direct',
        arguments: text('alternate-exchange', other),
      }),
    answer: 'exchange.declare-ok',
  },
  {
    method: 'exchange.delete',
    use: '',
    rights: ({ exchange }) => [configure('exchange', exchange)],
    before: (names) => [exchangeIsThere('direct')(names)],
    act: (client, { exchange }) => client.send(1, 'exchange.delete', { exchange }),
    answer: 'exchange.delete-ok',
  },
  {
    method: 'exchange.delete',
    use: 'of one that is missing',
    rights: ({ exchange }) => [configure('exchange', exchange)],
    act: (client, { exchange }) => client.send(1, 'exchange.delete', { exchange }),
    answer: 'exchange.delete-ok',
  },
  {
    method: 'queue.declare',
    use: '',
    rights: ({ queue }) => [configure('queue', queue)],
    act: (client, { queue }) => client.send(1, 'queue.declare', { queue }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.declare',
    use: 'of an exclusive one',
    rights: ({ queue }) => [configure('queue', queue)],
    act: (client, { queue }) => client.send(1, 'queue.declare', { queue, exclusive: true }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.declare',
    use: 'under a name of the server',
    rights: () => [configure('queue', GENERATED)],
    act: (client) => client.send(1, 'queue.declare', { exclusive: true }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.declare',
    use: 'of one that is there',
    rights: ({ queue }) => [configure('queue', queue)],
    before: (names) => [queueIsThere(names)],
    act: (client, { queue }) => client.send(1, 'queue.declare', { queue }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.declare',
    use: 'with a dead-letter exchange',
    rights: ({ queue, other }) => [
      configure('queue', queue),
      read('queue', queue),
      write('exchange', other),
    ],
    act: (client, { queue, other }) =>
      client.send(1, 'queue.declare', {
        queue,
        arguments: text('x-dead-letter-exchange', other),
      }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.declare',
    use: 'with the default exchange for dead letters',
    rights: ({ queue }) => [
      configure('queue', queue),
      read('queue', queue),
      write('exchange', 'amq.default'),
    ],
    act: (client, { queue }) =>
      client.send(1, 'queue.declare', { queue, arguments: text('x-dead-letter-exchange', '') }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.declare',
    use: 'of one that is there, with a dead-letter exchange',
    rights: ({ queue }) => [configure('queue', queue)],
    before: ({ queue, other }) => [
      ['queue.declare', { queue, arguments: text('x-dead-letter-exchange', other) }],
    ],
    act: (client, { queue, other }) =>
      client.send(1, 'queue.declare', {
        queue,
        arguments: text('x-dead-letter-exchange', other),
      }),
    answer: 'queue.declare-ok',
  },
  {
    method: 'queue.delete',
    use: '',
    rights: ({ queue }) => [configure('queue', queue)],
    before: (names) => [queueIsThere(names)],
    act: (client, { queue }) => client.send(1, 'queue.delete', { queue }),
    answer: 'queue.delete-ok',
  },
  {
    method: 'queue.delete',
    use: 'of one that is missing',
    rights: ({ queue }) => [configure('queue', queue)],
    act: (client, { queue }) => client.send(1, 'queue.delete', { queue }),
    answer: 'queue.delete-ok',
  },
  {
    method: 'queue.purge',
    use: '',
    rights: ({ queue }) => [read('queue', queue)],
    before: (names) => [queueIsThere(names), ['basic.publish', { routingKey: names.queue }]],
    act: (client, { queue }) => client.send(1, 'queue.purge', { queue }),
    answer: 'queue.purge-ok',
  },
]

function text(name: string, value: string): Table {
  return [[name, 'S', value]]
}
