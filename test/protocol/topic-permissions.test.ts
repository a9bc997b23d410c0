import { describe, expect, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { type Actor, logIn } from '../support/actor.ts'
import { tableOf } from '../support/tables.ts'
import { TestBroker } from '../support/test-broker.ts'

const ALL = { configure: '.*', write: '.*', read: '.*' }

/** A connection of the user `alice.b` in the vhost `v`, with a queue `q` and topic permissions for `events`. */
function alice(permissions: { write?: string; read?: string } = {}) {
  const broker = new TestBroker()
  const administration = new Administration(broker.services)
  administration.addVhost('v')
  administration.addUser('alice.b', 'alice.b')
  administration.setPermissions('alice.b', 'v', ALL)
  const actor = logIn(broker, { user: 'alice.b', vhost: 'v' }).actor.onChannel(1)
  for (const exchange of ['events', 'free']) actor.declareExchange(exchange, 'topic')
  actor.declareExchange('events.direct', 'direct')
  actor.declare('q')
  const { write = '.*', read = '.*' } = permissions
  administration.setTopicPermissions('alice.b', 'v', 'events', { write, read })
  return { broker, administration, actor }
}

function refusal(permission: 'write' | 'read', key: string, ids: string): string {
  return (
    `channel.close 403 ${ids} ACCESS_REFUSED - ${permission} access to topic '${key}' in exchange 'events' ` +
    "in vhost 'v' refused for user 'alice.b'"
  )
}

function publish(actor: Actor, key: string, exchange = 'events'): readonly string[] {
  return actor.publish(key, 'm', { exchange })
}

describe('publishing to a topic exchange', () => {
  test('needs write permission for the routing key', () => {
    const { actor } = alice({ write: '^mine\\.' })
    expect(publish(actor, 'mine.1')).toEqual([])
    expect(publish(actor, 'yours.1')).toEqual([refusal('write', 'yours.1', '(60,40)')])
  })

  test('needs it for every CC and BCC key', () => {
    for (const header of ['CC', 'BCC']) {
      const { actor } = alice({ write: '^mine' })
      const headers = tableOf({ [header]: ['mine.2', 'yours.2'] })
      expect(actor.publish('mine.1', 'm', { exchange: 'events', headers })).toEqual([
        refusal('write', 'yours.2', '(60,40)'),
      ])
    }
  })

  test('does not need read permission', () => {
    expect(publish(alice({ read: '' }).actor, 'any')).toEqual([])
  })

  test('is impossible with an empty pattern', () => {
    const { actor } = alice({ write: '' })
    expect(publish(actor, '')).toEqual([refusal('write', '', '(60,40)')])
  })

  test('to an exchange without topic permissions is free', () => {
    const { actor } = alice({ write: '' })
    expect(publish(actor, 'any', 'free')).toEqual([])
    expect(publish(actor, 'any', 'amq.topic')).toEqual([])
  })

  test('is refused though it was permitted for the same key a moment ago', () => {
    const { actor, administration } = alice()
    publish(actor, 'key')
    administration.setTopicPermissions('alice.b', 'v', 'events', { write: '^other$', read: '.*' })
    expect(publish(actor, 'key')).toEqual([refusal('write', 'key', '(60,40)')])
  })

  test('is free again when the topic permissions are cleared', () => {
    const { actor, administration } = alice({ write: '' })
    administration.clearTopicPermissions('alice.b', 'v', 'events')
    expect(publish(actor, 'key')).toEqual([])
  })
})

test('topic permissions of an exchange of another type have no say', () => {
  const { actor, administration } = alice()
  administration.setTopicPermissions('alice.b', 'v', 'events.direct', { write: '', read: '' })
  expect(publish(actor, 'key', 'events.direct')).toEqual([])
  expect(actor.bind('events.direct', 'q', 'key')).toEqual(['queue.bind-ok'])
})

describe('binding to a topic exchange', () => {
  test.each<[string, (actor: Actor, key: string) => readonly string[], string]>([
    ['binding a queue', (actor, key) => actor.bind('events', 'q', key), '(50,20)'],
    ['unbinding a queue', (actor, key) => actor.unbind('events', 'q', key), '(50,50)'],
    ['binding an exchange', (actor, key) => actor.bindExchange('events', 'free', key), '(40,30)'],
  ])('%s needs read permission for the key', (_what, act, ids) => {
    const { actor } = alice({ read: '^mine\\.', write: '' })
    expect(act(actor, 'mine.1')[0]).toMatch(/-ok$/)
    expect(act(actor, 'yours.1')).toEqual([refusal('read', 'yours.1', ids)])
  })
})

describe('the variables of a pattern', () => {
  test.each<[string, string, boolean]>([
    ['^{username}\\.', 'alice.b.x', true],
    ['^{username}\\.', 'aliceXb.x', false],
    ['^{vhost}\\.{username}$', 'v.alice.b', true],
    ['^{vhost}\\.{username}$', 'w.alice.b', false],
    ['{username}|{vhost}', 'in v', true],
    ['^[a-z]{2}$', 'ab', true],
    ['^[a-z]{2}$', 'abc', false],
    ['^{client_id}$', 'anyone', false],
    ['^{client_id}$', '{client_id}', true],
  ])('%s matches %s: %s', (pattern, key, isPermitted) => {
    const { actor } = alice({ write: pattern })
    expect(publish(actor, key)).toEqual(isPermitted ? [] : [refusal('write', key, '(60,40)')])
  })
})
