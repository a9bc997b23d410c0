import type { Arguments } from '../../support/methods.ts'
import { byCase, byForm } from '../family.ts'
import { readLiteral } from '../literal.ts'
import { message, prepare, QUORUM, queue, type Step, steps } from '../steps.ts'

const consume = (consumerTag: string, flags: Arguments = {}): Step => [
  'basic.consume',
  { queue: 'q', consumerTag, ...flags },
]
const EXCLUSIVE = { exclusive: true }
const SAC = 'x-single-active-consumer'

export const consuming = byCase('consuming', {
  'tag reuse': steps(queue(), consume('t'), consume('t')),
  'tag reuse other queue': steps(queue(), queue('q2'), consume('t'), [
    'basic.consume',
    { queue: 'q2', consumerTag: 't' },
  ]),
  'tag reuse after cancel': steps(
    queue(),
    consume('t'),
    ['basic.cancel', { consumerTag: 't' }],
    consume('t'),
  ),
  'tag reuse other channel': async (t) => {
    const peer = await t.peer()
    await prepare(peer, queue(), consume('t'), ['channel.flow', { active: true }])
    await peer.do('channel.open', {}, 2)
    return peer.ask('basic.consume', { queue: 'q', consumerTag: 't' }, 2)
  },
  'exclusive consume with existing': steps(queue(), consume('t'), consume('u', EXCLUSIVE)),
  'consume with exclusive existing': steps(queue(), consume('t', EXCLUSIVE), consume('u')),
  'exclusive + SAC': steps(queue('q', [[SAC, 't', true]]), consume('t', EXCLUSIVE)),
  'quorum exclusive consume x2': steps(
    queue('q', QUORUM),
    consume('t', EXCLUSIVE),
    consume('u', EXCLUSIVE),
  ),
  'quorum consume then exclusive': steps(queue('q', QUORUM), consume('t'), consume('u', EXCLUSIVE)),
  'quorum SAC get': steps(queue('q', [...QUORUM, [SAC, 't', true]]), ['basic.get', { queue: 'q' }]),
  'classic SAC get': steps(queue('q', [[SAC, 't', true]]), ['basic.get', { queue: 'q' }]),
  'consume unknown arg': steps(queue(), consume('t', { arguments: [['x-foo', 'I', 1]] })),
  'consume x-stream-offset on classic': steps(
    queue(),
    consume('t', { arguments: [['x-stream-offset', 'S', 'first']] }),
  ),
  'consume x-consumer-timeout on classic': steps(
    queue(),
    consume('t', { arguments: [['x-consumer-timeout', 'I', 1000]] }),
  ),
  'quorum: global qos': steps(
    queue('q', QUORUM),
    ['basic.qos', { prefetchCount: 1, global: true }],
    ['basic.consume', { queue: 'q' }],
  ),
  'quorum purge': steps(queue('q', QUORUM), ['queue.purge', { queue: 'q' }]),
})

/** `x-priority True`; `a`, `d` and `l` stand for a string, a double and a long. */
export const consumerPriorities = byForm(
  'consuming',
  'case',
  /^x-priority (.*)$/,
  ([word = '']) => {
    const [tag, value] = readLiteral({ a: "'a'", d: 'd:1.5', l: 'l:5' }[word] ?? word)
    return steps(queue(), consume('t', { arguments: [['x-priority', tag, value]] }))
  },
)

export const flowControl = byCase('qos, recover, flow', {
  'qos prefetch-size': steps(['basic.qos', { prefetchSize: 10 }]),
  'qos global': steps(['basic.qos', { prefetchCount: 1, global: true }]),
  'recover false': steps(['basic.recover', { requeue: false }]),
  'recover true': steps(['basic.recover', { requeue: true }]),
  'recover-async false': steps(['basic.recover-async', { requeue: false }]),
  'flow false': steps(['channel.flow', { active: false }]),
  'flow true': steps(['channel.flow', { active: true }]),
})

const TIMEOUT: Step = queue('q', [...QUORUM, ['x-consumer-timeout', 'I', 1000]])

export const consumerTimeouts = byCase('consumer time-out', {
  'quorum consumer timeout, client without consumer_cancel_notify': async (t) => {
    const peer = await t.peer({ clientProperties: [] })
    await prepare(peer, TIMEOUT, message(), consume('t'))
    return peer.answer()
  },
  'quorum consumer timeout, client with consumer_cancel_notify': async (t) => {
    const peer = await t.peer()
    await prepare(peer, TIMEOUT, message())
    peer.send('basic.consume', { queue: 'q', consumerTag: 't' })
    await peer.raw.expect(1, 'basic.consume-ok')
    await peer.delivery()
    const deliveredAt = performance.now()
    await peer.raw.expect(1, 'basic.cancel')
    const seconds = (performance.now() - deliveredAt) / 1000
    return `none basic.cancel after ${seconds.toFixed(1)} s`
  },
})
