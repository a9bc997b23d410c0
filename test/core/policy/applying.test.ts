import { describe, expect, test } from 'vitest'
import { REJECTED } from '../../../src/core/vhost.ts'
import { CoreHost } from '../../support/core-host.ts'

const ONLY_Q = { pattern: '^q$' }

function hostWithQueue(): CoreHost {
  const host = new CoreHost()
  host.queue('dead')
  host.queue('q')
  return host
}

describe('max-length', () => {
  test('trims a queue at once, and dead-letters what it drops', () => {
    const host = hostWithQueue()
    host.send('q', ['1', '2', '3', '4'])
    const definition = {
      'max-length': 2,
      'dead-letter-exchange': '',
      'dead-letter-routing-key': 'dead',
    }
    host.policy('p', definition, ONLY_Q)
    expect(host.drain('q')).toEqual(['3', '4'])
    expect(host.drain('dead')).toEqual(['1', '2'])
  })

  test('in bytes trims as well', () => {
    const host = hostWithQueue()
    host.send('q', ['aaa', 'bb', 'c'])
    host.policy('p', { 'max-length-bytes': 3 }, ONLY_Q)
    expect(host.drain('q')).toEqual(['bb', 'c'])
  })

  test('lets messages pile up again when the policy is gone', () => {
    const host = hostWithQueue()
    host.policy('p', { 'max-length': 1 }, ONLY_Q)
    host.send('q', ['1', '2'])
    expect(host.vhost.deletePolicy('p', false)).toBe(true)
    host.send('q', ['3', '4'])
    expect(host.drain('q')).toEqual(['2', '3', '4'])
  })

  test('with overflow reject-publish trims nothing and rejects what comes', () => {
    const host = hostWithQueue()
    host.send('q', ['1', '2', '3'])
    host.policy('p', { 'max-length': 1, overflow: 'reject-publish' }, ONLY_Q)
    expect(host.publish('', 'q', '4')).toBe(REJECTED)
    expect(host.drain('q')).toEqual(['1', '2', '3'])
    expect(host.publish('', 'q', '5')).not.toBe(REJECTED)
  })

  test('of the operator holds beside the larger one of the user', () => {
    const host = hostWithQueue()
    host.policy('user', { 'max-length': 5 }, ONLY_Q)
    host.policy('operator', { 'max-length': 2 }, { ...ONLY_Q, isOperator: true })
    host.send('q', ['1', '2', '3'])
    expect(host.drain('q')).toEqual(['2', '3'])
    expect(host.vhost.deletePolicy('operator', false)).toBe(false)
    expect(host.vhost.deletePolicy('operator', true)).toBe(true)
    host.send('q', ['1', '2', '3'])
    expect(host.drain('q')).toEqual(['1', '2', '3'])
  })
})

describe('message-ttl', () => {
  test('is for messages that come later; those before hold them up', () => {
    const host = hostWithQueue()
    host.publish('', 'q', 'before')
    host.policy('p', { 'message-ttl': 10 }, ONLY_Q)
    host.publish('', 'q', 'after')
    host.advance(20)
    expect(host.find('q').readyCount).toBe(2)
    host.take('q')
    host.settle()
    expect(host.find('q').readyCount).toBe(0)
  })

  test('that is gone still holds for messages that came while it was there', () => {
    const host = hostWithQueue()
    host.policy('p', { 'message-ttl': 10 }, ONLY_Q)
    host.publish('', 'q', 'm')
    host.vhost.deletePolicy('p', false)
    host.publish('', 'q', 'eternal')
    host.advance(10)
    expect(host.drain('q')).toEqual(['eternal'])
  })
})

