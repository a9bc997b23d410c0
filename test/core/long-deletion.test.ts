import { describe, expect, test } from 'vitest'
import type { Vhost } from '../../src/core/vhost.ts'
import { Vhosts } from '../../src/core/vhosts.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { collectGarbage } from '../support/garbage-collector.ts'
import { shortTurns } from '../support/short-turns.ts'
import { TestVhost } from '../support/test-vhost.ts'
import { vhostHost } from '../support/vhost-host.ts'

const NAMES = Array.from({ length: 100 }, (_, i) => `q${i}`)

describe('the exclusive queues of a connection that ends', () => {
  test('go over turns, and a name that is asked for is free at once', () => {
    const test = ofOwner()
    test.vhost.deleteQueuesOf(OWNER)
    expect(test.vhost.queues.count).toBeGreaterThan(50)
    expect(test.vhost.queues.find('q99')).toBeUndefined()
    const other = test.queue('q98', { exclusive: true }, {})
    test.turn.finish()
    expect([...test.vhost.queues]).toEqual([other])
    expect(test.vhost.deleteQueue('q97', false, false, {})).toBe(0)
  })

  test('get nothing more, whether or not the way there was known', () => {
    const test = ofOwner()
    expect(test.route('', 'q99')).toEqual(['q99'])
    test.vhost.deleteQueuesOf(OWNER)
    expect(test.vhost.queues.count).toBeGreaterThan(50)
    expect([test.route('', 'q99'), test.route('', 'q98')]).toEqual([[], []])
  })

  test('take their bindings with them', () => {
    const test = ofOwner()
    test.exchange('x', 'fanout')
    for (const name of NAMES) {
      test.vhost.bind('x', { kind: 'queue', name }, '', new Map(), OWNER)
    }
    test.vhost.deleteQueuesOf(OWNER)
    test.turn.finish()
    expect(test.vhost.exchanges.get('x').bindings.size).toBe(0)
  })
})

describe('a policy for many queues', () => {
  test('reaches all of them, those declared meanwhile too, and none that is deleted', () => {
    const test = new TestVhost(new MemoryStore(), undefined, shortTurns())
    for (const name of NAMES) test.queue(name)
    const last = test.vhost.queues.get('q99', test.user)
    test.vhost.setPolicy(maxLength(10), false)
    expect(last.settings.maxLength).toBeNull()
    test.vhost.deleteQueue('q99', false, false, test.user)
    test.queue('new')
    test.vhost.setPolicy(maxLength(20), false)
    test.turn.finish()
    const found = [...test.vhost.queues].map(({ settings }) => settings.maxLength)
    expect(found).toEqual(Array(100).fill(20))
    expect(last.settings.maxLength).toBeNull()
  })
})

describe('a vhost with many queues', () => {
  test('is gone at once, and its queues go over turns', () => {
    const { host, vhosts } = twoVhosts()
    expect(vhosts.delete('many')).toBe(true)
    expect(vhosts.get('many')).toBeUndefined()
    expect(host.limits.queueCount).toBeGreaterThan(50)
    host.turn.finish()
    expect(host.limits.queueCount).toBe(0)
  })

  test('is forgotten with the last of them', async () => {
    const { host, vhosts } = twoVhosts()
    const deleted = deletedFrom(vhosts)
    await collectGarbage()
    expect(deleted.deref()).toBeDefined() // as there is something left to do
    host.turn.finish()
    await collectGarbage()
    expect(deleted.deref()).toBeUndefined()
  })

  test('leaves nothing to another one of its name', () => {
    const { host, vhosts } = twoVhosts()
    vhosts.delete('many')
    const again = vhosts.add('many')
    expect(host.limits.queueCount).toBe(0)
    for (const name of NAMES) again.declareQueue(durable(name), {})
    host.turn.finish()
    expect(again.queues.count).toBe(100)
  })
})

const OWNER = {}

function ofOwner(): TestVhost {
  const test = new TestVhost(new MemoryStore(), undefined, shortTurns())
  for (const name of NAMES) test.queue(name, { exclusive: true }, OWNER)
  return test
}

function twoVhosts() {
  const host = vhostHost({ turn: shortTurns() })
  const vhosts = new Vhosts(host)
  const vhost = vhosts.add('many')
  for (const name of NAMES) vhost.declareQueue(durable(name), {})
  return { host, vhosts }
}

function deletedFrom(vhosts: Vhosts): WeakRef<Vhost> {
  const vhost = vhosts.get('many')
  if (vhost === undefined) throw new Error('there is no such vhost')
  vhosts.delete('many')
  return new WeakRef(vhost)
}

function durable(name: string) {
  return {
    type: 'classic',
    vhost: 'many',
    name,
    durable: true,
    autoDelete: false,
    exclusiveOwner: null,
    arguments: new Map(),
  } as const
}

function maxLength(count: number) {
  const definition = new Map([['max-length', count]])
  return { name: 'p', pattern: '.*', applyTo: 'all', priority: 0, definition } as const
}
