import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { refusalOf } from '../../support/refusal-of.ts'

/** An exchange `x` of this type with queues bound to it. */
function host(type: string, queues: readonly string[], key = ''): CoreHost {
  const there = new CoreHost()
  there.exchange('x', type)
  for (const name of queues) {
    there.queue(name)
    there.bind('x', name, key)
  }
  return there
}

/** How many of so many messages reach each queue. */
function countsOf(there: CoreHost, messages: number, keyOf: (i: number) => string) {
  for (let i = 0; i < messages; i++) there.publish('x', keyOf(i))
  return Object.fromEntries([...there.vhost.queues].map((queue) => [queue.name, queue.purge()]))
}

describe('x-modulus-hash', () => {
  test('sends equal keys to one queue, different ones to all', () => {
    const there = host('x-modulus-hash', ['a', 'b', 'c'])
    const counts = countsOf(there, 300, (i) => `key ${i}`)
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0)
    const same = countsOf(there, 100, () => 'key')
    expect(Object.values(same).sort()).toEqual([0, 0, 100])
  })

  test('goes by the names of the queues, not by the order in which they were bound', () => {
    const forth = host('x-modulus-hash', ['a', 'b', 'c'])
    const back = host('x-modulus-hash', ['c', 'b', 'a'])
    for (let i = 0; i < 50; i++) {
      expect(countsOf(back, 1, () => `${i}`)).toEqual(countsOf(forth, 1, () => `${i}`))
    }
  })

  test('counts a queue once, however often it is bound', () => {
    const there = host('x-modulus-hash', ['a', 'b'])
    const keys = Array.from({ length: 100 }, (_, i) => `${i}`)
    const before = keys.map((key) => countsOf(there, 1, () => key))
    for (const key of ['1', '2', '3']) there.bind('x', 'a', key)
    expect(keys.map((key) => countsOf(there, 1, () => key))).toEqual(before)
    for (const key of ['', '1', '2']) there.unbind('x', 'a', key)
    expect(keys.map((key) => countsOf(there, 1, () => key))).toEqual(before)
  })

  test('goes by CC keys too', () => {
    const there = host('x-modulus-hash', ['a', 'b', 'c', 'd'])
    const reached = new Set<string>()
    for (let i = 0; i < 50; i++) {
      there.publish('x', 'key', '', { cc: [`${i}`] })
      for (const queue of there.vhost.queues) if (queue.purge() > 0) reached.add(queue.name)
    }
    expect(reached.size).toBe(4)
  })

  test('without bindings routes nothing', () => {
    const there = host('x-modulus-hash', [])
    expect(there.publish('x', 'key')).toBe(0)
  })
})

describe.each(['x-random', 'x-local-random'])('%s', (type) => {
  test('sends each message to one queue, and in the long run to all', () => {
    const there = host(type, ['a', 'b', 'c', 'd'])
    const counts = Object.values(countsOf(there, 4000, () => 'key'))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4000)
    // six standard deviations of a share of a quarter
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(6 * Math.sqrt(750))
  })

  test('sends nothing to a queue that has been unbound', () => {
    const there = host(type, ['a', 'b'])
    there.unbind('x', 'a')
    expect(countsOf(there, 50, () => 'key')).toEqual({ a: 0, b: 50 })
    there.unbind('x', 'b')
    expect(countsOf(there, 50, () => 'key')).toEqual({ a: 0, b: 0 })
  })
})

describe('x-random', () => {
  test('takes any binding key, and exchanges', () => {
    const there = host('x-random', ['a'], 'some key')
    there.exchange('next', 'fanout')
    there.bindExchange('x', 'next', 'other key')
    there.bind('next', 'a')
    expect(countsOf(there, 20, () => 'third')).toEqual({ a: 20 })
  })
})

describe('x-local-random', () => {
  test('refuses a binding key', () => {
    const there = host('x-local-random', ['a'])
    expect(refusalOf(() => there.bind('x', 'a', 'k'))).toBe(
      "precondition-failed: Non empty binding 'k' key not permitted",
    )
  })

  test('refuses a quorum queue', () => {
    const there = host('x-local-random', [])
    there.quorum('q')
    expect(refusalOf(() => there.bind('x', 'q'))).toBe(
      'precondition-failed: Queue type rabbit_quorum_queue not valid for this exchange type',
    )
  })

  test('refuses an exchange', () => {
    const there = host('x-local-random', [])
    expect(refusalOf(() => there.bindExchange('x', 'amq.fanout'))).toBe(
      'precondition-failed: Destination not found',
    )
  })
})
