import { byCase, byForm } from '../family.ts'
import { exchange, message, QUORUM, queue, STREAM, type Step, steps } from '../steps.ts'

const CONSUME: Step = ['basic.consume', { queue: 'q' }]
const bindExchange = (destination: string, source: string): Step => [
  'exchange.bind',
  { destination, source },
]

export const inUse = byCase('in use, not empty', {
  'queue in use': steps(queue(), CONSUME, ['queue.delete', { queue: 'q', ifUnused: true }]),
  'queue not empty': steps(queue(), message(), ['queue.delete', { queue: 'q', ifEmpty: true }]),
  'queue in use and not empty': steps(queue(), message(), CONSUME, [
    'queue.delete',
    { queue: 'q', ifUnused: true, ifEmpty: true },
  ]),
  'queue only unacked, if-empty': steps(
    queue(),
    message(),
    ['basic.get', { queue: 'q' }],
    ['queue.delete', { queue: 'q', ifEmpty: true }],
  ),
  'exchange in use (queue)': steps(
    queue(),
    exchange('direct'),
    ['queue.bind', { queue: 'q', exchange: 'x' }],
    ['exchange.delete', { exchange: 'x', ifUnused: true }],
  ),
  'exchange in use (e2e source)': steps(exchange('direct'), bindExchange('amq.fanout', 'x'), [
    'exchange.delete',
    { exchange: 'x', ifUnused: true },
  ]),
  'exchange in use (e2e destination only)': steps(
    exchange('direct'),
    bindExchange('x', 'amq.fanout'),
    ['exchange.delete', { exchange: 'x', ifUnused: true }],
  ),
})

/** `quorum delete if-unused=1 if-empty=0` */
export const conditionalDeletes = byForm(
  'in use, not empty',
  'case',
  /^(quorum|stream) delete if-unused=(\d) if-empty=(\d)$/,
  ([type = '', ifUnused = '', ifEmpty = '']) =>
    steps(queue('q', type === 'quorum' ? QUORUM : STREAM), [
      'queue.delete',
      { queue: 'q', ifUnused: ifUnused === '1', ifEmpty: ifEmpty === '1' },
    ]),
)
