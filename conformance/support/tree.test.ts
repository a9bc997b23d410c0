import { expect, test } from 'vitest'
import { treeDifferences } from './tree.ts'

test('equal values differ in nothing, whatever the order of fields and of named items', () => {
  const theirs = { queues: [{ name: 'a', durable: true }, { name: 'b' }], version: '1' }
  const ours = { version: '1', queues: [{ name: 'b' }, { durable: true, name: 'a' }] }
  expect(treeDifferences(theirs, ours)).toEqual([])
})

test('each difference is told with its path', () => {
  const theirs = {
    queues: [{ name: 'a', vhost: '/', arguments: { n: 1 } }, { name: 'gone' }],
    tags: ['one', 'two'],
    hash: 'x',
  }
  const ours = {
    queues: [{ name: 'a', vhost: '/', arguments: { n: '1' } }],
    tags: ['two', 'one'],
    more: null,
  }
  expect(treeDifferences(theirs, ours)).toEqual([
    'queues.[a /].arguments.n: "1" instead of 1',
    'queues.[gone]: missing',
    'tags: ["two","one"] instead of ["one","two"]',
    'hash: missing',
    'more: more than expected',
  ])
})

test('of two items with one name each is compared', () => {
  const binding = { source: 'x', destination: 'q', routing_key: '' }
  const theirs = [
    { ...binding, arguments: { a: 1 } },
    { ...binding, arguments: { a: 2 } },
  ]
  expect(treeDifferences(theirs, theirs.slice(0, 1))).toEqual(['[x q]#2: missing'])
})

test('of what is volatile only the type counts', () => {
  const compare = (theirs: object, ours: object) => treeDifferences(theirs, ours, /rate$/)
  expect(compare({ rate: 1.5 }, { rate: 0 })).toEqual([])
  expect(compare({ rate: 1.5 }, { rate: null })).toEqual(['rate: null instead of number'])
})
