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

function routeTo(queues: readonly Queue[]): Route {
  return { queues, delays: null, isByKeyOnly: true }
}
