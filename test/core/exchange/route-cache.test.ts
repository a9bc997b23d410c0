import { expect, test } from 'vitest'
import { RouteCache } from '../../../src/core/exchange/route-cache.ts'
import type { Queue } from '../../../src/core/queue/queue.ts'
import type { Route } from '../../../src/core/route.ts'
import { reachableSlots } from '../../support/reachable.ts'
import { TestVhost } from '../../support/test-vhost.ts'

test('a route is remembered within a generation, and forgotten with it', () => {
  const route = routeTo([new TestVhost().queue('q')])
  const cache = new RouteCache()
  expect(cache.get('k', 1)).toBeUndefined()
  cache.set('k', route)
  expect(cache.get('k', 1)).toBe(route)
  expect(cache.get('other', 1)).toBeUndefined()
  expect(cache.get('k', 2)).toBeUndefined()
  expect(cache.get('k', 1)).toBeUndefined()
})

test('a route to nowhere is remembered as well', () => {
  const cache = new RouteCache()
  const nowhere = routeTo([])
  cache.get('k', 1)
  cache.set('k', nowhere)
  expect(cache.get('k', 1)).toBe(nowhere)
})

test('keys as many as messages do not make it grow without end', () => {
  const cache = new RouteCache()
  const nowhere = routeTo([])
  cache.get('', 1)
  for (let i = 0; i < 100_000; i++) cache.set(`key ${i}`, nowhere)
  expect(cache.get('key 99999', 1)).toBe(nowhere)
  expect(reachableSlots(cache)).toBeLessThan(20_000)
})

test('keys that never come again are not remembered for a while', () => {
  const cache = new RouteCache()
  const nowhere = routeTo([])
  const look = (key: string) => {
    const known = cache.get(key, 1)
    if (known === undefined) cache.set(key, nowhere)
    return known
  }
  for (let i = 0; i < 50_000; i++) look(`key ${i}`)
  expect(reachableSlots(cache)).toBeLessThan(10)
  for (let i = 50_000; i < 142_000; i++) look(`key ${i}`)
  look('k')
  expect(look('k')).toBe(nowhere)
})

test('keys that come again are remembered although now and then one does not', () => {
  const cache = new RouteCache()
  const nowhere = routeTo([])
  let missed = 0
  for (let i = 0; i < 300_000; i++) {
    const key = i % 4 === 0 ? `key ${i}` : `key ${i % 100}`
    if (cache.get(key, 1) !== undefined) continue
    missed++
    cache.set(key, nowhere)
  }
  expect(missed).toBeLessThan(80_000)
})

function routeTo(queues: readonly Queue[]): Route {
  return { queues, delays: null, isByKeyOnly: true }
}
