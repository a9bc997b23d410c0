import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE, type FieldValue, longstr, type Table } from '../../../src/common/table.ts'
import { refusalOf } from '../../support/refusal-of.ts'
import { TestVhost } from '../../support/test-vhost.ts'

const int = (value: number): FieldValue => ({ type: 'signedint', value })
const NOTHING: FieldValue = { type: 'void' }

describe('a headers exchange', () => {
  const CASES: readonly [string, Table, Table, boolean][] = [
    [
      'all, all agree',
      args('all', { a: int(1), b: int(2) }),
      headers({ b: int(2), a: int(1) }),
      true,
    ],
    ['all, one is missing', args('all', { a: int(1), b: int(2) }), headers({ a: int(1) }), false],
    ['all, one differs', args('all', { a: int(1) }), headers({ a: int(2) }), false],
    [
      'all, with more headers than asked for',
      args('all', { a: int(1) }),
      headers({ a: int(1), c: int(3) }),
      true,
    ],
    ['no x-match means all', headers({ a: int(1), b: int(2) }), headers({ a: int(1) }), false],
    ['any, one agrees', args('any', { a: int(1), b: int(2) }), headers({ b: int(2) }), true],
    ['any, none agrees', args('any', { a: int(1), b: int(2) }), headers({ a: int(2) }), false],
    ['all of nothing', args('all', {}), headers({ a: int(1) }), true],
    ['all of nothing, no headers', args('all', {}), EMPTY_TABLE, true],
    ['no arguments at all', EMPTY_TABLE, EMPTY_TABLE, true],
    ['any of nothing', args('any', {}), headers({ a: int(1) }), false],
    ['all-with-x of nothing', args('all-with-x', {}), EMPTY_TABLE, true],
    ['any-with-x of nothing', args('any-with-x', {}), EMPTY_TABLE, false],
    ['all does not look at x- arguments', args('all', { 'x-a': int(1) }), EMPTY_TABLE, true],
    [
      'any does not look at x- arguments',
      args('any', { 'x-a': int(1) }),
      headers({ 'x-a': int(1) }),
      false,
    ],
    ['all-with-x looks at them', args('all-with-x', { 'x-a': int(1) }), EMPTY_TABLE, false],
    [
      'all-with-x agrees on them',
      args('all-with-x', { 'x-a': int(1) }),
      headers({ 'x-a': int(1) }),
      true,
    ],
    [
      'any-with-x agrees on them',
      args('any-with-x', { 'x-a': int(1), b: int(2) }),
      headers({ 'x-a': int(1) }),
      true,
    ],
    [
      'x-match itself is never compared',
      args('all-with-x', {}),
      headers({ 'x-match': longstr('any') }),
      true,
    ],
    [
      'a void argument asks for presence',
      args('all', { a: NOTHING }),
      headers({ a: longstr('?') }),
      true,
    ],
    ['a void argument asks for presence, absent', args('all', { a: NOTHING }), EMPTY_TABLE, false],
    ['a void header is no value', args('all', { a: int(1) }), headers({ a: NOTHING }), false],
    ['names are case-sensitive', args('all', { a: int(1) }), headers({ A: int(1) }), false],
    [
      'the width does not count',
      args('all', { a: int(1) }),
      headers({ a: { type: 'long', value: 1n } }),
      true,
    ],
  ]
  test.each(CASES)('%s', (_, bound, sent, isRouted) => {
    const host = new TestVhost()
    host.exchange('x', 'headers')
    host.queue('q')
    host.bindQueue('x', 'q', 'any key', bound)
    expect(host.route('x', 'another key', { headers: sent })).toEqual(isRouted ? ['q'] : [])
  })

  test('does not remember a route by its key', () => {
    const host = new TestVhost()
    host.exchange('x', 'headers')
    host.queue('q')
    host.bindQueue('x', 'q', '', args('all', { a: int(1) }))
    expect(host.route('x', 'k', { headers: headers({ a: int(1) }) })).toEqual(['q'])
    expect(host.route('x', 'k', { headers: headers({ a: int(2) }) })).toEqual([])
  })

  test('lets go of the binding that was removed', () => {
    const host = new TestVhost()
    host.exchange('x', 'headers')
    host.queue('q')
    host.bindQueue('x', 'q', '', args('any', { a: int(1) }))
    host.bindQueue('x', 'q', '', args('any', { a: int(2) }))
    host.unbindQueue('x', 'q', '', args('any', { a: int(1) }))
    expect(host.route('x', '', { headers: headers({ a: int(1) }) })).toEqual([])
    expect(host.route('x', '', { headers: headers({ a: int(2) }) })).toEqual(['q'])
  })
})

describe('a headers binding with a bad x-match is refused', () => {
  const EXPECTED = 'expected all, any, all-with-x, or any-with-x'
  const CASES: readonly [FieldValue, string][] = [
    [longstr('foo'), `Invalid x-match field value <<"foo">>; ${EXPECTED}`],
    [longstr(''), `Invalid x-match field value <<>>; ${EXPECTED}`],
    [longstr('ALL'), `Invalid x-match field value <<"ALL">>; ${EXPECTED}`],
    [int(1), 'Invalid x-match field type signedint (value 1); expected longstr'],
    [{ type: 'long', value: 5n }, 'Invalid x-match field type long (value 5); expected longstr'],
    [
      { type: 'double', value: 1.5 },
      'Invalid x-match field type double (value 1.5); expected longstr',
    ],
    [
      { type: 'bool', value: true },
      'Invalid x-match field type bool (value true); expected longstr',
    ],
    [NOTHING, 'Invalid x-match field type void (value undefined); expected longstr'],
    [
      { type: 'binary', value: Buffer.from('any') },
      'Invalid x-match field type binary (value <<"any">>); expected longstr',
    ],
    [
      { type: 'array', value: [longstr('a')] },
      'Invalid x-match field type array (value [{longstr,<<"a">>}]); expected longstr',
    ],
  ]
  test.each(CASES.map(([value, text]) => ({ value, text })))('$text', ({ value, text }) => {
    const host = new TestVhost()
    host.exchange('x', 'headers')
    const exchange = host.vhost.exchanges.get('x')
    host.queue('q')
    const bind = () => host.bindQueue('x', 'q', '', new Map([['x-match', value]]))
    expect(refusalOf(bind)).toBe(`precondition-failed: ${text}`)
    expect(exchange.bindings.size).toBe(0)
  })
})

function args(match: string, entries: Record<string, FieldValue>): Table {
  return new Map([['x-match', longstr(match)], ...Object.entries(entries)])
}

function headers(entries: Record<string, FieldValue>): Table {
  return new Map(Object.entries(entries))
}
