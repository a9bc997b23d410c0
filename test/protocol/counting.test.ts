import { describe, expect, test } from 'vitest'
import { Actor } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'

function scene() {
  const broker = new TestBroker()
  const actor = Actor.connect(broker)
  actor.declare('q')
  const [connection] = broker.services.connections
  const [channel] = [...(connection?.channels ?? [])]
  const queue = broker.vhost.queues.find('q')
  if (connection === undefined || channel === undefined || queue === undefined) {
    throw new Error('the scene is not set')
  }
  return { broker, actor, connection, channel: channel.counters, queue, counters: queue.counters }
}

describe('messages are counted', () => {
  test('as they are published, routed and confirmed', () => {
    const { broker, actor, channel, counters } = scene()
    actor.selectConfirms()
    actor.publishAll('q', ['1', '2', '3'])
    actor.publish('nowhere', '4')
    actor.publish('nowhere', '5', { mandatory: true })
    const { publish, confirm, returnUnroutable, dropUnroutable } = channel
    expect({ publish, confirm, returnUnroutable, dropUnroutable }).toEqual({
      publish: 5,
      confirm: 5,
      returnUnroutable: 1,
      dropUnroutable: 1,
    })
    expect(counters.publish).toBe(3)
    const { publishedCount, routedCount } = broker.vhost.exchanges.get('')
    expect({ publishedCount, routedCount }).toEqual({ publishedCount: 5, routedCount: 3 })
  })

  test('not as confirmed when they are refused', () => {
    const { actor, channel } = scene()
    actor.declare('full', { 'x-max-length': 1, 'x-overflow': 'reject-publish' })
    actor.selectConfirms()
    actor.publishAll('full', ['1', '2', '3'])
    actor.publish('q', '4')
    expect(channel.confirm).toBe(2)
  })

  test('as they are delivered, redelivered and acknowledged', () => {
    const { actor, channel, counters } = scene()
    actor.publishAll('q', ['1', '2', '3'])
    actor.consume('q', 'c')
    actor.nack(1, true)
    actor.ack(4, true)
    for (const counted of [channel, counters]) {
      const { deliver, deliverNoAck, redeliver, ack } = counted
      expect({ deliver, deliverNoAck, redeliver, ack }).toEqual({
        deliver: 4,
        deliverNoAck: 0,
        redeliver: 1,
        ack: 3,
      })
    }
  })

  test('as they are fetched', () => {
    const { actor, channel, counters } = scene()
    actor.publishAll('q', ['1', '2'])
    actor.get('q')
    actor.get('q', true)
    actor.get('q')
    for (const counted of [channel, counters]) {
      const { get, getNoAck, getEmpty, redeliver } = counted
      expect({ get, getNoAck, getEmpty, redeliver }).toEqual({
        get: 1,
        getNoAck: 1,
        getEmpty: 1,
        redeliver: 0,
      })
    }
  })

  test('when their channel is gone, with those of its vhost', () => {
    const { broker, actor, connection } = scene()
    actor.publishAll('q', ['1', '2'])
    actor.client.transport.destroy()
    broker.settle()
    const { past } = broker.vhost
    expect(past.channels.publish).toBe(2)
    expect(past.receivedBytes).toBe(connection.counters.receivedBytes)
    expect(broker.services.churn).toMatchObject({
      connectionCreated: 1,
      connectionClosed: 1,
      channelCreated: 1,
      channelClosed: 1,
    })
  })
})

test('queues are counted as they come and go', () => {
  const { broker, actor } = scene()
  actor.declare('q')
  actor.declare('other')
  broker.vhost.deleteQueue('q', false, false, {})
  const { queueDeclared, queueCreated, queueDeleted } = broker.services.churn
  expect([queueDeclared, queueCreated, queueDeleted]).toEqual([3, 2, 1])
})

describe('what a queue holds is counted', () => {
  test('in bytes too, as it is handed out and comes back', () => {
    const { actor, queue, counters } = scene()
    actor.publishAll('q', ['12', '345'])
    actor.get('q')
    expect([queue.unackedCount, counters.unackedBytes, queue.readyBytes]).toEqual([1, 2, 3])
    actor.nack(1, true)
    expect([queue.unackedCount, counters.unackedBytes, queue.readyBytes]).toEqual([0, 0, 5])
    actor.get('q')
    actor.ack(2)
    expect([queue.unackedCount, counters.unackedBytes, queue.readyBytes]).toEqual([0, 0, 3])
    actor.get('q')
    actor.reject(3, false)
    expect([queue.unackedCount, counters.unackedBytes, queue.readyBytes]).toEqual([0, 0, 0])
  })
})
