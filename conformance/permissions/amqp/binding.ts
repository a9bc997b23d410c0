import type { RawConnection } from '../../support/raw-connection.ts'
import { type Right, read, topic, write } from './right.ts'
import { exchangeIsThere, type Names, queueIsThere, type Row, type Step } from './row.ts'

const KEY = 'weather.north'

/** Binding and unbinding of queues and exchanges, to exchanges without topics and with them. */
export const BINDING: readonly Row[] = [
  ...ofQueues('queue.bind', [queueIsThere]),
  ...ofQueues('queue.unbind', [queueIsThere, queueIsBound]),
  ...ofExchanges('exchange.bind', [otherIsThere]),
  ...ofExchanges('exchange.unbind', [otherIsThere, exchangeIsBound]),
  {
    method: 'queue.unbind',
    use: 'of ends that are missing',
    rights: ({ queue, exchange }) => [write('queue', queue), read('exchange', exchange)],
    act: (client, { queue, exchange }) =>
      client.send(1, 'queue.unbind', { queue, exchange, routingKey: KEY }),
    answer: 'queue.unbind-ok',
  },
]

type There = (names: Names) => Step

function ofQueues(method: string, there: readonly There[]): readonly Row[] {
  const act = (client: RawConnection, { queue, exchange }: Names) =>
    client.send(1, method, { queue, exchange, routingKey: KEY })
  const rights = ({ queue, exchange }: Names) => [write('queue', queue), read('exchange', exchange)]
  return withAndWithoutTopics(method, there, rights, act)
}

function ofExchanges(method: string, there: readonly There[]): readonly Row[] {
  const act = (client: RawConnection, { exchange, other }: Names) =>
    client.send(1, method, { destination: other, source: exchange, routingKey: KEY })
  const rights = ({ exchange, other }: Names) => [
    write('exchange', other),
    read('exchange', exchange),
  ]
  return withAndWithoutTopics(method, there, rights, act)
}

function withAndWithoutTopics(
  method: string,
  there: readonly There[],
  rights: (names: Names) => readonly Right[],
  act: Row['act'],
): readonly Row[] {
  const answer = `${method}-ok`
  const before = (type: string) => (names: Names) =>
    [exchangeIsThere(type), ...there].map((step) => step(names))
  return [
    { method, use: '', rights, before: before('direct'), act, answer },
    {
      method,
      use: 'at a topic exchange',
      rights: (names) => [...rights(names), topic('read', names.exchange, KEY)],
      before: before('topic'),
      act,
      answer,
    },
  ]
}

function otherIsThere({ other }: Names): Step {
  return ['exchange.declare', { exchange: other, type: 'fanout' }]
}

function queueIsBound({ queue, exchange }: Names): Step {
  return ['queue.bind', { queue, exchange, routingKey: KEY }]
}

function exchangeIsBound({ exchange, other }: Names): Step {
  return ['exchange.bind', { destination: other, source: exchange, routingKey: KEY }]
}
