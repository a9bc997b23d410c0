import { describe, expect, test } from 'vitest'
import type { PolicyDefinition } from '../../../src/core/policy/policy.ts'
import type { QueueTypeName } from '../../../src/core/queue/queue-type.ts'
import { type QueueSettings, resolveSettings } from '../../../src/core/queue/settings.ts'
import { tableOf } from '../../support/tables.ts'

type Value = string | number | null

/** What becomes of one key that an argument, a policy and an operator policy set; null is for not set. */
function merged(
  type: QueueTypeName,
  key: string,
  [argument, policy, operator]: readonly [Value, Value, Value],
): QueueSettings {
  const args = argument === null ? tableOf({}) : tableOf({ [`x-${key}`]: argument })
  const definition = (value: Value): PolicyDefinition | null =>
    value === null ? null : new Map([[key, value]])
  return resolveSettings(type, args, definition(policy), definition(operator), {
    deliveryLimit: 20,
  })
}

const SMALLER: readonly [keyof QueueSettings, string][] = [
  ['messageTtlMs', 'message-ttl'],
  ['expiresMs', 'expires'],
  ['maxLength', 'max-length'],
  ['maxLengthBytes', 'max-length-bytes'],
]

describe.each(['classic', 'quorum'] as const)('settings of a %s queue', (type) => {
  describe.each(SMALLER)('%s', (setting, key) => {
    test.each<[Value, Value, Value, number | null]>([
      [null, null, null, null],
      [5, null, null, 5],
      [null, 5, null, 5],
      [null, null, 5, 5],
      [5, 9, null, 5],
      [9, 5, null, 5],
      [9, 7, 5, 5],
      [5, 7, 9, 5],
      [7, 5, 9, 5],
      [0, 5, 5, 0],
      [5, 0, 5, 0],
      [5, 5, 0, 0],
    ])('of argument %s, policy %s, operator policy %s is %s', (...values) => {
      const [argument, policy, operator, expected] = values
      expect(merged(type, key, [argument, policy, operator])[setting]).toBe(expected)
    })
  })

  test.each([
    ['deadLetterExchange', 'dead-letter-exchange'],
    ['deadLetterRoutingKey', 'dead-letter-routing-key'],
  ] as const)('%s is that of the argument, else that of the policy', (setting, key) => {
    expect(merged(type, key, [null, null, null])[setting]).toBeNull()
    expect(merged(type, key, ['mine', null, null])[setting]).toBe('mine')
    expect(merged(type, key, [null, 'theirs', null])[setting]).toBe('theirs')
    expect(merged(type, key, ['mine', 'theirs', null])[setting]).toBe('mine')
    expect(merged(type, key, ['', 'theirs', null])[setting]).toBe('')
  })

  test('the keys of a policy come one by one', () => {
    const settings = resolveSettings(
      type,
      tableOf({ 'x-dead-letter-exchange': 'mine', 'x-max-length': 5 }),
      new Map<string, string | number>([
        ['dead-letter-routing-key', 'theirs'],
        ['max-length-bytes', 7],
      ]),
      new Map([['message-ttl', 9]]),
      { deliveryLimit: null },
    )
    expect(settings).toMatchObject({
      deadLetterExchange: 'mine',
      deadLetterRoutingKey: 'theirs',
      maxLength: 5,
      maxLengthBytes: 7,
      messageTtlMs: 9,
      expiresMs: null,
    })
  })
})

describe('overflow', () => {
  const [drop, reject, dlx] = ['drop-head', 'reject-publish', 'reject-publish-dlx']

  test.each<[QueueTypeName, Value, Value, Value, string]>([
    ['classic', null, null, null, drop],
    ['classic', reject, null, null, reject],
    ['classic', null, reject, null, reject],
    ['classic', null, null, reject, reject],
    ['classic', drop, reject, null, drop],
    ['classic', dlx, reject, null, dlx],
    ['quorum', null, null, null, drop],
    ['quorum', reject, null, null, reject],
    ['quorum', drop, reject, null, reject],
    ['quorum', reject, drop, null, drop],
    ['quorum', dlx, null, null, drop],
    ['quorum', reject, dlx, null, drop],
  ])('of a %s queue with argument %s, policy %s, operator policy %s is %s', (type, ...rest) => {
    const [argument, policy, operator, expected] = rest
    expect(merged(type, 'overflow', [argument, policy, operator]).overflow).toBe(expected)
  })
})

describe('delivery-limit', () => {
  test.each<[Value, Value, Value, number | null]>([
    [null, null, null, 20],
    [5, null, null, 5],
    [null, 5, null, 5],
    [null, null, 5, 5],
    [5, 7, null, 5],
    [7, 5, null, 5],
    [30, null, null, 30],
    [null, 30, null, 30],
    [-1, null, null, null],
    [null, -1, null, null],
    [-1, 5, null, 5],
    [5, -1, null, 5],
    [-1, -1, null, null],
    [0, 5, null, 0],
    [null, 7, 5, 5],
    [3, 7, 5, 3],
    ['many', null, null, 20],
  ])('of argument %s, policy %s, operator policy %s is %s', (...values) => {
    const [argument, policy, operator, expected] = values
    expect(merged('quorum', 'delivery-limit', [argument, policy, operator]).deliveryLimit).toBe(
      expected,
    )
  })

  test('is none for a classic queue', () => {
    expect(merged('classic', 'delivery-limit', [null, 5, null]).deliveryLimit).toBeNull()
  })
})

describe('consumer-timeout', () => {
  test.each<[Value, Value, number | null]>([
    [null, null, null],
    [5, null, 5],
    [null, 5, 5],
    [5, 9, 5],
    [9, 5, 5],
  ])('of argument %s, policy %s is %s', (argument, policy, expected) => {
    const settings = merged('quorum', 'consumer-timeout', [argument, policy, null])
    expect(settings.consumerTimeoutMs).toBe(expected)
    expect(merged('classic', 'consumer-timeout', [null, policy, null]).consumerTimeoutMs).toBeNull()
  })
})
