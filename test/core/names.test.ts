import { expect, test } from 'vitest'
import { generateConsumerTag, generateQueueName, stripLineBreaks } from '../../src/core/names.ts'

test('names of the server are 22 characters behind their prefix, and never the same', () => {
  expect(generateQueueName()).toMatch(/^amq\.gen-[\w-]{22}$/)
  expect(generateConsumerTag()).toMatch(/^amq\.ctag-[\w-]{22}$/)
  const names = Array.from({ length: 100 }, generateQueueName)
  expect(new Set(names).size).toBe(100)
})

test('line breaks are dropped from names, all of them', () => {
  expect(stripLineBreaks('a\r\nb\n\nc\r')).toBe('abc')
  expect(stripLineBreaks('a b\tc')).toBe('a b\tc')
  expect(stripLineBreaks('')).toBe('')
})
