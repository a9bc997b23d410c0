import { byCase } from '../family.ts'
import { queue, type Step, steps } from '../steps.ts'

const DIRECT = { exchange: 'amq.direct' }
const bindExchange = (destination: string, source: string): Step => [
  'exchange.bind',
  { destination, source },
]

export const notFound = byCase('not found', {
  '404 queue passive': steps(['queue.declare', { queue: 'nope', passive: true }]),
  '404 queue bind': steps(['queue.bind', { queue: 'nope', ...DIRECT }]),
  '404 queue unbind (queue missing)': steps(['queue.unbind', { queue: 'nope', ...DIRECT }]),
  '404 queue unbind (exchange missing)': steps(queue(), [
    'queue.unbind',
    { queue: 'q', exchange: 'nope' },
  ]),
  'queue unbind, binding missing': steps(queue(), [
    'queue.unbind',
    { queue: 'q', ...DIRECT, routingKey: 'zz' },
  ]),
  'exchange unbind missing exchanges': steps([
    'exchange.unbind',
    { destination: 'nope', source: 'nope2' },
  ]),
  '404 consume': steps(['basic.consume', { queue: 'nope' }]),
  '404 get': steps(['basic.get', { queue: 'nope' }]),
  '404 purge': steps(['queue.purge', { queue: 'nope' }]),
  'delete missing queue': steps(['queue.delete', { queue: 'nope' }]),
  'delete missing queue if-unused': steps(['queue.delete', { queue: 'nope', ifUnused: true }]),
  'delete missing exchange': steps(['exchange.delete', { exchange: 'nope' }]),
  'cancel unknown tag': steps(['basic.cancel', { consumerTag: 'nope' }]),
  '404 exchange passive': steps(['exchange.declare', { exchange: 'nope', passive: true }]),
  '404 bind exchange missing': steps(queue(), ['queue.bind', { queue: 'q', exchange: 'nope' }]),
  '404 bind both missing': steps(['queue.bind', { queue: 'nope', exchange: 'nopex' }]),
  '404 e2e dest missing': steps(bindExchange('nope', 'amq.direct')),
  '404 e2e source missing': steps(bindExchange('amq.direct', 'nope')),
  '404 e2e both missing': steps(bindExchange('nope', 'nope2')),
  '404 publish': steps({ publish: { exchange: 'nope' } }),
  '404 no previous queue: bind': steps(['queue.bind', DIRECT]),
  '404 no previous queue: unbind': steps(['queue.unbind', DIRECT]),
  '404 no previous queue: consume': steps(['basic.consume']),
  '404 no previous queue: get': steps(['basic.get']),
  '404 no previous queue: purge': steps(['queue.purge']),
  '404 no previous queue: delete': steps(['queue.delete']),
  'passive declare empty name': steps(['queue.declare', { passive: true }]),
  'bind empty queue and empty key': steps(queue(), ['queue.bind', DIRECT]),
  'bind named queue and empty key': steps(queue(), ['queue.bind', { queue: 'q', ...DIRECT }]),
})
