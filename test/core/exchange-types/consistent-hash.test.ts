import { describe, expect, test } from 'vitest'
import { CoreHost, type PublishWish } from '../../support/core-host.ts'
import { refusalOf } from '../../support/refusal-of.ts'
import { fieldOf, type Plain, tableOf } from '../../support/tables.ts'

const KEY_COUNT = 100_000

/** An exchange `x` with a queue for each weight: `q0`, `q1` and so on. */
function host(weights: readonly number[], args: Readonly<Record<string, Plain>> = {}): CoreHost {
  const there = new CoreHost()
  there.exchange('x', 'x-consistent-hash', args)
  for (const [i, weight] of weights.entries()) join(there, `q${i}`, weight)
  return there
}

function join(there: CoreHost, name: string, weight: number): void {
  there.queue(name)
  there.bind('x', name, `${weight}`)
}

/** Where a message goes; null for nowhere. */
function placeOf(there: CoreHost, key: string, wish: PublishWish = {}): string | null {
  there.publish('x', key, '', wish)
  for (const queue of there.vhost.queues) {
    if (queue.get(true) !== null) return queue.name
  }
  return null
}

/** Where each of the keys goes, found without a queue holding anything. */
function placesOf(there: CoreHost): string[] {
  const places: string[] = []
  for (let i = 0; i < KEY_COUNT; i++) {
    there.publish('x', `key ${i}`)
    const queue = [...there.vhost.queues].find((one) => one.get(true) !== null)
    places.push(queue?.name ?? '')
  }
  return places
}

function sharesOf(places: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>()
  for (const name of places) shares.set(name, (shares.get(name) ?? 0) + 1)
  return shares
}

/**
 * Six standard deviations of how many of `KEY_COUNT` keys fall on a queue that each meets with this probability: a
 * good hash is outside once in five hundred million.
 */
function sixDeviations(probability: number): number {
  return 6 * Math.sqrt(KEY_COUNT * probability * (1 - probability))
}

describe('100,000 keys', () => {
  const there = host(new Array(10).fill(1))
  const before = placesOf(there)
  join(there, 'q10', 1)
  const after = placesOf(there)

  test('spread evenly over ten queues', () => {
    const shares = sharesOf(before)
    console.info(`100,000 keys over ten queues: ${[...shares.values()].sort().join(', ')}`)
    expect(shares.size).toBe(10)
    for (const share of shares.values()) {
      expect(Math.abs(share - KEY_COUNT / 10)).toBeLessThan(sixDeviations(1 / 10))
    }
  })

  test('move only to an eleventh queue that joins, and only their share', () => {
    const moved = after.filter((name, i) => name !== before[i])
    console.info(`keys that move when an eleventh queue joins: ${moved.length}`)
    expect(new Set(moved)).toEqual(new Set(['q10']))
    expect(Math.abs(moved.length - KEY_COUNT / 11)).toBeLessThan(sixDeviations(1 / 11))
  })

  test('spread evenly over the eleven', () => {
    const shares = sharesOf(after)
    expect(shares.size).toBe(11)
    for (const share of shares.values()) {
      expect(Math.abs(share - KEY_COUNT / 11)).toBeLessThan(sixDeviations(1 / 11))
    }
  })

  test('go back to where they were when it leaves', () => {
    there.unbind('x', 'q10', '1')
    expect(placesOf(there)).toEqual(before)
  })

  test('spread by weight', () => {
    const weights = [1, 2, 3, 4]
    const shares = sharesOf(placesOf(host(weights)))
    console.info(`100,000 keys by the weights 1, 2, 3, 4: ${JSON.stringify([...shares].sort())}`)
    for (const [i, weight] of weights.entries()) {
      const probability = weight / 10
      const difference = Math.abs((shares.get(`q${i}`) ?? 0) - KEY_COUNT * probability)
      expect(difference).toBeLessThan(sixDeviations(probability))
    }
  })
}, 60_000)

describe('equal keys', () => {
  test('go to the same queue, in every broker', () => {
    const weights = [1, 1, 1, 1, 1]
    for (const key of ['', 'a', 'b', 'größe', 'x'.repeat(255)]) {
      const place = placeOf(host(weights), key)
      expect(place).not.toBeNull()
      expect(placeOf(host(weights), key)).toBe(place)
    }
  })

  test('go by the first routing key, not by CC', () => {
    const there = host([1, 1, 1, 1])
    for (const key of ['a', 'b', 'c', 'd']) {
      expect(placeOf(there, key, { cc: ['other'] })).toBe(placeOf(there, key))
    }
  })
})

