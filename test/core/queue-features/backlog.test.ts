import { describe, expect, test } from 'vitest'
import { ENTRY_SIZE, ReadyMemory } from '../../../src/core/queue/ready-memory.ts'
import { BacklogStore } from '../../support/backlog-store.ts'
import { bodyOf, CoreHost, type PublishWish } from '../../support/core-host.ts'
import type { Plain } from '../../support/tables.ts'

const PERSISTENT = { deliveryMode: 2 }
const TRANSIENT = { deliveryMode: 1 }

describe('what memory has no room for', () => {
  test('lies in storage alone, and is counted all the same', () => {
    const { host, memory, lane } = start()
    send(host, 10)
    expect(host.find('q').readyCount).toBe(10)
    expect(host.find('q').readyBytes).toBe(20)
    expect(memory.usedBytes).toBe(3 * (2 + ENTRY_SIZE))
    expect(lane().readings).toEqual([])
  })

  test('comes back in order, a few at a time', () => {
    const { host, memory, lane } = start()
    send(host, 10)
    expect(host.drain('q')).toEqual(numbers(0, 10))
    expect(lane().readings.length).toBeGreaterThan(2)
    expect(lane().ordinals).toEqual([])
    expect(memory.usedBytes).toBe(0)
  })

  test('keeps its place before what comes when there is room again', () => {
    const { host } = start()
    send(host, 6)
    const first = [host.take('q'), host.take('q')].map(bodyOf)
    send(host, 3, PERSISTENT, 6)
    expect([...first, ...host.drain('q')]).toEqual(numbers(0, 9))
  })

  test('does not matter while others leave room', () => {
    const { host, memory, lane } = start({}, { limitBytes: 1_000_000 })
    send(host, 10)
    expect(memory.usedBytes).toBe(10 * (2 + ENTRY_SIZE))
    expect(host.drain('q')).toEqual(numbers(0, 10))
    expect(lane().readings).toEqual([])
  })

  test('is bounded by bytes as well', () => {
    const { host, memory } = start({}, { minCount: 1000, minBytes: 4 })
    send(host, 10)
    expect(memory.usedBytes).toBe(2 * (2 + ENTRY_SIZE))
    expect(host.drain('q')).toEqual(numbers(0, 10))
  })

  test('stays in memory until it is durable', () => {
    const { host, memory, store } = start({}, {}, new BacklogStore(false))
    send(host, 10)
    expect(memory.usedBytes).toBe(10 * (2 + ENTRY_SIZE))
    store.sync(5)
    expect(memory.usedBytes).toBe(9 * (2 + ENTRY_SIZE)) // the queue's own definition is the first
    store.sync()
    expect(memory.usedBytes).toBe(3 * (2 + ENTRY_SIZE))
    send(host, 2, PERSISTENT, 10)
    expect(memory.usedBytes).toBe(5 * (2 + ENTRY_SIZE))
    expect(host.find('q').readyCount).toBe(12)
    expect(host.drain('q')).toEqual(numbers(0, 12))
    expect(memory.usedBytes).toBe(0)
  })

  test('is spilled when it is transient, and only then', () => {
    const { host, store, memory } = start()
    host.send('q', numbers(0, 3), TRANSIENT)
    expect(store.lanesOf('q')).toEqual([])
    host.send('q', numbers(3, 10), TRANSIENT)
    expect(store.lanesOf('q')[0]?.ordinals).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(memory.usedBytes).toBe(3 * (2 + ENTRY_SIZE))
    expect(host.drain('q')).toEqual(numbers(0, 10))
    expect(store.lanesOf('q')[0]?.ordinals).toEqual([])
  })

  test('is spilled by a queue that is not durable, persistent or not', () => {
    const { host, store } = start()
    host.queue('brief', {}, { durable: false })
    host.send('brief', numbers(0, 10), PERSISTENT)
    expect(store.lanesOf('brief')[0]).toMatchObject({ name: { durable: false }, latest: 7 })
    expect(host.drain('brief')).toEqual(numbers(0, 10))
  })

  test('is stored once for all that took it, and spilled for the others', () => {
    const { host, store } = start()
    host.queue('brief', {}, { durable: false })
    host.exchange('all', 'fanout')
    for (const name of ['q', 'brief']) host.bind('all', name)
    for (const [i, body] of numbers(0, 6).entries()) {
      host.publish('all', '', body, i % 2 === 0 ? PERSISTENT : TRANSIENT)
    }
    expect(host.drain('brief')).toEqual(numbers(0, 6))
    expect(host.drain('q')).toEqual(numbers(0, 6))
    expect(store.lanesOf('q')[0]?.latest).toBe(5) // the first three, one of them transient, had room
    expect(store.lanesOf('brief')[0]?.latest).toBe(3)
  })
})

