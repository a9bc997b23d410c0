import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearest } from '../../src/config/nearest.ts'

const NAMES = ['host', 'port', 'frame-max', 'channel-max', 'log-level']

test.each([
  ['prot', 'port'],
  ['por', 'port'],
  ['ports', 'port'],
  ['framemax', 'frame-max'],
  ['chanel-max', 'channel-max'],
  ['loglevel', 'log-level'],
])('%s is taken for %s', (word, meant) => {
  expect(nearest(word, NAMES)).toBe(meant)
})

test.each(['', 'x', 'colour', 'max'])("nothing is suggested for '%s'", (word) => {
  expect(nearest(word, NAMES)).toBeNull()
})

test('a word is nearest to itself, whatever else there is', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (words, pick) => {
      const word = words[pick % words.length]
      expect(nearest(word ?? '', words)).toBe(word)
    }),
  )
})

test('one letter left out of a longer name is mended', () => {
  const names = fc.constantFrom('frame-max', 'channel-max', 'log-level')
  fc.assert(
    fc.property(names, fc.nat(), (name, pick) => {
      const at = pick % name.length
      expect(nearest(name.slice(0, at) + name.slice(at + 1), NAMES)).toBe(name)
    }),
  )
})
