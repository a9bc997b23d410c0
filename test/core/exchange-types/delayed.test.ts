import { describe, expect, test } from 'vitest'
import { CoreHost, type PublishWish } from '../../support/core-host.ts'
import { observe } from '../../support/observed.ts'
import { refusalOf } from '../../support/refusal-of.ts'
import { fieldOf, type Plain, tableOf } from '../../support/tables.ts'

function delay(value: Plain): PublishWish {
  return { headers: new Map([['x-delay', fieldOf(value)]]) }
}

/** A delayed exchange `x` of this type with the queue `q` bound to it. */
function host(type = 'fanout', key = '', args: Readonly<Record<string, Plain>> = {}): CoreHost {
  const there = new CoreHost()
  there.exchange('x', 'x-delayed-message', { 'x-delayed-type': type, ...args })
  there.queue('q')
  there.bind('x', 'q', key)
  return there
}

describe('a message with x-delay', () => {
  test('is routed after so many milliseconds, not before', () => {
    const there = host()
    there.publish('x', '', 'm', delay(100))
    there.advance(99)
    expect(there.drain('q')).toEqual([])
    there.advance(1)
    expect(there.drain('q')).toEqual(['m'])
  })

  test('comes in the order of due times, and of publishing where these are equal', () => {
    const there = host()
    for (const [body, ms] of [
      ['c', 30],
      ['a', 10],
      ['d', 30],
      ['b', 20],
      ['e', 30],
    ] as const) {
      there.publish('x', '', body, delay(ms))
    }
    there.advance(30)
    expect(there.drain('q')).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('is routed by the bindings there are when its time has come', () => {
    const there = host()
    there.publish('x', '', 'm', delay(100))
    there.unbind('x', 'q')
    there.queue('late')
    there.bind('x', 'late')
    there.advance(100)
    expect([there.drain('q'), there.drain('late')]).toEqual([[], ['m']])
  })

  test('keeps its address, body and properties', () => {
    const there = host('direct', 'key')
    there.publish('x', 'key', 'm', { ...delay(5), messageId: 'id' })
    there.advance(5)
    const entry = there.take('q')
    expect(observe(entry)).toMatchObject({
      exchange: 'x',
      routing_key: 'key',
      redelivered: false,
      properties: { message_id: 'id' },
    })
  })

  test('expires by the time it came to the queue', () => {
    const there = host()
    there.publish('x', '', 'm', { ...delay(100), expiration: '50' })
    there.advance(100)
    there.advance(49)
    expect(there.find('q').readyCount).toBe(1)
    there.advance(1)
    expect(there.find('q').readyCount).toBe(0)
  })
})

describe('the header x-delay', () => {
  test.each<[Plain, unknown]>([
    [100, ['l', -100]],
    [{ type: 'long', value: 100n }, ['l', -100]],
    [{ type: 'short', value: 100 }, ['l', -100]],
    ['100', ['l', -100]],
    [100.5, ['d', -100.5]],
    [{ type: 'float', value: 100.5 }, ['f', -100.5]],
  ])('%o is delivered as %o', (value, shown) => {
    const there = host()
    there.publish('x', '', 'm', delay(value))
    there.advance(99)
    expect(there.drain('q')).toEqual([])
    there.advance(1)
    expect(observe(there.take('q')).headers).toEqual([['x-delay', ...(shown as unknown[])]])
  })

  test.each<[Plain]>([
    [0],
    [-1],
    [-100],
    ['-100'],
    ['soon'],
    [''],
    [true],
    [0.5],
    [{ type: 'long', value: 4_294_967_296n }],
    [{ type: 'void' }],
  ])('%o delays nothing, and stays as it is', (value) => {
    const there = host()
    const wish = delay(value)
    there.publish('x', '', 'm', wish)
    const entry = there.take('q')
    expect(entry.message.headers).toEqual(wish.headers)
  })

  test('may be as large as 2^32 - 1', () => {
    const there = host()
    there.publish('x', '', 'm', delay(2 ** 32 - 1))
    there.advance(2 ** 32 - 2)
    expect(there.drain('q')).toEqual([])
    there.advance(1)
    expect(there.drain('q')).toEqual(['m'])
  })

  test('missing means at once', () => {
    const there = host()
    there.publish('x', '', 'm')
    expect(there.drain('q')).toEqual(['m'])
  })

  test('of a delay that is over delays nothing in the next exchange', () => {
    const there = host()
    there.exchange('y', 'x-delayed-message', { 'x-delayed-type': 'fanout' })
    there.queue('behind')
    there.bind('y', 'behind')
    there.bindExchange('x', 'y')
    there.publish('x', '', 'm', delay(100))
    there.advance(100)
    expect(there.drain('behind')).toEqual(['m'])
  })
})

describe('x-delayed-type', () => {
  test.each<[string, string, string, string]>([
    ['direct', 'a', 'a', 'b'],
    ['topic', 'a.*', 'a.b', 'b.a'],
  ])('%s routes by key', (type, binding, match, other) => {
    const there = host(type, binding)
    there.publish('x', match, 'yes', delay(5))
    there.publish('x', other, 'no', delay(5))
    there.advance(5)
    expect(there.drain('q')).toEqual(['yes'])
  })

  test('headers routes by headers', () => {
    const there = host('headers', 'unused')
    there.unbind('x', 'q', 'unused')
    there.bind('x', 'q', '', { colour: 'red' })
    for (const colour of ['red', 'blue']) {
      there.publish('x', '', colour, { headers: tableOf({ colour, 'x-delay': 5 }) })
    }
    there.advance(5)
    expect(there.drain('q')).toEqual(['red'])
  })

  test.each(['fanout', 'x-random', 'x-local-random', 'x-modulus-hash', 'x-recent-history'])(
    '%s routes to the queue',
    (type) => {
      const there = host(type)
      there.publish('x', '', 'm', delay(5))
      there.advance(5)
      expect(there.drain('q')).toEqual(['m'])
    },
  )

  test('x-consistent-hash takes weights, and its own arguments', () => {
    const there = host('x-consistent-hash', '1', { 'hash-header': 'who' })
    there.publish('x', '', 'm', delay(5))
    there.advance(5)
    expect(there.drain('q')).toEqual(['m'])
    expect(refusalOf(() => there.bind('x', 'q', 'heavy'))).toBe(
      'precondition-failed: The binding key must be an integer: <<"heavy">>',
    )
  })

  test('x-message-deduplication drops a duplicate when its time has come', () => {
    const there = host('x-message-deduplication', '', { 'x-cache-size': 10 })
    const headers = tableOf({ 'x-deduplication-header': 'a', 'x-delay': 5 })
    for (const body of ['1', '2']) there.publish('x', '', body, { headers })
    there.advance(5)
    expect(there.drain('q')).toEqual(['1'])
  })

  test('x-recent-history gives a new binding what has been routed', () => {
    const there = host('x-recent-history')
    there.publish('x', '', 'due', delay(5))
    there.publish('x', '', 'not due', delay(50))
    there.advance(5)
    there.queue('late')
    there.bind('x', 'late')
    expect(there.drain('late')).toEqual(['due'])
  })

  test.each<[Readonly<Record<string, Plain>>, string]>([
    [{}, "'x-delayed-type' must be an existing exchange type"],
    [{ 'x-delayed-type': 5 }, "'x-delayed-type' must be an existing exchange type"],
    [{ 'x-delayed-type': 'x-unknown' }, "'x-delayed-type' must be an existing exchange type"],
    [
      { 'x-delayed-type': 'x-delayed-message' },
      "'x-delayed-message' can't be used for 'x-delayed-type'",
    ],
  ])('in %j is refused', (args, text) => {
    const there = new CoreHost()
    expect(refusalOf(() => there.exchange('x', 'x-delayed-message', args))).toBe(
      `precondition-failed: Invalid argument, ${text}`,
    )
  })
})

describe('a message that waits', () => {
  test('is counted by its exchange', () => {
    const there = host()
    const exchange = there.vhost.exchanges.get('x')
    for (const ms of [10, 20, 0]) there.publish('x', '', 'm', delay(ms))
    expect(exchange.delayedCount).toBe(2)
    there.advance(10)
    expect(exchange.delayedCount).toBe(1)
    there.advance(10)
    expect(exchange.delayedCount).toBe(0)
  })

  test('goes nowhere when its exchange is deleted, even if there is a new one', () => {
    const there = host()
    there.publish('x', '', 'm', delay(100))
    there.vhost.deleteExchange('x', false)
    there.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' })
    there.bind('x', 'q')
    there.advance(100)
    expect(there.drain('q')).toEqual([])
    expect(there.vhost.exchanges.get('x').delayedCount).toBe(0)
  })

  test('of an exchange that is deleted does not go to its alternate exchange', () => {
    const there = new CoreHost()
    there.exchange('x', 'x-delayed-message', {
      'x-delayed-type': 'fanout',
      'alternate-exchange': 'amq.fanout',
    })
    there.queue('q')
    there.bind('amq.fanout', 'q')
    there.publish('x', '', 'm', delay(100))
    there.vhost.deleteExchange('x', false)
    there.advance(100)
    expect(there.drain('q')).toEqual([])
  })

  test('goes nowhere when its vhost is deleted', () => {
    const there = host()
    there.publish('x', '', 'm', delay(100))
    there.vhost.close()
    there.advance(100)
    expect([...there.vhost.queues]).toEqual([])
  })

  test('is not in the queue, whatever else leads there', () => {
    const there = host()
    there.bindExchange('amq.fanout', 'x')
    there.queue('now')
    there.bind('amq.fanout', 'now')
    there.publish('amq.fanout', '', 'm', delay(100))
    expect([there.drain('now'), there.drain('q')]).toEqual([['m'], []])
    there.advance(100)
    expect([there.drain('now'), there.drain('q')]).toEqual([[], ['m']])
    expect(there.vhost.exchanges.get('amq.fanout').delayedCount).toBe(0)
  })

  test('as a dead letter comes when its time has come', () => {
    const there = host()
    there.queue('work', { 'x-dead-letter-exchange': 'x' })
    there.publish('', 'work', 'm', delay(100))
    there.find('work').reject(there.take('work'), 'reject')
    expect(there.drain('q')).toEqual([])
    there.advance(100)
    expect(there.drain('q')).toEqual(['m'])
  })

  test('comes to an alternate exchange when nothing else takes it', () => {
    const there = new CoreHost()
    there.exchange('x', 'x-delayed-message', {
      'x-delayed-type': 'direct',
      'alternate-exchange': 'amq.fanout',
    })
    there.queue('q')
    there.bind('amq.fanout', 'q')
    there.publish('x', 'nobody', 'm', delay(100))
    expect(there.drain('q')).toEqual([])
    there.advance(100)
    expect(there.drain('q')).toEqual(['m'])
  })
})
