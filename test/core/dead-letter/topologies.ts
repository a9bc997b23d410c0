import type { ReturnCause } from '../../../src/core/queue/delivery-count.ts'
import { CoreHost, type PublishWish } from '../../support/core-host.ts'
import { type Observation, observe } from '../../support/observed.ts'
import { type Plain, tableOf } from '../../support/tables.ts'

/** The cases of the captures by what they are called there; each gives what a consumer sees, in order. */
export const TOPOLOGIES: ReadonlyMap<string, Topology> = new Map<string, Topology>([
  [
    'reject requeue=false, DLX fanout, all properties, headers zz aa mm',
    rejecting({}, { message: allProperties() }),
  ],
  ['nack requeue=false, no properties', rejecting({}, { cause: 'nack' })],
  ['queue TTL 50', expiring({ 'x-message-ttl': 50 }, {})],
  ['message expiration 50', expiring({}, { expiration: '50' })],
  [
    'queue TTL 50, message expiration 60000',
    expiring({ 'x-message-ttl': 50 }, { expiration: '60000' }),
  ],
  ['queue TTL 0, no consumer', expiring({ 'x-message-ttl': 0 }, {})],
  ['message expiration 0, no consumer', expiring({}, { expiration: '0' })],
  [
    'reject of a message with expiration 60000',
    rejecting({}, { message: { expiration: '60000' } }),
  ],
  ['x-max-length 1 drop-head, two messages', overflowing({ 'x-max-length': 1 })],
  [
    'x-max-length 1 reject-publish-dlx, two messages, confirm mode',
    overflowing({ 'x-max-length': 1, 'x-overflow': 'reject-publish-dlx' }),
  ],
  [
    'x-max-length 1 reject-publish, two messages, confirm mode',
    overflowing({ 'x-max-length': 1, 'x-overflow': 'reject-publish' }),
  ],
  ['x-max-length-bytes 3', overflowing({ 'x-max-length-bytes': 3 })],
  ['with x-dead-letter-routing-key dlk', rejecting({ 'x-dead-letter-routing-key': 'dlk' }, {})],
  [
    'CC c1 c2, BCC b1, with x-dead-letter-routing-key',
    rejecting({ 'x-dead-letter-routing-key': 'dlk' }, { message: copied() }),
  ],
  [
    'CC c1 c2, BCC b1, no dead-letter key, DLX direct bound k (t1 by c2, t2 by b1)',
    (type) => {
      const host = new CoreHost('4.3')
      host.exchange('dlx', 'direct')
      for (const [queue, key] of [
        ['dq', 'k'],
        ['t1', 'c2'],
        ['t2', 'b1'],
      ] as const) {
        host.queue(queue)
        host.bind('dlx', queue, key)
      }
      source(host, type, {})
      host.publish('src', 'k', 'body', copied())
      host.find('s1').reject(host.take('s1'), 'reject')
      const copies = ['t1', 't2'].map((name) => host.find(name).readyCount)
      if (copies.join() !== '1,1') throw new Error(`copies arrived: ${copies.join()}`)
      return seenIn(host, 'dq')
    },
  ],
  [
    'DLX is the default exchange with key dq, published to the default exchange',
    (type) => {
      const host = toDefaultExchange(type, 'dq', {})
      host.queue('dq')
      host.publish('', 's1')
      host.find('s1').reject(host.take('s1'), 'reject')
      return seenIn(host, 'dq')
    },
  ],
  ['DLX missing', rejecting({ 'x-dead-letter-exchange': 'nowhere' }, {})],
  [
    'DLX key without binding',
    (type) => {
      const host = new CoreHost('4.3')
      host.exchange('dlx', 'direct')
      host.queue('dq')
      host.bind('dlx', 'dq', 'other')
      source(host, type, {})
      host.publish('src', 'k')
      host.find('s1').reject(host.take('s1'), 'reject')
      return seenIn(host, 'dq')
    },
  ],
  ['work queue s1 -reject-> retry queue s2 (TTL 60) -> s1, seen in s1 at each turn', retrying],
  ['ladder s1 (TTL 40, message expiration 30) -> s2 (50) -> s3 (60) -> dq', ladder],
  [
    'fully automatic cycle on one queue by TTL',
    (type) => {
      const host = toDefaultExchange(type, 's1', { 'x-message-ttl': 50 })
      host.publish('', 's1')
      host.advance(50)
      return seenIn(host, 's1')
    },
  ],
  [
    'cycle on one queue by reject',
    (type) => {
      const host = toDefaultExchange(type, 's1', {})
      host.publish('', 's1')
      return [1, 2, 3].map(() => {
        const entry = host.take('s1')
        const seen = observe(entry)
        entry.queue.reject(entry, 'reject')
        return seen
      })
    },
  ],
  ['consumer acks and republishes the message with its headers to s2 (TTL 60) -> s1', republishing],
  [
    'client-set x-death, x-first-death-queue, then reject',
    rejecting({}, { message: { headers: claimed() } }),
  ],
  [
    'client-set x-death of type longstr, then reject',
    rejecting({}, { message: { headers: tableOf({ 'x-death': 'never' }) } }),
  ],
  [
    'client-set x-first-death-queue only',
    rejecting({}, { message: { headers: tableOf({ 'x-first-death-queue': 'mine' }) } }),
  ],
  [
    'delivery limit 2, reject requeue=true',
    (type) => returning(type, { 'x-delivery-limit': 2 }, 3, 'reject'),
  ],
  [
    'delivery limit 2, nack requeue=true five times',
    (type) => returning(type, { 'x-delivery-limit': 2 }, 5, 'nack'),
  ],
  [
    'delivery limit 2, channel or connection closed with the message unacked',
    (type) => returning(type, { 'x-delivery-limit': 2 }, 3, 'lost'),
  ],
  [
    'delivery limit 0, one reject requeue=true',
    (type) => returning(type, { 'x-delivery-limit': 0 }, 1, 'reject'),
  ],
  [
    'at-least-once strategy, reject',
    rejecting({ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }, {}),
  ],
  ['purge and delete do not dead-letter', purged],
  [
    'queue expiry does not dead-letter',
    (type) => {
      const host = fanned()
      source(host, type, { 'x-expires': 50 })
      host.publish('src', 'k')
      host.advance(50)
      if (host.has('s1')) throw new Error('the queue is still there')
      return seenIn(host, 'dq')
    },
  ],
  [
    'classic priority queue max-length 2, priorities 1 5 3',
    (type) => {
      const host = fanned()
      source(host, type, { 'x-max-priority': 10, 'x-max-length': 2 })
      for (const priority of [1, 5, 3]) host.publish('src', 'k', '', { priority })
      return seenIn(host, 'dq')
    },
  ],
  [
    'published to src, e2e to dlx2, queue s1; DLX dlx',
    (type) => {
      const host = fanned()
      host.exchange('src', 'fanout')
      host.exchange('dlx2', 'fanout')
      host.bindExchange('src', 'dlx2')
      host.queue('s1', { 'x-queue-type': type, 'x-dead-letter-exchange': 'dlx' })
      host.bind('dlx2', 's1')
      host.publish('src', 'orig')
      host.find('s1').reject(host.take('s1'), 'reject')
      return seenIn(host, 'dq')
    },
  ],
  [
    'published to the default exchange, DLX topic without key',
    (type) => {
      const host = new CoreHost('4.3')
      host.exchange('dlx', 'topic')
      host.queue('dq')
      host.bind('dlx', 'dq', '#')
      host.queue('s1', { 'x-queue-type': type, 'x-dead-letter-exchange': 'dlx' })
      host.publish('', 's1')
      host.find('s1').reject(host.take('s1'), 'reject')
      return seenIn(host, 'dq')
    },
  ],
  ...(['classic', 'quorum'] as const).flatMap((from) =>
    (['reject', 'nack'] as const).map(
      (cause) =>
        [
          `${from} source, quorum dead-letter queue: basic.${cause} requeue=false`,
          () => {
            const host = toDefaultExchange(from, 'dq', {})
            host.quorum('dq')
            host.publish('', 's1')
            host.find('s1').reject(host.take('s1'), cause)
            return seenIn(host, 'dq')
          },
        ] as const,
    ),
  ),
])

