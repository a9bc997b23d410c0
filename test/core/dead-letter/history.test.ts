import { describe, expect, test } from 'vitest'
import type { CompatName } from '../../../src/common/compat.ts'
import { CoreHost } from '../../support/core-host.ts'
import { observe } from '../../support/observed.ts'
import { tableOf } from '../../support/tables.ts'

/** Queues a, b and c, each with its dead letters going to the next. */
function ring(compat: CompatName = '4.2'): CoreHost {
  const host = new CoreHost(compat)
  for (const [name, next] of [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ] as const) {
    host.queue(name, { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': next })
  }
  return host
}

function reject(host: CoreHost, name: string): void {
  host.find(name).reject(host.take(name), 'reject')
}

/** `queue reason count` of every death of the message first in a queue, most recent first. */
function deathsOf(host: CoreHost, name: string): readonly string[] {
  const entry = host.take(name)
  const field = entry.message.headers.get('x-death')
  entry.queue.requeue([entry], 'nack')
  if (field?.type !== 'array') return []
  return field.value.map((death) => {
    if (death.type !== 'table') throw new Error('a death is a table')
    const texts = ['queue', 'reason', 'count'].map((key) => {
      const value = death.value.get(key)
      return value?.type === 'longstr' ? Buffer.from(value.value).toString() : valueOf(value)
    })
    return texts.join(' ')
  })
}

function valueOf(field: unknown): string {
  return typeof field === 'object' && field !== null && 'value' in field ? `${field.value}` : ''
}

describe('x-death', () => {
  test('has the most recent death first', () => {
    const host = ring()
    host.publish('', 'a')
    reject(host, 'a')
    reject(host, 'b')
    expect(deathsOf(host, 'c')).toEqual(['b rejected 1', 'a rejected 1'])
  })

  test('counts the same queue and reason in one entry, which moves to the front', () => {
    const host = ring()
    host.publish('', 'a')
    for (const name of ['a', 'b', 'c', 'a']) reject(host, name)
    expect(deathsOf(host, 'b')).toEqual(['a rejected 2', 'c rejected 1', 'b rejected 1'])
  })

  test('has two entries for a queue with two reasons', () => {
    const host = new CoreHost()
    const next = (key: string) => ({
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': key,
    })
    host.queue('a', { ...next('b'), 'x-max-length': 1 })
    host.queue('b', next('a'))
    host.publish('', 'a', 'm')
    reject(host, 'a')
    reject(host, 'b')
    host.publish('', 'a', 'displaces m')
    expect(deathsOf(host, 'b')).toEqual(['a maxlen 1', 'b rejected 1', 'a rejected 1'])
  })

  test('tells the time of the first death of each entry, in seconds', () => {
    const host = ring()
    host.publish('', 'a')
    const times = [0, 1500, 1500, 7000].map((afterMs, turn) => {
      host.advance(afterMs)
      reject(host, 'abca'.charAt(turn))
      return Math.floor(host.clock.wallTime() / 1000)
    })
    const entry = host.take('b')
    const deaths = entry.message.headers.get('x-death')
    if (deaths?.type !== 'array') throw new Error('no deaths')
    const told = deaths.value.map((death) =>
      death.type === 'table' ? valueOf(death.value.get('time')) : '',
    )
    const [a, b, c, again] = times
    expect(told).toEqual([a, c, b].map(String))
    expect(again).toBe((a ?? 0) + 10)
  })

  test('notes the expiration at each death, which only the first message had', () => {
    const host = ring()
    host.publish('', 'a', '', { expiration: '7' })
    host.advance(7)
    const entry = host.take('b')
    expect(entry.message.properties.expiration).toBeNull()
    expect(entry.expiresAtMs).toBe(Number.POSITIVE_INFINITY)
    entry.queue.reject(entry, 'reject')
    const shown = JSON.stringify(observe(host.take('c')).headers)
    expect(shown.match(/original-expiration/g)).toHaveLength(1)
    expect(shown).toContain(
      '["original-expiration","S","7"],["count","l",1],["reason","S","expired"]',
    )
  })
})

describe('x-first-death and x-last-death', () => {
  test('keep the first and follow the last', () => {
    const host = ring()
    host.exchange('entry', 'fanout')
    host.bind('entry', 'a')
    host.publish('entry', 'key')
    for (const name of ['a', 'b']) reject(host, name)
    const headers = Object.fromEntries(
      [...host.take('c').message.headers]
        .filter(([name]) => /^x-(first|last)-/.test(name))
        .map(([name, field]) => [
          name,
          field.type === 'longstr' ? Buffer.from(field.value).toString() : field.type,
        ]),
    )
    expect(headers).toEqual({
      'x-first-death-exchange': 'entry',
      'x-first-death-queue': 'a',
      'x-first-death-reason': 'rejected',
      'x-last-death-exchange': '',
      'x-last-death-queue': 'b',
      'x-last-death-reason': 'rejected',
    })
  })
})

describe('headers of a dead letter', () => {
  test('are in the order of their names, whatever the order they came in', () => {
    const host = ring()
    const headers = tableOf({ zeta: 1, 'x-z': 2, Alpha: 3, alpha: 4, 'x-a': 5 })
    host.publish('', 'a', '', { headers })
    reject(host, 'a')
    const names = [...host.take('b').message.headers.keys()]
    expect(names).toEqual([
      'Alpha',
      'alpha',
      'x-a',
      'x-death',
      'x-first-death-exchange',
      'x-first-death-queue',
      'x-first-death-reason',
      'x-last-death-exchange',
      'x-last-death-queue',
      'x-last-death-reason',
      'x-z',
      'zeta',
    ])
  })

  test('of other copies of the message stay as they were', () => {
    const host = ring()
    host.exchange('all', 'fanout')
    for (const name of 'abc') host.bind('all', name)
    host.publish('all', '', '', { headers: tableOf({ mine: 1 }) })
    reject(host, 'a')
    expect([...host.take('c').message.headers.keys()]).toEqual(['mine'])
  })

  test('that a publisher made of deaths are replaced at the first death, not before', () => {
    const host = ring()
    const headers = tableOf({ 'x-death': 'none', 'x-last-death-reason': 'boredom', mine: 1 })
    host.publish('', 'a', '', { headers })
    const entry = host.take('a')
    expect([...entry.message.headers.keys()]).toEqual(['x-death', 'x-last-death-reason', 'mine'])
    entry.queue.reject(entry, 'reject')
    expect(deathsOf(host, 'b')).toEqual(['a rejected 1'])
  })
})

describe('the redelivered flag of a dead letter', () => {
  test.each([
    ['3.13', 'reject', false],
    ['3.13', 'nack', false],
    ['4.2', 'reject', false],
    ['4.2', 'nack', false],
    ['4.3', 'reject', true],
    ['4.3', 'nack', false],
  ] as const)('%s after basic.%s: %s', (compat, cause, redelivered) => {
    for (const type of ['classic', 'quorum']) {
      const host = new CoreHost(compat)
      const to = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'b' }
      host.queue('a', { ...to, 'x-queue-type': type })
      host.queue('b')
      host.publish('', 'a')
      host.find('a').reject(host.take('a'), cause)
      expect(host.take('b').redelivered).toBe(redelivered)
    }
  })

  test('is not the flag it had in the queue it died in', () => {
    const host = ring()
    host.publish('', 'a')
    host.find('a').requeue([host.take('a')], 'nack')
    const entry = host.take('a')
    expect(entry.redelivered).toBe(true)
    entry.queue.reject(entry, 'nack')
    expect(host.take('b').redelivered).toBe(false)
  })
})
