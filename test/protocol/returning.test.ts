import { expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { Actor } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'
import { close } from '../support/test-client.ts'

/**
 * Two queues of length 1, what one displaces goes to the other: `old` is in `next`, and `first` holds all of `work`.
 * What comes back displaces `1` and `2`; `1` displaces `old`, which so comes to `work`.
 */
function holding() {
  const broker = new TestBroker()
  const first = Actor.connect(broker)
  const second = Actor.connect(broker)
  for (const [queue, next] of [
    ['work', 'next'],
    ['next', 'work'],
  ] as const) {
    first.declare(queue, {
      'x-max-length': 1,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': next,
    })
  }
  first.publish('next', 'old')
  first.consume('work', 'a')
  first.publishAll('work', ['1', '2', '3'])
  return { first, second }
}

test.each<[string, wire.Method]>([
  ['basic.recover', { id: wire.BASIC_RECOVER, requeue: true }],
  ['basic.nack', { id: wire.BASIC_NACK, deliveryTag: 0, multiple: true, requeue: true }],
])('all that comes back by one %s is before what it displaces', (_name, method) => {
  const { first } = holding()
  const heard = first.say(method).filter((line) => line !== 'basic.recover-ok')
  expect(heard).toEqual(['basic.deliver 4 again 3', 'basic.deliver 5 old'])
  expect(first.get('next')).toEqual(['basic.get-ok 6 2'])
})

test('all that comes back from a channel that closes is before what it displaces', () => {
  const { first, second } = holding()
  second.consume('work', 'b')
  first.client.send(close(1))
  expect(second.hear()).toEqual(['basic.deliver 1 again 3', 'basic.deliver 2 old'])
  expect(second.get('next')).toEqual(['basic.get-ok 3 2'])
})

test('all that comes back from a lost connection is before what it displaces', () => {
  const { first, second } = holding()
  second.consume('work', 'b')
  first.client.drop()
  second.client.send()
  expect(second.hear()).toEqual(['basic.deliver 1 again 3', 'basic.deliver 2 old'])
})

test('what is rejected at once is out of the hands of its consumer before it comes round', () => {
  const actor = Actor.connect(new TestBroker())
  const cycle = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'q' }
  actor.declare('q', { ...cycle, 'x-message-ttl': 0 })
  actor.say({ id: wire.BASIC_QOS, prefetchSize: 0, prefetchCount: 2, global: false })
  actor.consume('q', 'a')
  actor.publishAll('q', ['1', '2'])
  const reject = { deliveryTag: 0, multiple: true, requeue: false }
  expect(actor.say({ id: wire.BASIC_NACK, ...reject })).toEqual([
    'basic.deliver 3 1',
    'basic.deliver 4 2',
  ])
})
