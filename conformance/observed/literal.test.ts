import { expect, test } from 'vitest'
import { readLiteral, readTable, unescape } from './literal.ts'

test.each([
  ['-1', 'I', -1],
  ["'abc'", 'S', 'abc'],
  ['"it\'s"', 'S', "it's"],
  ['True', 't', true],
  ['None', 'V', null],
  ['l:5', 'l', 5],
  ['l:4611686018427387904', 'l', 4611686018427387904n],
  ['d:1.5', 'd', 1.5],
  ['f:1.0', 'f', 1],
  ['T:5', 'T', 5],
  ["x:b'5'", 'x', Buffer.from('5')],
  ['D:(0, 100)', 'D', { scale: 0, value: 100 }],
  ['[]', 'A', []],
  [
    "['a', 1, ['b']]",
    'A',
    [
      ['S', 'a'],
      ['I', 1],
      ['A', [['S', 'b']]],
    ],
  ],
  ["{'a': 1}", 'F', [['a', 'I', 1]]],
])('%s is of type %s', (text, tag, value) => {
  expect(readLiteral(text)).toEqual([tag, value])
})

test('a table keeps the types and the order of its fields', () => {
  expect(readTable('{"x-message-ttl": b:100, "x-overflow": "drop-head"}')).toEqual([
    ['x-message-ttl', 'b', 100],
    ['x-overflow', 'S', 'drop-head'],
  ])
})

test.each(['abc', '1 2', "['a'", "{'a'}"])('%s is no value', (text) => {
  expect(() => readLiteral(text)).toThrow()
})

test('escapes stand for octets', () => {
  expect(unescape('AMQP\\x00\\t\\r\\n\\\\')).toBe('AMQP\0\t\r\n\\')
})
