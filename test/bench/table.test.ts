import { expect, test } from 'vitest'
import { Table } from './table.ts'

test('columns are as wide as their widest cell, text to the left and numbers to the right', () => {
  const table = new Table(['', 'broker', 'CPU µs', 'messages/s'], 2)
  table.add('a16', 'Leveret', 0.5, 1_234_567)
  table.add('a1k', 'RabbitMQ', 123.4, 10)
  expect(table.text('title').split('\n')).toEqual([
    'title',
    '     broker    CPU µs  messages/s',
    '---  --------  ------  ----------',
    'a16  Leveret     0.50   1,234,567',
    'a1k  RabbitMQ     123          10',
    '',
  ])
})

test('a row that ends early widens no column of numbers', () => {
  const table = new Table(['', 'broker', 'CPU µs', 'more'], 2)
  table.add('b', 'GarageMQ', 'failed: stalled')
  expect(table.text('title').split('\n').slice(1)).toEqual([
    '   broker    CPU µs  more',
    '-  --------  ------  ----',
    'b  GarageMQ  failed: stalled',
    '',
  ])
})