describe('bindings', () => {
  test('to a queue that is bound already add nothing', () => {
    const there = host([1, 1])
    const places = Array.from({ length: 200 }, (_, i) => placeOf(there, `${i}`))
    there.bind('x', 'q0', '100')
    expect(Array.from({ length: 200 }, (_, i) => placeOf(there, `${i}`))).toEqual(places)
  })

  test('take all buckets of the queue along when one of them goes', () => {
    const there = host([1])
    there.bind('x', 'q0', '9')
    there.unbind('x', 'q0', '9')
    expect(placeOf(there, 'key')).toBeNull()
    expect(there.vhost.exchanges.get('x').bindings.size).toBe(1)
  })

  test('go with a queue that is deleted', () => {
    const there = host([1, 1])
    there.vhost.deleteQueue('q0', false, false, there.user)
    for (const key of ['a', 'b', 'c', 'd', 'e']) expect(placeOf(there, key)).toBe('q1')
  })

  test('may lead to exchanges', () => {
    const there = host([])
    there.exchange('next', 'fanout')
    there.bindExchange('x', 'next', '1')
    there.queue('q')
    there.bind('next', 'q')
    expect(placeOf(there, 'key')).toBe('q')
  })

  test('none at all: unroutable', () => {
    expect(placeOf(host([]), 'key')).toBeNull()
  })

  test('of the largest weight are taken', () => {
    expect(placeOf(host([10_000]), 'key')).toBe('q0')
  })

  test.each([
    ['0', 'The binding key must be greater than 0'],
    ['-1', 'The binding key must be greater than 0'],
    ['10001', 'The binding key must not exceed 10000'],
    ['99999999999999999999', 'The binding key must not exceed 10000'],
    ['a', 'The binding key must be an integer: <<"a">>'],
    ['', 'The binding key must be an integer: <<>>'],
    ['1.5', 'The binding key must be an integer: <<"1.5">>'],
    [' 1', 'The binding key must be an integer: <<" 1">>'],
  ])('with key %j are refused', (key, text) => {
    const there = host([1])
    expect(refusalOf(() => there.bind('x', 'q0', key))).toBe(`precondition-failed: ${text}`)
  })

  test.each(['01', '+1', '007'])('with key %s are taken', (key) => {
    const there = host([])
    there.queue('q')
    there.bind('x', 'q', key)
    expect(placeOf(there, 'any')).toBe('q')
  })
})

describe('what is hashed', () => {
  const weights = new Array(20).fill(1)

  /** How many queues 100 messages reach of which only one thing differs. */
  function spread(there: CoreHost, wishOf: (i: number) => PublishWish, key = 'same'): number {
    return new Set(Array.from({ length: 100 }, (_, i) => placeOf(there, key, wishOf(i)))).size
  }

  test.each(['hash-header', 'x-hash-on'])('is the header named by %s', (argument) => {
    const there = host(weights, { [argument]: 'who' })
    expect(spread(there, (i) => ({ headers: tableOf({ who: `w${i}` }) }))).toBeGreaterThan(10)
    expect(spread(there, (i) => ({ headers: tableOf({ who: 'w', other: i }) }))).toBe(1)
  })

  test.each<[string, (i: number) => PublishWish]>([
    ['message_id', (i) => ({ messageId: `m${i}` })],
    ['correlation_id', (i) => ({ correlationId: `c${i}` })],
    ['timestamp', (i) => ({ timestamp: BigInt(1_700_000_000 + i) })],
  ])('is the property %s', (property, wishOf) => {
    const there = host(weights, { 'hash-property': property })
    expect(spread(there, wishOf)).toBeGreaterThan(10)
    expect(spread(there, () => wishOf(1))).toBe(1)
  })

  test('is nothing for messages without it: all go to one queue', () => {
    for (const args of [{ 'hash-header': 'who' }, { 'hash-property': 'message_id' }]) {
      const there = host(weights, args)
      const places = ['a', 'b', 'c', 'd', 'e'].map((key) => placeOf(there, key))
      expect(new Set(places).size).toBe(1)
    }
  })

  test('is the value of a header of any type', () => {
    const there = host(weights, { 'hash-header': 'who' })
    for (const who of [5, true, 1.5, { type: 'timestamp', value: 5n } as const]) {
      const headers = new Map([['who', fieldOf(who)]])
      expect(placeOf(there, 'a', { headers })).toBe(placeOf(there, 'b', { headers }))
    }
  })
})

describe('a declare', () => {
  test.each<[Readonly<Record<string, Plain>>, string]>([
    [
      { 'hash-header': 'a', 'hash-property': 'message_id' },
      'hash-header and hash-property are mutually exclusive',
    ],
    [{ 'hash-property': 'app_id' }, 'Unsupported property: app_id'],
  ])('with %j is refused', (args, text) => {
    const there = new CoreHost()
    expect(refusalOf(() => there.exchange('x', 'x-consistent-hash', args))).toBe(
      `precondition-failed: ${text}`,
    )
    expect(there.vhost.exchanges.find('x')).toBeUndefined()
  })

  test('with a name that is no string is refused', () => {
    for (const argument of ['hash-header', 'hash-property']) {
      const there = new CoreHost()
      expect(refusalOf(() => there.exchange('x', 'x-consistent-hash', { [argument]: 1 }))).toMatch(
        /^precondition-failed: /,
      )
    }
  })
})