describe('dead-letter-exchange', () => {
  test('holds for messages that are there already', () => {
    const host = hostWithQueue()
    host.publish('', 'q', 'm')
    const entry = host.take('q')
    host.policy('p', { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' }, ONLY_Q)
    entry.queue.reject(entry, 'reject')
    expect(host.drain('dead')).toEqual(['m'])
  })

  test('drops again when the policy is gone', () => {
    const host = hostWithQueue()
    host.policy('p', { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' }, ONLY_Q)
    host.publish('', 'q', 'm')
    host.vhost.deletePolicy('p', false)
    host.find('q').reject(host.take('q'), 'reject')
    expect(host.drain('dead')).toEqual([])
  })
})

describe('expires', () => {
  test('counts from the moment it is set', () => {
    const host = hostWithQueue()
    host.advance(1000)
    host.policy('p', { expires: 100 }, ONLY_Q)
    host.advance(99)
    expect(host.has('q')).toBe(true)
    host.advance(1)
    expect(host.has('q')).toBe(false)
  })

  test('that is gone deletes nothing', () => {
    const host = hostWithQueue()
    host.policy('p', { expires: 100 }, ONLY_Q)
    host.advance(50)
    host.vhost.deletePolicy('p', false)
    host.advance(1000)
    expect(host.has('q')).toBe(true)
  })

  test('that is made longer or shorter counts anew', () => {
    const host = hostWithQueue()
    host.policy('p', { expires: 100 }, ONLY_Q)
    host.advance(90)
    host.policy('p', { expires: 50 }, ONLY_Q)
    host.advance(49)
    expect(host.has('q')).toBe(true)
    host.advance(1)
    expect(host.has('q')).toBe(false)
  })

  test('goes on when another policy says the same', () => {
    const host = hostWithQueue()
    host.policy('p', { expires: 100 }, ONLY_Q)
    host.advance(90)
    host.policy('unrelated', { 'max-length': 5 }, { pattern: '^dead$' })
    host.advance(10)
    expect(host.has('q')).toBe(false)
  })
})

describe('delivery-limit', () => {
  test('holds for messages that have failed already', () => {
    const host = new CoreHost()
    host.quorum('q')
    host.publish('', 'q', 'm')
    for (let i = 0; i < 3; i++) host.find('q').requeue([host.take('q')], 'nack')
    host.policy('p', { 'delivery-limit': 2 }, ONLY_Q)
    host.find('q').requeue([host.take('q')], 'nack')
    expect(host.find('q').readyCount).toBe(0)
  })
})

describe('alternate-exchange', () => {
  function hostWithExchange(): CoreHost {
    const host = new CoreHost()
    host.exchange('x', 'direct')
    host.queue('rest')
    host.bind('amq.fanout', 'rest')
    return host
  }

  test('takes what an exchange cannot route, at once', () => {
    const host = hostWithExchange()
    host.publish('x', 'key', 'lost')
    host.policy('p', { 'alternate-exchange': 'amq.fanout' }, { pattern: '^x$' })
    host.publish('x', 'key', 'found')
    host.vhost.deletePolicy('p', false)
    host.publish('x', 'key', 'lost again')
    expect(host.drain('rest')).toEqual(['found'])
  })

  test('holds for exchanges that are declared later', () => {
    const host = hostWithExchange()
    host.policy('p', { 'alternate-exchange': 'amq.fanout' }, { pattern: '^late$' })
    host.exchange('late', 'direct')
    host.publish('late', 'key', 'found')
    expect(host.drain('rest')).toEqual(['found'])
  })

  test('of the argument wins', () => {
    const host = hostWithExchange()
    host.exchange('y', 'direct', { 'alternate-exchange': 'amq.fanout' })
    host.policy('p', { 'alternate-exchange': 'amq.direct' }, { pattern: '^y$' })
    host.publish('y', 'key', 'found')
    expect(host.drain('rest')).toEqual(['found'])
  })

  test('of a policy for all leaves the default exchange as it is', () => {
    const host = hostWithExchange()
    host.policy('p', { 'alternate-exchange': 'amq.fanout' })
    host.publish('', 'nobody', 'lost')
    expect(host.drain('rest')).toEqual([])
  })
})

describe('a policy', () => {
  test('holds for queues that are declared later', () => {
    const host = new CoreHost()
    host.policy('p', { 'max-length': 1 }, ONLY_Q)
    host.queue('q')
    host.send('q', ['1', '2'])
    expect(host.drain('q')).toEqual(['2'])
  })

  test('of higher priority takes the place of the other as a whole', () => {
    const host = hostWithQueue()
    host.policy('low', { 'max-length': 1 }, ONLY_Q)
    host.policy('high', { 'message-ttl': 10 }, { ...ONLY_Q, priority: 1 })
    expect(host.find('q').settings).toMatchObject({ maxLength: null, messageTtlMs: 10 })
    host.vhost.deletePolicy('high', false)
    expect(host.find('q').settings).toMatchObject({ maxLength: 1, messageTtlMs: null })
  })
})
