import assert from 'node:assert/strict'
import { type FieldValue, longstr, type SmallInteger, type Table } from '../../src/common/table.ts'

/**
 * Reads field values as captured requests write them: `1` (signedint), `'a'` or `"a"` (longstr), `True`, `None`,
 * `[1, 'a']`, `{"a": 1}`, and with a tag of the wire before it `l:1`, `d:1.5`, `D:(0, 5)`, `x:b'5'`.
 */
export function readFieldNotation(text: string): FieldValue {
  const reader = new NotationReader(text)
  const value = reader.value()
  reader.end()
  return value
}

/** The same for a table at the beginning of a text; returns what follows it as well. */
export function readTableNotation(text: string): { readonly table: Table; readonly rest: string } {
  const reader = new NotationReader(text)
  const value = reader.value()
  assert(value.type === 'table')
  return { table: value.value, rest: reader.rest }
}

class NotationReader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  get rest(): string {
    return this.text.slice(this.at)
  }

  end(): void {
    assert.equal(this.rest, '')
  }

  value(): FieldValue {
    const tag = this.take(/[a-zA-Z]:/y)
    if (tag !== null) return this.tagged(tag.slice(0, 1))
    if (this.take(/\[/y) !== null) return { type: 'array', value: this.items(/\]/y) }
    if (this.take(/\{/y) !== null) return { type: 'table', value: this.entries() }
    const string = this.take(/'[^']*'|"[^"]*"/y)
    if (string !== null) return longstr(string.slice(1, -1))
    const word = this.take(/True|False|None/y)
    if (word === 'None') return { type: 'void' }
    if (word !== null) return { type: 'bool', value: word === 'True' }
    return { type: 'signedint', value: Number(this.need(/-?\d+/y)) }
  }

  private tagged(tag: string): FieldValue {
    const integer = INTEGERS.get(tag)
    if (integer !== undefined) return { type: integer, value: Number(this.need(/-?\d+/y)) }
    switch (tag) {
      case 'l':
      case 'L':
        return { type: 'long', value: BigInt(this.need(/-?\d+/y)) }
      case 'T':
        return { type: 'timestamp', value: BigInt(this.need(/\d+/y)) }
      case 'f':
        return { type: 'float', value: Number(this.need(/-?[\d.]+/y)) }
      case 'd':
        return { type: 'double', value: Number(this.need(/-?[\d.]+/y)) }
      case 'D': {
        const [scale, value] = this.need(/\(\d+, \d+\)/y)
          .slice(1, -1)
          .split(', ')
        return { type: 'decimal', scale: Number(scale), value: Number(value) }
      }
      case 'x': {
        const bytes = this.need(/b'[^']*'|b"[^"]*"/y).slice(2, -1)
        return { type: 'binary', value: Buffer.from(bytes) }
      }
      default:
        return this.value()
    }
  }

  private items(end: RegExp): FieldValue[] {
    const items: FieldValue[] = []
    while (this.take(end) === null) {
      if (items.length > 0) this.need(/, /y)
      items.push(this.value())
    }
    return items
  }

  private entries(): Table {
    const entries = new Map<string, FieldValue>()
    while (this.take(/\}/y) === null) {
      if (entries.size > 0) this.need(/, /y)
      const name = this.need(/'[^']*'|"[^"]*"/y).slice(1, -1)
      this.need(/: /y)
      entries.set(name, this.value())
    }
    return entries
  }

  private need(pattern: RegExp): string {
    const found = this.take(pattern)
    assert(found !== null, `${pattern} at ${this.at} of ${this.text}`)
    return found
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }
}

const INTEGERS: ReadonlyMap<string, SmallInteger> = new Map([
  ['b', 'byte'],
  ['B', 'unsignedbyte'],
  ['s', 'short'],
  ['u', 'unsignedshort'],
  ['I', 'signedint'],
  ['i', 'unsignedint'],
])
