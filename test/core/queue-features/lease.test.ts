import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'

/** A queue `q` that goes after 100 ms without use. */
function leased(type = 'classic'): CoreHost {
  const host = new CoreHost()
  host.queue('q', { 'x-expires': 100, 'x-queue-type': type })
  return host
}

describe('a queue that nobody uses', () => {
  test('is deleted after its time, to the millisecond', () => {
    const host = leased()
    host.advance(99)
    expect(host.has('q')).toBe(true)
    host.advance(1)
    expect(host.has('q')).toBe(false)
  })

  test('is deleted with its messages and bindings', () => {
    const host = leased()
    host.bind('amq.fanout', 'q')
    host.publish('amq.fanout', '', 'm')
    host.advance(100)
    expect(host.vhost.exchanges.get('amq.fanout').bindings.size).toBe(0)
    expect(host.publish('amq.fanout', '', 'm')).toBe(0)
  })

  test('takes an abandoned exchange along', () => {
    const host = leased()
    host.vhost.declareExchange({
      vhost: '/',
      name: 'x',
      type: 'fanout',
      durable: false,
      autoDelete: true,
      internal: false,
      arguments: new Map(),
    })
    host.bind('x', 'q')
    host.advance(100)
    expect(host.vhost.exchanges.find('x')).toBeUndefined()
  })

  test('may be declared anew, and then has all its time again', () => {
    const host = leased()
    host.advance(100)
    host.queue('q', { 'x-expires': 100 })
    host.advance(99)
    expect(host.has('q')).toBe(true)
  })
})

describe('the time begins again when the queue is', () => {
  test.each<[string, (host: CoreHost) => void]>([
    ['declared again', (host) => host.queue('q', { 'x-expires': 100 })],
    ['fetched from', (host) => host.find('q').get(true)],
    [
      'left by its last consumer',
      (host) => {
        const consumer = host.consumer('q')
        consumer.cancel()
      },
    ],
  ])('%s', (_use, use) => {
    const host = leased()
    host.publish('', 'q', 'm')
    host.advance(60)
    use(host)
    host.advance(99)
    expect(host.has('q')).toBe(true)
    host.advance(1)
    expect(host.has('q')).toBe(false)
  })
})

describe('the time goes on when the queue is', () => {
  test.each<[string, (host: CoreHost) => unknown]>([
    ['published to', (host) => host.publish('', 'q', 'm')],
    ['purged', (host) => host.find('q').purge()],
    ['bound', (host) => host.bind('amq.fanout', 'q')],
    ['asked for its length', (host) => host.find('q').readyCount],
  ])('%s', (_use, use) => {
    const host = leased()
    host.advance(60)
    use(host)
    host.advance(40)
    expect(host.has('q')).toBe(false)
  })
})

describe('a consumer', () => {
  test('keeps the queue for as long as it stays', () => {
    const host = leased()
    const consumer = host.consumer('q')
    host.advance(10_000)
    expect(host.has('q')).toBe(true)
    consumer.cancel()
    host.advance(99)
    expect(host.has('q')).toBe(true)
    host.advance(1)
    expect(host.has('q')).toBe(false)
  })

  test('that goes while another stays ends nothing', () => {
    const host = leased()
    const [first, second] = [host.consumer('q'), host.consumer('q')]
    first.cancel()
    host.advance(10_000)
    expect(host.has('q')).toBe(true)
    second.cancel()
    host.advance(100)
    expect(host.has('q')).toBe(false)
  })

  test('gone does not keep the queue by what it has not acknowledged', () => {
    const host = leased()
    host.publish('', 'q', 'm')
    host.take('q')
    host.advance(100)
    expect(host.has('q')).toBe(false)
  })
})

test('an acknowledgement is no use of the queue', () => {
  const host = leased()
  host.publish('', 'q', 'm')
  const entry = host.take('q')
  host.advance(60)
  entry.queue.settle(entry)
  host.advance(40)
  expect(host.has('q')).toBe(false)
})

describe('one deadline', () => {
  test('serves a queue however often it is used', () => {
    const host = leased()
    const before = host.deadlines.askedCount
    for (let i = 0; i < 1000; i++) host.find('q').get(true)
    expect(host.deadlines.askedCount - before).toBe(0)
    for (let i = 0; i < 10; i++) {
      host.advance(90)
      host.find('q').get(true)
    }
    expect(host.has('q')).toBe(true)
    expect(host.deadlines.askedCount - before).toBeLessThanOrEqual(10)
  })

  test('is let go with the queue', () => {
    const host = leased()
    host.vhost.deleteQueue('q', false, false, host.user)
    host.queue('q')
    host.advance(200)
    expect(host.has('q')).toBe(true)
  })
})