describe('in a queue with a backlog', () => {
  test('a requeued message goes back to its old place', () => {
    const { host } = start()
    send(host, 10)
    const taken = Array.from({ length: 6 }, () => host.take('q'))
    for (const at of [4, 0]) host.find('q').requeue([taken[at]!], 'nack')
    expect(host.drain('q')).toEqual(['00', '04', ...numbers(6, 10)])
    for (const at of [1, 2, 3, 5]) host.find('q').settle(taken[at]!)
  })

  test('messages expire when they come to the head', () => {
    const { host, lane } = start()
    send(host, 2)
    send(host, 6, { ...PERSISTENT, expiration: '100' }, 2)
    send(host, 1, PERSISTENT, 8)
    host.advance(100)
    expect(host.find('q').readyCount).toBe(9)
    expect(host.find('q').get(true)).not.toBeNull()
    expect(host.find('q').get(true)).not.toBeNull()
    expect(host.find('q').readyCount).toBe(1)
    expect(host.drain('q')).toEqual(['08'])
    expect(lane().ordinals).toEqual([])
  })

  test('messages keep the time that they had when they came', () => {
    const { host } = start({ 'x-message-ttl': 1000 })
    send(host, 5)
    host.advance(600)
    send(host, 5, PERSISTENT, 5)
    host.advance(399)
    expect(host.find('q').readyCount).toBe(10)
    host.advance(1)
    expect(host.find('q').readyCount).toBe(5)
    host.advance(599)
    expect(host.find('q').readyCount).toBe(5)
    host.advance(1)
    expect(host.find('q').readyCount).toBe(0)
  })

  test('the oldest are dropped when there are too many, and dead-lettered', () => {
    const { host } = start({
      'x-max-length': 5,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'dead',
    })
    host.queue('dead')
    send(host, 12)
    expect(host.find('q').readyCount).toBe(5)
    expect(host.drain('dead')).toEqual(numbers(0, 7))
    expect(host.drain('q')).toEqual(numbers(7, 12))
  })

  test('a limit in bytes counts what storage holds', () => {
    const { host } = start({ 'x-max-length-bytes': 14, 'x-overflow': 'reject-publish' })
    send(host, 10)
    expect(host.find('q').readyBytes).toBe(14)
    expect(host.drain('q')).toEqual(numbers(0, 7))
  })

  test('a purge settles all that is ready, and nothing that is handed out', () => {
    const { host, lane, memory } = start()
    send(host, 10)
    const entry = host.take('q')
    const back = host.take('q')
    host.find('q').requeue([back], 'nack')
    expect(host.find('q').purge()).toBe(9)
    expect(lane().ordinals).toEqual([entry.ordinal])
    expect(memory.usedBytes).toBe(0)
    host.find('q').settle(entry)
    send(host, 5)
    expect(host.drain('q')).toEqual(numbers(0, 5))
  })

  test('deleting it drops its lanes at once', () => {
    const { host, store, memory } = start({ 'x-max-priority': 2 })
    for (const priority of [0, 2]) send(host, 8, { ...PERSISTENT, priority })
    expect(store.lanesOf('q')).toHaveLength(2)
    expect(host.vhost.deleteQueue('q', false, false, host.user)).toBe(16)
    expect(store.lanesOf('q')).toEqual([])
    expect(memory.usedBytes).toBe(0)
  })
})

describe('each priority has a backlog of its own', () => {
  test.each([
    ['classic', '4.2', { 'x-max-priority': 5 }, true],
    ['quorum with two classes', '4.2', { 'x-queue-type': 'quorum' }, false],
    ['quorum with strict levels', '4.3', { 'x-queue-type': 'quorum' }, true],
  ] as const)('%s', (_name, compat, args, isStrict) => {
    const { host, store, memory } = start(args, {}, new BacklogStore(), compat)
    for (let i = 0; i < 30; i++) {
      host.publish('', 'q', `${i}`, { ...PERSISTENT, priority: i % 2 === 0 ? 1 : 5 })
    }
    const lanes = store.lanesOf('q')
    expect(lanes.map(({ latest }) => latest)).toEqual([15, 15])
    expect(memory.usedBytes).toBeLessThan(7 * (2 + ENTRY_SIZE))
    const all = host.drain('q').map(Number)
    const odd = all.filter((number) => number % 2 === 1)
    const even = all.filter((number) => number % 2 === 0)
    expect([odd.length, even.length]).toEqual([15, 15])
    expect(odd).toEqual(odd.toSorted(byValue))
    expect(even).toEqual(even.toSorted(byValue))
    if (isStrict) expect(all).toEqual([...odd, ...even])
    expect(lanes.flatMap(({ ordinals }) => ordinals)).toEqual([])
    expect(memory.usedBytes).toBe(0)
  })
})

