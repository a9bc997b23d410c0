import { describe, expect, test } from 'vitest'
import type { CompatName } from '../../src/common/compat.ts'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import { BacklogStore } from '../support/backlog-store.ts'
import { bodyOf, CoreHost, newPublished, type PublishWish } from '../support/core-host.ts'
import { JournalStore } from '../support/journal-store.ts'
import { restarted, tinyMemory } from '../support/restarted-host.ts'
import { tableOf } from '../support/tables.ts'

const PERSISTENT = { deliveryMode: 2 }

describe('after a restart', () => {
  test('persistent messages of durable queues are ready again, in order, and counted', () => {
    const { host } = start()
    host.queue('q')
    host.queue('brief', {}, { durable: false })
    host.send('q', ['a', 'b'], PERSISTENT)
    host.send('q', ['transient'])
    host.send('q', ['cc', 'd'], PERSISTENT)
    host.send('brief', ['lost'], PERSISTENT)
    host.find('q').settle(host.take('q'))
    const { host: again } = restarted(host)
    expect(again.has('brief')).toBe(false)
    expect([again.find('q').readyCount, again.find('q').readyBytes]).toEqual([3, 4])
    expect(again.drain('q')).toEqual(['b', 'cc', 'd'])
  })

  test('new messages come behind the old ones', () => {
    const { host } = start()
    host.queue('q')
    host.send('q', ['a', 'b'], PERSISTENT)
    const { host: again } = restarted(host)
    again.send('q', ['c'], PERSISTENT)
    again.send('q', ['d'])
    expect(again.find('q').readyCount).toBe(4)
    expect(again.drain('q')).toEqual(['a', 'b', 'c', 'd'])
  })

  test('nothing is read before somebody looks, and then a little', () => {
    const { host } = start()
    host.queue('q')
    host.send('q', Array(1000).fill('x'.repeat(1000)), PERSISTENT)
    const { host: again, store, memory } = restarted(host, { memory: new ReadyMemory() })
    expect(store.lanesOf('q')[0]?.readings).toEqual([])
    expect(again.find('q').readyCount).toBe(1000)
    expect(store.lanesOf('q')[0]?.readings).toHaveLength(1)
    expect(memory.usedBytes).toBeLessThan(70_000)
    expect(again.drain('q')).toHaveLength(1000)
    expect(memory.usedBytes).toBe(0)
  })

  test('a message that had come back is redelivered, others are not', () => {
    const { host } = start()
    host.queue('q')
    host.send('q', ['a', 'b'], PERSISTENT)
    host.find('q').requeue([host.take('q')], 'nack')
    const { host: again } = restarted(host)
    expect([again.take('q').redelivered, again.take('q').redelivered]).toEqual([true, false])
  })

  test('everything is redelivered when the broker had not ended by itself', () => {
    const { host } = start()
    host.queue('q')
    host.send('q', ['a', 'b'], PERSISTENT)
    host.take('q')
    const { host: again } = restarted(host, { isClean: false })
    const entries = [again.take('q'), again.take('q')]
    expect(entries.map(bodyOf)).toEqual(['a', 'b'])
    expect(entries.map(({ redelivered }) => redelivered)).toEqual([true, true])
  })

  test('a quorum queue has kept transient messages as well, and how often they came back', () => {
    const { host } = start()
    host.quorum('q', { 'x-delivery-limit': 2 })
    host.send('q', ['a', 'b'])
    for (let i = 0; i < 2; i++) host.find('q').requeue([host.take('q')], 'nack')
    const { host: again } = restarted(host)
    const entry = again.take('q')
    expect([bodyOf(entry), entry.acquiredCount, entry.failedCount]).toEqual(['a', 2, 2])
    again.find('q').requeue([entry], 'nack')
    expect(again.drain('q')).toEqual(['b'])
  })

  test('a dead letter still tells where it died, and carries its counts', () => {
    const { host } = start('4.3')
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }
    host.quorum('q', { ...dead, 'x-delivery-limit': 0 })
    host.quorum('dead')
    host.send('q', ['m'])
    host.find('q').requeue([host.take('q')], 'lost')
    const { history } = host.find('dead').get(false)!.message
    const { host: again } = restarted(host, { compat: '4.3' })
    const entry = again.take('dead')
    expect(history).toMatchObject({ ...entry.message.history })
    expect([entry.acquiredCount, entry.failedCount, entry.redelivered]).toEqual([1, 1, true])
  })

  test('messages go on expiring, with the time that has passed', () => {
    const { host } = start()
    host.queue('q', { 'x-message-ttl': 1000 })
    host.queue('own')
    host.send('q', ['a'], PERSISTENT)
    host.send('own', ['b'], { ...PERSISTENT, expiration: '1000' })
    host.advance(400)
    host.send('q', ['c'], PERSISTENT)
    const { host: again } = restarted(host)
    again.settle()
    again.clock.advance(599)
    expect([again.find('q').readyCount, again.find('own').readyCount]).toEqual([2, 1])
    again.clock.advance(1)
    expect([again.find('q').readyCount, again.find('own').readyCount]).toEqual([1, 0])
    again.advance(400)
    expect(again.find('q').readyCount).toBe(0)
  })

  test('what had expired in the meantime is dead-lettered by itself', () => {
    const { host } = start()
    host.queue('q', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' })
    host.queue('dead')
    host.send('q', ['a'], { ...PERSISTENT, expiration: '1' })
    const { host: again } = restarted(host, { laterMs: 5 })
    again.settle()
    expect(again.drain('dead')).toEqual(['a'])
  })

  test('every level of a queue with priorities has its messages, and no other lane is made', () => {
    const { host } = start()
    host.queue('q', { 'x-max-priority': 255 })
    for (const priority of [1, 200, 1, 200]) {
      host.send('q', [`${priority}`], { ...PERSISTENT, priority })
    }
    const { host: again, store } = restarted(host)
    expect(store.lanesOf('q').map(({ name }) => name.level)).toEqual([1, 200])
    expect(again.drain('q')).toEqual(['200', '200', '1', '1'])
  })

  test('a quorum queue takes its messages over into the levels of another profile', () => {
    const { host } = start('4.2')
    host.quorum('q')
    for (const priority of [9, 0, 6]) host.send('q', [`${priority}`], { priority })
    host.find('q').requeue([host.take('q')], 'nack')
    const { host: again, store } = restarted(host, { compat: '4.3' })
    expect(store.lanesOf('q').map(({ name }) => name.level)).toEqual([0, 6, 9])
    const first = again.take('q')
    expect([bodyOf(first), first.redelivered]).toEqual(['9', true])
    again.find('q').settle(first)
    expect(restarted(again, { compat: '4.3' }).host.drain('q')).toEqual(['6', '0'])
  })

  test('a queue that looks for duplicates knows what it has', () => {
    const { host } = start()
    host.queue('q', { 'x-message-deduplication': true })
    const wish: PublishWish = { ...PERSISTENT, headers: tableOf({ 'x-deduplication-header': 'k' }) }
    host.send('q', ['a'], wish)
    const { host: again } = restarted(host)
    again.send('q', ['b'], wish)
    expect(again.drain('q')).toEqual(['a'])
    again.send('q', ['c'], wish)
    expect(again.drain('q')).toEqual(['c'])
  })

  test('a queue of the name of one that was deleted is empty', () => {
    const { host } = start()
    host.queue('q')
    host.send('q', ['a'], PERSISTENT)
    host.vhost.deleteQueue('q', false, false, host.user)
    host.queue('q')
    const { host: again } = restarted(host)
    expect(again.find('q').readyCount).toBe(0)
  })

  test('of a queue that has lost all, nothing is counted', () => {
    const { host } = start()
    host.queue('q', { 'x-max-priority': 1 })
    host.send('q', ['a', 'b'], PERSISTENT)
    const { host: again, store } = restarted(host)
    for (const ordinal of [1, 2]) store.lanesOf('q')[0]?.damaged.add(ordinal)
    const queue = again.find('q')
    expect([queue.readyCount, queue.readyBytes, queue.get(true)]).toEqual([0, 0, null])
  })
})

