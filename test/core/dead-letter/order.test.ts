import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import type { Plain } from '../../support/tables.ts'

const NUMBERS = Array.from({ length: 100 }, (_, i) => `${i}`)

function to(next: string, args: Readonly<Record<string, Plain>> = {}) {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': next, ...args }
}

describe('dead letters keep the order in which the queue gave them up', () => {
  test('when they expire together', () => {
    const host = new CoreHost()
    host.queue('work', to('dead', { 'x-message-ttl': 10 }))
    host.queue('dead')
    host.send('work', NUMBERS)
    host.advance(10)
    expect(host.drain('dead')).toEqual(NUMBERS)
  })

  test('when they are displaced one by one', () => {
    const host = new CoreHost()
    host.queue('work', to('dead', { 'x-max-length': 3 }))
    host.queue('dead')
    host.send('work', NUMBERS)
    expect(host.drain('dead')).toEqual(NUMBERS.slice(0, -3))
  })

  test('when a shorter length displaces many at once', () => {
    const host = new CoreHost()
    host.queue('work', to('dead'))
    host.queue('dead')
    host.send('work', NUMBERS)
    host.policy('short', { 'max-length': 3 }, { pattern: '^work$' })
    expect(host.drain('dead')).toEqual(NUMBERS.slice(0, -3))
  })

  test('when a consumer rejects them in another order', () => {
    const host = new CoreHost()
    host.queue('work', to('dead'))
    host.queue('dead')
    host.send('work', ['1', '2', '3'])
    const consumer = host.consumer('work')
    host.settle()
    for (const body of ['2', '3', '1']) consumer.reject(body)
    expect(host.drain('dead')).toEqual(['2', '3', '1'])
  })

  test('when a message goes to the queue that they go to as well: it is there first', () => {
    const host = new CoreHost()
    host.queue('work', to('other', { 'x-max-length': 1 }))
    host.queue('other')
    for (const queue of ['work', 'other']) host.bind('amq.fanout', queue)
    host.publish('amq.fanout', '', '1')
    host.publish('amq.fanout', '', '2')
    expect(host.drain('other')).toEqual(['1', '2', '1'])
  })

  test('when those of two queues meet', () => {
    const host = new CoreHost()
    host.queue('a', to('dead', { 'x-message-ttl': 10 }))
    host.queue('b', to('dead', { 'x-message-ttl': 15 }))
    host.queue('dead')
    host.send('b', ['b1', 'b2'])
    host.send('a', ['a1', 'a2'])
    host.advance(20)
    expect(host.drain('dead')).toEqual(['a1', 'a2', 'b1', 'b2'])
  })

  test('when each of them displaces another one behind the exchange', () => {
    const host = new CoreHost()
    host.queue('work', to('dead', { 'x-message-ttl': 10 }))
    host.queue('dead', to('end', { 'x-max-length': 1 }))
    host.queue('end')
    host.send('work', NUMBERS)
    host.advance(10)
    expect(host.drain('dead')).toEqual(NUMBERS.slice(-1))
    expect(host.drain('end')).toEqual(NUMBERS.slice(0, -1))
  })
})

describe('a dead letter for a queue that is full', () => {
  test('displaces the oldest there', () => {
    const host = new CoreHost()
    host.queue('work', to('dead'))
    host.queue('dead', { 'x-max-length': 1 })
    host.publish('', 'dead', 'old')
    host.publish('', 'work', 'new')
    host.find('work').reject(host.take('work'), 'reject')
    expect(host.drain('dead')).toEqual(['new'])
  })

  test('is dropped where new messages are rejected', () => {
    const host = new CoreHost()
    host.queue('work', to('dead'))
    host.queue('dead', { 'x-max-length': 1, 'x-overflow': 'reject-publish' })
    host.publish('', 'dead', 'old')
    host.publish('', 'work', 'new')
    host.find('work').reject(host.take('work'), 'reject')
    expect(host.drain('dead')).toEqual(['old'])
  })

  test('goes on to the next exchange where what is rejected is dead-lettered', () => {
    const host = new CoreHost()
    host.queue('work', to('dead'))
    host.queue('dead', to('end', { 'x-max-length': 1, 'x-overflow': 'reject-publish-dlx' }))
    host.queue('end')
    host.publish('', 'dead', 'old')
    host.publish('', 'work', 'new')
    host.find('work').reject(host.take('work'), 'reject')
    expect([host.drain('dead'), host.drain('end')]).toEqual([['old'], ['new']])
  })
})

describe('a consumer behind the dead-letter exchange', () => {
  test('gets the message in the same turn', () => {
    const host = new CoreHost()
    host.queue('work', to('dead'))
    host.queue('dead')
    const worker = host.consumer('work')
    const undertaker = host.consumer('dead')
    host.publish('', 'work', 'm')
    host.settle()
    worker.reject('m')
    host.settle()
    expect(undertaker.bodies).toEqual(['m'])
  })
})

test('a dead letter expires by the time it came to its queue', () => {
  const host = new CoreHost()
  host.queue('work', to('dead', { 'x-message-ttl': 10 }))
  host.queue('dead', { 'x-message-ttl': 10 })
  host.publish('', 'work', 'm')
  host.advance(10)
  host.advance(9)
  expect(host.find('dead').readyCount).toBe(1)
  host.advance(1)
  expect(host.find('dead').readyCount).toBe(0)
})

test('messages of a queue that is deleted die without a letter', () => {
  const host = new CoreHost()
  host.queue('work', to('dead'))
  host.queue('dead')
  host.send('work', ['ready', 'held'])
  const held = host.take('work')
  host.vhost.deleteQueue('work', false, false, host.user)
  held.queue.reject(held, 'reject')
  expect(host.drain('dead')).toEqual([])
})
