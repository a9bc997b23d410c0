import { describe, expect, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { hashPassword } from '../../src/auth/password.ts'
import { Users } from '../../src/auth/users.ts'
import { EMPTY_TABLE } from '../../src/common/table.ts'
import { NO_LIMITS, NodeLimits } from '../../src/core/node-limits.ts'
import type { DefinitionChange } from '../../src/core/ports.ts'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import { Vhosts } from '../../src/core/vhosts.ts'
import type { Services } from '../../src/protocol/services.ts'
import { restore } from '../../src/restoring.ts'
import { seed, seedsOf } from '../../src/seeding.ts'
import { Catalog } from '../../src/store/definitions/catalog.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { TestBroker } from '../support/test-broker.ts'
import { LogLines } from './log-lines.ts'

const ALL = { configure: '.*', write: '.*', read: '.*' }

function administered() {
  const store = new DelayedStore()
  const { services } = new TestBroker({}, store)
  return { store, services, administration: new Administration(services) }
}

describe('an operator who changes something', () => {
  test('has it recorded, each thing once', () => {
    const { store, administration } = administered()
    administration.addVhost('v')
    administration.addVhost('v')
    administration.setVhostLimits('v', { maxQueues: 5 })
    administration.setVhostLimits('v', { maxConnections: 6 })
    administration.addUser('u', 'secret', ['monitoring'])
    administration.setUserLimits('u', { maxChannels: 7 })
    administration.setPermissions('u', 'v', { ...ALL, read: 'r' })
    administration.clearPermissions('u', 'v')
    administration.setTopicPermissions('u', 'v', 'x', { write: 'w', read: 'r' })
    administration.clearTopicPermissions('u', 'v', 'x')
    administration.deleteUser('u')
    administration.deleteVhost('v')
    const user = { name: 'u', passwordHash: expect.any(String), tags: ['monitoring'] }
    const own = store.changes.filter(({ kind }) => kind !== 'exchange-deleted') // of the vhost
    expect(own).toEqual([
      { kind: 'vhost-added', vhost: 'v' },
      { kind: 'vhost-limited', limits: { vhost: 'v', maxQueues: 5, maxConnections: null } },
      { kind: 'vhost-limited', limits: { vhost: 'v', maxQueues: 5, maxConnections: 6 } },
      { kind: 'user-set', user: { ...user, maxConnections: null, maxChannels: null } },
      { kind: 'user-set', user: { ...user, maxConnections: null, maxChannels: 7 } },
      { kind: 'permissions-set', permissions: { user: 'u', vhost: 'v', ...ALL, read: 'r' } },
      { kind: 'permissions-cleared', user: 'u', vhost: 'v' },
      {
        kind: 'topic-permissions-set',
        permissions: { user: 'u', vhost: 'v', exchange: 'x', write: 'w', read: 'r' },
      },
      { kind: 'topic-permissions-cleared', user: 'u', vhost: 'v', exchange: 'x' },
      { kind: 'user-deleted', user: 'u' },
      { kind: 'vhost-deleted', vhost: 'v' },
    ])
  })

  test('has nothing recorded that cannot be', () => {
    const { store, administration } = administered()
    const wrong = { configure: '(', write: '.*', read: '.*' }
    expect(() => administration.setPermissions('guest', '/', wrong)).toThrow(SyntaxError)
    const topics = { write: '(', read: '' }
    expect(() => administration.setTopicPermissions('guest', '/', 'x', topics)).toThrow(SyntaxError)
    for (const fail of [
      () => administration.deleteVhost('v'),
      () => administration.setVhostLimits('v', { maxQueues: 1 }),
      () => administration.setPermissions('guest', 'v', ALL),
      () => administration.setPolicy('v', { name: 'p', pattern: '', definition: {} }),
    ]) {
      expect(fail).toThrow("no vhost 'v'")
    }
    for (const fail of [
      () => administration.deleteUser('u'),
      () => administration.setUserLimits('u', { maxChannels: 1 }),
      () => administration.setPermissions('u', '/', ALL),
      () => administration.clearPermissions('u', '/'),
      () => administration.clearTopicPermissions('u', '/', 'x'),
    ]) {
      expect(fail).toThrow("no user 'u'")
    }
    expect(() =>
      administration.setPolicy('/', { name: 'p', pattern: '(', definition: { expires: 1 } }),
    ).toThrow('invalid')
    expect(store.changes).toEqual([])
  })

  test('can wait until it is durable', async () => {
    const { store, administration } = administered()
    administration.addVhost('v')
    let isDurable = false
    const waited = administration.whenDurable().then(() => {
      isDurable = true
    })
    store.sync(store.recorded - 1)
    administration.addVhost('w')
    await Promise.resolve()
    expect(isDurable).toBe(false)
    store.sync(store.recorded - 1)
    await waited
    expect(store.durable).toBe(store.recorded - 1)
  })
})

describe('a broker that is restored', () => {
  test('has what was recorded of another one, and records none of it again', () => {
    const { store, services, administration } = administered()
    for (const change of NEW_BROKER) store.changes.push(change)
    administration.addVhost('v')
    administration.addUser('u', 'secret', ['monitoring'])
    administration.setUserLimits('u', { maxConnections: 3 })
    administration.setVhostLimits('v', { maxQueues: 9 })
    administration.setPermissions('u', 'v', { ...ALL, write: '^a' })
    administration.setTopicPermissions('u', 'v', 'x', { write: '^b', read: '' })
    administration.setPolicy('v', { name: 'p', pattern: '^q', definition: { 'max-length': 4 } })
    services.vhosts.get('v')?.declareQueue(QUEUE, {})
    const restarted = restoredFrom(store.changes)
    expect(restarted.store.changes).toEqual([])
    expect(restarted.store.droppedUnclaimed).toBe(1)
    const { users, vhosts } = restarted.services
    const user = users.authenticate('u', 'secret')
    expect(user).toMatchObject({ maxConnections: 3, maxChannels: null })
    expect([...(user?.tags ?? [])]).toEqual(['monitoring'])
    expect(user?.permissions.get('v')).toMatchObject({ ...ALL, write: '^a' })
    expect(user?.topicPermissionsOf('v', 'x')).toMatchObject({ write: '^b', read: '' })
    expect(vhosts.get('v')).toMatchObject({ maxQueues: 9, maxConnections: null })
    expect(vhosts.get('v')?.queues.find('q')?.settings.maxLength).toBe(4)
    expect(users.authenticate('guest', 'guest')).not.toBeNull()
  })

  test('from nothing is new: it records what every broker begins with', async () => {
    const { store, services, log, isNew } = restoredFrom([])
    expect(isNew).toBe(true)
    await seed(services, new Administration(services), isNew, seedsOf({}))
    const guest = { user: { passwordHash: expect.any(String) } }
    const description = { vhost: '/', text: 'Default virtual host' }
    expect(store.changes).toMatchObject([NEW_BROKER[0], { description }, guest, NEW_BROKER[2]])
    expect(services.users.authenticate('guest', 'guest')?.tags).toEqual(new Set(['administrator']))
    expect(log.lines).toEqual([])
  })

  test('leaves out what cannot be, says so, and has the store keep the messages', () => {
    const { services, store, log } = restoredFrom([
      ...NEW_BROKER,
      { kind: 'permissions-set', permissions: { user: 'nobody', vhost: '/', ...ALL } },
      {
        kind: 'permissions-set',
        permissions: { user: 'guest', vhost: '/', ...ALL, read: '(' },
      },
      { kind: 'queue-declared', queue: { ...QUEUE, vhost: 'lost' } },
      { kind: 'queue-declared', queue: { ...QUEUE, vhost: '/' } },
    ])
    expect(services.vhosts.get('/')?.queues.find('q')).toBeDefined()
    expect(log.lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^error cannot restore what was permissions-set: Invalid regular/),
      "error cannot restore what was permissions-set: no user 'nobody'",
      "error cannot restore what was queue-declared: no vhost 'lost'",
    ])
    expect(log.lines.at(-1)).toBe(
      'error 1 queue or exchange could not be restored; what belongs to them stays in the store',
    )
    expect(store.droppedUnclaimed).toBe(0)
  })
})

