import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'

const MILLION = 1_000_000

describe('one deadline serves a queue', () => {
  test('however many messages expire in it', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-message-ttl': 1000 })
    const before = host.deadlines.askedCount
    for (let i = 0; i < 1000; i++) {
      host.publish('', 'q')
      host.settle()
    }
    expect(host.deadlines.askedCount - before).toBe(1)
    expect(host.clock.timerCount).toBe(1)
    host.advance(1000)
    expect(host.find('q').readyCount).toBe(0)
    expect(host.deadlines.askedCount - before).toBe(1)
    expect(host.clock.timerCount).toBe(0)
  })

  test('and another one for each time at which the first message expires', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-message-ttl': 100 })
    const before = host.deadlines.askedCount
    for (let i = 0; i < 10; i++) {
      host.publish('', 'q')
      host.advance(10)
    }
    expect(host.deadlines.askedCount - before).toBeLessThanOrEqual(2)
    host.advance(100)
    expect(host.find('q').readyCount).toBe(0)
    expect(host.deadlines.askedCount - before).toBeLessThanOrEqual(11)
  })

  test('and none where nothing expires', () => {
    const host = new CoreHost()
    host.queue('q')
    host.send('q', ['1', '2', '3'])
    host.settle()
    expect(host.deadlines.askedCount).toBe(0)
  })
})

test('a million messages of different expirations cost no timer each', () => {
  const host = new CoreHost()
  host.queue('q')
  const before = host.deadlines.askedCount
  const heapBefore = heapUsed()
  const startMs = performance.now()
  for (let i = 0; i < MILLION; i++) {
    host.publish('', 'q', '', { expiration: `${1000 + ((i * 7919) % MILLION)}` })
  }
  host.settle()
  const publishedMs = performance.now()
  const heap = heapUsed() - heapBefore
  expect(host.find('q').readyCount).toBe(MILLION)
  expect(host.deadlines.askedCount - before).toBe(1)
  expect(host.clock.timerCount).toBe(1)
  host.advance(1000 + MILLION)
  const expiredMs = performance.now()
  expect(host.find('q').readyCount).toBe(0)
  console.info(
    `${MILLION} messages of different expirations: published in ${(publishedMs - startMs).toFixed(0)} ms, ` +
      `${(heap / MILLION).toFixed(0)} bytes of heap each, expired in ${(expiredMs - publishedMs).toFixed(0)} ms, ` +
      `${host.deadlines.askedCount - before} deadlines`,
  )
}, 120_000)

function heapUsed(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
