import { describe, expect, test } from 'vitest'
import type { Queue } from '../../../src/core/queue/queue.ts'
import { DelayedStore } from '../../support/delayed-store.ts'
import { bodyOf, newMessage } from '../../support/messages.ts'
import { refusalOf } from '../../support/refusal-of.ts'
import { TestSubscriber } from '../../support/test-subscriber.ts'
import { TestVhost } from '../../support/test-vhost.ts'

describe('requeued messages', () => {
  test('go back to their old place', () => {
    const { queue } = start('abcde')
    const taken = [queue.get(false)!, queue.get(false)!, queue.get(false)!]
    queue.requeue([taken[2]!], 'nack')
    queue.requeue([taken[0]!], 'nack')
    expect(takeAll(queue)).toEqual(['a', 'c', 'd', 'e'])
  })

  test('are marked as redelivered, others are not', () => {
    const { queue } = start('ab')
    queue.requeue([queue.get(false)!], 'nack')
    expect(queue.get(false)?.redelivered).toBe(true)
    expect(queue.get(false)?.redelivered).toBe(false)
  })

  test('stand before what was never handed out, even what came before the requeue', () => {
    const { queue, put } = start('ab')
    const first = queue.get(false)!
    put('c')
    queue.requeue([first], 'nack')
    put('d')
    expect(takeAll(queue)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('of a queue that is deleted go nowhere', () => {
    const { queue, host } = start('a')
    const entry = queue.get(false)!
    host.deleteQueue('q')
    queue.requeue([entry], 'nack')
    expect(queue.readyCount).toBe(0)
    expect(queue.unackedCount).toBe(0)
  })
})

describe('consumers of one priority', () => {
  test('take turns', () => {
    const { queue, put, host } = start('')
    const consumers = [subscriber(queue), subscriber(queue), subscriber(queue)]
    for (const consumer of consumers) queue.subscribe(consumer)
    put('abcdefg')
    host.turn.runAll()
    expect(consumers.map(bodies)).toEqual([
      ['a', 'd', 'g'],
      ['b', 'e'],
      ['c', 'f'],
    ])
  })

  test('go on taking turns from turn to turn', () => {
    const { queue, put, host } = start('')
    const consumers = [subscriber(queue), subscriber(queue)]
    for (const consumer of consumers) queue.subscribe(consumer)
    for (const body of 'abcd') {
      put(body)
      host.turn.runAll()
    }
    expect(consumers.map(bodies)).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ])
  })

  test('at their limit are passed over, and join again at the end', () => {
    const { queue, put, host } = start('')
    const [limited, free] = [subscriber(queue, { limit: 1 }), subscriber(queue)]
    queue.subscribe(limited)
    queue.subscribe(free)
    put('abcd')
    host.turn.runAll()
    expect([limited, free].map(bodies)).toEqual([['a'], ['b', 'c', 'd']])
    limited.give(limited.held[0]!, 'settle')
    put('ef')
    host.turn.runAll()
    expect([limited, free].map(bodies)).toEqual([
      ['a', 'f'],
      ['b', 'c', 'd', 'e'],
    ])
  })

  test('share fairly with limits, when they settle in the order of delivery', () => {
    const { queue, put, host } = start('')
    const consumers = [1, 1, 1, 1].map((limit) => subscriber(queue, { limit }))
    for (const consumer of consumers) queue.subscribe(consumer)
    for (let round = 0; round < 25; round++) {
      put('abcdefg')
      host.turn.runAll()
      while (queue.unackedCount > 0) {
        for (const consumer of busyOnes(consumers)) consumer.give(consumer.held[0]!, 'settle')
        host.turn.runAll()
      }
      const counts = consumers.map(({ deliveries }) => deliveries.length)
      expect(counts.reduce((sum, count) => sum + count)).toBe((round + 1) * 7)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  test('that leave are passed over from then on, and keep what they hold', () => {
    const { queue, put, host } = start('')
    const [stays, leaves] = [subscriber(queue), subscriber(queue)]
    queue.subscribe(leaves)
    queue.subscribe(stays)
    put('abc')
    queue.unsubscribe(leaves)
    put('de')
    host.turn.runAll()
    expect([leaves, stays].map(bodies)).toEqual([
      ['a', 'c'],
      ['b', 'd', 'e'],
    ])
    expect(queue.unackedCount).toBe(5)
  })

  test('that leave while at their limit leave nothing behind', () => {
    const { queue, put, host } = start('')
    const limited = subscriber(queue, { limit: 1 })
    queue.subscribe(limited)
    put('ab')
    host.turn.runAll()
    queue.unsubscribe(limited)
    limited.give(limited.held[0]!, 'settle')
    const next = subscriber(queue)
    queue.subscribe(next)
    host.turn.runAll()
    expect([limited, next].map(bodies)).toEqual([['a'], ['b']])
  })
})

describe('consumers of a higher priority', () => {
  test('get everything while they can take more', () => {
    const { queue, put, host } = start('')
    const low = subscriber(queue, { priority: -1 })
    const normal = subscriber(queue)
    const high = subscriber(queue, { priority: 10, limit: 2 })
    for (const consumer of [low, high, normal]) queue.subscribe(consumer)
    put('abcd')
    host.turn.runAll()
    expect([high, normal, low].map(bodies)).toEqual([['a', 'b'], ['c', 'd'], []])
    high.give(high.held[0]!, 'settle')
    put('ef')
    host.turn.runAll()
    expect([high, normal, low].map(bodies)).toEqual([['a', 'b', 'e'], ['c', 'd', 'f'], []])
  })

  test('that come later get what comes later', () => {
    const { queue, put, host } = start('')
    const normal = subscriber(queue)
    queue.subscribe(normal)
    put('a')
    const high = subscriber(queue, { priority: 1 })
    queue.subscribe(high)
    put('b')
    host.turn.runAll()
    expect([normal, high].map(bodies)).toEqual([['a'], ['b']])
  })
})

describe('an exclusive consumer', () => {
  const IN_USE = "access-refused: queue 'q' in vhost '/' in exclusive use"

  test('keeps others away until it is gone', () => {
    const { queue } = start('')
    const exclusive = subscriber(queue, { exclusive: true })
    queue.subscribe(exclusive)
    expect(refusalOf(() => queue.subscribe(subscriber(queue)))).toBe(IN_USE)
    expect(refusalOf(() => queue.subscribe(subscriber(queue, { exclusive: true })))).toBe(IN_USE)
    queue.unsubscribe(exclusive)
    expect(refusalOf(() => queue.subscribe(subscriber(queue)))).toBeNull()
  })

  test('is kept away by any other', () => {
    const { queue } = start('')
    queue.subscribe(subscriber(queue))
    expect(refusalOf(() => queue.subscribe(subscriber(queue, { exclusive: true })))).toBe(IN_USE)
    expect(queue.consumerCount).toBe(1)
  })
})

describe('what a client sees is as if messages were handed out at once', () => {
  test('get finds nothing that a consumer could have had', () => {
    const { queue, put } = start('')
    queue.subscribe(subscriber(queue, { limit: 1 }))
    put('ab')
    expect(bodyOf(queue.get(true)!.message)).toBe('b')
  })

  test('counts do not hold what a consumer could have had', () => {
    const { queue, put } = start('')
    queue.subscribe(subscriber(queue))
    put('ab')
    expect(queue.readyCount).toBe(0)
    expect(queue.unackedCount).toBe(2)
  })

  test('a purge drops nothing that a consumer could have had', () => {
    const { queue, put } = start('')
    const consumer = subscriber(queue, { limit: 1 })
    queue.subscribe(consumer)
    put('abc')
    expect(queue.purge()).toBe(2)
    expect(bodies(consumer)).toEqual(['a'])
  })
})

describe('the store hears of a stored message', () => {
  test('once, when it is acknowledged, taken without acknowledgement, or purged', () => {
    const { queue, store } = stored(4)
    queue.settle(queue.get(false)!)
    queue.get(true)
    queue.requeue([queue.get(false)!], 'nack')
    expect(store.settled).toHaveLength(2)
    queue.purge()
    expect(store.settled.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4])
  })

  test('never, when it was not stored', () => {
    const { queue, host } = start('ab')
    const store = new DelayedStore()
    queue.get(true)
    expect(store.settled).toEqual([])
    expect(host.deleteQueue('q')).toBe(1)
  })

  test('not singly, when its queue is deleted', () => {
    const { queue, store, host } = stored(2)
    const entry = queue.get(false)!
    host.deleteQueue('q')
    queue.settle(entry)
    expect(store.settled).toEqual([])
    expect(store.changes.at(-1)).toEqual({ kind: 'queue-deleted', vhost: '/', name: 'q' })
  })
})

/** A queue with these messages, one for each letter. */
function start(letters: string) {
  const host = new TestVhost()
  const queue = host.queue('q')
  const put = (more: string) => {
    for (const body of more) queue.enqueue(newMessage({ body }), 0, 0)
  }
  put(letters)
  return { host, queue, put }
}

/** A durable queue with stored messages, numbered from 1 on. */
function stored(count: number) {
  const store = new DelayedStore()
  const host = new TestVhost(store)
  const queue = host.queue('q', { durable: true })
  for (let i = 0; i < count; i++) {
    host.vhost.enqueue(newMessage({ isPersistent: true }), { queues: [queue], delays: null })
  }
  return { host, queue, store }
}

function subscriber(queue: Queue, wish: ConstructorParameters<typeof TestSubscriber>[1] = {}) {
  return new TestSubscriber(queue, wish)
}

/** Those that hold something, in the order in which they got it. */
function busyOnes(consumers: readonly TestSubscriber[]): readonly TestSubscriber[] {
  const busy = consumers.filter(({ held }) => held.length > 0)
  return busy.sort((a, b) => a.held[0]!.sequence - b.held[0]!.sequence)
}

function bodies(consumer: TestSubscriber): readonly string[] {
  return consumer.deliveries.map(({ entry }) => bodyOf(entry.message))
}

function takeAll(queue: Queue): readonly string[] {
  const taken: string[] = []
  for (let entry = queue.get(true); entry !== null; entry = queue.get(true)) {
    taken.push(bodyOf(entry.message))
  }
  return taken
}