describe('what storage has lost', () => {
  test('is missing from the count once the rest has been read', () => {
    const { host, lane } = start()
    send(host, 10)
    for (const ordinal of [5, 9, 10]) lane().damaged.add(ordinal)
    expect(host.find('q').readyCount).toBe(10)
    expect(host.drain('q')).toEqual(numbers(0, 4).concat(numbers(5, 8)))
    expect(host.find('q').readyCount).toBe(0)
    expect(host.find('q').readyBytes).toBe(0)
  })

  test.each([[{}], [{ 'x-max-priority': 3 }]])('may be all that there was, with %o', (args) => {
    const { host, lane } = start(args)
    send(host, 10)
    for (let ordinal = 4; ordinal <= 10; ordinal++) lane().damaged.add(ordinal)
    for (let i = 0; i < 3; i++) host.take('q')
    expect(host.find('q').readyCount).toBe(0)
    expect(host.find('q').readyBytes).toBe(0)
    expect(host.find('q').get(true)).toBeNull()
    send(host, 1)
    expect(host.drain('q')).toEqual(['00'])
  })
})

test('a consumer gets a backlog in order, as it takes it', () => {
  const { host, lane } = start()
  send(host, 20)
  const consumer = host.consumer('q', { prefetch: 2 })
  host.settle()
  while (consumer.held.length > 0) {
    consumer.ack()
    host.settle()
  }
  expect(consumer.bodies).toEqual(numbers(0, 20))
  expect(lane().ordinals).toEqual([])
})

test('a queue that looks for duplicates keeps all in memory', () => {
  const { host, lane, memory } = start({ 'x-message-deduplication': true })
  send(host, 10)
  expect(memory.usedBytes).toBe(0) // it is not counted where it cannot be given back
  expect(host.drain('q')).toEqual(numbers(0, 10))
  expect(lane().readings).toEqual([])
})

test('a message whose number is before that of one enqueued earlier gets another one', () => {
  const { host, store, lane } = start()
  const queue = host.find('q')
  send(host, 3)
  const [late, early] = ['late', 'early'].map((body) => {
    const entry = { position: 0, ordinal: 0, message: messageOf(host, body) }
    entry.position = store.append(entry.message, [queue])
    entry.ordinal = lane().latest
    return entry
  })
  for (const { message, position, ordinal } of [early!, late!]) {
    queue.enqueue(message, position, ordinal)
  }
  expect(lane().ordinals).toEqual([1, 2, 3, 5, 6])
  send(host, 3, PERSISTENT, 3)
  expect(host.drain('q')).toEqual([...numbers(0, 3), 'early', 'late', ...numbers(3, 6)])
  expect(lane().ordinals).toEqual([])
})

/** A broker whose queues keep three messages in memory and read back very few at a time; with a durable queue `q`. */
function start(
  args: Readonly<Record<string, Plain>> = {},
  limits: ConstructorParameters<typeof ReadyMemory>[0] = {},
  store = new BacklogStore(),
  compat: '4.2' | '4.3' = '4.2',
) {
  const memory = new ReadyMemory({
    limitBytes: 0,
    minCount: 3,
    minBytes: 1000,
    readBytes: 3,
    ...limits,
  })
  const host = new CoreHost(compat, store, memory)
  host.queue('q', args)
  return { host, store, memory, lane: () => store.lanesOf('q')[0]! }
}

/** Messages of two bytes: their numbers. */
function send(host: CoreHost, count: number, wish: PublishWish = PERSISTENT, from = 0): void {
  host.send('q', numbers(from, from + count), wish)
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${from + i}`.padStart(2, '0'))
}

function messageOf(host: CoreHost, body: string) {
  host.queue('made', {}, { durable: false })
  host.publish('', 'made', body, PERSISTENT)
  return host.take('made').message
}

function byValue(a: number, b: number): number {
  return a - b
}
