import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { refusalOf } from '../../support/refusal-of.ts'
import { type Plain, tableOf } from '../../support/tables.ts'

function host(args: Readonly<Record<string, Plain>>): CoreHost {
  const there = new CoreHost()
  there.exchange('x', 'x-message-deduplication', args)
  there.queue('q')
  there.bind('x', 'q')
  return there
}

/** Publishes with each key; returns those whose message arrived. */
function arrived(there: CoreHost, keys: readonly Plain[]): Plain[] {
  return keys.filter((key) => {
    there.publish('x', '', '', { headers: tableOf({ 'x-deduplication-header': key }) })
    return there.drain('q').length > 0
  })
}

describe('x-message-deduplication', () => {
  test('routes a key once', () => {
    const there = host({ 'x-cache-size': 10 })
    expect(arrived(there, ['a', 'b', 'a', 'c', 'b', 'a'])).toEqual(['a', 'b', 'c'])
  })

  test('routes messages without a key always', () => {
    const there = host({ 'x-cache-size': 10 })
    for (const body of ['1', '1', '1']) there.publish('x', '', body)
    expect(there.drain('q')).toEqual(['1', '1', '1'])
  })

  test('routes to all queues and exchanges that are bound', () => {
    const there = host({ 'x-cache-size': 10 })
    there.queue('second')
    there.bindExchange('x', 'amq.fanout')
    there.bind('amq.fanout', 'second')
    const headers = tableOf({ 'x-deduplication-header': 'a' })
    for (let i = 0; i < 2; i++) there.publish('x', 'key', 'm', { headers })
    expect([there.drain('q'), there.drain('second')]).toEqual([['m'], ['m']])
  })

  test('remembers as many keys as it has room for', () => {
    const there = host({ 'x-cache-size': 2 })
    expect(arrived(there, ['a', 'b', 'a', 'b'])).toEqual(['a', 'b'])
    expect(arrived(there, ['c'])).toEqual(['c'])
    expect(arrived(there, ['c', 'b'])).toEqual([])
    expect(arrived(there, ['a'])).toEqual(['a'])
  })

  test('remembers a key for its time, counted from the message that was routed', () => {
    const there = host({ 'x-cache-size': 10, 'x-cache-ttl': 100 })
    expect(arrived(there, ['a'])).toEqual(['a'])
    there.advance(99)
    expect(arrived(there, ['a'])).toEqual([])
    there.advance(1)
    expect(arrived(there, ['a'])).toEqual(['a'])
  })

  test('remembers a key for the time that its message asks for', () => {
    const there = host({ 'x-cache-size': 10, 'x-cache-ttl': 100 })
    const headers = tableOf({ 'x-deduplication-header': 'a', 'x-cache-ttl': 1000 })
    there.publish('x', '', 'm', { headers })
    there.drain('q')
    there.advance(999)
    expect(arrived(there, ['a'])).toEqual([])
    there.advance(1)
    expect(arrived(there, ['a'])).toEqual(['a'])
  })

  test('tells keys of different types apart', () => {
    const there = host({ 'x-cache-size': 10 })
    expect(arrived(there, [1, '1', true, 'true', 1, true])).toEqual([1, '1', true, 'true'])
  })

  test('remembers a key though no queue was bound', () => {
    const there = host({ 'x-cache-size': 10 })
    there.unbind('x', 'q')
    expect(arrived(there, ['a'])).toEqual([])
    there.bind('x', 'q')
    expect(arrived(there, ['a'])).toEqual([])
  })

  test('remembers for each exchange alone', () => {
    const there = host({ 'x-cache-size': 10 })
    arrived(there, ['a'])
    there.exchange('y', 'x-message-deduplication', { 'x-cache-size': 10 })
    there.bind('y', 'q')
    there.publish('y', '', 'm', { headers: tableOf({ 'x-deduplication-header': 'a' }) })
    expect(there.drain('q')).toEqual(['m'])
  })

  test.each<[Readonly<Record<string, Plain>>]>([
    [{}],
    [{ 'x-cache-size': 0 }],
    [{ 'x-cache-size': -5 }],
    [{ 'x-cache-size': 'ten' }],
  ])('with %j is refused', (args) => {
    expect(refusalOf(() => host(args))).toBe(
      "precondition-failed: Missing or invalid argument, 'x-cache-size' must be an integer greater than 0",
    )
  })
})
