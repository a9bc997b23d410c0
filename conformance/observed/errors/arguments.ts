import { byCase, byForm } from '../family.ts'
import { readLiteral, readTable } from '../literal.ts'
import { exchange, QUORUM, queue, STREAM, steps } from '../steps.ts'

/** `queue.declare q durable x-message-ttl=l:5 with {"x-queue-type": "quorum"}` */
export const queueArguments = byForm(
  'queue arguments',
  'request',
  /^queue\.declare q durable (x-[a-z-]+)=(.*?)(?: with (\{.*\}))?$/s,
  ([name = '', value = '', others = '']) => {
    const [tag, field] = readLiteral(value)
    return steps(queue('q', [...readTable(others || '{}'), [name, tag, field]]))
  },
)

export const queueProperties = byCase(
  'queue properties',
  Object.fromEntries(
    [
      { type: 'quorum', args: QUORUM },
      { type: 'stream', args: STREAM },
    ].flatMap(({ type, args }) => [
      [`${type} transient`, steps(queue('q', args, { durable: false }))],
      [`${type} exclusive`, steps(queue('q', args, { exclusive: true }))],
      [`${type} exclusive transient`, steps(queue('q', args, { exclusive: true, durable: false }))],
      [`${type} autodelete`, steps(queue('q', args, { autoDelete: true }))],
      [
        `${type} transient autodelete exclusive`,
        steps(queue('q', args, { durable: false, exclusive: true, autoDelete: true })),
      ],
      [`${type} server-named`, steps(queue('', args))],
    ]),
  ),
)

export const exchangeTypes = byForm(
  'exchange types',
  'request',
  /^exchange\.declare x type (.*)$/,
  ([type = '']) => steps(exchange(type)),
)

/** `AE=1`, `AE binary` */
export const alternateExchanges = byForm(
  'exchange arguments',
  'case',
  /^AE(?:=(.*)| binary)$/,
  ([value = '']) => {
    const [tag, field] = readLiteral(value || "x:b'a'")
    return steps(exchange('direct', [['alternate-exchange', tag, field]]))
  },
)

export const recentHistoryLengths = byForm(
  'exchange arguments',
  'case',
  /^recent-history length (.*)$/,
  ([value = '']) => {
    const [tag, field] = readLiteral(value === 'a' ? "'a'" : value)
    return steps(exchange('x-recent-history', [['x-recent-history-length', tag, field]]))
  },
)

const HASH = 'x-consistent-hash'

export const hashArguments = byCase('exchange arguments', {
  'chash both': steps(
    exchange(HASH, [
      ['hash-header', 'S', 'a'],
      ['hash-property', 'S', 'message_id'],
    ]),
  ),
  'chash bad prop': steps(exchange(HASH, [['hash-property', 'S', 'foo']])),
  'chash prop non string': steps(exchange(HASH, [['hash-property', 'I', 1]])),
  'chash header non string': steps(exchange(HASH, [['hash-header', 'I', 1]])),
})

/** What a queue that is neither durable nor exclusive meets. */
export const transientQueues = byCase('queue properties', {
  'transient non-exclusive queue, denied by configuration': async (t) => {
    await t.operator.denyFeature('transient_nonexcl_queues')
    return (await t.peer()).ask('queue.declare', { queue: 'q' })
  },
  'transient non-exclusive queue, no configuration (Debian build permits it, upstream 4.3 denies)':
    steps(['queue.declare', { queue: 'q' }]),
})
