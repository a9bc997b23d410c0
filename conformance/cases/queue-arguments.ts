import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import type { Arguments } from '../support/methods.ts'

const VALIDATION = 'errors.md 5.2'
const EQUIVALENCE = 'errors.md 5.1'
const INTEGER_KEYS = [
  'x-message-ttl',
  'x-expires',
  'x-max-length',
  'x-max-length-bytes',
  'x-max-priority',
]
const STRING_KEYS = ['x-overflow', 'x-dead-letter-routing-key', 'x-queue-type']

type Value = [tag: string, value: FieldValue]

const INTEGERS: Value[] = [
  ['b', 5],
  ['B', 200],
  ['s', 5],
  ['u', 5],
  ['I', 5],
  ['i', 5],
  ['l', 5n],
  ['L', 5n],
]
const NO_INTEGERS: [name: string, ...Value][] = [
  ['longstr', 'S', '5'],
  ['bool', 't', true],
  ['double', 'd', 1.5],
  ['float', 'f', 1],
  ['decimal', 'D', { scale: 0, value: 5 }],
  ['void', 'V', null],
  ['timestamp', 'T', 5n],
  ['binary', 'x', Buffer.from('5')],
  ['array', 'A', [['I', 1]]],
  ['table', 'F', [['a', 'I', 1]]],
]

export const area: Area = {
  name: 'queue arguments',
  cases: [
    fact('every integer type is an integer', VALIDATION, async (t) => {
      const raw = await t.raw()
      for (const key of ['x-max-length', 'x-max-length-bytes', 'x-message-ttl']) {
        for (const [tag, value] of INTEGERS) {
          await raw.call(1, 'queue.declare', { queue: t.name('q'), arguments: [[key, tag, value]] })
        }
      }
    }),
    ...INTEGER_KEYS.map((key) =>
      fact(`${key} has to be an integer`, VALIDATION, async (t) => {
        for (const [type, tag, value] of NO_INTEGERS) {
          const raw = await t.raw()
          const queue = t.name('queue')
          raw.send(1, 'queue.declare', { queue, arguments: [[key, tag, value]] })
          const { replyText } = await raw.expect(1, 'channel.close')
          const text = `invalid arg '${key}' for queue '${queue}' ${t.inVhost}: "expected integer, got ${type}"`
          assert.equal(replyText, `PRECONDITION_FAILED - ${text}`)
        }
      }),
    ),
    ...INTEGER_KEYS.map((key) => invalid(key, ['I', -1], '{value_negative,-1}')),
    invalid('x-expires', ['I', 0], '{value_zero,0}'),
    ...['x-expires', 'x-message-ttl'].map((key) =>
      invalid(key, ['l', 315360000001n], '{value_too_large,315360000001}'),
    ),
    invalid('x-max-priority', ['I', 256], '{max_value_exceeded,256}'),
    ...['x-message-ttl', 'x-max-length', 'x-max-length-bytes', 'x-max-priority'].map((key) =>
      accepted(key, ['I', 0]),
    ),
    accepted('x-max-priority', ['I', 255]),
    accepted('x-message-ttl', ['l', 315360000000n]),
    accepted('x-max-length-bytes', ['l', 1099511627776n]),
    ...STRING_KEYS.map((key) => invalid(key, ['I', 1], '{unacceptable_type,signedint}')),
    invalid('x-overflow', ['x', Buffer.from('drop-head')], '{unacceptable_type,binary}'),
    invalid('x-overflow', ['S', 'foo'], 'invalid_overflow'),
    ...['drop-head', 'reject-publish', 'reject-publish-dlx'].map((value) =>
      accepted('x-overflow', ['S', value]),
    ),
    invalid('x-single-active-consumer', ['S', 'true'], '{unacceptable_type,longstr}'),
    invalid('x-single-active-consumer', ['I', 1], '{unacceptable_type,signedint}'),
    accepted('x-single-active-consumer', ['t', true]),
    invalid('x-dead-letter-routing-key', ['S', 'k'], 'routing_key_but_no_dlx_defined'),
    accepted('x-dead-letter-exchange', ['S', 'conformance-missing']),
    refusal('x-dead-letter-exchange has to be a string', VALIDATION, (raw, t) => {
      const queue = t.name('queue')
      raw.send(1, 'queue.declare', { queue, arguments: [['x-dead-letter-exchange', 'I', 1]] })
      const text = `PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue '${queue}' ${t.inVhost}`
      return channelError(406, text, 'queue.declare')
    }),
    invalid('x-queue-type', ['S', 'no-such-type'], '"unsupported queue type \'no-such-type\'"'),
    accepted('x-queue-type', ['S', 'classic']),
    accepted('x-conformance-unknown', ['A', []]),
    ...['x-delivery-limit', 'x-max-age', 'x-initial-cluster-size', 'x-max-in-memory-length'].map(
      (key) =>
        refusal(`${key} is refused on a classic queue`, VALIDATION, (raw, t) => {
          const queue = t.name('queue')
          raw.send(1, 'queue.declare', { queue, durable: true, arguments: [[key, 'I', 1]] })
          const text = `PRECONDITION_FAILED - invalid arg '${key}' for queue '${queue}' ${t.inVhost} of queue type rabbit_classic_queue`
          return channelError(406, text, 'queue.declare')
        }),
    ),
    redeclared('durable', { durable: true }, {}, "received 'false' but current is 'true'"),
    redeclared('durable', {}, { durable: true }, "received 'true' but current is 'false'"),
    redeclared('auto_delete', { autoDelete: true }, {}, "received 'false' but current is 'true'"),
    redeclared(
      'x-message-ttl',
      ttl('I', 1000),
      ttl('I', 2000),
      "received '2000' but current is '1000'",
    ),
    redeclared(
      'x-message-ttl',
      ttl('I', 1000),
      {},
      "received none but current is the value '1000' of type 'signedint'",
    ),
    redeclared(
      'x-message-ttl',
      {},
      ttl('b', 100),
      "received the value '100' of type 'byte' but current is none",
    ),
    redeclared(
      'x-message-ttl',
      {},
      ttl('s', 1000),
      "received the value '1000' of type 'short' but current is none",
    ),
    redeclared(
      'x-message-ttl',
      {},
      ttl('l', 1000n),
      "received the value '1000' of type 'long' but current is none",
    ),
    redeclared(
      'x-max-length',
      arg('x-max-length', 'I', 1),
      arg('x-max-length', 'I', 2),
      "received '2' but current is '1'",
    ),
    redeclared(
      'x-expires',
      arg('x-expires', 'I', 60000),
      arg('x-expires', 'I', 70000),
      "received '70000' but current is '60000'",
    ),
    redeclared(
      'x-max-priority',
      arg('x-max-priority', 'I', 5),
      {},
      "received none but current is the value '5' of type 'signedint'",
    ),
    redeclared(
      'x-dead-letter-exchange',
      arg('x-dead-letter-exchange', 'S', 'a'),
      arg('x-dead-letter-exchange', 'S', 'b'),
      "received 'b' but current is 'a'",
    ),
    redeclared(
      'x-overflow',
      arg('x-overflow', 'S', 'drop-head'),
      arg('x-overflow', 'S', 'reject-publish'),
      "received 'reject-publish' but current is 'drop-head'",
    ),
    redeclared(
      'x-single-active-consumer',
      arg('x-single-active-consumer', 't', true),
      {},
      "received none but current is the value 'true' of type 'bool'",
    ),
    redeclared(
      'durable',
      { durable: true, autoDelete: true },
      ttl('I', 1),
      "received 'false' but current is 'true'",
      'durable is compared before the rest',
    ),
    redeclared(
      'auto_delete',
      ttl('I', 1),
      { autoDelete: true },
      "received 'true' but current is 'false'",
      'auto-delete is compared before arguments',
    ),
    redeclared(
      'x-message-ttl',
      ttl('I', 1000),
      ttl('I', -1),
      "received '-1' but current is '1000'",
      'a redeclare is compared, not validated',
    ),
    same('integers are compared by value', ttl('I', 100), ttl('b', 100)),
    same('unknown arguments are not compared', arg('x-foo', 'I', 1), arg('x-foo', 'S', 'b')),
    same('no queue type means classic', {}, arg('x-queue-type', 'S', 'classic')),
    fact('a passive declare looks at the name only', EQUIVALENCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true, ...ttl('I', 60000) })
      await raw.call(1, 'queue.declare', {
        queue,
        passive: true,
        autoDelete: true,
        ...ttl('S', 'x'),
      })
    }),
  ],
}

