import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { decodeProperties } from '../../src/wire/properties.ts'
import { Actor } from '../support/actor.ts'
import { tableOf } from '../support/tables.ts'
import { TestBroker } from '../support/test-broker.ts'
import { close } from '../support/test-client.ts'

const REPLY_TO = 'amq.rabbitmq.reply-to'
const NO_ACK = { noAck: true }

/** A client that waits for replies, one that answers, and the token that the first gave to its request. */
function conversation() {
  const broker = new TestBroker()
  const asker = Actor.connect(broker)
  const answerer = Actor.connect(broker)
  answerer.declare('requests')
  answerer.consume('requests', 'worker', NO_ACK)
  asker.consume(REPLY_TO, 'replies', NO_ACK)
  const token = ask(asker, answerer)
  return { broker, asker, answerer, token }
}

/** Sends a request; returns the reply-to with which it arrives. */
function ask(asker: Actor, answerer: Actor): string {
  asker.publish('requests', 'question', { replyTo: REPLY_TO, correlationId: '7' })
  const [request] = answerer.client.receive()
  const { replyTo = '', correlationId } = decodeProperties(request?.properties ?? Buffer.alloc(2))
  expect(correlationId).toBe('7')
  return replyTo
}

describe('a request', () => {
  test('arrives with a token in place of the pseudo-queue', () => {
    const { token } = conversation()
    expect(token).toMatch(/^amq\.rabbitmq\.reply-to\.[\w+/=-]+\.[\w+/=-]+$/)
    expect(token.length).toBeGreaterThan(60)
    expect(Buffer.byteLength(token)).toBeLessThanOrEqual(255)
  })

  test('has the same token as long as the consumer stays, another one for another', () => {
    const { broker, asker, answerer, token } = conversation()
    expect(ask(asker, answerer)).toBe(token)
    const other = Actor.connect(broker)
    other.consume(REPLY_TO, 'replies', NO_ACK)
    expect(ask(other, answerer)).not.toBe(token)
  })

  test('without such a consumer on its channel closes the channel', () => {
    const { asker } = conversation()
    const second = asker.onChannel(2)
    expect(second.publish('requests', 'question', { replyTo: REPLY_TO })).toEqual([
      '[2] channel.close 406 (60,40) PRECONDITION_FAILED - fast reply consumer does not exist',
    ])
  })

  test('with another reply-to passes as it is', () => {
    const { asker, answerer } = conversation()
    asker.publish('requests', 'question', { replyTo: 'my.queue' })
    const [request] = answerer.client.receive()
    expect(decodeProperties(request?.properties ?? Buffer.alloc(2)).replyTo).toBe('my.queue')
  })
})

describe('a reply', () => {
  test('is delivered with exchange "", the token as key and its own tag', () => {
    const { asker, answerer, token } = conversation()
    answerer.publish(token, 'answer', { correlationId: '7' })
    expect(asker.client.receive()).toMatchObject([
      {
        id: wire.BASIC_DELIVER,
        consumerTag: 'replies',
        deliveryTag: 1,
        redelivered: false,
        exchange: '',
        routingKey: token,
        body: 'answer',
      },
    ])
  })

  test('may come any number of times', () => {
    const { asker, answerer, token } = conversation()
    answerer.publishAll(token, ['1', '2', '3'])
    expect(asker.hear()).toEqual(['basic.deliver 1 1', 'basic.deliver 2 2', 'basic.deliver 3 3'])
  })

  test('of any size comes whole', () => {
    const { asker, answerer, token } = conversation()
    const body = 'x'.repeat(100_000)
    answerer.publish(token, body)
    expect(asker.client.receive().map((reply) => reply.body?.length)).toEqual([100_000])
  })

  test('counts as routed while the requester lives and when it is gone', () => {
    const { asker, answerer, token } = conversation()
    answerer.selectConfirms()
    expect(answerer.publish(token, '1', { mandatory: true })).toEqual(['basic.ack 1'])
    asker.client.drop()
    expect(answerer.publish(token, '2', { mandatory: true })).toEqual(['basic.ack 2'])
  })

  test('to a name that is no token is returned', () => {
    const { answerer } = conversation()
    for (const key of [`${REPLY_TO}.x`, `${REPLY_TO}.`, REPLY_TO]) {
      expect(answerer.publish(key, 'm', { mandatory: true })).toEqual([
        'basic.return 312 NO_ROUTE m',
      ])
    }
  })

  test('by a CC key comes to the requester and to the queue of the routing key', () => {
    const { asker, answerer, token } = conversation()
    answerer.declare('log')
    answerer.publish('log', 'm', { headers: tableOf({ CC: [token] }) })
    expect(asker.hear()).toEqual(['basic.deliver 1 m'])
    expect(answerer.get('log', true)).toEqual(['basic.get-ok 2 m'])
  })

  test('through a named exchange goes nowhere', () => {
    const { asker, answerer, token } = conversation()
    const wish = { exchange: 'amq.direct', mandatory: true }
    expect(answerer.publish(token, 'm', wish)).toEqual(['basic.return 312 NO_ROUTE m'])
    expect(asker.hear()).toEqual([])
  })

  test('in a transaction comes at the commit', () => {
    const { asker, answerer, token } = conversation()
    answerer.say({ id: wire.TX_SELECT })
    answerer.publish(token, 'm')
    asker.client.send()
    expect(asker.hear()).toEqual([])
    answerer.say({ id: wire.TX_COMMIT })
    expect(asker.hear()).toEqual(['basic.deliver 1 m'])
  })

  test('needs no acknowledgement: one closes the channel', () => {
    const { asker, answerer, token } = conversation()
    answerer.publish(token, 'm')
    asker.hear()
    expect(asker.ack(1)).toEqual([
      'channel.close 406 (60,80) PRECONDITION_FAILED - unknown delivery tag 1',
    ])
  })
})

