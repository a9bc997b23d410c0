import { describe, expect, test } from 'vitest'
import { newMessage } from '../support/messages.ts'
import { refusalOf } from '../support/refusal-of.ts'
import { TestSubscriber } from '../support/test-subscriber.ts'
import { TestVhost } from '../support/test-vhost.ts'

describe('deleting a queue', () => {
  test('tells how many messages were ready, and drops them', () => {
    const host = new TestVhost()
    const queue = host.queue('q')
    for (let i = 0; i < 3; i++) queue.enqueue(newMessage(), 0, 0)
    queue.get(false)
    expect(host.deleteQueue('q')).toBe(2)
    expect(host.queue('q').readyCount).toBe(0)
  })

  test('that does not exist deletes nothing', () => {
    expect(new TestVhost().deleteQueue('missing')).toBe(0)
  })

  test('only if unused is refused while it has consumers, if it is empty where that is asked for as well', () => {
    const host = new TestVhost()
    const queue = host.queue('q')
    queue.subscribe(new TestSubscriber(queue, { limit: 1 }))
    for (let i = 0; i < 2; i++) queue.enqueue(newMessage(), 0, 0)
    const refusal = () => refusalOf(() => host.vhost.deleteQueue('q', true, true, host.user))
    expect(refusal()).toBe("precondition-failed: queue 'q' in vhost '/' not empty")
    queue.purge()
    expect(refusal()).toBe("precondition-failed: queue 'q' in vhost '/' in use")
  })

  test('only if empty is refused while messages are ready; unacked ones do not count', () => {
    const host = new TestVhost()
    const queue = host.queue('q')
    queue.enqueue(newMessage(), 0, 0)
    const remove = () => host.vhost.deleteQueue('q', false, true, host.user)
    expect(refusalOf(remove)).toBe("precondition-failed: queue 'q' in vhost '/' not empty")
    queue.get(false)
    expect(remove()).toBe(0)
    expect(host.hasQueue('q')).toBe(false)
  })

  test('tells its consumers', () => {
    const host = new TestVhost()
    const queue = host.queue('q')
    const consumer = new TestSubscriber(queue)
    queue.subscribe(consumer)
    host.deleteQueue('q')
    expect(consumer.isCancelled).toBe(true)
    expect(queue.consumerCount).toBe(0)
  })

  test('removes the bindings that lead to it', () => {
    const host = new TestVhost()
    const exchange = host.exchange('x', 'direct')
    host.queue('q')
    host.bindQueue('x', 'q', 'k')
    host.deleteQueue('q')
    expect(exchange.bindings.size).toBe(0)
    host.queue('q')
    expect(host.route('x', 'k')).toEqual([])
  })
})

describe('deleting an exchange', () => {
  test('that does not exist deletes nothing', () => {
    expect(refusalOf(() => new TestVhost().vhost.deleteExchange('missing', false))).toBeNull()
  })

  test('only if unused is refused while bindings lead from it, not to it', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout')
    host.exchange('y', 'fanout')
    host.bindExchange('x', 'y')
    expect(refusalOf(() => host.vhost.deleteExchange('x', true))).toBe(
      "precondition-failed: exchange 'x' in vhost '/' in use",
    )
    expect(refusalOf(() => host.vhost.deleteExchange('y', true))).toBeNull()
    expect(refusalOf(() => host.vhost.deleteExchange('x', true))).toBeNull()
  })

  test.each(['amq.direct', 'amq.missing'])('of the server is refused: %s', (name) => {
    expect(refusalOf(() => new TestVhost().vhost.deleteExchange(name, false))).toBe(
      `access-refused: deletion of system exchange '${name}' in vhost '/' not allowed`,
    )
  })

  test('is refused for the default exchange', () => {
    expect(refusalOf(() => new TestVhost().vhost.deleteExchange('', false))).toBe(
      'access-refused: operation not permitted on the default exchange',
    )
  })
})
