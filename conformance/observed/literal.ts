import type { ArrayItem, FieldValue, Table, TableField } from '../support/field-table.ts'

/**
 * Reads a field value as the observations write it: `-1` (I), `'abc'` or `"abc"` (S), `True` (t), `None` (V),
 * `[1, 'a']` (A), `{'a': 1}` (F), and with the tag in front where it is another one: `l:5`, `d:1.5`, `x:b'5'`,
 * `D:(0, 5)` (scale and value).
 * @throws Error where the text is no such value.
 */
export function readLiteral(text: string): ArrayItem {
  const reader = new LiteralReader(text)
  const item = reader.value()
  reader.end()
  return item
}

/** Reads `{...}` as a table. */
export function readTable(text: string): Table {
  const [tag, value] = readLiteral(text)
  if (tag !== 'F' || !isTable(value)) throw new Error(`not a table: ${text}`)
  return value
}

/** The value of a field, or null where the table has none of that name. */
export function fieldOf(table: Table, name: string): FieldValue {
  return table.find(([key]) => key === name)?.[2] ?? null
}

export function isTable(value: FieldValue): value is Table {
  return Array.isArray(value) && value.every((member) => member.length === 3)
}

const WORDS: Record<string, ArrayItem> = {
  True: ['t', true],
  False: ['t', false],
  None: ['V', null],
}

const ESCAPES: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

class LiteralReader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  value(): ArrayItem {
    const tag = this.match(/([a-zA-Z]):/y)?.[1]
    const [ownTag, value] = this.untagged()
    return [tag ?? ownTag, value]
  }

  end(): void {
    if (this.at < this.text.length) throw new Error(`cannot read ${this.text} from ${this.at}`)
  }

  private untagged(): ArrayItem {
    const number = this.match(/[-+]?\d+(\.\d+)?/y)
    if (number !== null) return readNumber(number[0], number[1] !== undefined)
    const word = this.match(/True|False|None/y)
    if (word !== null) return WORDS[word[0]]!
    const quoted = this.match(/(b?)('((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/y)
    if (quoted !== null) return readQuoted(quoted[1] === 'b', quoted[3] ?? quoted[4] ?? '')
    if (this.match(/\[/y) !== null) return ['A', this.members(/\]/y, () => this.value())]
    if (this.match(/\{/y) !== null) return ['F', this.members(/\}/y, () => this.field())]
    if (this.match(/\(/y) !== null) return this.decimal()
    throw new Error(`cannot read ${this.text} from ${this.at}`)
  }

  private field(): TableField {
    const name = this.match(/['"]([^'"]*)['"]\s*:\s*/y)?.[1]
    if (name === undefined) throw new Error(`no name in ${this.text} at ${this.at}`)
    const [tag, value] = this.value()
    return [name, tag, value]
  }

  private decimal(): ArrayItem {
    const [scale, value] = this.members(/\)/y, () => this.value())
    return ['D', { scale: Number(scale?.[1]), value: Number(value?.[1]) }]
  }

  private members<T>(close: RegExp, read: () => T): T[] {
    const members: T[] = []
    while (this.match(close) === null) {
      members.push(read())
      this.match(/,\s*/y)
    }
    return members
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found !== null) this.at = pattern.lastIndex
    return found
  }
}

function readNumber(text: string, isFloat: boolean): ArrayItem {
  if (isFloat) return ['d', Number(text)]
  const number = Number(text)
  return ['I', Number.isSafeInteger(number) ? number : BigInt(text)]
}

function readQuoted(isBinary: boolean, source: string): ArrayItem {
  const text = unescape(source)
  return isBinary ? ['x', Buffer.from(text, 'latin1')] : ['S', text]
}

/** The text behind the escapes of a literal: `\x01`, `\t` and the like. */
export function unescape(source: string): string {
  return source.replace(/\\(x([0-9a-f]{2})|.)/g, (_, escape: string, hex?: string) =>
    hex === undefined ? (ESCAPES[escape] ?? escape) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
