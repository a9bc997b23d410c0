import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { FieldValue, Table, TableField } from '../support/field-table.ts'
import { text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 2.2'

const A1: TableField = ['a', 'I', 1]
const B2: TableField = ['b', 'I', 2]
const X3: TableField = ['x-c', 'I', 3]

type Value = [tag: string, value: FieldValue]

/** A binding's value, the headers equal to it, and others that are not. */
const EQUALITY: readonly [bound: Value, equal: Value[], unequal: Value[]][] = [
  [
    ['I', 1],
    [
      ['b', 1],
      ['B', 1],
      ['s', 1],
      ['u', 1],
      ['i', 1],
      ['l', 1n],
    ],
    [
      ['I', 2],
      ['S', '1'],
      ['t', true],
    ],
  ],
  [
    ['S', 'one'],
    [
      ['S', 'one'],
      ['x', Buffer.from('one')],
    ],
    [
      ['S', 'One'],
      ['S', ''],
      ['V', null],
    ],
  ],
  [
    ['t', true],
    [['t', true]],
    [
      ['t', false],
      ['S', 'true'],
      ['I', 1],
    ],
  ],
  [
    ['d', 1.5],
    [
      ['d', 1.5],
      ['f', 1.5],
    ],
    [
      ['d', 1.25],
      ['S', '1.5'],
    ],
  ],
  [['T', 1000n], [['T', 1000n]], [['T', 1001n]]],
  [
    ['F', [['n', 'I', 1]]],
    [['F', [['n', 'I', 1]]]],
    [
      ['F', [['n', 'I', 2]]],
      ['F', [['n', 'l', 1n]]],
    ],
  ],
  [
    ['A', [['I', 1]]],
    [['A', [['I', 1]]]],
    [
      ['A', []],
      ['A', [['l', 1n]]],
    ],
  ],
]

export const area: Area = {
  name: 'routing: headers',
  cases: [
    form(
      'all',
      [A1, B2],
      [
        [A1, B2],
        [A1, B2, X3],
      ],
      [[A1], [B2], [], [A1, ['b', 'I', 9]]],
    ),
    form('any', [A1, B2], [[A1], [B2], [A1, B2], [A1, ['b', 'I', 9]]], [[], [X3], [['a', 'I', 9]]]),
    form(null, [A1, B2], [[A1, B2]], [[A1], []], 'without x-match all have to match'),
    form('all', [A1, X3], [[A1]], [[X3], []], 'all does not look at names beginning with x-'),
    form('any', [A1, X3], [[A1]], [[X3], []], 'any does not look at names beginning with x-'),
    form('all-with-x', [A1, X3], [[A1, X3]], [[A1], [X3], []]),
    form('any-with-x', [A1, X3], [[A1], [X3]], [[], [B2]]),
    form('all', [], [[], [A1]], [], 'all without further arguments matches everything'),
    form(
      'all-with-x',
      [],
      [[], [A1]],
      [],
      'all-with-x without further arguments matches everything',
    ),
    form('any', [], [], [[], [A1]], 'any without further arguments matches nothing'),
    form('any-with-x', [], [], [[], [A1]], 'any-with-x without further arguments matches nothing'),
    form('any', [X3], [], [[X3], []], 'any with nothing but x- arguments matches nothing'),
    form(null, [], [[], [A1]], [], 'a binding without arguments matches everything'),
    form(
      'all',
      [['a', 'V', null]],
      [[A1], [['a', 'S', 'x']], [['a', 'V', null]]],
      [[], [B2]],
      'a void value asks for the name only',
    ),
    form(
      'all',
      [['Name', 'I', 1]],
      [[['Name', 'I', 1]]],
      [[['name', 'I', 1]]],
      'names are compared by case',
    ),
    ...equality(),
    {
      ...form('all', [A1], [], [[['a', 'd', 1]]], 'an integer does not equal a double'),
      onRabbitMq: on310('3.10 compares numbers by value, whatever their kind'),
    },
    fact('a message without headers is matched as one with none', SOURCE, async (t) => {
      const raw = await t.raw()
      const exchange = t.name('x')
      const queue = t.name('queue')
      await raw.call(1, 'exchange.declare', { exchange, type: 'headers' })
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'queue.bind', { queue, exchange, arguments: [['x-match', 'S', 'all']] })
      raw.publish(1, { exchange }, 'plain')
      assert.deepEqual(await t.drain(await t.channel(), queue), ['plain'])
    }),
    fact('the routing key is not looked at', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'headers')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, 'one key', { a: 1 })
      ch.publish(x, 'another', Buffer.from('m'), { headers: { a: 1 } })
      assert.equal(text(await ch.get(q, { noAck: true })), 'm')
    }),
    ...[
      refusedMatch(
        'S',
        'foo',
        'field value <<"foo">>; expected all, any, all-with-x, or any-with-x',
      ),
      refusedMatch(
        'S',
        'ALL',
        'field value <<"ALL">>; expected all, any, all-with-x, or any-with-x',
      ),
      refusedMatch('S', '', 'field value <<>>; expected all, any, all-with-x, or any-with-x'),
      refusedMatch('I', 1, 'field type signedint (value 1); expected longstr'),
      refusedMatch('t', true, 'field type bool (value true); expected longstr'),
      refusedMatch('V', null, 'field type void (value undefined); expected longstr'),
      refusedMatch(
        'x',
        Buffer.from('any'),
        'field type binary (value <<"any">>); expected longstr',
      ),
    ],
  ],
}