function arg(key: string, tag: string, value: FieldValue): { arguments: Table } {
  return { arguments: [[key, tag, value]] }
}

function ttl(tag: string, value: FieldValue): { arguments: Table } {
  return arg('x-message-ttl', tag, value)
}

function invalid(key: string, [tag, value]: Value, error: string) {
  const shown = Buffer.isBuffer(value) ? 'binary' : `${tag}:${String(value)}`
  return refusal(`${key} ${shown} is refused`, VALIDATION, (raw, t) => {
    const queue = t.name('queue')
    raw.send(1, 'queue.declare', { queue, arguments: [[key, tag, value]] })
    const text = `PRECONDITION_FAILED - invalid arg '${key}' for queue '${queue}' ${t.inVhost}: ${error}`
    return channelError(406, text, 'queue.declare')
  })
}

function accepted(key: string, [tag, value]: Value) {
  return fact(`${key} ${tag}:${String(value)} is accepted`, VALIDATION, async (t) => {
    const raw = await t.raw()
    const args = {
      queue: t.name('queue'),
      durable: true,
      arguments: [[key, tag, value]] satisfies Table,
    }
    await raw.call(1, 'queue.declare', args)
    await raw.call(1, 'queue.declare', args)
  })
}

function redeclared(
  key: string,
  first: Arguments,
  second: Arguments,
  difference: string,
  name?: string,
) {
  return refusal(name ?? `${key}: ${difference}`, EQUIVALENCE, async (raw, t) => {
    const queue = t.name('queue')
    await raw.call(1, 'queue.declare', { queue, ...first })
    raw.send(1, 'queue.declare', { queue, ...second })
    const text = `PRECONDITION_FAILED - inequivalent arg '${key}' for queue '${queue}' ${t.inVhost}: ${difference}`
    return channelError(406, text, 'queue.declare')
  })
}

function same(name: string, first: Arguments, second: Arguments) {
  return fact(name, EQUIVALENCE, async (t) => {
    const raw = await t.raw()
    const queue = t.name('queue')
    await raw.call(1, 'queue.declare', { queue, ...first })
    await raw.call(1, 'queue.declare', { queue, ...second })
  })
}
