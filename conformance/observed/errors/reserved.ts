import { byCase } from '../family.ts'
import { exchange, queue, type Step, steps } from '../steps.ts'

const DIRECT = 'amq.direct'
const bindExchange = (destination: string, source: string): Step => [
  'exchange.bind',
  { destination, source },
]

export const reserved = byCase('reserved names', {
  'default xchg declare': steps(exchange('direct', [], '')),
  'default xchg declare passive': steps(['exchange.declare', { type: 'direct', passive: true }]),
  'default xchg delete': steps(['exchange.delete', {}]),
  'default bind': steps(queue(), ['queue.bind', { queue: 'q', routingKey: 'k' }]),
  'default unbind': steps(queue(), ['queue.unbind', { queue: 'q', routingKey: 'k' }]),
  'default e2e source': steps(bindExchange(DIRECT, '')),
  'default e2e dest': steps(bindExchange('', DIRECT)),
  'default e2e unbind': steps(['exchange.unbind', { destination: DIRECT, source: '' }]),
  'default bind missing queue': steps(['queue.bind', { queue: 'nope', routingKey: 'k' }]),
  'delete amq.direct': steps(['exchange.delete', { exchange: DIRECT }]),
  'delete amq.direct if-unused': steps(['exchange.delete', { exchange: DIRECT, ifUnused: true }]),
  'delete amq.nonexistent': steps(['exchange.delete', { exchange: 'amq.foo' }]),
  'reserved queue': steps(queue('amq.foo')),
  'reserved queue passive': steps(['queue.declare', { queue: 'amq.foo', passive: true }]),
  'reserved exchange': steps(exchange('direct', [], 'amq.foo')),
  'reserved exchange passive': steps(['exchange.declare', { exchange: 'amq.foo', passive: true }]),
  'queue amq (no dot)': steps(queue('amq')),
  'queue AMQ.foo': steps(queue('AMQ.foo')),
  'queue delete amq.foo': steps(['queue.delete', { queue: 'amq.foo' }]),
  'delete server-named': async (t) => {
    const peer = await t.peer()
    peer.send('queue.declare', { durable: true })
    const { queue: name = '' } = await peer.raw.expect(1, 'queue.declare-ok')
    return peer.ask('queue.delete', { queue: name })
  },
  'redeclare server-named by name': async (t) => {
    const peer = await t.peer()
    peer.send('queue.declare', { exclusive: true })
    const { queue: name = '' } = await peer.raw.expect(1, 'queue.declare-ok')
    return peer.ask('queue.declare', { queue: name, exclusive: true })
  },
  'reserved exchange bad type': steps(exchange('x-foo', [], 'amq.foo')),
  'name with CRLF': steps(queue('q\r\n')),
})
