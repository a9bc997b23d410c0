import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import type { Plain } from '../../support/tables.ts'

function to(next: string, args: Readonly<Record<string, Plain>> = {}) {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': next, ...args }
}

describe('a cycle that nobody stops ends', () => {
  test('on one queue, by expiry, at the first time', () => {
    const host = new CoreHost()
    host.queue('a', to('a', { 'x-message-ttl': 10 }))
    host.publish('', 'a')
    host.advance(10)
    expect(host.find('a').readyCount).toBe(0)
  })

  test('on one queue, by its length', () => {
    const host = new CoreHost()
    host.queue('a', to('a', { 'x-max-length': 1 }))
    host.send('a', ['1', '2', '3'])
    expect(host.drain('a')).toEqual(['3'])
  })

  test('of two queues, after one way', () => {
    const host = new CoreHost()
    host.queue('a', to('b', { 'x-message-ttl': 10 }))
    host.queue('b', to('a', { 'x-message-ttl': 10 }))
    host.publish('', 'a')
    host.advance(10)
    expect([host.find('a').readyCount, host.find('b').readyCount]).toEqual([0, 1])
    host.advance(10)
    expect([host.find('a').readyCount, host.find('b').readyCount]).toEqual([0, 0])
  })

  test('of TTL 0, at once', () => {
    const host = new CoreHost()
    host.queue('a', to('b', { 'x-message-ttl': 0 }))
    host.queue('b', to('c', { 'x-message-ttl': 0 }))
    host.queue('c', to('a', { 'x-message-ttl': 0 }))
    host.publish('', 'b')
    host.settle()
    expect([...'abc'].map((name) => host.find(name).readyCount)).toEqual([0, 0, 0])
  })

  test('with several reasons in it', () => {
    const host = new CoreHost()
    host.queue('a', to('b', { 'x-message-ttl': 10 }))
    host.queue('b', to('a', { 'x-max-length': 1 }))
    host.publish('', 'a', 'm')
    host.advance(10)
    host.publish('', 'b', 'displaces it')
    expect(host.find('a').readyCount).toBe(0)
  })

  test('for the queue in the cycle, not for others the message reaches', () => {
    const host = new CoreHost()
    host.exchange('dlx', 'fanout')
    host.queue('a', { 'x-dead-letter-exchange': 'dlx', 'x-message-ttl': 10 })
    host.queue('witness')
    host.bind('dlx', 'a')
    host.bind('dlx', 'witness')
    host.publish('', 'a', 'm')
    host.advance(10)
    expect(host.find('a').readyCount).toBe(0)
    expect(host.drain('witness')).toEqual(['m'])
  })

  test('and the log says so, once for each queue', () => {
    const host = new CoreHost()
    host.queue('a', to('a', { 'x-message-ttl': 10 }))
    host.send('a', ['1', '2'])
    host.advance(10)
    expect(host.warnings).toEqual([
      "Message dropped because the queue 'a' in vhost '/' is reached in a dead-letter cycle: a",
    ])
  })
})

describe('a cycle goes on', () => {
  test('while a consumer rejects', () => {
    const host = new CoreHost()
    host.queue('a', to('a'))
    host.publish('', 'a')
    for (let i = 0; i < 100; i++) host.find('a').reject(host.take('a'), 'reject')
    expect(host.find('a').readyCount).toBe(1)
  })

  test('through a retry queue, while a consumer rejects', () => {
    const host = new CoreHost()
    host.queue('work', to('retry'))
    host.queue('retry', to('work', { 'x-message-ttl': 10 }))
    host.publish('', 'work')
    for (let i = 0; i < 100; i++) {
      host.find('work').reject(host.take('work'), 'nack')
      host.advance(10)
    }
    expect(host.find('work').readyCount).toBe(1)
    expect(host.warnings).toEqual([])
  })

  test('until the part after the last reject is a cycle of its own', () => {
    const host = new CoreHost()
    host.queue('work', to('a'))
    host.queue('a', to('b', { 'x-message-ttl': 10 }))
    host.queue('b', to('a', { 'x-message-ttl': 10 }))
    host.publish('', 'work')
    host.find('work').reject(host.take('work'), 'reject')
    host.advance(10)
    expect(host.find('b').readyCount).toBe(1)
    host.advance(10)
    expect(host.find('a').readyCount).toBe(0)
  })
})

describe('a message published anew', () => {
  test('has no history, whatever its headers say', () => {
    const host = new CoreHost()
    host.queue('a', to('b', { 'x-message-ttl': 10 }))
    host.queue('b', to('a', { 'x-message-ttl': 10 }))
    host.publish('', 'a')
    host.advance(10)
    const entry = host.take('b')
    entry.queue.settle(entry)
    host.publish('', 'b', '', { headers: entry.message.headers })
    host.advance(10)
    expect(host.find('a').readyCount).toBe(1)
  })
})

describe('a chain of 20,000 queues', () => {
  test('that are full passes one message on to the last', () => {
    const length = 20_000
    const host = new CoreHost()
    for (let i = 0; i < length; i++) host.queue(`q${i}`, to(`q${i + 1}`, { 'x-max-length': 1 }))
    host.queue(`q${length}`)
    for (let i = 0; i < length; i++) host.publish('', `q${i}`, `${i}`)
    host.publish('', 'q0', 'new')
    expect(host.drain('q0')).toEqual(['new'])
    expect(host.drain('q1')).toEqual(['0'])
    expect(host.drain(`q${length}`)).toEqual([`${length - 1}`])
  })
})

test('a message that dies in 300 queues at once arrives with 300 deaths', () => {
  const length = 300
  const host = new CoreHost()
  for (let i = 0; i < length; i++) host.queue(`q${i}`, to(`q${i + 1}`, { 'x-message-ttl': 0 }))
  host.queue(`q${length}`)
  host.publish('', 'q0')
  const deaths = host.take(`q${length}`).message.headers.get('x-death')
  expect(deaths?.type === 'array' ? deaths.value.length : 0).toBe(length)
})
