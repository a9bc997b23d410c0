import { describe, expect, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import { logIn, told } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'
import { closeOk, openVhost, startOk, tuneOk } from '../support/test-client.ts'

const ALL = { configure: '.*', write: '.*', read: '.*' }

/** A broker with the vhost `v` and the user `u`, and a connection of hers there that consumes from `q`. */
function inUse() {
  const broker = new TestBroker()
  const administration = new Administration(broker.services)
  administration.addVhost('v')
  administration.addUser('u', 'u')
  for (const vhost of ['/', 'v']) administration.setPermissions('u', vhost, ALL)
  const login = { user: 'u', vhost: 'v', capabilities: ['consumer_cancel_notify'] }
  const actor = logIn(broker, login).actor.onChannel(1)
  actor.declare('q')
  actor.declare('mine', {}, { exclusive: true })
  actor.consume('q', 'c')
  actor.publishAll('q', ['1', '2'])
  actor.hear()
  return { broker, administration, actor }
}

describe('a vhost that is deleted', () => {
  test('closes its connections, and no others', () => {
    const { broker, administration, actor } = inUse()
    const other = logIn(broker).actor.onChannel(1)
    administration.deleteVhost('v')
    broker.settle()
    expect(actor.hear()).toEqual([
      "connection.close 320 (0,0) CONNECTION_FORCED - vhost 'v' is deleted",
    ])
    expect(other.declare('x')).toEqual(['queue.declare-ok x 0 0'])
    actor.client.send(closeOk(0))
    expect(broker.services.connections.size).toBe(1)
  })

  test('is not found any more', () => {
    const { broker, administration } = inUse()
    administration.deleteVhost('v')
    expect(logIn(broker, { user: 'u', vhost: 'v' }).end).toBe(
      'connection.close 530 (10,40) NOT_ALLOWED - vhost v not found',
    )
  })

  test('takes queues, exchanges and permissions along: a new one of its name is empty', () => {
    const { broker, administration } = inUse()
    administration.deleteVhost('v')
    administration.addVhost('v')
    expect(logIn(broker, { user: 'u', vhost: 'v' }).end).toBe(
      "connection.close 530 (10,40) NOT_ALLOWED - access to vhost 'v' refused for user 'u'",
    )
    administration.setPermissions('u', 'v', ALL)
    const { actor } = logIn(broker, { user: 'u', vhost: 'v' })
    expect(actor.onChannel(1).declare('q', {}, { passive: true })).toEqual([
      "channel.close 404 (50,10) NOT_FOUND - no queue 'q' in vhost 'v'",
    ])
  })

  test('gives room for queues and exchanges back to the node', () => {
    const { broker, administration } = inUse()
    const { limits } = broker.services
    administration.deleteVhost('v')
    expect(limits.queueCount).toBe(0)
    const exchangesOfOne = limits.exchangeCount
    administration.addVhost('w')
    expect(limits.exchangeCount).toBe(2 * exchangesOfOne)
    administration.deleteVhost('w')
    expect(limits.exchangeCount).toBe(exchangesOfOne)
  })

  test('leaves no timer of its own', () => {
    const { broker, administration, actor } = inUse()
    actor.declare('timed', { 'x-expires': 1000, 'x-message-ttl': 500 })
    actor.publish('timed', 'm')
    administration.deleteVhost('v')
    actor.client.drop()
    broker.advance(100_000)
    expect(broker.clock.timerCount).toBe(0)
  })

  test('that does not exist is an error', () => {
    expect(() => inUse().administration.deleteVhost('nowhere')).toThrow("no vhost 'nowhere'")
  })
})

describe('a user who is deleted', () => {
  test('loses the connections, which give back what they held', () => {
    const { broker, administration, actor } = inUse()
    const queue = broker.services.vhosts.get('v')?.queues.find('q')
    administration.deleteUser('u')
    broker.settle()
    expect(actor.hear()).toEqual([
      "connection.close 320 (0,0) CONNECTION_FORCED - user 'u' is deleted",
    ])
    expect(queue?.readyCount).toBe(2)
    expect(broker.services.vhosts.get('v')?.queues.find('mine')).toBeUndefined()
  })

  test('cannot log in any more', () => {
    const { broker, administration } = inUse()
    administration.deleteUser('u')
    const client = broker.accept()
    client.send(PROTOCOL_HEADER)
    client.receive()
    const capabilities = ['authentication_failure_close']
    expect(told(client.call(startOk({ capabilities, response: '\0u\0u' })))).toEqual([
      'connection.close 403 (0,0) ACCESS_REFUSED - Login was refused using authentication mechanism ' +
        'PLAIN. For details see the broker logfile.',
    ])
  })

  test('in the middle of the handshake gets no further', () => {
    const { broker, administration } = inUse()
    const client = broker.accept()
    client.send(PROTOCOL_HEADER)
    client.send(startOk({ response: '\0u\0u' }))
    client.send(tuneOk())
    administration.deleteUser('u')
    expect(told(client.call(openVhost('/'))).at(-1)).toBe(
      "connection.close 530 (10,40) NOT_ALLOWED - access to vhost '/' refused for user 'u'",
    )
  })
})

describe('permissions that change', () => {
  test('hold at once for connections that are open', () => {
    const { administration, actor } = inUse()
    administration.setPermissions('u', 'v', { configure: '.*', write: '^$', read: '.*' })
    expect(actor.publish('q', 'm')).toEqual([
      "channel.close 403 (60,40) ACCESS_REFUSED - write access to exchange 'amq.default' in vhost 'v' " +
        "refused for user 'u'",
    ])
  })

  test('that are cleared leave open connections open, and keep new ones out', () => {
    const { broker, administration, actor } = inUse()
    administration.clearPermissions('u', 'v')
    expect(
      actor.say({ id: wire.BASIC_QOS, prefetchSize: 0, prefetchCount: 1, global: false }),
    ).toEqual(['basic.qos-ok'])
    expect(logIn(broker, { user: 'u', vhost: 'v' }).end).toBe(
      "connection.close 530 (10,40) NOT_ALLOWED - access to vhost 'v' refused for user 'u'",
    )
  })

  test('with a pattern that is none change nothing', () => {
    const { administration, actor } = inUse()
    const wrong = { configure: '(', write: '.*', read: '.*' }
    expect(() => administration.setPermissions('u', 'v', wrong)).toThrow(SyntaxError)
    expect(actor.declare('another')).toEqual(['queue.declare-ok another 0 0'])
  })
})

describe('a policy set by an operator', () => {
  test('changes queues in use', () => {
    const { broker, administration, actor } = inUse()
    actor.declare('trimmed')
    actor.publishAll('trimmed', ['1', '2', '3'])
    administration.setPolicy('v', {
      name: 'p',
      pattern: '^trimmed$',
      definition: { 'max-length': 1 },
    })
    broker.settle()
    expect(actor.get('trimmed', true)).toEqual(['basic.get-ok 3 3'])
    administration.deletePolicy('v', 'p')
    actor.publishAll('trimmed', ['4', '5'])
    expect(actor.declare('trimmed', {}, { passive: true })).toEqual([
      'queue.declare-ok trimmed 2 0',
    ])
  })
})

describe('a queue that has gone unused for x-expires', () => {
  test.each([true, false])('stays when it is declared, passive %s', (passive) => {
    const { broker, actor } = inUse()
    actor.declare('leased', { 'x-expires': 100 })
    broker.advance(60)
    actor.declare('leased', { 'x-expires': 100 }, { passive })
    broker.advance(60)
    expect(actor.declare('leased', {}, { passive: true })).toEqual(['queue.declare-ok leased 0 0'])
    broker.advance(100)
    expect(actor.declare('leased', {}, { passive: true })).toEqual([
      "channel.close 404 (50,10) NOT_FOUND - no queue 'leased' in vhost 'v'",
    ])
  })

  test('is a quorum queue that is declared passively: it goes all the same', () => {
    const { broker, actor } = inUse()
    actor.declare('leased', { 'x-expires': 100, 'x-queue-type': 'quorum' })
    broker.advance(60)
    actor.declare('leased', {}, { passive: true })
    broker.advance(40)
    expect(actor.declare('leased', {}, { passive: true })).toEqual([
      "channel.close 404 (50,10) NOT_FOUND - no queue 'leased' in vhost 'v'",
    ])
  })
})

test('an alarm that an operator clears stays while the broker itself is short', () => {
  const { broker, administration } = inUse()
  const { alarms } = broker.services
  alarms.raise('memory', 'limit')
  administration.setAlarm('memory', true)
  administration.setAlarm('memory', false)
  expect([...alarms.raised]).toEqual(['memory'])
  administration.setAlarm('memory', true)
  alarms.clear('memory', 'limit')
  expect([...alarms.raised]).toEqual(['memory'])
  administration.setAlarm('memory', false)
  expect(alarms.isRaised).toBe(false)
})
