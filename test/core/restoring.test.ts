import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE } from '../../src/common/table.ts'
import type { DefinitionChange } from '../../src/core/ports.ts'
import { BacklogStore } from '../support/backlog-store.ts'
import { CoreHost } from '../support/core-host.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { restarted } from '../support/restarted-host.ts'
import { tableOf } from '../support/tables.ts'

const OWNED = { vhost: '/', durable: true, autoDelete: false, arguments: EMPTY_TABLE }

describe('restored definitions', () => {
  test('are there as they were declared', () => {
    const host = new CoreHost('4.2', new BacklogStore())
    const alternate = { 'alternate-exchange': 'other' }
    const x = host.exchange('x', 'topic', alternate, true)
    const q = host.quorum('q', { 'x-max-length': 7 })
    host.bind('x', 'q', 'a.#', { n: 1 })
    const { host: again, store } = restarted(host)
    const found = again.vhost.exchanges.get('x')
    expect(found).toMatchObject({ type: 'topic', durable: true, arguments: x.arguments })
    expect(found.alternate).toBe('other')
    expect(again.find('q')).toMatchObject({ type: 'quorum', durable: true, arguments: q.arguments })
    expect(again.find('q').settings.maxLength).toBe(7)
    again.publish('x', 'a.b', 'm')
    expect(again.drain('q')).toEqual(['m'])
    expect(store.changes).toEqual([])
  })

  test('may be declared again by clients, which changes nothing', () => {
    const host = new CoreHost('4.2', new BacklogStore())
    const declareAll = (on: CoreHost) => {
      on.exchange('x', 'topic', {}, true)
      on.queue('q', { 'x-message-ttl': 5 })
      on.bind('x', 'q', 'k')
    }
    declareAll(host)
    const { host: again, store } = restarted(host)
    declareAll(again)
    expect(store.changes).toEqual([])
    expect(() => again.queue('q')).toThrow('inequivalent arg')
  })

  test('of policies apply to what comes before and after them', () => {
    const host = new CoreHost('4.2', new BacklogStore())
    host.queue('before')
    host.policy('user', { 'max-length': 3 })
    host.policy('operator', { 'max-length': 2 }, { isOperator: true, pattern: 'after' })
    host.queue('after')
    const { host: again } = restarted(host)
    expect(again.find('before').settings.maxLength).toBe(3)
    expect(again.find('after').settings.maxLength).toBe(2)
    expect(again.vhost.deletePolicy('user', false)).toBe(true)
    expect(again.find('before').settings.maxLength).toBe(null)
  })

  test('take no notice of limits that were set later', () => {
    const { vhost } = new CoreHost()
    vhost.maxQueues = 0
    vhost.restoreDefinition({ kind: 'queue-declared', queue: { ...OWNED, name: 'q' } })
    expect(vhost.queues.count).toBe(1)
  })

  test('that cannot be any more are logged, and the rest is there', () => {
    const host = new CoreHost()
    const unknown = { ...OWNED, name: 'x', type: 'x-of-tomorrow', internal: false }
    const binding = { vhost: '/', source: 'x', destination: 'q', routingKey: '' }
    const changes: readonly DefinitionChange[] = [
      { kind: 'exchange-declared', exchange: unknown },
      { kind: 'queue-declared', queue: { ...OWNED, name: 'q' } },
      { kind: 'bound', binding: { ...binding, destinationKind: 'queue', arguments: tableOf({}) } },
    ]
    for (const change of changes) host.vhost.restoreDefinition(change)
    expect(host.has('q')).toBe(true)
    expect(host.warnings).toEqual([
      "cannot restore what was exchange-declared in '/': unknown exchange type 'x-of-tomorrow'",
    ])
  })
})

describe('a policy is recorded', () => {
  test('when it is set and when it is deleted', () => {
    const { host, store } = recorded()
    host.policy('p', { 'max-length': 3 }, { pattern: '^q', priority: 2 })
    host.policy('p', { 'max-length': 2 }, { isOperator: true })
    host.vhost.deletePolicy('p', true)
    expect(store.changes).toEqual([
      {
        kind: 'policy-set',
        policy: {
          vhost: '/',
          isOperator: false,
          name: 'p',
          pattern: '^q',
          applyTo: 'all',
          priority: 2,
          definition: new Map([['max-length', 3]]),
        },
      },
      expect.objectContaining({ kind: 'policy-set' }),
      { kind: 'policy-deleted', vhost: '/', isOperator: true, name: 'p' },
    ])
  })

  test('not when it cannot be, or is not there', () => {
    const { host, store } = recorded()
    expect(() => host.policy('p', { 'max-length': -1 })).toThrow('-1')
    expect(host.vhost.deletePolicy('p', false)).toBe(false)
    expect(store.changes).toEqual([])
  })

  function recorded() {
    const store = new DelayedStore()
    return { host: new CoreHost('4.2', store), store }
  }
})
