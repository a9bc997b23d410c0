import type { Properties } from '../../support/content-header.ts'
import type { Table } from '../../support/field-table.ts'
import {
  DLX,
  deadLetterTo,
  declareUsual,
  type Topology,
  ttl,
  usual,
  usualReject,
} from './topology.ts'

const ALL_PROPERTIES: Properties = {
  contentType: 'text/plain',
  contentEncoding: 'utf-8',
  headers: [
    ['zz', 'I', 1],
    ['aa', 'S', 'x'],
    ['mm', 'l', 5],
  ],
  deliveryMode: 2,
  priority: 3,
  correlationId: 'c',
  replyTo: 'r',
  messageId: 'm',
  timestamp: 1_700_000_000n,
  type: 'ty',
  userId: 'guest',
  appId: 'ap',
}

const EXTRA_KEYS: Properties = {
  headers: [
    [
      'CC',
      'A',
      [
        ['S', 'c1'],
        ['S', 'c2'],
      ],
    ],
    ['BCC', 'A', [['S', 'b1']]],
  ],
}

const OWN_DEATHS: Table = [
  [
    'x-death',
    'A',
    [
      [
        'F',
        [
          ['count', 'l', 7],
          ['queue', 'S', 'zz'],
          ['reason', 'S', 'rejected'],
          ['exchange', 'S', 'e'],
          ['time', 'T', 5],
          ['routing-keys', 'A', [['S', 'k']]],
        ],
      ],
    ],
  ],
  ['x-first-death-queue', 'S', 'zz'],
  ['x-last-death-queue', 'S', 'zz'],
]

const length = (limit: number, overflow?: string): Table => [
  ['x-max-length', 'I', limit],
  ...(overflow === undefined ? [] : ([['x-overflow', 'S', overflow]] satisfies Table)),
]
const DEAD_LETTER_KEY: Table = [['x-dead-letter-routing-key', 'S', 'dlk']]

/** One death, of queues of either type. */
export const DEATHS: Readonly<Record<string, Topology>> = {
  'reject requeue=false, DLX fanout, all properties, headers zz aa mm': usualReject(
    [],
    ALL_PROPERTIES,
  ),
  'nack requeue=false, no properties': async (letters) => {
    await declareUsual(letters, [])
    await letters.publish('src', 'k')
    await letters.nack('s1')
    return [await letters.arrival()]
  },
  'queue TTL 50': usual(ttl(50), {}),
  'message expiration 50': usual([], { properties: { expiration: '50' } }),
  'queue TTL 50, message expiration 60000': usual(ttl(50), { properties: { expiration: '60000' } }),
  'queue TTL 0, no consumer': usual(ttl(0), {}),
  'message expiration 0, no consumer': usual([], { properties: { expiration: '0' } }),
  'reject of a message with expiration 60000': usualReject([], { expiration: '60000' }),
  'x-max-length 1 drop-head, two messages': usual(length(1), {}, {}),
  'x-max-length 1 reject-publish-dlx, two messages, confirm mode': usual(
    length(1, 'reject-publish-dlx'),
    {},
    {},
  ),
  'x-max-length 1 reject-publish, two messages, confirm mode': async (letters) => {
    await declareUsual(letters, length(1, 'reject-publish'))
    await letters.publish('src', 'k')
    await letters.publish('src', 'k')
    return [await letters.beforeMarker('dq')]
  },
  'x-max-length-bytes 3': usual([['x-max-length-bytes', 'I', 3]], { body: 'ab' }, { body: 'cd' }),
  'with x-dead-letter-routing-key dlk': usualReject(DEAD_LETTER_KEY),
  'CC c1 c2, BCC b1, with x-dead-letter-routing-key': usualReject(DEAD_LETTER_KEY, EXTRA_KEYS),
  'CC c1 c2, BCC b1, no dead-letter key, DLX direct bound k (t1 by c2, t2 by b1)': async (
    letters,
  ) => {
    await declareUsual(letters, [], { type: 'direct', key: 'k' })
    await letters.queue('t1')
    await letters.queue('t2')
    await letters.bind('t1', 'dlx', 'c2')
    await letters.bind('t2', 'dlx', 'b1')
    await letters.publish('src', 'k', EXTRA_KEYS)
    await letters.reject('s1')
    return [await letters.arrival()]
  },
  'DLX is the default exchange with key dq, published to the default exchange': async (letters) => {
    await letters.mortal('s1', deadLetterTo('dq'))
    await letters.queue('dq')
    await letters.watch('dq')
    await letters.publish('', 's1')
    await letters.reject('s1')
    return [await letters.arrival()]
  },
  'DLX missing': async (letters) => {
    await letters.mortal('s1', [['x-dead-letter-exchange', 'S', 'nope']])
    await letters.queue('dq')
    await letters.watch('dq')
    await letters.publish('', 's1')
    await letters.reject('s1')
    await letters.untilEmpty('s1')
    return [await letters.beforeMarker('dq')]
  },
  'DLX key without binding': async (letters) => {
    await declareUsual(letters, [], { type: 'direct', key: 'other' })
    await letters.publish('src', 'k')
    await letters.reject('s1')
    await letters.untilEmpty('s1')
    return [await letters.beforeMarker('dq')]
  },
  'client-set x-death, x-first-death-queue, then reject': usualReject([], { headers: OWN_DEATHS }),
  'client-set x-death of type longstr, then reject': usualReject([], {
    headers: [['x-death', 'S', 'old']],
  }),
  'client-set x-first-death-queue only': usualReject([], {
    headers: [['x-first-death-queue', 'S', 'old']],
  }),
  'purge and delete do not dead-letter': async (letters) => {
    await declareUsual(letters, [])
    await letters.publish('src', 'k')
    await letters.do('queue.purge', { queue: 's1' })
    await letters.publish('src', 'k')
    await letters.do('queue.delete', { queue: 's1' })
    return [await letters.beforeMarker('dq')]
  },
  'queue expiry does not dead-letter': async (letters) => {
    await declareUsual(letters, [['x-expires', 'I', 50]])
    await letters.publish('src', 'k')
    await letters.untilGone('s1')
    return [await letters.beforeMarker('dq')]
  },
  'published to src, e2e to dlx2, queue s1; DLX dlx': async (letters) => {
    await letters.exchange('src', 'fanout')
    await letters.exchange('dlx2', 'fanout')
    await letters.exchange('dlx', 'fanout')
    await letters.do('exchange.bind', { destination: 'dlx2', source: 'src' })
    await letters.mortal('s1', DLX)
    await letters.bind('s1', 'dlx2')
    await letters.queue('dq')
    await letters.bind('dq', 'dlx')
    await letters.watch('dq')
    await letters.publish('src', 'orig')
    await letters.reject('s1')
    return [await letters.arrival()]
  },
  'published to the default exchange, DLX topic without key': async (letters) => {
    await declareUsual(letters, [], { type: 'topic', key: '#' })
    await letters.publish('', 's1')
    await letters.reject('s1')
    return [await letters.arrival()]
  },
}
