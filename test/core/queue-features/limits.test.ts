import { describe, expect, test } from 'vitest'
import { REJECTED } from '../../../src/core/vhost.ts'
import { CoreHost } from '../../support/core-host.ts'
import type { Plain } from '../../support/tables.ts'

/** A queue `q` whose dead letters go to `dead`. */
function hostWith(args: Readonly<Record<string, Plain>>): CoreHost {
  const host = new CoreHost()
  host.queue('dead')
  host.queue('q', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', ...args })
  return host
}

const DIGITS = ['1', '2', '3', '4', '5']
const BOTH = [
  ['classic', {}],
  ['quorum', { 'x-queue-type': 'quorum' }],
] as const

describe.each(BOTH)('drop-head in a %s queue', (_type, type) => {
  test.each([
    [4, ['2', '3', '4', '5'], ['1']],
    [5, DIGITS, []],
    [1, ['5'], ['1', '2', '3', '4']],
    [0, [], DIGITS],
  ])('of length %d keeps %j', (length, kept, dropped) => {
    const host = hostWith({ ...type, 'x-max-length': length })
    host.send('q', DIGITS)
    host.settle()
    expect(host.drain('q')).toEqual(kept)
    expect(host.drain('dead')).toEqual(dropped)
  })

  test.each([
    [10, ['aaaa', 'bbb', 'cc', 'd'], []],
    [9, ['bbb', 'cc', 'd'], ['aaaa']],
    [6, ['bbb', 'cc', 'd'], ['aaaa']],
    [5, ['cc', 'd'], ['aaaa', 'bbb']],
    [0, [], ['aaaa', 'bbb', 'cc', 'd']],
  ])('of %d bytes keeps %j', (bytes, kept, dropped) => {
    const host = hostWith({ ...type, 'x-max-length-bytes': bytes })
    host.send('q', ['aaaa', 'bbb', 'cc', 'd'])
    expect(host.find('q').readyBytes).toBe(kept.join('').length)
    expect(host.drain('q')).toEqual(kept)
    expect(host.drain('dead')).toEqual(dropped)
  })

  test('of a length in bytes drops all that were there for one that is large', () => {
    const host = hostWith({ ...type, 'x-max-length-bytes': 5 })
    host.send('q', ['a', 'b', 'ccccc'])
    expect(host.drain('q')).toEqual(['ccccc'])
    host.send('q', ['a', 'dddddd'])
    expect(host.drain('q')).toEqual([])
    expect(host.drain('dead')).toEqual(['a', 'b', 'a', 'dddddd'])
  })

  test('keeps empty bodies, which have no bytes', () => {
    const host = hostWith({ ...type, 'x-max-length-bytes': 0 })
    host.send('q', ['', '', ''])
    expect(host.find('q').readyCount).toBe(3)
  })

  test('goes by the limit that is reached first', () => {
    const host = hostWith({ ...type, 'x-max-length': 2, 'x-max-length-bytes': 5 })
    host.send('q', ['1', '2', '3'])
    expect(host.drain('dead')).toEqual(['1'])
    host.send('q', ['4444'])
    expect(host.drain('q')).toEqual(['3', '4444'])
    host.send('q', ['55', '4444'])
    expect(host.drain('q')).toEqual(['4444'])
  })

  test('does not count what is unacked', () => {
    const host = hostWith({ ...type, 'x-max-length': 2 })
    host.send('q', ['1', '2'])
    host.take('q')
    host.take('q')
    host.send('q', ['3', '4'])
    expect(host.drain('q')).toEqual(['3', '4'])
    expect(host.drain('dead')).toEqual([])
  })

  test('lets an idle consumer have all, limit or not', () => {
    const host = hostWith({ ...type, 'x-max-length': 0 })
    const consumer = host.consumer('q')
    host.send('q', DIGITS)
    host.settle()
    expect(consumer.bodies).toEqual(DIGITS)
    expect(host.drain('dead')).toEqual([])
  })

  test('lets a consumer have what it takes, and drops the oldest of the rest', () => {
    const host = hostWith({ ...type, 'x-max-length': 1 })
    const consumer = host.consumer('q', { prefetch: 2 })
    host.send('q', DIGITS)
    host.settle()
    expect(consumer.bodies).toEqual(['1', '2'])
    expect(host.drain('q')).toEqual(['5'])
    expect(host.drain('dead')).toEqual(['3', '4'])
  })

  test('drops what comes back when the queue is full, because it is the first', () => {
    const host = hostWith({ ...type, 'x-max-length': 2 })
    host.send('q', ['1', '2'])
    const first = host.take('q')
    host.send('q', ['3'])
    first.queue.requeue([first], 'nack')
    host.settle()
    expect(host.drain('q')).toEqual(['2', '3'])
    expect(host.drain('dead')).toEqual(['1'])
  })
})

describe('what comes back to a full queue with drop-head', () => {
  /** A consumer that holds 1, and 2 ready in a queue of length 1. */
  function full(type: string) {
    const host = hostWith({ 'x-max-length': 1, 'x-queue-type': type })
    const consumer = host.consumer('q', { prefetch: 1 })
    host.send('q', ['1', '2'])
    host.settle()
    return { host, consumer }
  }

  test('is dropped from a classic queue before its consumer can have it again', () => {
    const { host, consumer } = full('classic')
    consumer.requeue('1')
    host.settle()
    expect(consumer.bodies).toEqual(['1', '2'])
    expect(host.drain('dead')).toEqual(['1'])
  })

  test('is dropped from a classic queue though a consumer is idle', () => {
    const host = hostWith({ 'x-max-length': 2 })
    const consumer = host.consumer('q')
    host.send('q', DIGITS)
    host.settle()
    host.find('q').requeue(consumer.held.splice(0), 'nack')
    host.settle()
    expect(consumer.bodies).toEqual([...DIGITS, '4', '5'])
    expect(host.drain('dead')).toEqual(['1', '2', '3'])
  })

  test('is all there before the first of it is dropped', () => {
    const host = hostWith({ 'x-max-length-bytes': 3 })
    host.send('q', ['1'])
    const first = host.take('q')
    host.send('q', ['333'])
    const second = host.take('q')
    host.send('q', ['2'])
    host.find('q').requeue([second, first], 'nack')
    expect(host.drain('q')).toEqual(['2'])
    expect(host.drain('dead')).toEqual(['1', '333'])
  })

  test('goes to the consumer of a quorum queue again', () => {
    const { host, consumer } = full('quorum')
    consumer.requeue('1')
    host.settle()
    expect(consumer.bodies).toEqual(['1', '1'])
    expect(host.drain('dead')).toEqual([])
    expect(host.drain('q')).toEqual(['2'])
  })
})

test('what has expired is gone as soon as the one before it is dropped', () => {
  const host = hostWith({ 'x-queue-type': 'quorum', 'x-max-length': 1 })
  const consumer = host.consumer('q')
  host.publish('', 'q', 'eternal')
  host.publish('', 'q', 'short', { expiration: '10' })
  host.advance(20)
  consumer.cancel()
  for (const body of ['eternal', 'short']) consumer.requeue(body)
  host.settle()
  expect(host.drain('dead')).toEqual(['eternal', 'short'])
})

describe('drop-head with priorities', () => {
  test('drops the oldest of the highest', () => {
    const host = hostWith({ 'x-max-priority': 9, 'x-max-length': 3 })
    for (const [body, priority] of [
      ['low', 1],
      ['high 1', 9],
      ['high 2', 9],
      ['middle', 5],
    ] as const) {
      host.publish('', 'q', body, { priority })
    }
    expect(host.drain('dead')).toEqual(['high 1'])
    expect(host.drain('q')).toEqual(['high 2', 'middle', 'low'])
  })
})

describe('reject-publish in a classic queue', () => {
  const full = (length: number) => ({ 'x-max-length': length, 'x-overflow': 'reject-publish' })

  test.each([0, 1, 2, 5])('of length %d takes that many', (length) => {
    const host = hostWith(full(length))
    const taken = DIGITS.map((body) => host.publish('', 'q', body) !== REJECTED)
    expect(taken).toEqual(DIGITS.map((_, i) => i < length))
    expect(host.drain('q')).toEqual(DIGITS.slice(0, length))
    expect(host.drain('dead')).toEqual([])
  })

  test('of a length in bytes takes what fits', () => {
    const host = hostWith({ 'x-max-length-bytes': 5, 'x-overflow': 'reject-publish' })
    const taken = ['aaa', 'bbb', 'cc', ''].map((body) => host.publish('', 'q', body) !== REJECTED)
    expect(taken).toEqual([true, false, true, true])
  })

  test('of length 0 rejects though a consumer is idle', () => {
    const host = hostWith(full(0))
    const consumer = host.consumer('q')
    expect(host.publish('', 'q', 'm')).toBe(REJECTED)
    host.settle()
    expect(consumer.bodies).toEqual([])
  })

  test('takes more as soon as a consumer has taken some', () => {
    const host = hostWith(full(1))
    const consumer = host.consumer('q', { prefetch: 2 })
    const taken = DIGITS.map((body) => host.publish('', 'q', body) !== REJECTED)
    expect(taken).toEqual([true, true, true, false, false])
    expect(consumer.bodies).toEqual(['1', '2'])
  })

  test('takes more as soon as some have expired', () => {
    const host = hostWith({ ...full(1), 'x-message-ttl': 10 })
    host.publish('', 'q', 'old')
    host.clock.skip(10)
    expect(host.publish('', 'q', 'new')).not.toBe(REJECTED)
    expect(host.drain('dead')).toEqual(['old'])
  })

  test('takes back what comes back', () => {
    const host = hostWith(full(1))
    host.publish('', 'q', '1')
    const first = host.take('q')
    host.publish('', 'q', '2')
    first.queue.requeue([first], 'nack')
    expect(host.find('q').readyCount).toBe(2)
    expect(host.publish('', 'q', '3')).toBe(REJECTED)
    expect(host.drain('q')).toEqual(['1', '2'])
  })
})

describe('reject-publish-dlx', () => {
  test('dead-letters what it rejects', () => {
    const host = hostWith({ 'x-max-length': 2, 'x-overflow': 'reject-publish-dlx' })
    const taken = DIGITS.map((body) => host.publish('', 'q', body) !== REJECTED)
    expect(taken).toEqual([true, true, false, false, false])
    expect(host.drain('q')).toEqual(['1', '2'])
    expect(host.drain('dead')).toEqual(['3', '4', '5'])
  })

  test('is drop-head in a quorum queue', () => {
    const host = hostWith({
      'x-queue-type': 'quorum',
      'x-max-length': 2,
      'x-overflow': 'reject-publish-dlx',
    })
    const taken = DIGITS.map((body) => host.publish('', 'q', body) !== REJECTED)
    expect(taken).toEqual([true, true, true, true, true])
    expect(host.drain('dead')).toEqual(['1', '2', '3'])
  })
})

describe('reject-publish in a quorum queue', () => {
  const full = (length: number) => ({
    'x-queue-type': 'quorum',
    'x-max-length': length,
    'x-overflow': 'reject-publish',
  })

  test('takes one more than its length', () => {
    const host = hostWith(full(2))
    const taken = DIGITS.map((body) => host.publish('', 'q', body) !== REJECTED)
    expect(taken).toEqual([true, true, true, false, false])
  })

  test('of length 0 delivers to an idle consumer', () => {
    const host = hostWith(full(0))
    const consumer = host.consumer('q')
    const taken = DIGITS.map((body) => host.publish('', 'q', body) !== REJECTED)
    host.settle()
    expect(taken).toEqual([true, true, true, true, true])
    expect(consumer.bodies).toEqual(DIGITS)
  })
})

describe('several queues of which one rejects', () => {
  test('the others take the message, and the publish is rejected', () => {
    const host = hostWith({ 'x-max-length': 1, 'x-overflow': 'reject-publish' })
    host.queue('roomy')
    for (const name of ['q', 'roomy']) host.bind('amq.fanout', name)
    expect(host.publish('amq.fanout', '', '1')).not.toBe(REJECTED)
    expect(host.publish('amq.fanout', '', '2')).toBe(REJECTED)
    expect(host.drain('q')).toEqual(['1'])
    expect(host.drain('roomy')).toEqual(['1', '2'])
  })
})
