import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CompatName } from '../../../src/common/compat.ts'
import { type FieldValue, longstr, type SmallInteger } from '../../../src/common/table.ts'
import { CoreHost } from '../../support/core-host.ts'
import { anyScalars } from '../../support/table-arbitraries.ts'
import { tableOf } from '../../support/tables.ts'

describe('a count that a publisher tells of', () => {
  test.each<[bigint, bigint]>([
    [1n, 2n],
    [2n ** 53n, 2n ** 53n + 1n],
    [2n ** 63n - 2n, 2n ** 63n - 1n],
    [2n ** 63n - 1n, -(2n ** 63n)],
    [-(2n ** 63n), 1n - 2n ** 63n],
  ])('%d goes on as %d', (told, next) => {
    expect(deathAfter({ count: { type: 'long', value: told } }).get('count')).toEqual({
      type: 'long',
      value: next,
    })
  })

  test.each<[SmallInteger, number]>([
    ['byte', -1],
    ['unsignedbyte', 255],
    ['unsignedshort', 65_535],
    ['signedint', 7],
    ['unsignedint', 4_294_967_295],
  ])('goes on from any integer: %s', (type, value) => {
    expect(deathAfter({ count: { type, value } }).get('count')).toEqual({
      type: 'long',
      value: BigInt(value) + 1n,
    })
  })
})

test.each([0n, 2n ** 53n + 1n, 2n ** 64n - 1n])(
  'a time that a publisher tells of stays: %d',
  (value) => {
    const time: FieldValue = { type: 'timestamp', value }
    expect(deathAfter({ time }).get('time')).toEqual(time)
  },
)

test('whatever the headers of a message say, it dies, is delayed and is delivered', () => {
  const names = fc.constantFrom('x-delay', 'x-deduplication-header', 'x-cache-ttl', 'CC', 'BCC')
  const counts = fc.constantFrom('x-death', 'x-delivery-count', 'x-acquired-count', 'who')
  const entries = fc.array(fc.tuple(fc.oneof(names, counts), anyScalars), { maxLength: 4 })
  const death = fc.record({ count: anyScalars, time: anyScalars, 'routing-keys': anyScalars })
  const profile = fc.constantFrom<CompatName>('3.13', '4.2')
  fc.assert(
    fc.property(profile, entries, death, (compat, fields, told) => {
      const there = route(compat)
      const headers = new Map([['x-death', deaths(told)], ...fields])
      there.publish('x', 'q', 'm', { headers })
      there.advance(2 ** 33)
      if (there.find('q').readyCount > 0) there.find('q').reject(there.take('q'), 'reject')
      there.settle()
      expect(there.drain('dead')).toEqual(['m'])
    }),
  )
})

/** The entry of a message that has died in `q` before, as told by these fields, once it has died there again. */
function deathAfter(told: Readonly<Record<string, FieldValue>>): ReadonlyMap<string, FieldValue> {
  const there = route('3.13')
  const headers = tableOf({ 'x-death': deaths({ count: { type: 'long', value: 1n }, ...told }) })
  there.publish('', 'q', 'm', { headers })
  there.find('q').reject(there.take('q'), 'reject')
  const field = there.take('dead').message.headers.get('x-death')
  const [death] = field?.type === 'array' ? field.value : []
  if (death?.type !== 'table') throw new Error('no death')
  return death.value
}

function deaths(told: Readonly<Record<string, FieldValue>>): FieldValue {
  const entry = tableOf({ queue: longstr('q'), reason: longstr('rejected'), ...told })
  return { type: 'array', value: [{ type: 'table', value: entry }] }
}

/** From an exchange that delays and one that hashes to a queue whose dead letters go to `dead`. */
function route(compat: CompatName): CoreHost {
  const there = new CoreHost(compat)
  there.queue('dead')
  there.quorum('q', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' })
  there.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' })
  there.exchange('once', 'x-message-deduplication', { 'x-cache-size': 10 })
  there.exchange('hash', 'x-consistent-hash', { 'hash-header': 'who' })
  there.bindExchange('x', 'once')
  there.bindExchange('once', 'hash', '1')
  there.bind('hash', 'q', '1')
  return there
}
