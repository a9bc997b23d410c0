import { expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { tableOf } from '../../support/tables.ts'

const MILLION = 1_000_000

test('a million messages with different delays wait behind one timer and come in order', () => {
  const host = new CoreHost()
  host.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' })
  host.queue('q')
  host.bind('x', 'q')
  const heapBefore = heapUsed()
  const startMs = performance.now()
  for (let i = 0; i < MILLION; i++) {
    const delayMs = 1 + ((i * 7919) % MILLION)
    host.publish('x', '', `${delayMs}`, { headers: tableOf({ 'x-delay': delayMs }) })
  }
  const publishedMs = performance.now()
  const heap = heapUsed() - heapBefore
  expect(host.vhost.exchanges.get('x').delayedCount).toBe(MILLION)
  expect(host.clock.timerCount).toBe(1)
  host.advance(MILLION)
  const releasedMs = performance.now()
  expect(host.clock.timerCount).toBe(0)
  const bodies = host.drain('q')
  expect(bodies).toHaveLength(MILLION)
  expect(bodies.every((body, i) => Number(body) === i + 1)).toBe(true)
  console.info(
    `${MILLION} delayed messages: published in ${(publishedMs - startMs).toFixed(0)} ms, ` +
      `${(heap / MILLION).toFixed(0)} bytes of heap each, released in ${(releasedMs - publishedMs).toFixed(0)} ms`,
  )
}, 180_000)

test('each message that is due before all others costs a deadline, and no more', () => {
  const host = new CoreHost()
  host.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' })
  for (let delayMs = 1000; delayMs > 0; delayMs--) {
    host.publish('x', '', '', { headers: tableOf({ 'x-delay': delayMs }) })
  }
  expect(host.deadlines.askedCount).toBe(1000)
  expect(host.clock.timerCount).toBe(1)
  for (let delayMs = 1000; delayMs > 0; delayMs--) {
    host.publish('x', '', '', { headers: tableOf({ 'x-delay': delayMs }) })
  }
  expect(host.deadlines.askedCount).toBe(1000)
})

function heapUsed(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
