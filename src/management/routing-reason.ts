import { type FieldValue, type Table, textOf } from '../common/table.ts'
import type { Binding } from '../core/binding.ts'
import { hasEqualValue } from '../core/exchange/header-equality.ts'
import type { Message } from '../core/message.ts'

/** Says to people why a binding of an exchange of this type takes a message, or why it does not. */
export function reasonOf(
  type: string,
  binding: Binding,
  message: Message,
  matches: boolean,
): string {
  switch (type) {
    case 'direct':
      return matches
        ? 'the routing key equals the binding key'
        : `the routing key is not ${quoted(binding.routingKey)}`
    case 'topic':
      return topicReason(binding.routingKey, message.routingKeys, matches)
    case 'headers':
      return headersReason(binding.arguments, message.headers, matches)
    case 'x-consistent-hash':
    case 'x-modulus-hash':
      return matches
        ? 'the hash of the message leads here'
        : 'the hash of the message leads elsewhere'
    case 'x-random':
    case 'x-local-random':
      return 'one of those that may be chosen'
    default:
      return 'everything goes here, whatever the routing key'
  }
}

function topicReason(pattern: string, keys: readonly string[], matches: boolean): string {
  if (pattern === '#') return '# takes every routing key'
  if (matches) return `the routing key fits ${quoted(pattern)}`
  return keys.map((key) => topicMismatch(wordsOf(pattern), wordsOf(key))).join('; ')
}

/** The first thing that does not fit, word by word as far as the pattern has no `#`. */
function topicMismatch(pattern: readonly string[], words: readonly string[]): string {
  const hash = pattern.indexOf('#')
  const leading = hash < 0 ? pattern : pattern.slice(0, hash)
  for (const [i, wanted] of leading.entries()) {
    const word = words[i]
    if (word === undefined) return countMismatch(pattern, words, hash >= 0)
    if (wanted !== '*' && wanted !== word) {
      return `word ${i + 1} is ${quoted(word)}, not ${quoted(wanted)}`
    }
  }
  if (hash < 0) return countMismatch(pattern, words, false)
  const trailing = pattern.slice(pattern.lastIndexOf('#') + 1)
  if (words.length < pattern.filter((word) => word !== '#').length) {
    return countMismatch(pattern, words, true)
  }
  for (const [i, wanted] of [...trailing].reverse().entries()) {
    const word = words.at(-1 - i) ?? ''
    if (wanted !== '*' && wanted !== word) {
      const place = i === 0 ? 'the last word' : `word ${words.length - i}`
      return `${place} is ${quoted(word)}, not ${quoted(wanted)}`
    }
  }
  return `the words between do not fit ${quoted(pattern.join('.'))}`
}

function countMismatch(
  pattern: readonly string[],
  words: readonly string[],
  isAtLeast: boolean,
): string {
  const wanted = pattern.filter((word) => word !== '#').length
  return `it has ${counted(words.length)}, the pattern wants ${isAtLeast ? 'at least ' : ''}${counted(wanted)}`
}

function counted(count: number): string {
  return count === 1 ? '1 word' : `${count} words`
}

/** An empty key has no words. */
function wordsOf(key: string): readonly string[] {
  return key === '' ? [] : key.split('.')
}

function headersReason(args: Table, headers: Table, matches: boolean): string {
  const rule = textOf(args.get('x-match')) ?? 'all'
  const countsX = rule.endsWith('-with-x')
  const wanted = [...args].filter(([name]) =>
    countsX ? name !== 'x-match' : !name.startsWith('x-'),
  )
  const lacking = wanted.flatMap(([name, value]) => lackOf(headers, name, value) ?? [])
  if (rule.startsWith('any')) {
    if (!matches) return lacking.length === 0 ? 'nothing is asked for' : lacking.join('; ')
    const agreeing = wanted.filter(([name, value]) => lackOf(headers, name, value) === null)
    return `${agreeing.map(([name]) => quoted(name)).join(', ')} agrees, and any one is enough`
  }
  if (!matches) return lacking.join('; ')
  return wanted.length === 0 ? 'nothing is asked for' : 'all headers agree'
}

/** Null for a header that agrees. */
function lackOf(headers: Table, name: string, wanted: FieldValue): string | null {
  const value = headers.get(name)
  if (value === undefined) return `header ${quoted(name)} is missing`
  if (wanted.type === 'void' || hasEqualValue(value, wanted)) return null
  return `header ${quoted(name)} is ${shown(value)}, not ${shown(wanted)}`
}

function shown(field: FieldValue): string {
  const text = textOf(field)
  if (text !== null) return quoted(text)
  switch (field.type) {
    case 'table':
    case 'array':
      return `another ${field.type}`
    case 'void':
      return 'void'
    default:
      return String(field.value)
  }
}

function quoted(text: string): string {
  return `“${text}”`
}
