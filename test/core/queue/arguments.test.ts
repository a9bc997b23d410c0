import { describe, expect, test } from 'vitest'
import { type FieldValue, longstr, type Table } from '../../../src/common/table.ts'
import { consumerPriority, validateArguments } from '../../../src/core/queue/arguments.ts'
import { refusalOf } from '../../support/refusal-of.ts'

const QUEUE = { kind: 'queue', name: 'q', vhost: '/' } as const
const int = (value: number): FieldValue => ({ type: 'signedint', value })

describe('of several bad arguments RabbitMQ reports', () => {
  const CASES: readonly [string, [string, FieldValue][], string][] = [
    [
      'the type of x-dead-letter-exchange first',
      [
        ['x-max-age', longstr('1D')],
        ['x-expires', int(-1)],
        ['x-dead-letter-exchange', int(1)],
      ],
      "invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'",
    ],
    [
      'what another queue type knows before any value',
      [
        ['x-expires', int(-1)],
        ['x-max-age', longstr('1D')],
      ],
      "invalid arg 'x-max-age' for queue 'q' in vhost '/' of queue type rabbit_classic_queue",
    ],
    [
      'values in the order of its list, not of the table',
      [
        ['x-max-length', int(-1)],
        ['x-message-ttl', int(-2)],
        ['x-expires', int(0)],
      ],
      "invalid arg 'x-expires' for queue 'q' in vhost '/': {value_zero,0}",
    ],
    [
      'the type of a dead-letter routing key before the lack of an exchange',
      [['x-dead-letter-routing-key', int(1)]],
      "invalid arg 'x-dead-letter-routing-key' for queue 'q' in vhost '/': {unacceptable_type,signedint}",
    ],
  ]
  test.each(CASES)('%s', (_, entries, text) => {
    const args: Table = new Map(entries)
    expect(refusalOf(() => validateArguments(QUEUE, 'classic', args))).toBe(
      `precondition-failed: ${text}`,
    )
  })
})

test('of a stream, which there is not, the type is refused and not what streams take', () => {
  const args: Table = new Map([
    ['x-queue-type', longstr('stream')],
    ['x-max-age', longstr('7D')],
  ])
  expect(refusalOf(() => validateArguments(QUEUE, 'classic', args))).toBe(
    "precondition-failed: invalid arg 'x-queue-type' for queue 'q' in vhost '/': " +
      `"unsupported queue type 'stream'"`,
  )
})

test('good arguments of every kind are accepted together, unknown ones with any value', () => {
  const args: Table = new Map([
    ['x-expires', int(1)],
    ['x-message-ttl', { type: 'long', value: 315_360_000_000n }],
    ['x-dead-letter-exchange', longstr('')],
    ['x-dead-letter-routing-key', longstr('k')],
    ['x-max-length', { type: 'long', value: 2n ** 62n }],
    ['x-max-length-bytes', int(0)],
    ['x-max-priority', { type: 'unsignedbyte', value: 255 }],
    ['x-overflow', longstr('reject-publish-dlx')],
    ['x-single-active-consumer', { type: 'bool', value: true }],
    ['x-queue-type', longstr('classic')],
    ['x-queue-mode', { type: 'void' }],
    ['x-queue-version', int(2)],
    ['x-queue-leader-locator', longstr('balanced')],
    ['x-of-my-own', { type: 'array', value: [] }],
  ])
  expect(refusalOf(() => validateArguments(QUEUE, 'classic', args))).toBeNull()
})

describe('the priority of a consumer', () => {
  test('is any integer, 0 when nothing is said', () => {
    expect(consumerPriority(QUEUE, new Map())).toBe(0)
    expect(consumerPriority(QUEUE, new Map([['x-priority', int(-7)]]))).toBe(-7)
    expect(consumerPriority(QUEUE, new Map([['x-priority', { type: 'long', value: 7n }]]))).toBe(7)
  })

  test('is nothing else', () => {
    const priority = () => consumerPriority(QUEUE, new Map([['x-priority', longstr('1')]]))
    expect(refusalOf(priority)).toBe(
      "precondition-failed: invalid arg 'x-priority' for queue 'q' in vhost '/': " +
        '"expected integer, got longstr"',
    )
  })
})
