import { describe, expect, test } from 'vitest'
import { longstr } from '../../src/common/table.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { newMessage } from '../support/messages.ts'
import { TestSubscriber } from '../support/test-subscriber.ts'
import { TestVhost } from '../support/test-vhost.ts'

describe('a message', () => {
  test('is stored once, with the durable queues that took it', () => {
    const { host, store, queues } = start()
    const message = newMessage({ isPersistent: true })
    const position = host.vhost.enqueue(message, { queues, delays: null })
    expect(store.appended).toEqual([{ message, queues: ['durable', 'also durable'] }])
    expect(position).toBe(store.recorded)
    for (const queue of queues) queue.get(true)
    expect(store.settled).toEqual([
      { queue: 'durable', level: 0, ordinal: 1 },
      { queue: 'also durable', level: 0, ordinal: 1 },
    ])
  })

  test('that is transient is not stored, nor one that no durable queue took', () => {
    const { host, store, queues } = start()
    expect(host.vhost.enqueue(newMessage({ isPersistent: false }), { queues, delays: null })).toBe(
      0,
    )
    const [, , transient, exclusive] = queues
    const kept = [transient!, exclusive!]
    for (const queues of [kept, []]) {
      const message = newMessage({ isPersistent: true })
      expect(host.vhost.enqueue(message, { queues, delays: null })).toBe(0)
    }
    expect(store.appended).toEqual([])
    expect(kept.map((queue) => queue.readyCount)).toEqual([2, 2])
  })

  function start() {
    const store = new DelayedStore()
    const host = new TestVhost(store)
    const queues: readonly Queue[] = [
      host.queue('durable', { durable: true }),
      host.queue('also durable', { durable: true }),
      host.queue('transient'),
      host.queue('exclusive', { durable: true, exclusive: true }),
    ]
    return { host, store, queues }
  }
})

describe('definitions are recorded', () => {
  test('of what is durable, with both ends for a binding, and nothing else', () => {
    const { host, kinds, store } = start()
    host.exchange('x', 'direct', { durable: true })
    host.exchange('transient', 'direct')
    host.queue('q', { durable: true, arguments: new Map([['x-a', longstr('b')]]) })
    host.queue('transient')
    host.queue('mine', { durable: true, exclusive: true })
    host.bindQueue('x', 'q', 'k')
    host.bindQueue('x', 'transient', 'k')
    host.bindQueue('x', 'mine', 'k')
    host.bindQueue('transient', 'q', 'k')
    host.bindExchange('x', 'transient', 'k')
    expect(kinds()).toEqual(['exchange-declared', 'queue-declared', 'bound'])
    expect(store.changes[1]).toMatchObject({
      queue: { name: 'q', vhost: '/', durable: true, arguments: new Map([['x-a', longstr('b')]]) },
    })
    expect(store.changes[2]).toMatchObject({
      binding: { source: 'x', destination: 'q', destinationKind: 'queue', routingKey: 'k' },
    })
  })

  test('once: what is there already, or is not there, changes nothing', () => {
    const { host, kinds } = start()
    for (let i = 0; i < 2; i++) {
      host.exchange('x', 'direct', { durable: true })
      host.queue('q', { durable: true })
      host.bindQueue('x', 'q', 'k')
    }
    for (let i = 0; i < 2; i++) {
      host.unbindQueue('x', 'q', 'k')
      host.deleteQueue('q')
      host.vhost.deleteExchange('x', false)
    }
    expect(kinds()).toEqual([
      'exchange-declared',
      'queue-declared',
      'bound',
      'unbound',
      'queue-deleted',
      'exchange-deleted',
    ])
  })

  test('when something goes by itself', () => {
    const { host, kinds } = start()
    host.exchange('x', 'direct', { durable: true, autoDelete: true })
    const queue = host.queue('q', { durable: true, autoDelete: true })
    host.bindQueue('x', 'q', 'k')
    const consumer = new TestSubscriber(queue)
    queue.subscribe(consumer)
    queue.unsubscribe(consumer)
    expect(kinds().slice(3)).toEqual(['queue-deleted', 'exchange-deleted'])
  })

  test('not at all when the client is refused', () => {
    const { host, store } = start()
    const bad = { durable: true, arguments: new Map([['x-message-ttl', longstr('a')]]) }
    expect(() => host.queue('q', bad)).toThrow('expected integer')
    expect(() => host.exchange('amq.x', 'direct', { durable: true })).toThrow('reserved prefix')
    expect(() => host.bindQueue('amq.direct', 'q')).toThrow('no queue')
    expect(store.changes).toEqual([])
  })

  function start() {
    const store = new DelayedStore()
    const host = new TestVhost(store)
    return { host, store, kinds: () => store.changes.map((change) => change.kind) }
  }
})
