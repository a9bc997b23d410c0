import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import type { Plain } from '../../support/tables.ts'

/** A queue `q` whose dead letters go to `dead`. */
function hostWith(args: Readonly<Record<string, Plain>>): CoreHost {
  const host = new CoreHost()
  host.queue('dead')
  host.queue('q', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', ...args })
  return host
}

const ZERO = { expiration: '0' }

describe.each([
  ['classic', {}],
  ['quorum', { 'x-queue-type': 'quorum' }],
  ['priority', { 'x-max-priority': 5 }],
])('a message with TTL 0 in a %s queue', (_type, args) => {
  test('is delivered to a consumer that can take it', () => {
    const host = hostWith(args)
    const consumer = host.consumer('q')
    host.publish('', 'q', 'm', ZERO)
    host.settle()
    expect(consumer.bodies).toEqual(['m'])
    expect(host.drain('dead')).toEqual([])
  })

  test('expires at once without a consumer', () => {
    const host = hostWith(args)
    host.publish('', 'q', 'm', ZERO)
    expect(host.drain('dead')).toEqual(['m'])
    expect(host.find('q').get(true)).toBeNull()
  })

  test('expires at once when the consumer is at its limit', () => {
    const host = hostWith(args)
    const consumer = host.consumer('q', { prefetch: 1 })
    host.send('q', ['1', '2'], ZERO)
    host.settle()
    expect(consumer.bodies).toEqual(['1'])
    expect(host.drain('dead')).toEqual(['2'])
  })

  test('goes back behind what was handed out before it', () => {
    const host = hostWith(args)
    const consumer = host.consumer('q', { prefetch: 2 })
    host.publish('', 'q', 'first')
    host.publish('', 'q', 'zero', ZERO)
    host.settle()
    host.find('q').unsubscribe(consumer)
    const [first, zero] = consumer.held
    host.find('q').requeue([first!], 'nack')
    host.find('q').requeue([zero!], 'nack')
    expect(host.drain('q')).toEqual(['first'])
    expect(host.drain('dead')).toEqual(['zero'])
  })

  test('is delivered without acknowledgement and forgotten', () => {
    const host = hostWith(args)
    const consumer = host.consumer('q', { noAck: true })
    host.send('q', ['1', '2'], ZERO)
    host.settle()
    expect(consumer.bodies).toEqual(['1', '2'])
    expect(host.find('q').unackedCount).toBe(0)
  })

  test('waits its turn behind another one, and is gone when that is fetched', () => {
    const host = hostWith(args)
    host.publish('', 'q', 'first')
    host.publish('', 'q', 'zero', ZERO)
    host.settle()
    expect(host.find('q').readyCount).toBe(2)
    expect(host.drain('dead')).toEqual([])
    host.take('q')
    host.settle()
    expect(host.drain('dead')).toEqual(['zero'])
  })

  test('expires when the consumer takes no more after the one before it', () => {
    const host = hostWith(args)
    host.publish('', 'q', 'first')
    host.publish('', 'q', 'zero', ZERO)
    const consumer = host.consumer('q', { prefetch: 1 })
    host.settle()
    expect(consumer.bodies).toEqual(['first'])
    expect(host.drain('dead')).toEqual(['zero'])
  })

  test('counts against the length of the queue', () => {
    const host = hostWith({ ...args, 'x-max-length': 1 })
    host.publish('', 'q', 'first')
    host.publish('', 'q', 'zero', ZERO)
    host.settle()
    expect(host.find('q').readyCount).toBe(0)
    expect(host.drain('dead')).toEqual(['first', 'zero'])
  })

  test('is not taken by a queue that is full and rejects', () => {
    const host = hostWith({ ...args, 'x-max-length': 1, 'x-overflow': 'reject-publish' })
    host.send('q', ['1', '2', '3'])
    const before = host.find('q').readyCount
    host.publish('', 'q', 'zero', ZERO)
    host.settle()
    expect(host.find('q').readyCount).toBe(before)
    expect(host.drain('dead')).toEqual([])
  })
})

test('a message with TTL 0 of a higher priority expires before others that wait', () => {
  const host = hostWith({ 'x-max-priority': 5 })
  host.publish('', 'q', 'low')
  host.publish('', 'q', 'high', { priority: 5, ...ZERO })
  host.settle()
  expect(host.drain('dead')).toEqual(['high'])
  expect(host.drain('q')).toEqual(['low'])
})

test('each of two consumers gets one of two messages with TTL 0', () => {
  const host = hostWith({ 'x-message-ttl': 0 })
  const consumers = [host.consumer('q', { prefetch: 1 }), host.consumer('q', { prefetch: 1 })]
  host.send('q', ['1', '2', '3'])
  host.settle()
  expect(consumers.map((consumer) => consumer.bodies)).toEqual([['1'], ['2']])
  expect(host.drain('dead')).toEqual(['3'])
})
