import { describe, expect, test } from 'vitest'
import type { CompatName } from '../../../src/common/compat.ts'
import type { ReturnCause } from '../../../src/core/queue/delivery-count.ts'
import { CoreHost } from '../../support/core-host.ts'
import { observe } from '../../support/observed.ts'
import { refusalOf } from '../../support/refusal-of.ts'

const INVALID = 'precondition-failed: '

describe('a quorum queue', () => {
  test('hands out what came back first, in the order in which it came back', () => {
    const host = new CoreHost()
    host.quorum('q')
    host.send('q', ['1', '2', '3', '4'])
    const consumer = host.consumer('q', { prefetch: 3 })
    host.settle()
    consumer.cancel()
    for (const body of ['3', '1', '2']) consumer.requeue(body)
    expect(host.drain('q')).toEqual(['3', '1', '2', '4'])
  })

  test('is not exclusive for a consumer that wants it to be', () => {
    const host = new CoreHost()
    host.quorum('q')
    host.consumer('q', { exclusive: true })
    host.consumer('q', { exclusive: true })
    expect(host.find('q').consumerCount).toBe(2)
  })

  test.each([
    [{ durable: false }, 'non-durable'],
    [{ autoDelete: true }, 'auto-delete'],
    [{ autoDelete: true, durable: false }, 'auto-delete'],
  ])('that is to be %j is refused', (wish, property) => {
    const host = new CoreHost()
    expect(refusalOf(() => host.queue('q', { 'x-queue-type': 'quorum' }, wish))).toBe(
      `${INVALID}invalid property '${property}' for queue 'q' in vhost '/'`,
    )
  })

  test.each([
    ['x-max-priority', 5],
    ['x-queue-mode', 'lazy'],
    ['x-initial-cluster-size', 1],
    ['x-max-age', '1D'],
  ])('with %s is refused', (name, value) => {
    const host = new CoreHost()
    expect(refusalOf(() => host.quorum('q', { [name]: value }))).toBe(
      `${INVALID}invalid arg '${name}' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue`,
    )
  })

  test.each([
    [true, false, 'if-unused'],
    [false, true, 'if-empty'],
    [true, true, 'if-unused'],
  ])('cannot be deleted only if unused %s, empty %s', (ifUnused, ifEmpty, flag) => {
    const host = new CoreHost()
    host.quorum('q')
    expect(refusalOf(() => host.vhost.deleteQueue('q', ifUnused, ifEmpty, host.user))).toBe(
      `not-implemented: cannot delete queue 'q' in vhost '/'. queue.delete operations with ${flag} ` +
        'flag set are not supported by quorum queues',
    )
  })

  test('is another queue than a classic one of that name', () => {
    const host = new CoreHost()
    host.quorum('q')
    expect(refusalOf(() => host.queue('q'))).toBe(
      `${INVALID}inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': ` +
        "received 'classic' but current is 'quorum'",
    )
  })
})

describe('a classic queue', () => {
  test.each(['x-delivery-limit', 'x-dead-letter-strategy', 'x-quorum-initial-group-size'])(
    'with %s is refused',
    (name) => {
      const host = new CoreHost()
      expect(refusalOf(() => host.queue('q', { [name]: 1 }))).toBe(
        `${INVALID}invalid arg '${name}' for queue 'q' in vhost '/' of queue type rabbit_classic_queue`,
      )
    },
  )

  test('counts no deliveries', () => {
    const host = new CoreHost('4.3')
    host.queue('q')
    host.publish('', 'q')
    for (let i = 0; i < 30; i++) host.find('q').requeue([host.take('q')], 'reject')
    expect(observe(host.take('q'))).toMatchObject({ redelivered: true, headers: null })
  })
})

describe('the headers of a message that came back to a quorum queue', () => {
  test.each<[CompatName, ReturnCause[], number | null, number | null]>([
    ['3.13', ['nack'], 1, null],
    ['4.2', ['nack', 'reject', 'lost'], 3, null],
    ['4.3', [], null, null],
    ['4.3', ['nack'], null, 1],
    ['4.3', ['reject'], 1, 1],
    ['4.3', ['lost'], 1, 1],
    ['4.3', ['nack', 'reject', 'nack', 'lost'], 2, 4],
  ])(
    'of %s after %j: x-delivery-count %s, x-acquired-count %s',
    (compat, causes, delivery, acquired) => {
      const host = new CoreHost(compat)
      host.quorum('q')
      host.publish('', 'q')
      for (const cause of causes) host.find('q').requeue([host.take('q')], cause)
      const { headers, redelivered } = observe(host.take('q'))
      const expected = [
        ...(acquired === null ? [] : [['x-acquired-count', 'l', acquired]]),
        ...(delivery === null ? [] : [['x-delivery-count', 'l', delivery]]),
      ]
      expect(headers ?? []).toEqual(expected)
      expect(redelivered).toBe(causes.length > 0)
    },
  )
})

describe('a delivery limit', () => {
  /** How many times a message is handed out before the queue gives it up; null when it does not within 50 times. */
  function handOuts(compat: CompatName, args: Record<string, number>, cause: ReturnCause) {
    const host = new CoreHost(compat)
    host.queue('dead')
    host.quorum('q', {
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'dead',
      ...args,
    })
    host.publish('', 'q')
    for (let count = 1; count <= 50; count++) {
      host.find('q').requeue([host.take('q')], cause)
      if (host.find('dead').readyCount === 1) return count
    }
    return null
  }

  test.each<[CompatName, ReturnCause, number | null]>([
    ['3.13', 'nack', null],
    ['3.13', 'reject', null],
    ['3.13', 'lost', null],
    ['4.2', 'nack', 21],
    ['4.2', 'reject', 21],
    ['4.2', 'lost', 21],
    ['4.3', 'nack', null],
    ['4.3', 'reject', 21],
    ['4.3', 'lost', 21],
  ])('of %s by default, by %s: handed out %s times', (compat, cause, times) => {
    expect(handOuts(compat, {}, cause)).toBe(times)
  })

  test.each<[CompatName, number, ReturnCause, number | null]>([
    ['3.13', 2, 'nack', 3],
    ['4.2', 0, 'nack', 1],
    ['4.2', 2, 'reject', 3],
    ['4.2', -1, 'nack', null],
    ['4.3', 0, 'reject', 1],
    ['4.3', 2, 'nack', null],
    ['4.3', 2, 'lost', 3],
    ['4.3', -1, 'reject', null],
  ])('of %s of %d, by %s: handed out %s times', (compat, limit, cause, times) => {
    expect(handOuts(compat, { 'x-delivery-limit': limit }, cause)).toBe(times)
  })

  test('without a dead-letter exchange drops the message', () => {
    const host = new CoreHost()
    host.quorum('q', { 'x-delivery-limit': 1 })
    host.publish('', 'q')
    for (let i = 0; i < 2; i++) host.find('q').requeue([host.take('q')], 'nack')
    expect(host.find('q').get(true)).toBeNull()
    expect(host.find('q').unackedCount).toBe(0)
  })

  test('counts anew in the next queue before 4.3', () => {
    const host = new CoreHost('4.2')
    host.quorum('a', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'b' })
    host.quorum('b')
    host.publish('', 'a')
    host.find('a').requeue([host.take('a')], 'nack')
    host.find('a').reject(host.take('a'), 'reject')
    const entry = host.take('b')
    expect([entry.acquiredCount, entry.failedCount]).toEqual([0, 0])
  })
})
