import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COMPATS } from '../../src/common/compat.ts'
import type { Json } from '../../src/common/json.ts'
import { longstr } from '../../src/common/table.ts'
import { tryRouting } from '../../src/management/routing-trial.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type Plain, tableOf } from '../support/tables.ts'
import { TestVhost } from '../support/test-vhost.ts'

const context = { compat: COMPATS['4.2'], clock: new ManualClock() }

function tried(
  test: TestVhost,
  exchange: string,
  key: string,
  headers: Record<string, Json> = {},
): ReturnType<typeof JSON.parse> {
  return tryRouting(test.vhost, test.vhost.exchanges.get(exchange), key, headers, context)
}

/** Why each binding does or does not match, by what it leads to. */
function reasons(
  test: TestVhost,
  exchange: string,
  key: string,
  headers?: Record<string, Json>,
): Record<string, string> {
  const [step] = tried(test, exchange, key, headers).steps
  return Object.fromEntries(
    step.bindings.map(({ destination, matches, reason }: Record<string, string>) => [
      destination,
      `${matches ? 'yes' : 'no'}: ${reason}`,
    ]),
  )
}

test('a trial leads to the queues that a message goes to', () => {
  const word = fc.constantFrom('a', 'b', '*', '#')
  const pattern = fc.array(word, { maxLength: 3 }).map((words) => words.join('.'))
  const key = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }).map((w) => w.join('.'))
  const type = fc.constantFrom('topic', 'direct', 'fanout', 'x-modulus-hash')
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 6 }), type, key, (patterns, type, routingKey) => {
      const broker = new TestVhost()
      broker.exchange('inner', type)
      broker.exchange('outer', 'topic')
      broker.exchange('spare', 'fanout')
      broker.queue('unrouted')
      broker.bindQueue('spare', 'unrouted')
      broker.exchange('x', type, { arguments: new Map([['alternate-exchange', longstr('spare')]]) })
      for (const [i, wanted] of patterns.entries()) {
        broker.queue(`q${i}`)
        if (i % 3 === 2) broker.bindQueue('inner', `q${i}`, wanted)
        else broker.bindQueue('x', `q${i}`, wanted)
      }
      broker.bindExchange('x', 'inner', 'a.#')
      expect(tried(broker, 'x', routingKey).queues).toEqual(broker.route('x', routingKey))
    }),
    { numRuns: 200 },
  )
})

test('a trial of headers leads where the message goes', () => {
  const value = fc.constantFrom(1, 2, 'a', 'b', true)
  const table = fc.dictionary(fc.constantFrom('one', 'two', 'x-three'), value, { maxKeys: 3 })
  const rule = fc.constantFrom('all', 'any', 'all-with-x', 'any-with-x')
  fc.assert(
    fc.property(fc.array(fc.tuple(rule, table), { maxLength: 4 }), table, (bindings, headers) => {
      const broker = new TestVhost()
      broker.exchange('x', 'headers')
      for (const [i, [match, args]] of bindings.entries()) {
        broker.queue(`q${i}`)
        broker.bindQueue('x', `q${i}`, '', plain({ 'x-match': match, ...args }))
      }
      const found = broker.route('x', '', { headers: plain(headers) })
      expect(tried(broker, 'x', '', headers).queues).toEqual(found)
    }),
    { numRuns: 200 },
  )
})

function plain(fields: Record<string, Plain>): ReturnType<typeof tableOf> {
  return tableOf(fields)
}

describe('the reason', () => {
  test('of a topic names the word that does not fit', () => {
    const broker = new TestVhost()
    broker.exchange('x', 'topic')
    for (const pattern of ['order.*.de', 'order.#', 'user.#', '#.fr', '*', '#', '#.paid.#']) {
      broker.queue(pattern)
      broker.bindQueue('x', pattern, pattern)
    }
    expect(reasons(broker, 'x', 'order.created.nl')).toEqual({
      'order.*.de': 'no: word 3 is “nl”, not “de”',
      'order.#': 'yes: the routing key fits “order.#”',
      'user.#': 'no: word 1 is “order”, not “user”',
      '#.fr': 'no: the last word is “nl”, not “fr”',
      '*': 'no: it has 3 words, the pattern wants 1 word',
      '#': 'yes: # takes every routing key',
      '#.paid.#': 'no: the words between do not fit “#.paid.#”',
    })
  })

  test('of a direct exchange names the key that it waits for', () => {
    const broker = new TestVhost()
    broker.exchange('x', 'direct')
    broker.queue('q')
    broker.bindQueue('x', 'q', 'red')
    expect(reasons(broker, 'x', 'blue')).toEqual({ q: 'no: the routing key is not “red”' })
    expect(reasons(broker, 'x', 'red')).toEqual({
      q: 'yes: the routing key equals the binding key',
    })
  })

  test('of headers names those that are missing or differ', () => {
    const broker = new TestVhost()
    broker.exchange('x', 'headers')
    broker.queue('all')
    broker.queue('any')
    broker.bindQueue('x', 'all', '', tableOf({ 'x-match': 'all', colour: 'red', size: 3 }))
    broker.bindQueue('x', 'any', '', tableOf({ 'x-match': 'any', colour: 'red', size: 3 }))
    expect(reasons(broker, 'x', '', { colour: 'blue' })).toEqual({
      all: 'no: header “colour” is “blue”, not “red”; header “size” is missing',
      any: 'no: header “colour” is “blue”, not “red”; header “size” is missing',
    })
    expect(reasons(broker, 'x', '', { size: 3 })).toEqual({
      all: 'no: header “colour” is missing',
      any: 'yes: “size” agrees, and any one is enough',
    })
  })

  test('of the default exchange is the name of the queue', () => {
    const broker = new TestVhost()
    broker.queue('orders')
    expect(reasons(broker, '', 'orders')).toEqual({
      orders: 'yes: the routing key is the name of the queue',
    })
    expect(tried(broker, '', 'nowhere').queues).toEqual([])
  })
})

test('a trial counts nothing and makes no route', () => {
  const broker = new TestVhost()
  const exchange = broker.exchange('x', 'topic')
  const queue = broker.queue('q')
  broker.bindQueue('x', 'q', '#')
  tried(broker, 'x', 'a')
  expect([exchange.publishedCount, exchange.routedCount, queue.readyCount]).toEqual([0, 0, 0])
  expect(exchange.routes.get('a', broker.vhost.generation)).toBeUndefined()
})
