import type { Properties } from '../../support/content-header.ts'
import type { ArrayItem } from '../../support/field-table.ts'
import { byCase, byForm } from '../family.ts'
import { readLiteral } from '../literal.ts'
import { result } from '../outcome.ts'
import type { Scenario } from '../scene.ts'
import { type Publication, queue, steps } from '../steps.ts'

const LIMIT = 16_777_216
const PSEUDO_QUEUE = 'amq.rabbitmq.reply-to'

function publish(properties: Properties, exchange = '', body: Publication['body'] = 'm') {
  return { publish: { exchange, routingKey: 'q' }, properties, body }
}

/** `expiration '10ms'` */
export const expirations = byForm('publishing', 'case', /^expiration ('.*')$/, ([value = '']) =>
  steps(publish({ expiration: String(readLiteral(value)[1]) })),
)

/** `CC=['a', 1]` */
export const extraKeys = byForm(
  'publishing',
  'case',
  /^(B?CC)=(.*)$/,
  ([name = '', value = '']) => {
    const binaryInside: ArrayItem = ['A', [['x', Buffer.from('a')]]]
    const [tag, field] = value === "'[binary]'" ? binaryInside : readLiteral(value)
    return steps(publish({ headers: [[name, tag, field]] }))
  },
)

const CC_OF_1: Properties = { headers: [['CC', 'I', 1]] }

export const publishing = byCase('publishing', {
  'user-id mismatch': steps(publish({ userId: 'other' })),
  'user-id ok': (t) => steps(publish({ userId: t.target.username }))(t),
  'internal exchange': steps(
    ['exchange.declare', { exchange: 'x', type: 'direct', durable: true, internal: true }],
    publish({}, 'x'),
  ),
  'publish to amq.rabbitmq.trace': steps(publish({}, 'amq.rabbitmq.trace')),
  immediate: steps({ publish: { routingKey: 'q', immediate: true } }),
  'immediate missing exchange': steps({ publish: { exchange: 'nope', immediate: true } }),
  'body 16 MiB': steps(publish({}, '', Buffer.alloc(LIMIT))),
  'body 16 MiB+1': steps(publish({}, '', Buffer.alloc(LIMIT + 1))),
  'order: missing exchange and bad expiration': steps(publish({ expiration: 'abc' }, 'nope')),
  'order: expiration vs user-id': steps(publish({ expiration: 'abc', userId: 'z' })),
  'order: CC vs user-id': steps(publish({ ...CC_OF_1, userId: 'z' })),
  'order: CC vs expiration': steps(publish({ ...CC_OF_1, expiration: 'abc' })),
  'order: user-id vs missing exchange': steps(publish({ userId: 'z' }, 'nope')),
  'order: size vs missing exchange': steps(publish({}, 'nope', Buffer.alloc(LIMIT + 1))),
  'order: reply-to vs expiration': steps(publish({ replyTo: PSEUDO_QUEUE, expiration: 'abc' })),
  'reply-text over 255 bytes, ASCII': steps(publish({}, 'x'.repeat(255))),
  'reply-text over 255 bytes, cut inside a UTF-8 character': steps([
    'queue.declare',
    { queue: `x${'é'.repeat(127)}`, passive: true },
  ]),
})

const TOKEN = `${PSEUDO_QUEUE}.abc`

export const replyTo = byCase('direct reply-to', {
  'passive reply-to unknown': steps([
    'queue.declare',
    { queue: `${PSEUDO_QUEUE}.xyz`, passive: true },
  ]),
  'active declare reply-to unknown': steps(queue(`${PSEUDO_QUEUE}.xyz`)),
  'passive declare amq.rabbitmq.reply-to': steps([
    'queue.declare',
    { queue: PSEUDO_QUEUE, passive: true },
  ]),
  'fast reply no consumer': steps(publish({ replyTo: PSEUDO_QUEUE })),
  'reply consumer manual ack': steps(['basic.consume', { queue: PSEUDO_QUEUE }]),
  'reply consumer twice': steps(
    ['basic.consume', { queue: PSEUDO_QUEUE, noAck: true, consumerTag: 't' }],
    ['basic.consume', { queue: PSEUDO_QUEUE, noAck: true, consumerTag: 'u' }],
  ),
  'reply consumer same tag twice': steps(
    ['basic.consume', { queue: PSEUDO_QUEUE, noAck: true, consumerTag: 't' }],
    ['basic.consume', { queue: PSEUDO_QUEUE, noAck: true, consumerTag: 't' }],
  ),
  'reply consumer exclusive': steps([
    'basic.consume',
    { queue: PSEUDO_QUEUE, noAck: true, consumerTag: 't', exclusive: true },
  ]),
  'reply bind': steps(['queue.bind', { queue: PSEUDO_QUEUE, exchange: 'amq.direct' }]),
  'reply unbind': steps(['queue.unbind', { queue: PSEUDO_QUEUE, exchange: 'amq.direct' }]),
  'reply bind token': steps(['queue.bind', { queue: TOKEN, exchange: 'amq.direct' }]),
  'reply get': steps(['basic.get', { queue: PSEUDO_QUEUE }]),
  'reply purge': steps(['queue.purge', { queue: PSEUDO_QUEUE }]),
  'reply delete': steps(['queue.delete', { queue: PSEUDO_QUEUE }]),
  'reply declare': steps(queue(PSEUDO_QUEUE)),
  'reply token consume': steps(['basic.consume', { queue: TOKEN, noAck: true }]),
  'publish to dead token mandatory': returnOf(TOKEN),
  'publish to amq.rabbitmq.reply-to as key': returnOf(PSEUDO_QUEUE),
})

/** A mandatory message to the default exchange, and the returns that came for it. */
function returnOf(routingKey: string): Scenario {
  return async (t) => {
    const peer = await t.peer()
    const outcome = await peer.publish({ routingKey, mandatory: true }, 'm')
    const returns = peer.unasked.map(({ name, args }) => [name, Object.values(args)])
    return outcome === 'none' ? result(returns) : outcome
  }
}
