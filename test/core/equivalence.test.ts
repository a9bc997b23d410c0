import { describe, expect, test } from 'vitest'
import { COMPATS } from '../../src/common/compat.ts'
import { type FieldValue, longstr } from '../../src/common/table.ts'
import { assertSameArguments } from '../../src/core/equivalence.ts'
import { refusalOf } from '../support/refusal-of.ts'
import { TestVhost } from '../support/test-vhost.ts'

describe('two values of an argument are equivalent', () => {
  const EQUIVALENT: readonly [string, FieldValue, FieldValue][] = [
    ['integers of any width', { type: 'byte', value: 5 }, { type: 'long', value: 5n }],
    ['a float and a double', { type: 'float', value: 1.5 }, { type: 'double', value: 1.5 }],
    ['the same text', longstr('a'), longstr('a')],
    ['the same array', array(longstr('a')), array(longstr('a'))],
    ['void and void', { type: 'void' }, { type: 'void' }],
  ]
  test.each(EQUIVALENT)('%s', (_, received, current) => {
    expect(compare(received, current)).toBeNull()
  })

  const DIFFERENT: readonly [string, FieldValue, FieldValue, string][] = [
    ['an integer and a text', int(5), longstr('5'), "received '5' but current is '5'"],
    [
      'an integer and a double',
      int(5),
      { type: 'double', value: 5 },
      "received '5' but current is '5.0'",
    ],
    [
      'bools',
      { type: 'bool', value: true },
      { type: 'bool', value: false },
      "received 'true' but current is 'false'",
    ],
    [
      'a text and a byte array',
      longstr('a'),
      { type: 'binary', value: Buffer.from('a') },
      "received 'a' but current is 'a'",
    ],
    [
      'longs that are one number as doubles',
      { type: 'long', value: 2n ** 62n },
      { type: 'long', value: 2n ** 62n + 1n },
      "received '4611686018427387904' but current is '4611686018427387905'",
    ],
  ]
  test.each(DIFFERENT)('but not %s', (_, received, current, text) => {
    expect(compare(received, current)).toBe(
      `precondition-failed: inequivalent arg 'x' for queue 'q' in vhost '/': ${text}`,
    )
  })
})

test('arguments are compared in the order of the list, the first difference is reported', () => {
  const resource = { kind: 'queue', name: 'q', vhost: '/' } as const
  const compareBoth = () =>
    assertSameArguments(
      ['b', 'a'],
      resource,
      new Map(),
      new Map([
        ['a', int(1)],
        ['b', int(2)],
      ]),
    )
  expect(refusalOf(compareBoth)).toBe(
    "precondition-failed: inequivalent arg 'b' for queue 'q' in vhost '/': " +
      "received none but current is the value '2' of type 'signedint'",
  )
})

describe('an existing queue', () => {
  test('is compared, not validated: a value that could not be declared is only inequivalent', () => {
    const host = new TestVhost()
    host.queue('q', { arguments: new Map([['x-message-ttl', int(1000)]]) })
    const redeclare = () =>
      host.queue('q', { arguments: new Map([['x-message-ttl', longstr('a')]]) })
    expect(refusalOf(redeclare)).toBe(
      "precondition-failed: inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/': " +
        "received 'a' but current is '1000'",
    )
  })

  test('is found again with the same flags and arguments', () => {
    const host = new TestVhost()
    const wish = { durable: true, autoDelete: true, arguments: new Map([['x-max-length', int(5)]]) }
    expect(host.queue('q', wish)).toBe(host.queue('q', wish))
  })
})

describe('names of the server', () => {
  test('are refused for new exchanges, and free without the dot', () => {
    const host = new TestVhost()
    expect(refusalOf(() => host.exchange('amq.mine', 'direct'))).toBe(
      "access-refused: exchange name 'amq.mine' contains reserved prefix 'amq.*'",
    )
    expect(refusalOf(() => host.exchange('amq', 'direct'))).toBeNull()
    expect(refusalOf(() => host.exchange('AMQ.mine', 'direct'))).toBeNull()
  })

  test('are looked at after the exchange type', () => {
    const host = new TestVhost()
    expect(refusalOf(() => host.exchange('amq.mine', 'x-foo'))).toBe(
      "precondition-failed: unknown exchange type 'x-foo'",
    )
  })

  test('of exchanges that exist can be declared again as they are', () => {
    const host = new TestVhost()
    for (const [name, type] of [
      ['amq.direct', 'direct'],
      ['amq.fanout', 'fanout'],
      ['amq.topic', 'topic'],
      ['amq.headers', 'headers'],
      ['amq.match', 'headers'],
    ] as const) {
      expect(refusalOf(() => host.exchange(name, type, { durable: true }))).toBeNull()
    }
    const trace = () =>
      host.exchange('amq.rabbitmq.trace', 'topic', { durable: true, internal: true })
    expect(refusalOf(trace)).toBeNull()
  })
})

describe('profiles', () => {
  test('RabbitMQ 3 closes the connection for an unknown exchange type', () => {
    const host = new TestVhost(undefined, COMPATS['3.13'])
    expect(refusalOf(() => host.exchange('x', 'x-foo'))).toBe(
      "command-invalid: unknown exchange type 'x-foo'",
    )
  })

  test('RabbitMQ 4.3 denies queues that are neither durable nor exclusive, after the arguments', () => {
    const host = new TestVhost(undefined, COMPATS['4.3'])
    expect(refusalOf(() => host.queue('q'))).toContain(
      'internal-error: Feature `transient_nonexcl_queues` is deprecated.\n' +
        'By default, this feature is not permitted anymore.\n',
    )
    const wrong = { arguments: new Map([['x-message-ttl', longstr('a')]]) }
    expect(refusalOf(() => host.queue('q', wrong))).toContain('expected integer, got longstr')
    expect(refusalOf(() => host.queue('q', { durable: true }))).toBeNull()
    expect(refusalOf(() => host.queue('e', { exclusive: true }))).toBeNull()
  })
})

function compare(received: FieldValue, current: FieldValue): string | null {
  const resource = { kind: 'queue', name: 'q', vhost: '/' } as const
  return refusalOf(() =>
    assertSameArguments(['x'], resource, new Map([['x', received]]), new Map([['x', current]])),
  )
}

function int(value: number): FieldValue {
  return { type: 'signedint', value }
}

function array(...value: FieldValue[]): FieldValue {
  return { type: 'array', value }
}
