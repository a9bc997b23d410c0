import { describe, expect, test } from 'vitest'
import { COMPATS, type CompatName } from '../../src/common/compat.ts'
import type { Settings } from '../../src/protocol/services.ts'
import { Actor } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'

const QUORUM = { 'x-queue-type': 'quorum' }
const CANCELS = ['consumer_cancel_notify']

/** What closes the channel of a client that keeps a delivery for so many milliseconds. */
function tooLate(timeoutMs: number): string {
  return (
    'channel.close 406 (0,0) PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. ' +
    `Timeout value used: ${timeoutMs} ms. This timeout value can be configured, see consumers doc guide to learn more`
  )
}

function brokerOf(compat: CompatName, settings: Partial<Settings> = {}): TestBroker {
  return new TestBroker({ compat: COMPATS[compat], consumerTimeoutMs: 1000, ...settings })
}

describe.each(['3.13', '4.2'] as const)(
  'in RabbitMQ %s a delivery that is kept too long',
  (compat) => {
    test.each([
      ['classic', {}],
      ['quorum', QUORUM],
    ])('from a %s queue closes the channel and goes back', (_type, args) => {
      const broker = brokerOf(compat)
      const actor = Actor.connect(broker, CANCELS)
      actor.declare('q', args)
      actor.consume('q', 'c')
      actor.publish('q', 'm')
      broker.advance(999)
      expect(actor.hear()).toEqual([])
      broker.advance(1)
      expect(actor.hear()).toEqual([tooLate(1000)])
      expect(Actor.connect(broker).get('q')).toEqual(['basic.get-ok 1 again m'])
    })

    test('closes the channel though it was fetched', () => {
      const broker = brokerOf(compat)
      const actor = Actor.connect(broker)
      actor.declare('q')
      actor.publish('q', 'm')
      actor.get('q')
      broker.advance(1000)
      expect(actor.hear()).toEqual([tooLate(1000)])
    })

    test('closes its channel and no other', () => {
      const broker = brokerOf(compat)
      const actor = Actor.connect(broker)
      const second = actor.onChannel(2)
      actor.declare('q')
      actor.publish('q', 'm')
      actor.get('q')
      broker.advance(1000)
      actor.hear()
      expect(second.get('q')).toEqual(['[2] basic.get-ok 1 again m'])
    })
  },
)

describe('a delivery that is settled in time', () => {
  test.each<[string, (actor: Actor) => unknown]>([
    ['acknowledged', (actor) => actor.ack(1)],
    ['rejected', (actor) => actor.reject(1, false)],
  ])('by being %s costs nothing', (_how, settle) => {
    const broker = brokerOf('4.2')
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.publish('q', 'm')
    actor.get('q')
    broker.advance(999)
    settle(actor)
    broker.advance(5000)
    expect(actor.hear()).toEqual([])
  })

  test('leaves the time of the others as it is', () => {
    const broker = brokerOf('4.2')
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.consume('q', 'c')
    actor.publish('q', 'first')
    broker.advance(400)
    actor.publish('q', 'second')
    actor.ack(1)
    broker.advance(999)
    expect(actor.hear()).toEqual([])
    broker.advance(1)
    expect(actor.hear()).toEqual([tooLate(1000)])
  })

  test('and delivered again has its time again', () => {
    const broker = brokerOf('4.2')
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.consume('q', 'c')
    actor.publish('q', 'm')
    broker.advance(900)
    expect(actor.nack(1, true)).toEqual(['basic.deliver 2 again m'])
    broker.advance(999)
    expect(actor.hear()).toEqual([])
    broker.advance(1)
    expect(actor.hear()).toEqual([tooLate(1000)])
  })
})

describe('nothing is too late', () => {
  test('where no time is set', () => {
    const broker = brokerOf('4.2', { consumerTimeoutMs: null })
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.publish('q', 'm')
    actor.get('q')
    broker.advance(100_000_000)
    expect(actor.hear()).toEqual([])
  })

  test('without acknowledgement', () => {
    const broker = brokerOf('4.2')
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.consume('q', 'c', { noAck: true })
    actor.publish('q', 'm')
    broker.advance(100_000)
    expect(actor.hear()).toEqual([])
  })

  test('on a channel that is closed', () => {
    const broker = brokerOf('4.2')
    const actor = Actor.connect(broker)
    actor.declare('q')
    actor.publish('q', 'm')
    actor.get('q')
    actor.client.drop()
    broker.advance(5000)
    expect(broker.clock.timerCount).toBe(0)
    expect(broker.leftovers()).toMatchObject({ connections: 0, unacked: 0 })
  })

  test('in RabbitMQ 4.3 from a classic queue', () => {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, CANCELS)
    actor.declare('q')
    actor.consume('q', 'c')
    actor.publish('q', 'm')
    broker.advance(100_000)
    expect(actor.hear()).toEqual([])
  })
})

