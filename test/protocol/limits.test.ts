import { describe, expect, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { NO_LIMITS, type NodeMaxima } from '../../src/core/node-limits.ts'
import { Actor, logIn, told } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'
import { openChannel } from '../support/test-client.ts'

const ALL = { configure: '.*', write: '.*', read: '.*' }

/** A broker with the vhost `v` and the users `guest` and `u`, who may do everything everywhere. */
function administered(maxima: Partial<NodeMaxima> = {}) {
  const broker = new TestBroker()
  broker.services.limits.maxima = { ...NO_LIMITS, ...maxima }
  const administration = new Administration(broker.services)
  administration.addVhost('v')
  administration.addUser('u', 'u')
  for (const user of ['guest', 'u']) {
    for (const vhost of ['/', 'v']) administration.setPermissions(user, vhost, ALL)
  }
  return { broker, administration }
}

describe('one connection too many', () => {
  test('for a vhost is refused, for another vhost it is not', () => {
    const { broker, administration } = administered()
    administration.setVhostLimits('v', { maxConnections: 1 })
    expect(logIn(broker, { vhost: 'v' }).end).toBe('connection.open-ok')
    expect(logIn(broker, { vhost: 'v', user: 'u' }).end).toBe(
      "connection.close 530 (10,40) NOT_ALLOWED - access to vhost 'v' refused for user 'u': " +
        'connection limit (1) is reached',
    )
    expect(logIn(broker, { vhost: '/' }).end).toBe('connection.open-ok')
  })

  test('for a user is refused, for another user it is not', () => {
    const { broker, administration } = administered()
    administration.setUserLimits('u', { maxConnections: 2 })
    for (const vhost of ['/', 'v']) {
      expect(logIn(broker, { vhost, user: 'u' }).end).toBe('connection.open-ok')
    }
    expect(logIn(broker, { user: 'u' }).end).toBe(
      "connection.close 530 (10,40) NOT_ALLOWED - connection refused for user 'u': " +
        'user connection limit (2) is reached',
    )
    expect(logIn(broker).end).toBe('connection.open-ok')
  })

  test('for the node is refused', () => {
    const { broker } = administered({ maxConnections: 1 })
    logIn(broker)
    expect(logIn(broker, { user: 'u', vhost: 'v' }).end).toBe(
      'connection.close 530 (10,40) NOT_ALLOWED - connection refused: node connection limit (1) is reached',
    )
  })

  test('is not one too many when another one has gone', () => {
    const { broker, administration } = administered()
    administration.setUserLimits('u', { maxConnections: 1 })
    const first = logIn(broker, { user: 'u' })
    first.actor.client.drop()
    expect(logIn(broker, { user: 'u' }).end).toBe('connection.open-ok')
  })

  test.each(['user', 'vhost'])('is any where the limit of the %s is 0', (of) => {
    const { broker, administration } = administered()
    if (of === 'user') administration.setUserLimits('u', { maxConnections: 0 })
    else administration.setVhostLimits('v', { maxConnections: 0 })
    expect(logIn(broker, { user: 'u', vhost: 'v' }).end).toMatch(/limit \(0\) is reached$/)
  })

  test('is none when the limit has been lifted, and those that are open stay when it is set', () => {
    const { broker, administration } = administered()
    const open = logIn(broker, { user: 'u' }).actor.onChannel(1)
    administration.setUserLimits('u', { maxConnections: 0 })
    expect(open.declare('q')).toEqual(['queue.declare-ok q 0 0'])
    administration.setUserLimits('u', { maxConnections: null })
    expect(logIn(broker, { user: 'u' }).end).toBe('connection.open-ok')
  })
})

describe('one channel too many', () => {
  test('for what was negotiated closes the connection', () => {
    const { broker } = administered()
    const client = broker.connect({ channelMax: 2, channels: [1, 2] })
    expect(told(client.call(openChannel(3)))).toEqual([
      'connection.close 530 (0,0) NOT_ALLOWED - number of channels opened (2) has reached the ' +
        'negotiated channel_max (2)',
    ])
  })

  test('for a user is counted over all connections', () => {
    const { broker, administration } = administered()
    administration.setUserLimits('u', { maxChannels: 2 })
    const [first, second] = [logIn(broker, { user: 'u' }), logIn(broker, { user: 'u' })]
    first.actor.onChannel(1)
    second.actor.onChannel(1)
    expect(told(second.actor.client.call(openChannel(2)))).toEqual([
      "connection.close 530 (0,0) NOT_ALLOWED - number of channels opened for user 'u' has reached the " +
        'maximum allowed user limit of 2',
    ])
    expect(told(logIn(broker).actor.client.call(openChannel(1)))).toEqual(['channel.open-ok'])
  })

  test('for the node is counted over all users', () => {
    const { broker } = administered({ maxChannels: 1 })
    logIn(broker).actor.onChannel(1)
    const { actor } = logIn(broker, { user: 'u' })
    expect(told(actor.client.call(openChannel(1)))).toEqual([
      "connection.close 530 (0,0) NOT_ALLOWED - number of channels opened on node 'rabbit@test' has " +
        'reached the maximum allowed limit of 1',
    ])
  })
})

describe('one consumer too many on a channel', () => {
  test('closes the connection', () => {
    const { broker } = administered({ maxConsumersPerChannel: 1 })
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.consume('q', 'first')
    actor.onChannel(2).consume('q', 'elsewhere')
    expect(actor.consume('q', 'second')).toEqual([
      'connection.close 530 (60,20) NOT_ALLOWED - reached maximum (1) of consumers per channel',
    ])
  })
})

describe('one queue too many', () => {
  test('for a vhost closes the channel; an old one may be declared again', () => {
    const { broker, administration } = administered()
    administration.setVhostLimits('v', { maxQueues: 1 })
    const actor = logIn(broker, { vhost: 'v' }).actor.onChannel(1)
    expect(actor.declare('old')).toEqual(['queue.declare-ok old 0 0'])
    expect(actor.declare('old')).toEqual(['queue.declare-ok old 0 0'])
    expect(actor.declare('new')).toEqual([
      "channel.close 406 (50,10) PRECONDITION_FAILED - cannot declare queue 'new': " +
        "queue limit in vhost 'v' (1) is reached",
    ])
    expect(logIn(broker).actor.onChannel(1).declare('new')).toEqual(['queue.declare-ok new 0 0'])
  })

  test('for the node closes the channel', () => {
    const { broker } = administered({ maxQueues: 1 })
    logIn(broker, { vhost: 'v' }).actor.onChannel(1).declare('old')
    const actor = logIn(broker).actor.onChannel(1)
    expect(actor.declare('new')).toEqual([
      "channel.close 406 (50,10) PRECONDITION_FAILED - cannot declare queue 'new': " +
        'queue limit in cluster (1) is reached',
    ])
  })

  test('is none when another one has been deleted', () => {
    const { broker } = administered({ maxQueues: 1 })
    const actor = Actor.connect(broker)
    actor.declare('old', {}, { exclusive: true })
    actor.client.drop()
    expect(Actor.connect(broker).declare('new')).toEqual(['queue.declare-ok new 0 0'])
  })
})

describe('one exchange too many', () => {
  test('for the node closes the channel; those that every vhost has count', () => {
    const { broker } = administered()
    const { limits } = broker.services
    limits.maxima = { ...NO_LIMITS, maxExchanges: limits.exchangeCount + 1 }
    const actor = Actor.connect(broker)
    expect(actor.declareExchange('old', 'fanout')).toEqual(['exchange.declare-ok'])
    expect(actor.declareExchange('old', 'fanout')).toEqual(['exchange.declare-ok'])
    expect(actor.declareExchange('new', 'fanout')).toEqual([
      "channel.close 406 (40,10) PRECONDITION_FAILED - cannot declare exchange 'new' in vhost '/': " +
        `exchange limit of ${limits.exchangeCount} is reached`,
    ])
  })
})