/** What a broker begins with. */
const NEW_BROKER: readonly DefinitionChange[] = [
  { kind: 'vhost-added', vhost: '/' },
  {
    kind: 'user-set',
    user: {
      name: 'guest',
      passwordHash: hashPassword('guest'),
      tags: ['administrator'],
      maxConnections: null,
      maxChannels: null,
    },
  },
  { kind: 'permissions-set', permissions: { user: 'guest', vhost: '/', ...ALL } },
]

const QUEUE = {
  type: 'classic' as const,
  vhost: 'v',
  name: 'q',
  durable: true,
  autoDelete: false,
  exclusiveOwner: null,
  arguments: EMPTY_TABLE,
}

/** A store that has kept changes from before. */
class KeepingStore extends DelayedStore {
  droppedUnclaimed = 0
  private readonly kept: readonly DefinitionChange[]

  constructor(kept: readonly DefinitionChange[]) {
    super()
    this.kept = kept
  }

  override restored(): Iterable<DefinitionChange> {
    return this.kept
  }

  override dropUnclaimed(): void {
    this.droppedUnclaimed++
  }
}

/** A broker with nothing in it, after `restore`. */
function restoredFrom(changes: readonly DefinitionChange[]) {
  const catalog = new Catalog()
  for (const change of changes) catalog.apply(change)
  const store = new KeepingStore(catalog.changes())
  const log = new LogLines()
  const broker = new TestBroker({}, store).services
  const { compat } = broker.settings
  const shared = {
    ...broker,
    compat,
    limits: new NodeLimits(NO_LIMITS),
    readyMemory: new ReadyMemory(),
  }
  const services: Services = { ...broker, users: new Users(), vhosts: new Vhosts(shared), log }
  const isNew = restore(services)
  return { services, store, log, isNew }
}
