import { describe, expect, test } from 'vitest'
import { TestSubscriber } from '../support/test-subscriber.ts'
import { TestVhost } from '../support/test-vhost.ts'

describe('an auto-delete exchange', () => {
  test('stays until it was bound once', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { autoDelete: true })
    host.queue('q')
    host.unbindQueue('x', 'q')
    host.deleteQueue('q')
    expect(host.hasExchange('x')).toBe(true)
  })

  test('goes with its last binding, not before', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { autoDelete: true })
    host.queue('q')
    host.bindQueue('x', 'q', 'a')
    host.bindQueue('x', 'q', 'b')
    host.unbindQueue('x', 'q', 'a')
    expect(host.hasExchange('x')).toBe(true)
    host.unbindQueue('x', 'q', 'b')
    expect(host.hasExchange('x')).toBe(false)
  })

  test('goes with the queue that its last binding led to', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { autoDelete: true })
    host.queue('q')
    host.bindQueue('x', 'q', 'a')
    host.bindQueue('x', 'q', 'b')
    host.deleteQueue('q')
    expect(host.hasExchange('x')).toBe(false)
  })

  test('goes with the exchange that its last binding led to', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { autoDelete: true })
    host.exchange('y', 'fanout')
    host.bindExchange('x', 'y')
    host.vhost.deleteExchange('y', false)
    expect(host.hasExchange('x')).toBe(false)
  })

  test('does not stay for bindings that lead to it, and takes them along', () => {
    const host = new TestVhost()
    host.exchange('source', 'fanout')
    host.exchange('x', 'fanout', { autoDelete: true })
    host.queue('q')
    host.bindExchange('source', 'x')
    host.bindQueue('x', 'q')
    host.unbindQueue('x', 'q')
    expect(host.hasExchange('x')).toBe(false)
    expect(host.vhost.exchanges.get('source').bindings.size).toBe(0)
  })

  test('declared anew under its name has none of the old bindings', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { autoDelete: true })
    host.queue('q')
    host.bindQueue('x', 'q')
    host.unbindQueue('x', 'q')
    host.exchange('x', 'fanout', { autoDelete: true })
    expect(host.route('x', '')).toEqual([])
    expect(host.vhost.queues.find('q')?.incoming.size).toBe(0)
  })

  test('bound to nothing but itself goes with that binding', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { autoDelete: true })
    host.bindExchange('x', 'x')
    host.unbindExchange('x', 'x')
    expect(host.hasExchange('x')).toBe(false)
  })
})

describe('a chain of 20,000 auto-delete exchanges', () => {
  const LENGTH = 20_000
  const names = Array.from({ length: LENGTH }, (_, i) => `x${i}`)

  test('goes with the queue at its end', () => {
    const host = chain()
    host.deleteQueue('q')
    expect(names.filter((name) => host.hasExchange(name))).toEqual([])
  })

  test('goes with the binding at its end', () => {
    const host = chain()
    host.unbindQueue(`x${LENGTH - 1}`, 'q')
    expect(names.filter((name) => host.hasExchange(name))).toEqual([])
  })

  test('leads a message to its end', () => {
    expect(chain().route('x0', '')).toEqual(['q'])
  })

  function chain(): TestVhost {
    const host = new TestVhost()
    for (const name of names) host.exchange(name, 'fanout', { autoDelete: true })
    for (let i = 1; i < LENGTH; i++) host.bindExchange(`x${i - 1}`, `x${i}`)
    host.queue('q')
    host.bindQueue(`x${LENGTH - 1}`, 'q')
    return host
  }
})

describe('an auto-delete queue', () => {
  test('stays until it had a consumer', () => {
    const host = new TestVhost()
    const queue = host.queue('q', { autoDelete: true })
    expect(queue.get(true)).toBeNull()
    expect(host.hasQueue('q')).toBe(true)
  })

  test('goes with its last consumer, and takes auto-delete exchanges along', () => {
    const host = new TestVhost()
    const queue = host.queue('q', { autoDelete: true })
    host.exchange('x', 'fanout', { autoDelete: true })
    host.bindQueue('x', 'q')
    const [one, two] = [new TestSubscriber(queue), new TestSubscriber(queue)]
    queue.subscribe(one)
    queue.subscribe(two)
    queue.unsubscribe(one)
    expect(host.hasQueue('q')).toBe(true)
    queue.unsubscribe(two)
    expect(host.hasQueue('q')).toBe(false)
    expect(host.hasExchange('x')).toBe(false)
  })
})

test('exclusive queues of a client are deleted together, those of others stay', () => {
  const host = new TestVhost()
  const [one, two] = [{}, {}]
  host.queue('a', { exclusive: true }, one)
  host.queue('b', { exclusive: true }, one)
  host.queue('c', { exclusive: true }, two)
  host.vhost.deleteQueuesOf(one)
  expect(['a', 'b', 'c'].filter((name) => host.hasQueue(name))).toEqual(['c'])
})
