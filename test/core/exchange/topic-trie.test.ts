import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TopicTrie } from '../../../src/core/exchange/topic-trie.ts'
import { reachableSlots } from '../../support/reachable.ts'
import { matchesTopic } from '../../support/topic-reference.ts'

const patterns = fc
  .array(fc.constantFrom('a', 'b', 'c', '', '*', '#', '#', 'a*', '##'), {
    maxLength: 7,
    size: 'max',
  })
  .map((words) => words.join('.'))
const keys = fc
  .array(fc.constantFrom('a', 'b', 'c', '', 'd', '*', '#'), { maxLength: 8, size: 'max' })
  .map((words) => words.join('.'))

test('a key matches the patterns that the rule of the specification says', () => {
  fc.assert(
    fc.property(
      fc.array(patterns, { maxLength: 12, size: 'max' }),
      fc.array(keys, { maxLength: 12, size: 'max' }),
      (bound, published) => {
        const trie = new TopicTrie<string>()
        for (const pattern of bound) trie.add(pattern, pattern)
        for (const key of published) {
          const expected = [...new Set(bound)].filter((pattern) => matchesTopic(pattern, key))
          expect(trie.match(key).sort()).toEqual(expected.sort())
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('what was removed matches no more, and leaves no trace of itself', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(patterns, { maxLength: 12, size: 'max' }),
      fc.array(fc.boolean()),
      keys,
      (bound, drops, key) => {
        const trie = new TopicTrie<string>()
        const fresh = new TopicTrie<string>()
        for (const pattern of bound) trie.add(pattern, pattern)
        const kept = bound.filter((_, index) => drops[index] !== true)
        for (const pattern of bound) if (!kept.includes(pattern)) trie.remove(pattern, pattern)
        for (const pattern of kept) fresh.add(pattern, pattern)
        expect(trie.match(key).sort()).toEqual(fresh.match(key).sort())
        expect(reachableSlots(trie)).toBe(reachableSlots(fresh))
        for (const pattern of kept) trie.remove(pattern, pattern)
        expect(reachableSlots(trie)).toBe(reachableSlots(new TopicTrie<string>()))
      },
    ),
  )
})

test('a value stays until each of its patterns is removed, and removing nothing does nothing', () => {
  const trie = new TopicTrie<string>()
  trie.add('a.#', 'one')
  trie.add('a.#', 'two')
  trie.add('*.b', 'one')
  trie.remove('a.#', 'one')
  trie.remove('a', 'one')
  trie.remove('x.y.z', 'one')
  expect(trie.match('a.b').sort()).toEqual(['one', 'two'])
  expect(trie.match('a')).toEqual(['two'])
})

describe('corner cases seen on RabbitMQ', () => {
  test.each([
    ['#', ['', 'a', 'a.b', '.', 'a.'], []],
    ['*', ['a', '*', '#'], ['', 'a.b', 'a.', '.']],
    ['*.*', ['a.', '.', 'a.b'], ['', 'a', 'a.b.c', '..']],
    ['*.', ['a.', '.'], ['a', '', 'a.b']],
    ['*.#', ['a', '.', 'a.b'], ['']],
    ['#.*', ['a', '.', 'a.b'], ['']],
    ['#.*.#', ['a', '.', 'a.b'], ['']],
    ['a.#', ['a', 'a.', 'a.b.c'], ['', 'b', 'ab', 'b.a']],
    ['#.b', ['b', '.b', 'b.b', 'a.c.b'], ['', 'b.', 'bb']],
    ['a.*.b', ['a..b', 'a.x.b'], ['a.b', 'a.x.y.b']],
    ['#.#', ['', 'a', 'a.b'], []],
    ['', [''], ['.', 'a']],
    ['a..b', ['a..b'], ['a.b', 'a.x.b']],
    ['a.', ['a.'], ['a', 'a.b']],
    ['.', ['.'], ['', 'a', '..']],
    ['a*', ['a*'], ['a', 'ab']],
    ['a#b', ['a#b'], ['ab', 'a.b']],
    ['##', ['##'], ['', 'a', '#']],
    ['#.#.#', ['', 'a', 'a.b.c.d'], []],
  ])('pattern "%s"', (pattern, matching, others) => {
    const trie = new TopicTrie<string>()
    trie.add(pattern, pattern)
    const matched = [...matching, ...others].filter((key) => trie.match(key).length > 0)
    expect(matched).toEqual(matching)
    for (const key of [...matching, ...others]) {
      expect(matchesTopic(pattern, key)).toBe(matching.includes(key))
    }
  })
})

describe('patterns of many #', () => {
  // Following choices one by one would take more steps here than there are atoms.
  const manyWords = Array.from({ length: 200 }, () => 'a').join('.')
  const manyHashes = Array.from({ length: 40 }, () => '#').join('.')

  test('match in bounded work', () => {
    const trie = new TopicTrie<string>()
    trie.add(manyHashes, 'all')
    trie.add(`${manyHashes}.a.${manyHashes}`, 'with an a')
    trie.add(`${manyHashes}.b`, 'ends in b')
    trie.add(`${manyHashes}.*.${manyHashes}.*`, 'two words')
    expect(trie.match(manyWords).sort()).toEqual(['all', 'two words', 'with an a'])
    expect(trie.match(`${manyWords}.b`).sort()).toEqual([
      'all',
      'ends in b',
      'two words',
      'with an a',
    ])
  })

  test('of alternating words fail in bounded work', () => {
    const trie = new TopicTrie<string>()
    trie.add(`${Array.from({ length: 40 }, () => '#.a').join('.')}.b`, 'never')
    expect(trie.match(manyWords)).toEqual([])
  })
})