function start(compat: CompatName = '4.2') {
  const store = new BacklogStore()
  return { host: new CoreHost(compat, store, tinyMemory()), store }
}

describe('messages that a durable exchange holds back', () => {
  test('are stored when they are persistent, until they have been routed', () => {
    const { host, store } = delaying()
    expect(host.publish('x', '', 'm', delay(10))).toBe(store.recorded)
    expect(host.publish('x', '', 'transient', { ...delay(10), deliveryMode: 1 })).toBe(0)
    expect(store.lanesOf('x')[0]).toMatchObject({ name: { kind: 'exchange' }, ordinals: [1] })
    host.advance(10)
    expect(store.lanesOf('x')[0]?.ordinals).toEqual([])
    expect(host.drain('q')).toEqual(['m', 'transient'])
  })

  test('are settled only when what becomes of them has been recorded', () => {
    const store = new JournalStore()
    const host = new CoreHost('4.2', store)
    declareDelaying(host)
    host.publish('x', '', 'm', delay(10))
    host.advance(10)
    expect(store.take()).toEqual(['append 1 m in x', 'append 2 m in q', 'settle 1 in x'])
  })

  test('are due after a restart when they were, in their order', () => {
    const { host } = delaying()
    for (const [body, ms] of Object.entries({ c: 30, a: 10, d: 30, b: 20 })) {
      host.publish('x', '', body, delay(ms))
    }
    host.advance(5)
    const { host: again } = restarted(host)
    expect(again.vhost.exchanges.get('x').delayedCount).toBe(4)
    again.publish('x', '', 'e', delay(25))
    again.advance(4)
    expect(again.find('q').readyCount).toBe(0)
    again.advance(1)
    expect(again.drain('q')).toEqual(['a'])
    again.advance(20)
    expect(again.drain('q')).toEqual(['b', 'c', 'd', 'e'])
    expect(again.vhost.exchanges.get('x').delayedCount).toBe(0)
  })

  test('are routed once, however often the broker is started', () => {
    const { host } = delaying()
    host.publish('x', '', 'm', delay(10))
    const { host: again } = restarted(host)
    again.advance(10)
    const { host: last, store } = restarted(again)
    last.advance(10)
    expect(last.drain('q')).toEqual(['m'])
    expect(store.lanesOf('x').flatMap(({ ordinals }) => ordinals)).toEqual([])
  })

  test('go with it when it is deleted', () => {
    const { host, store } = delaying()
    host.publish('x', '', 'm', delay(10))
    host.vhost.deleteExchange('x', false)
    expect(store.lanesOf('x')).toEqual([])
  })

  test('are not stored when it was deleted after they had been routed', () => {
    const { host, store } = delaying()
    const message = newPublished('x', '', 'm', delay(10))
    const route = host.vhost.route(host.vhost.exchanges.get('x'), message)
    host.vhost.deleteExchange('x', false)
    expect(host.vhost.enqueue(message, route)).toBe(0)
    expect(store.lanesOf('x')).toEqual([])
    host.advance(10)
    expect(host.find('q').readyCount).toBe(0)
    expect(host.clock.timerCount).toBe(0)
  })

  test('are not stored when it is not durable', () => {
    const store = new BacklogStore()
    const host = new CoreHost('4.2', store)
    host.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' })
    expect(host.publish('x', '', 'm', delay(10))).toBe(0)
    expect(store.lanesOf('x')).toEqual([])
  })

  function delay(ms: number): PublishWish {
    return { ...PERSISTENT, headers: tableOf({ 'x-delay': ms }) }
  }

  /** A durable exchange `x` that delays what it gives to the queue `q`. */
  function delaying() {
    const { host, store } = start()
    declareDelaying(host)
    return { host, store }
  }

  function declareDelaying(host: CoreHost): void {
    host.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' }, true)
    host.queue('q')
    host.bind('x', 'q')
  }
})