/** Binds once, publishes a message per header table and sees which come. */
function form(match: string | null, binding: Table, taken: Table[], left: Table[], name?: string) {
  const fields = (table: Table) => table.map(([key]) => key).join('+') || 'none'
  const what = name ?? `${match} of ${fields(binding)} matches ${taken.map(fields).join(', ')}`
  return fact(what, SOURCE, async (t) => {
    const raw = await t.raw()
    const exchange = t.name('x')
    const queue = t.name('queue')
    await raw.call(1, 'exchange.declare', { exchange, type: 'headers' })
    await raw.call(1, 'queue.declare', { queue })
    const xMatch: Table = match === null ? [] : [['x-match', 'S', match]]
    await raw.call(1, 'queue.bind', { queue, exchange, arguments: [...xMatch, ...binding] })
    for (const headers of left) raw.publish(1, { exchange }, `left ${show(headers)}`, { headers })
    for (const headers of taken) raw.publish(1, { exchange }, `taken ${show(headers)}`, { headers })
    const got = await t.drain(await t.channel(), queue)
    assert.deepEqual(
      got,
      taken.map((headers) => `taken ${show(headers)}`),
    )
  })
}

/** Binding value against header value. */
function equality() {
  return EQUALITY.map(([bound, equal, unequal]) => {
    const list = (values: Value[]) => values.map(([tag, value]) => showValue(tag, value)).join(', ')
    const table = ([tag, value]: Value): Table => [['a', tag, value]]
    const name = `${list([bound])} equals ${list(equal)} but not ${list(unequal)}`
    return form('all', table(bound), equal.map(table), unequal.map(table), name)
  })
}

function refusedMatch(tag: string, value: FieldValue, words: string) {
  return refusal(`x-match ${showValue(tag, value)} is refused`, 'errors.md 5.5', async (raw, t) => {
    const queue = t.name('queue')
    await raw.call(1, 'queue.declare', { queue })
    const args: Table = [['x-match', tag, value]]
    raw.send(1, 'queue.bind', { queue, exchange: 'amq.headers', arguments: args })
    return channelError(406, `PRECONDITION_FAILED - Invalid x-match ${words}`, 'queue.bind')
  })
}

function show(table: Table): string {
  return table.map(([key, tag, value]) => `${key}=${showValue(tag, value)}`).join(' ')
}

function showValue(tag: string, value: FieldValue): string {
  const plain = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item))
  return `${tag}:${Buffer.isBuffer(value) ? value.toString() : plain}`
}
