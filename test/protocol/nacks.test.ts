import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { Actor } from '../support/actor.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { TestBroker } from '../support/test-broker.ts'

const FULL_AT = (length: number, overflow = 'reject-publish') => ({
  'x-max-length': length,
  'x-overflow': overflow,
})

/** A publisher in confirm mode, and a queue `q` that takes so many messages. */
function publisher(length: number, broker = new TestBroker()): Actor {
  const actor = Actor.connect(broker)
  actor.declare('q', FULL_AT(length))
  actor.selectConfirms()
  return actor
}

describe('a publish that a queue rejects', () => {
  test('gets a nack that says multiple and requeue', () => {
    const actor = publisher(0)
    expect(actor.publish('q', 'm')).toEqual(['basic.nack 1 multiple requeue'])
  })

  test('comes behind the acks of those before it', () => {
    const actor = publisher(2)
    expect(actor.publishAll('q', ['1', '2', '3', '4'])).toEqual([
      'basic.ack 2 multiple',
      'basic.nack 3 multiple requeue',
      'basic.nack 4 multiple requeue',
    ])
  })

  test('comes before the acks of those behind it', () => {
    const actor = publisher(0)
    actor.declare('roomy')
    const pieces = ['roomy', 'q', 'roomy', 'nowhere', 'q', 'roomy'].map((queue) =>
      actor.publishing(queue, 'm'),
    )
    actor.client.send(...pieces)
    expect(actor.hear()).toEqual([
      'basic.ack 1',
      'basic.nack 2 multiple requeue',
      'basic.ack 4 multiple',
      'basic.nack 5 multiple requeue',
      'basic.ack 6',
    ])
  })

  test('waits for those before it to be durable', () => {
    const store = new DelayedStore()
    const broker = new TestBroker({}, store)
    const actor = Actor.connect(broker)
    for (const [queue, args] of [
      ['q', FULL_AT(0)],
      ['kept', {}],
    ] as const) {
      actor.declare(queue, args)
      store.sync()
      broker.settle()
    }
    actor.selectConfirms()
    actor.hear()
    const durable = { deliveryMode: 2 }
    const pieces = ['kept', 'q', 'kept'].map((queue) => actor.publishing(queue, 'm', durable))
    actor.client.send(...pieces)
    expect(actor.hear()).toEqual([])
    store.sync()
    broker.settle()
    expect(actor.hear()).toEqual(['basic.ack 1', 'basic.nack 2 multiple requeue', 'basic.ack 3'])
  })

  test('is not returned, though it is mandatory', () => {
    const actor = publisher(0)
    expect(actor.publish('q', 'm', { mandatory: true })).toEqual(['basic.nack 1 multiple requeue'])
  })

  test('is rejected though other queues take it', () => {
    const actor = publisher(0)
    actor.declare('roomy')
    for (const queue of ['q', 'roomy']) actor.bind('amq.fanout', queue)
    const heard = actor.publish('', 'm', { exchange: 'amq.fanout' })
    expect(heard).toEqual(['basic.nack 1 multiple requeue'])
    expect(actor.get('roomy', true)).toEqual(['basic.get-ok 1 m'])
  })

  test('is rejected and dead-lettered by reject-publish-dlx', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('dead')
    actor.declare('q', {
      ...FULL_AT(0, 'reject-publish-dlx'),
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'dead',
    })
    actor.selectConfirms()
    expect(actor.publish('q', 'm')).toEqual(['basic.nack 1 multiple requeue'])
    expect(actor.get('dead', true)).toEqual(['basic.get-ok 1 m'])
  })

  test('is taken again as soon as there is room', () => {
    const actor = publisher(1)
    expect(actor.publishAll('q', ['1', '2'])).toEqual([
      'basic.ack 1',
      'basic.nack 2 multiple requeue',
    ])
    actor.get('q', true)
    expect(actor.publish('q', '3')).toEqual(['basic.ack 3'])
  })

  test('is silent outside confirm mode', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('q', FULL_AT(0))
    expect(actor.publish('q', 'm')).toEqual([])
    expect(actor.get('q')).toEqual(['basic.get-empty'])
  })
})

describe('a publish that displaces another one', () => {
  test('is confirmed, and so was the other', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('q', FULL_AT(1, 'drop-head'))
    actor.selectConfirms()
    expect(actor.publishAll('q', ['1', '2', '3'])).toEqual(['basic.ack 3 multiple'])
    expect(actor.get('q', true)).toEqual(['basic.get-ok 1 3'])
  })

  test('is confirmed even when it is itself the one that is dropped', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('q', FULL_AT(0, 'drop-head'))
    actor.selectConfirms()
    expect(actor.publish('q', 'm')).toEqual(['basic.ack 1'])
  })
})

describe('a commit of publishes of which a queue rejects some', () => {
  test('closes the channel; what was taken stays', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('q', FULL_AT(1))
    actor.say({ id: wire.TX_SELECT })
    actor.publishAll('q', ['1', '2'])
    expect(actor.say({ id: wire.TX_COMMIT })).toEqual([
      'channel.close 406 (90,20) PRECONDITION_FAILED - partial tx completion',
    ])
    expect(actor.onChannel(2).get('q', true)).toEqual(['[2] basic.get-ok 1 1'])
  })

  test('makes room first by what it publishes, then by what it acknowledges', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('q', FULL_AT(1))
    actor.declare('other')
    actor.publish('other', 'held')
    actor.say({ id: wire.TX_SELECT })
    actor.get('other')
    actor.publishAll('q', ['1', '2'])
    actor.ack(1)
    actor.say({ id: wire.TX_COMMIT })
    const later = actor.onChannel(2)
    expect(later.get('other')).toEqual(['[2] basic.get-empty'])
  })

  test('is complete when all fit', () => {
    const actor = Actor.connect(new TestBroker())
    actor.declare('q', FULL_AT(2))
    actor.say({ id: wire.TX_SELECT })
    actor.publishAll('q', ['1', '2'])
    expect(actor.say({ id: wire.TX_COMMIT })).toEqual(['tx.commit-ok'])
  })
})
