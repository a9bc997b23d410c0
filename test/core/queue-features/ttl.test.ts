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

/** Bodies of what has died since the last call, without looking at `q`. */
function died(host: CoreHost): string[] {
  return host.drain('dead')
}

describe('a message expires', () => {
  test('after the TTL of its queue, to the millisecond', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    host.advance(99)
    expect(died(host)).toEqual([])
    host.advance(1)
    expect(died(host)).toEqual(['m'])
  })

  test('after its own expiration', () => {
    const host = hostWith({})
    host.publish('', 'q', 'm', { expiration: '100' })
    host.advance(99)
    expect(died(host)).toEqual([])
    host.advance(1)
    expect(died(host)).toEqual(['m'])
  })

  test.each([
    ['50', 100, 50],
    ['100', 50, 50],
    ['+70', 100, 70],
    ['0070', 100, 70],
  ])('with expiration %s and TTL %d after %d', (expiration, ttl, after) => {
    const host = hostWith({ 'x-message-ttl': ttl })
    host.publish('', 'q', 'm', { expiration })
    host.advance(after - 1)
    expect(died(host)).toEqual([])
    host.advance(1)
    expect(died(host)).toEqual(['m'])
  })

  test('by the time it came to the queue, not by that of its neighbours', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'first')
    host.advance(60)
    host.publish('', 'q', 'second')
    host.advance(40)
    expect(died(host)).toEqual(['first'])
    host.advance(60)
    expect(died(host)).toEqual(['second'])
  })

  test('without a trace where there is no dead-letter exchange', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    host.advance(100)
    expect(host.find('q').readyCount).toBe(0)
    expect(host.find('q').readyBytes).toBe(0)
  })
})

describe('only the first message is looked at', () => {
  test('so that a short expiration waits behind a long one', () => {
    const host = hostWith({})
    host.publish('', 'q', 'long', { expiration: '100' })
    host.publish('', 'q', 'short', { expiration: '10' })
    host.advance(50)
    expect(host.find('q').readyCount).toBe(2)
    expect(died(host)).toEqual([])
    host.advance(50)
    expect(died(host)).toEqual(['long', 'short'])
  })

  test('and the next one as soon as a consumer has taken it', () => {
    const host = hostWith({})
    host.publish('', 'q', 'eternal')
    host.publish('', 'q', 'short', { expiration: '10' })
    host.advance(50)
    const consumer = host.consumer('q', { prefetch: 1 })
    host.settle()
    expect(consumer.bodies).toEqual(['eternal'])
    expect(died(host)).toEqual(['short'])
  })

  test('and the next one as soon as it has been fetched', () => {
    const host = hostWith({})
    host.publish('', 'q', 'eternal')
    host.publish('', 'q', 'short', { expiration: '10' })
    host.advance(50)
    host.take('q')
    host.settle()
    expect(died(host)).toEqual(['short'])
  })

  test('and the next one at its time after the first has been fetched', () => {
    const host = hostWith({})
    host.publish('', 'q', 'eternal')
    host.publish('', 'q', 'short', { expiration: '100' })
    host.advance(50)
    host.take('q')
    host.advance(50)
    expect(died(host)).toEqual(['short'])
  })

  test('and the next one after a shorter length has displaced it', () => {
    const host = hostWith({})
    host.publish('', 'q', 'eternal')
    host.publish('', 'q', 'short', { expiration: '100' })
    host.settle()
    host.policy('short', { 'max-length': 1 }, { pattern: '^q$' })
    host.advance(100)
    expect(died(host)).toEqual(['eternal', 'short'])
  })
})

describe('a message that came back', () => {
  test('keeps its time to expire', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    const entry = host.take('q')
    host.advance(60)
    entry.queue.requeue([entry], 'nack')
    host.advance(39)
    expect(died(host)).toEqual([])
    host.advance(1)
    expect(died(host)).toEqual(['m'])
  })

  test('is gone when its time was up', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    const entry = host.take('q')
    host.advance(150)
    entry.queue.requeue([entry], 'nack')
    host.settle()
    expect(died(host)).toEqual(['m'])
  })

  test('is not delivered when its time was up and the queue was empty in between', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    const consumer = host.consumer('q', { prefetch: 1 })
    host.publish('', 'q', 'm')
    host.advance(150)
    consumer.requeue('m')
    host.settle()
    expect(consumer.bodies).toEqual(['m'])
    expect(died(host)).toEqual(['m'])
  })

  test('to a quorum queue is gone when its time was up', () => {
    const host = hostWith({ 'x-message-ttl': 100, 'x-queue-type': 'quorum' })
    const consumer = host.consumer('q', { prefetch: 1 })
    host.publish('', 'q', 'm')
    host.advance(150)
    consumer.requeue('m')
    host.settle()
    expect(consumer.bodies).toEqual(['m'])
    expect(died(host)).toEqual(['m'])
  })

  test('does not expire while it is unacked', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    const entry = host.take('q')
    host.advance(150)
    expect(died(host)).toEqual([])
    entry.queue.settle(entry)
    host.advance(150)
    expect(died(host)).toEqual([])
  })

  test('with TTL 0 is gone', () => {
    const host = hostWith({ 'x-message-ttl': 0 })
    const consumer = host.consumer('q')
    host.publish('', 'q', 'm')
    host.settle()
    consumer.requeue('m')
    host.settle()
    expect(consumer.bodies).toEqual(['m'])
    expect(died(host)).toEqual(['m'])
  })
})

describe('what has expired is never delivered', () => {
  test('though its timer is late', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    host.settle()
    host.clock.skip(150)
    const consumer = host.consumer('q')
    host.settle()
    expect(consumer.bodies).toEqual([])
    expect(died(host)).toEqual(['m'])
  })

  test('nor fetched, nor counted', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    host.publish('', 'q', 'm')
    host.clock.skip(150)
    expect(host.find('q').readyCount).toBe(0)
    expect(host.find('q').get(true)).toBeNull()
    expect(died(host)).toEqual(['m'])
  })

  test('to a consumer that was at its limit', () => {
    const host = hostWith({ 'x-message-ttl': 100 })
    const consumer = host.consumer('q', { prefetch: 1 })
    host.send('q', ['1', '2'])
    host.settle()
    host.clock.skip(150)
    consumer.ack('1')
    host.settle()
    expect(consumer.bodies).toEqual(['1'])
    expect(died(host)).toEqual(['2'])
  })
})
