import { describe, expect, test } from 'vitest'
import { policyError } from '../../../src/core/policy/validate.ts'
import { CoreHost } from '../../support/core-host.ts'
import { refusalOf } from '../../support/refusal-of.ts'

type Definition = Readonly<Record<string, string | number>>

function errorOf(definition: Definition, isOperator = false): string | null {
  return policyError(new Map(Object.entries(definition)), isOperator)
}

describe('a definition is accepted', () => {
  test.each<[Definition]>([
    [{ 'message-ttl': 0 }],
    [{ expires: 1 }],
    [{ 'max-length': 0 }],
    [{ 'max-length-bytes': 0 }],
    [{ overflow: 'drop-head' }],
    [{ overflow: 'reject-publish' }],
    [{ overflow: 'reject-publish-dlx' }],
    [{ 'dead-letter-exchange': '' }],
    [{ 'dead-letter-routing-key': '' }],
    [{ 'dead-letter-strategy': 'at-least-once' }],
    [{ 'dead-letter-strategy': 'at-most-once' }],
    [{ 'delivery-limit': 0 }],
    [{ 'delivery-limit': -1 }],
    [{ 'consumer-timeout': 1000 }],
    [{ 'alternate-exchange': 'x' }],
    [{ 'queue-mode': 'lazy' }],
    [{ 'queue-leader-locator': 'balanced' }],
    [{ 'max-length': 1, 'message-ttl': 1, overflow: 'drop-head' }],
  ])('%j', (definition) => {
    expect(errorOf(definition)).toBeNull()
  })
})

describe('a definition is refused in the words of RabbitMQ', () => {
  test.each<[Definition, string]>([
    [{}, 'no policy provided'],
    [{ nosuch: 1 }, '[{<<"nosuch">>,1}] are not recognised policy settings'],
    [{ 'ha-mode': 'all' }, '[{<<"ha-mode">>,<<"all">>}] are not recognised policy settings'],
    [{ 'max-length': '5' }, '<<"5">> is not a valid maximum length'],
    [{ 'max-length': -5 }, '-5 is not a valid maximum length'],
    [{ 'max-length-bytes': -5 }, '-5 is not a valid maximum length in bytes'],
    [{ 'message-ttl': -1 }, '-1 is not a valid message TTL'],
    [{ 'message-ttl': 1.5 }, '1.5 is not a valid message TTL'],
    [{ expires: 0 }, '0 is not a valid queue expiry'],
    [{ overflow: 'drop-tail' }, '<<"drop-tail">> is not a valid overflow value'],
    [{ 'dead-letter-exchange': 5 }, '5 is not a valid dead letter exchange name'],
    [{ 'dead-letter-routing-key': 5 }, '5 is not a valid dead letter routing key'],
    [{ 'alternate-exchange': 5 }, '5 is not a valid alternate exchange name'],
    [{ 'delivery-limit': 'x' }, '<<"x">> is not a valid delivery limit'],
  ])('%j', (definition, text) => {
    expect(errorOf(definition)).toBe(text)
  })
})

describe('an operator policy', () => {
  test.each<[Definition]>([
    [{ 'message-ttl': 5 }],
    [{ expires: 5 }],
    [{ 'max-length': 5 }],
    [{ 'max-length-bytes': 5 }],
    [{ overflow: 'reject-publish' }],
    [{ 'delivery-limit': 5 }],
  ])('may set %j', (definition) => {
    expect(errorOf(definition, true)).toBeNull()
  })

  test('may not set a dead-letter exchange', () => {
    expect(errorOf({ 'dead-letter-exchange': 'x' }, true)).toBe(
      '[{<<"dead-letter-exchange">>,<<"x">>}] are not recognised policy settings',
    )
  })
})

describe('a policy that is refused', () => {
  test('changes nothing', () => {
    const host = new CoreHost()
    host.policy('p', { 'max-length': 5 })
    expect(refusalOf(() => host.policy('p', { 'max-length': -5 }))).toBe(
      'precondition-failed: -5 is not a valid maximum length',
    )
    expect(host.vhost.policies.user.get('p')?.definition.get('max-length')).toBe(5)
  })

  test('for its pattern is a refusal too', () => {
    const host = new CoreHost()
    expect(refusalOf(() => host.policy('p', { 'max-length': 5 }, { pattern: '[' }))).toMatch(
      /^precondition-failed: pattern should be regular expression but is invalid: /,
    )
    expect(host.vhost.policies.user.get('p')).toBeNull()
  })
})
