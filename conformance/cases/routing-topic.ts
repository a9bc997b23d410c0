import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'

const SOURCE = 'core-semantics.md 2.2'

/** The keys tried with every pattern. */
const KEYS = [
  '',
  '.',
  'a',
  'b',
  'a.',
  '.b',
  '..',
  'a.b',
  'b.b',
  'a..b',
  'a.b.c',
  'a.c.b',
  'a.x.y.b',
]
const LITERAL_KEYS = ['', 'a', 'ab', 'a*', 'axb', 'a#b', '##', '*', '#', 'a.*', 'A']
const WORDS = 'any key of at least one word'

/** Binding key, and what of KEYS it matches. */
const TABLE: [pattern: string, matched: string[], what?: string][] = [
  ['#', KEYS, 'every key'],
  ['*', ['a', 'b']],
  ['*.*', ['.', 'a.', '.b', 'a.b', 'b.b']],
  ['*.', ['.', 'a.']],
  ['.*', ['.', '.b']],
  ['*.*.*', ['..', 'a..b', 'a.b.c', 'a.c.b']],
  ['*.#', KEYS.filter((key) => key !== ''), WORDS],
  ['#.*', KEYS.filter((key) => key !== ''), WORDS],
  ['#.*.#', KEYS.filter((key) => key !== ''), WORDS],
  ['#.#', KEYS, 'every key'],
  ['a.#', ['a', 'a.', 'a.b', 'a..b', 'a.b.c', 'a.c.b', 'a.x.y.b']],
  ['#.b', ['b', '.b', 'a.b', 'b.b', 'a..b', 'a.c.b', 'a.x.y.b']],
  ['a.*', ['a.', 'a.b']],
  ['a.*.b', ['a..b', 'a.c.b']],
  ['a.#.b', ['a.b', 'a..b', 'a.c.b', 'a.x.y.b']],
  ['a.*.#', ['a.', 'a.b', 'a..b', 'a.b.c', 'a.c.b', 'a.x.y.b']],
  ['#.c', ['a.b.c']],
  ['#.c.#', ['a.b.c', 'a.c.b']],
  ['', ['']],
  ['.', ['.']],
  ['a.', ['a.']],
  ['a..b', ['a..b']],
  ['a.b', ['a.b']],
]

const LITERAL_TABLE: [pattern: string, matched: string[]][] = [
  ['a*', ['a*']],
  ['a#b', ['a#b']],
  ['##', ['##']],
  ['A', ['A']],
]

export const area: Area = {
  name: 'routing: topic',
  cases: [
    ...TABLE.map(([pattern, matched, what]) => matches(pattern, KEYS, matched, what)),
    ...LITERAL_TABLE.map(([pattern, matched]) => matches(pattern, LITERAL_KEYS, matched)),
    fact('a wildcard in a routing key is a word like any other', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'topic')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, 'a.b')
      for (const key of ['a.*', '#', '*.*', 'a.b']) ch.publish(x, key, Buffer.from(key))
      assert.deepEqual(await t.drain(ch, q), ['a.b'])
    }),
    fact('unbinding one pattern leaves its neighbours', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'topic')
      const queues = [await t.queue(ch), await t.queue(ch), await t.queue(ch)]
      const patterns = ['a.b', 'a.*', 'a.b.#']
      for (const [at, q] of queues.entries()) await ch.bindQueue(q, x, patterns[at] ?? '')
      await ch.unbindQueue(queues[1] ?? '', x, 'a.*')
      ch.publish(x, 'a.b', Buffer.from('m'))
      const got: string[][] = []
      for (const q of queues) got.push(await t.drain(ch, q))
      assert.deepEqual(got, [['m'], [], ['m']])
    }),
    fact('a pattern may be bound again after it was unbound', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'topic')
      const q = await t.queue(ch)
      for (let turn = 0; turn < 3; turn++) {
        await ch.bindQueue(q, x, 'a.#.b')
        ch.publish(x, 'a.b', Buffer.from(String(turn)))
        await ch.unbindQueue(q, x, 'a.#.b')
        ch.publish(x, 'a.b', Buffer.from('lost'))
      }
      assert.deepEqual(await t.drain(ch, q), ['0', '1', '2'])
    }),
    fact('many patterns on one exchange each get their own', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'topic')
      const q = await t.queue(ch)
      for (let at = 0; at < 200; at++) await ch.bindQueue(q, x, `word${at}.#`)
      ch.publish(x, 'word7.x', Buffer.from('7'))
      ch.publish(x, 'word200', Buffer.from('200'))
      ch.publish(x, 'word199.a.b', Buffer.from('199'))
      assert.deepEqual(await t.drain(ch, q), ['7', '199'])
    }),
  ],
}

function matches(pattern: string, keys: string[], matched: string[], what?: string) {
  const words = what ?? (matched.map((key) => `'${key}'`).join(' ') || 'nothing')
  return fact(`'${pattern}' matches ${words}`, SOURCE, async (t) => {
    const ch = await t.channel()
    const x = await t.exchange(ch, 'topic')
    const q = await t.queue(ch)
    await ch.bindQueue(q, x, pattern)
    for (const key of keys) ch.publish(x, key, Buffer.from(key))
    assert.deepEqual(await t.drain(ch, q), matched)
  })
}