type Type = 'classic' | 'quorum'
type Arguments = Readonly<Record<string, Plain>>
type Topology = (type: Type) => readonly Observation[]

/** A dead-letter exchange of type fanout, with the queue dq behind it. */
function fanned(): CoreHost {
  const host = new CoreHost('4.3')
  host.exchange('dlx', 'fanout')
  host.queue('dq')
  host.bind('dlx', 'dq')
  return host
}

/** The queue s1 behind the exchange src, key k. */
function source(host: CoreHost, type: Type, args: Arguments): void {
  host.exchange('src', 'direct')
  host.queue('s1', { 'x-queue-type': type, 'x-dead-letter-exchange': 'dlx', ...args })
  host.bind('src', 's1', 'k')
}

/** A queue s1 whose dead letters go to the default exchange with a key. */
function toDefaultExchange(type: Type, key: string, args: Arguments): CoreHost {
  const host = new CoreHost('4.3')
  declareHop(host, type, 's1', key, args)
  return host
}

function declareHop(host: CoreHost, type: Type, name: string, key: string, args: Arguments): void {
  host.queue(name, {
    'x-queue-type': type,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': key,
    ...args,
  })
}

function seenIn(host: CoreHost, name: string): readonly Observation[] {
  const queue = host.find(name)
  const seen: Observation[] = []
  for (let entry = queue.get(true); entry !== null; entry = queue.get(true)) {
    seen.push(observe(entry))
  }
  return seen
}