describe('in RabbitMQ 4.3 a delivery from a quorum queue that is kept too long', () => {
  function consuming(capabilities = CANCELS) {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, capabilities)
    actor.declare('q', QUORUM)
    actor.consume('q', 'c')
    actor.publish('q', 'm')
    return { broker, actor }
  }

  test('costs the consumer, and goes back without counting as failed', () => {
    const { broker, actor } = consuming()
    actor.hear()
    broker.advance(999)
    expect(actor.hear()).toEqual([])
    broker.advance(1)
    expect(actor.hear()).toEqual(['basic.cancel c'])
    const entry = broker.vhost.queues.find('q')?.get(false)
    expect([entry?.acquiredCount, entry?.failedCount, entry?.redelivered]).toEqual([1, 0, true])
  })

  test('costs the channel of a client that takes no cancellations', () => {
    const { broker, actor } = consuming([])
    broker.advance(1000)
    expect(actor.hear()).toEqual([tooLate(1000)])
  })

  test('costs the channel when it was fetched', () => {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, CANCELS)
    actor.declare('q', QUORUM)
    actor.publish('q', 'm')
    actor.get('q')
    broker.advance(1000)
    expect(actor.hear()).toEqual([tooLate(1000)])
  })

  test('goes to another consumer', () => {
    const { broker, actor } = consuming()
    const other = Actor.connect(broker)
    other.consume('q', 'other')
    broker.advance(1000)
    expect(other.hear()).toEqual(['basic.deliver 1 again m'])
    expect(actor.hear()).toEqual(['basic.cancel c'])
  })

  test('goes back with all that the consumer holds, and leaves other consumers theirs', () => {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, CANCELS)
    for (const queue of ['slow', 'good']) {
      actor.declare(queue, QUORUM)
      actor.consume(queue, queue)
    }
    actor.publishAll('slow', ['1', '2'])
    broker.advance(500)
    actor.publish('good', '3')
    actor.hear()
    broker.advance(500)
    expect(actor.hear()).toEqual(['basic.cancel slow'])
    expect(broker.vhost.queues.find('slow')?.readyCount).toBe(2)
    expect(actor.ack(3)).toEqual([])
    actor.publish('good', '4')
    expect(actor.hear()).toEqual([])
  })

  test('costs each of several consumers, at the time of each', () => {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, CANCELS)
    for (const queue of ['a', 'b', 'c']) {
      actor.declare(queue, QUORUM)
      actor.consume(queue, queue)
    }
    actor.publish('a', 'm')
    actor.publish('b', 'm')
    broker.advance(300)
    actor.publish('c', 'm')
    actor.hear()
    broker.advance(700)
    expect(actor.hear().toSorted()).toEqual(['basic.cancel a', 'basic.cancel b'])
    broker.advance(300)
    expect(actor.hear()).toEqual(['basic.cancel c'])
  })

  test('costs the consumer that has it, not a later one of the same name', () => {
    const { broker, actor } = consuming()
    actor.cancel('c')
    actor.consume('q', 'c')
    actor.hear()
    broker.advance(1000)
    expect(actor.hear()).toEqual([tooLate(1000)])
  })

  test('may still be acknowledged: what is late does no harm', () => {
    const { broker, actor } = consuming()
    broker.advance(1000)
    actor.hear()
    expect(actor.ack(1)).toEqual([])
    expect(actor.get('q')).toEqual(['basic.get-ok 2 again m'])
  })
})

describe('what is settled late, together with what is not', () => {
  test('settles only the latter', () => {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, CANCELS)
    actor.declare('classic')
    actor.declare('q', QUORUM)
    actor.publish('classic', 'kept')
    actor.get('classic')
    actor.consume('q', 'c')
    actor.publish('q', 'late')
    broker.advance(1000)
    expect(actor.hear()).toContain('basic.cancel c')
    expect(actor.ack(2, true)).toEqual([])
    expect(broker.vhost.queues.find('classic')?.unackedCount).toBe(0)
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test('is an error the second time', () => {
    const broker = brokerOf('4.3')
    const actor = Actor.connect(broker, CANCELS)
    actor.declare('q', QUORUM)
    actor.consume('q', 'c')
    actor.publish('q', 'late')
    broker.advance(1000)
    actor.hear()
    expect(actor.nack(1, true)).toEqual([])
    expect(actor.ack(1)).toEqual([
      'channel.close 406 (60,80) PRECONDITION_FAILED - unknown delivery tag 1',
    ])
  })
})

describe('how long is too long', () => {
  test.each<[CompatName]>([['4.2'], ['4.3']])('a quorum queue of %s may say itself', (compat) => {
    const broker = brokerOf(compat)
    const actor = Actor.connect(broker)
    actor.declare('q', { ...QUORUM, 'x-consumer-timeout': 50 })
    actor.publish('q', 'm')
    actor.get('q')
    broker.advance(50)
    expect(actor.hear()).toEqual([tooLate(50)])
  })

  test('a policy may say, also of what has been delivered', () => {
    const broker = brokerOf('4.3', { consumerTimeoutMs: null })
    const actor = Actor.connect(broker)
    actor.declare('q', QUORUM)
    actor.declare('quick', { ...QUORUM, 'x-consumer-timeout': 10_000 })
    broker.advance(1_000_000)
    actor.publish('q', 'm')
    actor.get('q')
    broker.vhost.setPolicy(
      {
        name: 'p',
        pattern: '^q$',
        applyTo: 'queues',
        priority: 0,
        definition: new Map([['consumer-timeout', 60_000]]),
      },
      false,
    )
    actor.publish('quick', 'm')
    actor.get('quick')
    broker.advance(9000)
    actor.ack(2)
    broker.advance(1000)
    expect(actor.hear()).toEqual([])
  })
})

test('one deadline watches a channel, whatever it holds', () => {
  const broker = brokerOf('4.2')
  const actor = Actor.connect(broker)
  actor.declare('q')
  const timers = broker.clock.timerCount
  actor.publishAll('q', ['1', '2', '3', '4', '5'])
  for (let i = 0; i < 5; i++) actor.get('q')
  expect(broker.clock.timerCount - timers).toBeLessThanOrEqual(1)
})