describe('consuming the pseudo-queue', () => {
  test('needs no-ack', () => {
    const actor = Actor.connect(new TestBroker())
    expect(actor.consume(REPLY_TO, 'replies')).toEqual([
      'channel.close 406 (60,20) PRECONDITION_FAILED - reply consumer cannot acknowledge',
    ])
  })

  test.each(['replies', 'other'])('once is enough on a channel, tag %s', (tag) => {
    const actor = Actor.connect(new TestBroker())
    actor.consume(REPLY_TO, 'replies', NO_ACK)
    expect(actor.consume(REPLY_TO, tag, NO_ACK)).toEqual([
      'channel.close 406 (60,20) PRECONDITION_FAILED - reply consumer already set',
    ])
  })

  test('may be done on every channel', () => {
    const { asker, answerer } = conversation()
    const second = asker.onChannel(2)
    expect(second.consume(REPLY_TO, 'replies', NO_ACK)).toEqual(['[2] basic.consume-ok'])
    answerer.publish(ask(second, answerer), 'm')
    expect(asker.hear()).toEqual(['[2] basic.deliver 1 m'])
  })

  test('needs no permission', () => {
    const broker = new TestBroker()
    const { users } = broker.services
    const guest = users.get('guest')
    if (guest === null) throw new Error('guest is there')
    const actor = Actor.connect(broker)
    users.setPermissions(guest, '/', null)
    expect(actor.consume(REPLY_TO, 'replies', NO_ACK)).toEqual(['basic.consume-ok'])
  })

  test('ends with a cancel, after which requests are refused', () => {
    const { asker, answerer, token } = conversation()
    expect(asker.cancel('replies')).toEqual(['basic.cancel-ok'])
    answerer.publish(token, 'late')
    expect(asker.hear()).toEqual([])
    expect(asker.publish('requests', 'm', { replyTo: REPLY_TO })).toEqual([
      'channel.close 406 (60,40) PRECONDITION_FAILED - fast reply consumer does not exist',
    ])
  })

  test('ends with the channel', () => {
    const { asker, answerer, token } = conversation()
    asker.client.call(close(1))
    answerer.publish(token, 'late')
    expect(asker.hear()).toEqual([])
  })
})

describe('a token as a queue', () => {
  test('can be asked after while it lives, passively or not', () => {
    const { answerer, asker, token } = conversation()
    for (const passive of [true, false]) {
      expect(answerer.declare(token, {}, { passive })).toEqual([`queue.declare-ok ${token} 0 1`])
    }
    expect(asker.declare(REPLY_TO, {}, { passive: true })).toEqual([
      `queue.declare-ok ${REPLY_TO} 0 1`,
    ])
  })

  test.each([true, false])('is not found when it is dead, passive %s', (passive) => {
    const { answerer, asker, token } = conversation()
    asker.client.drop()
    expect(answerer.declare(token, {}, { passive })).toEqual([
      `channel.close 404 (50,10) NOT_FOUND - no queue '${token}' in vhost '/'`,
    ])
  })

  test('cannot be bound', () => {
    const refused = 'ACCESS_REFUSED - cannot bind or unbind to a volatile (direct reply-to) queue'
    const { answerer, token } = conversation()
    expect(answerer.bind('amq.direct', token)).toEqual([`channel.close 403 (50,20) ${refused}`])
    const second = answerer.onChannel(2)
    expect(second.unbind('amq.direct', token)).toEqual([`[2] channel.close 403 (50,50) ${refused}`])
  })

  test('cannot be consumed', () => {
    const { answerer, token } = conversation()
    expect(answerer.consume(token, 'thief', NO_ACK)).toEqual([
      `channel.close 404 (60,20) NOT_FOUND - no queue '${token}' in vhost '/'`,
    ])
  })

  test('is in no listing', () => {
    const { broker } = conversation()
    expect([...broker.vhost.queues].map((queue) => queue.name)).toEqual(['requests'])
  })
})

describe('the pseudo-queue itself', () => {
  test.each<[string, (actor: Actor) => readonly string[], string]>([
    ['fetched from', (actor) => actor.get(REPLY_TO), '(60,70)'],
    ['bound', (actor) => actor.bind('amq.direct', REPLY_TO), '(50,20)'],
    [
      'purged',
      (actor) => actor.say({ id: wire.QUEUE_PURGE, queue: REPLY_TO, noWait: false }),
      '(50,30)',
    ],
  ])('cannot be %s', (_what, act, ids) => {
    expect(act(Actor.connect(new TestBroker()))).toEqual([
      `channel.close 404 ${ids} NOT_FOUND - no queue '${REPLY_TO}' in vhost '/'`,
    ])
  })

  test('can be unbound and deleted, which does nothing', () => {
    const actor = Actor.connect(new TestBroker())
    expect(actor.unbind('amq.direct', REPLY_TO)).toEqual(['queue.unbind-ok'])
    const deleting = { queue: REPLY_TO, ifUnused: false, ifEmpty: false, noWait: false }
    expect(actor.say({ id: wire.QUEUE_DELETE, ...deleting })).toEqual(['queue.delete-ok'])
  })
})