function rejecting(
  args: Arguments,
  { message = {}, cause = 'reject' }: { message?: PublishWish; cause?: ReturnCause },
): Topology {
  return (type) => {
    const host = fanned()
    source(host, type, args)
    host.publish('src', 'k', 'body', message)
    host.find('s1').reject(host.take('s1'), cause)
    return seenIn(host, 'dq')
  }
}

function expiring(args: Arguments, message: PublishWish): Topology {
  return (type) => {
    const host = fanned()
    source(host, type, args)
    host.publish('src', 'k', 'body', message)
    host.advance(50)
    return seenIn(host, 'dq')
  }
}

function overflowing(args: Arguments): Topology {
  return (type) => {
    const host = fanned()
    source(host, type, args)
    host.publish('src', 'k', 'one')
    host.publish('src', 'k', 'two')
    return seenIn(host, 'dq')
  }
}

function returning(
  type: Type,
  args: Arguments,
  times: number,
  cause: ReturnCause,
): readonly Observation[] {
  const host = fanned()
  source(host, type, args)
  host.publish('src', 'k')
  for (let i = 0; i < times; i++) host.find('s1').requeue([host.take('s1')], cause)
  return seenIn(host, 'dq')
}

function retrying(type: Type): readonly Observation[] {
  const host = toDefaultExchange(type, 's2', {})
  declareHop(host, type, 's2', 's1', { 'x-message-ttl': 60 })
  host.publish('', 's1')
  return [1, 2, 3, 4].map(() => {
    const entry = host.take('s1')
    const seen = observe(entry)
    entry.queue.reject(entry, 'reject')
    host.advance(60)
    return seen
  })
}

function republishing(type: Type): readonly Observation[] {
  const host = new CoreHost('4.3')
  host.queue('s1', { 'x-queue-type': type })
  declareHop(host, type, 's2', 's1', { 'x-message-ttl': 60 })
  host.publish('', 's1')
  return [1, 2, 3].map(() => {
    const entry = host.take('s1')
    const seen = observe(entry)
    entry.queue.settle(entry)
    host.publish('', 's2', 'body', { headers: entry.message.headers })
    host.advance(60)
    return seen
  })
}

function ladder(type: Type): readonly Observation[] {
  const host = toDefaultExchange(type, 's2', { 'x-message-ttl': 40 })
  declareHop(host, type, 's2', 's3', { 'x-message-ttl': 50 })
  declareHop(host, type, 's3', 'dq', { 'x-message-ttl': 60 })
  host.queue('dq')
  host.publish('', 's1', 'body', { expiration: '30' })
  host.advance(30)
  host.advance(50)
  host.advance(60)
  return seenIn(host, 'dq')
}

function purged(type: Type): readonly Observation[] {
  const host = fanned()
  source(host, type, {})
  host.publish('src', 'k')
  host.find('s1').purge()
  host.publish('src', 'k')
  host.vhost.deleteQueue('s1', false, false, host.user)
  return seenIn(host, 'dq')
}

function allProperties(): PublishWish {
  return {
    contentType: 'text/plain',
    contentEncoding: 'utf-8',
    headers: tableOf({ zz: 1, aa: 'x', mm: { type: 'long', value: 5n } }),
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
}

function copied(): PublishWish {
  return { cc: ['c1', 'c2'], bcc: ['b1'] }
}

function claimed() {
  const death = { type: 'table', value: tableOf({ queue: 'mine', reason: 'rejected' }) } as const
  return tableOf({ 'x-death': [death], 'x-first-death-queue': 'mine' })
}
