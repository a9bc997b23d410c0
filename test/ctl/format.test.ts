import { describe, expect, test } from 'vitest'
import { formatted } from '../../src/ctl/format.ts'
import { FIELD_TABLE, FRACTION, NUMBER, PID, SETTINGS, TAGS, TEXT } from '../../src/ctl/kinds.ts'

const ROWS = {
  columns: [
    { name: 'name', kind: TEXT },
    { name: 'messages', kind: NUMBER },
  ],
  rows: [
    { name: 'q', messages: 5 },
    { name: 'tab\there', messages: 0 },
  ],
}

describe('rows', () => {
  test('are lines with tabs under the names of columns', () => {
    expect(formatted(ROWS, 'table', true)).toBe('name\tmessages\nq\t5\ntab\\there\t0\n')
  })

  test('are lines alone without a header', () => {
    expect(formatted(ROWS, 'table', false)).toBe('q\t5\ntab\\there\t0\n')
  })

  test('are objects on lines of their own in JSON', () => {
    expect(formatted(ROWS, 'json', true)).toBe(
      '[\n{"name":"q","messages":5}\n,{"name":"tab\\there","messages":0}\n]\n',
    )
  })

  test('are quoted in csv, but for numbers', () => {
    const rows = { ...ROWS, rows: [{ name: 'say "a"', messages: 1 }] }
    expect(formatted(rows, 'csv', true)).toBe('"name","messages"\n"say ""a""",1\n')
  })

  test('are lists of pairs in Erlang', () => {
    const rows = { ...ROWS, rows: [{ name: 'q', messages: 5 }] }
    expect(formatted(rows, 'erlang', true)).toBe('[[{name,<<"q">>},{messages,5}]]\n')
  })

  test('stand between lines in a pretty table', () => {
    const rows = { ...ROWS, rows: [{ name: 'q', messages: 5 }] }
    const text = formatted(rows, 'pretty_table', true).replaceAll(/\u001b(\(0|\(B|\[1m|\[0m)/g, '')
    expect(text).toBe(
      'lqqqqqqwqqqqqqqqqqk\nx name x messages x\ntqqqqqqnqqqqqqqqqqu\nx q    x 5        x\nmqqqqqqvqqqqqqqqqqj\n',
    )
  })

  test('that there are none of print nothing, or what stands in their place', () => {
    expect(formatted({ ...ROWS, rows: [] }, 'table', true)).toBe('')
    expect(formatted({ ...ROWS, rows: [], without: '\n' }, 'table', true)).toBe('\n')
    expect(formatted({ ...ROWS, rows: [] }, 'json', true)).toBe('[\n]\n')
  })
})

test('a text is a message in JSON', () => {
  expect(formatted({ text: 'Ping succeeded' }, 'json', true)).toBe('{"message":"Ping succeeded"}\n')
  expect(formatted({ text: 'a', json: { b: 1 } }, 'json', true)).toBe('{"b":1}\n')
})

describe('values', () => {
  const args = { 'x-max-length': 5, 'x-queue-type': 'classic', list: [1, 'a'], on: true }

  test('of a field table have no types in text and all of them in JSON', () => {
    expect(FIELD_TABLE.text(args)).toBe(
      '[{"x-max-length",5},{"x-queue-type","classic"},{"list",[1,"a"]},{"on",true}]',
    )
    expect(FIELD_TABLE.json({ 'x-max-length': 5, t: { u: 'v' } })).toEqual([
      ['x-max-length', 'long', 5],
      ['t', 'table', [['u', 'longstr', 'v']]],
    ])
  })

  test('of policies are pairs in the order of their names, or an empty map', () => {
    expect(SETTINGS.text({ b: 'x', a: 1 })).toBe('[{<<"a">>, 1}, {<<"b">>, x}]')
    expect(SETTINGS.text({})).toBe('#{}')
  })

  test('of process identifiers are short in JSON', () => {
    expect(PID.json('<rabbit@h.1795213363.1422.0>')).toBe('Pid(#PID<0.1422.0>)')
  })

  test('that are fractions have a point unless they are 0', () => {
    expect([0, 1, 0.5].map((value) => FRACTION.text(value))).toEqual(['0', '1.0', '0.5'])
  })

  test('that are tags stand in brackets', () => {
    expect(TAGS.text(['management', 'own'])).toBe('[management, own]')
    expect(TAGS.text([])).toBe('[]')
  })
})
