import { describe, expect, test } from 'vitest'
import {
  Policies,
  type Policy,
  type PolicySubject,
  type PolicyTarget,
} from '../../../src/core/policy/policy.ts'

const QUEUE: PolicySubject = { kind: 'queue', name: 'orders.new', queueType: 'classic' }
const QUORUM: PolicySubject = { kind: 'queue', name: 'orders.safe', queueType: 'quorum' }
const EXCHANGE: PolicySubject = { kind: 'exchange', name: 'orders' }

function policy(name: string, wish: Partial<Policy> = {}): Policy {
  return { name, pattern: '.*', applyTo: 'all', priority: 0, definition: new Map(), ...wish }
}

function matchAmong(subject: PolicySubject, ...policies: readonly Policy[]): string | null {
  const all = new Policies()
  for (const one of policies) all.set(one)
  return all.match(subject)?.name ?? null
}

describe('a policy matches', () => {
  test.each<[string, boolean]>([
    ['.*', true],
    ['', true],
    ['orders', true],
    ['new', true],
    ['^orders', true],
    ['new$', true],
    ['^new', false],
    ['^orders\\.new$', true],
    ['^orders.new$', true],
    ['^(?!orders)', false],
    ['^(?!amq\\.).*', true],
    ['ORDERS', false],
    ['orders\\.(new|old)', true],
    ['^[a-z]+\\.[a-z]+$', true],
    ['orders\\-new', false],
  ])('orders.new by the pattern %s: %s', (pattern, isMatch) => {
    expect(matchAmong(QUEUE, policy('p', { pattern })) !== null).toBe(isMatch)
  })

  test.each<[PolicyTarget, boolean, boolean, boolean]>([
    ['all', true, true, true],
    ['queues', true, true, false],
    ['exchanges', false, false, true],
    ['classic_queues', true, false, false],
    ['quorum_queues', false, true, false],
    ['streams', false, false, false],
  ])('what it applies to: %s', (applyTo, classic, quorum, exchange) => {
    const one = policy('p', { applyTo })
    expect([QUEUE, QUORUM, EXCHANGE].map((subject) => matchAmong(subject, one) !== null)).toEqual([
      classic,
      quorum,
      exchange,
    ])
  })
})

describe('of several policies that match', () => {
  test('the one of highest priority applies, in whatever order they were set', () => {
    const [low, high] = [policy('low', { priority: -1 }), policy('high', { priority: 7 })]
    const middle = policy('middle')
    expect(matchAmong(QUEUE, low, middle, high)).toBe('high')
    expect(matchAmong(QUEUE, high, low, middle)).toBe('high')
    expect(matchAmong(QUEUE, low, middle)).toBe('middle')
  })

  test('one that does not match has no say', () => {
    const high = policy('high', { priority: 7, applyTo: 'exchanges' })
    expect(matchAmong(QUEUE, high, policy('low'))).toBe('low')
  })

  test('one applies where priorities are equal', () => {
    expect(['a', 'b']).toContain(matchAmong(QUEUE, policy('a'), policy('b')))
  })
})

describe('the policies of a vhost', () => {
  test('take another one in place of one of the same name', () => {
    const all = new Policies()
    all.set(policy('p', { pattern: '^nothing$' }))
    all.set(policy('p', { pattern: 'orders', priority: 3 }))
    expect([...all]).toHaveLength(1)
    expect(all.get('p')?.priority).toBe(3)
    expect(all.match(QUEUE)?.name).toBe('p')
  })

  test('forget one that is deleted', () => {
    const all = new Policies()
    all.set(policy('p'))
    expect(all.delete('p')).toBe(true)
    expect(all.delete('p')).toBe(false)
    expect(all.match(QUEUE)).toBeNull()
    expect(all.get('p')).toBeNull()
  })
})
