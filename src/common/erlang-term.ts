import type { FieldValue } from './table.ts'

/** A binary as Erlang prints it with `~p`: `<<"text">>` when all of it is printable Latin-1, else `<<0,10,255>>`. */
export function erlangBinary(bytes: Uint8Array): string {
  return bytes.length === 0 ? '<<>>' : `<<${quoted(bytes) ?? bytes.join(',')}>>`
}

/** A list of octets as Erlang prints it with `~p`: `"text"`, `[0,10,255]`. */
export function erlangString(bytes: Uint8Array): string {
  return bytes.length === 0 ? '[]' : (quoted(bytes) ?? `[${bytes.join(',')}]`)
}

/** A tuple as Erlang prints it from `column` on: past column 80 the last element goes to a line of its own. */
export function erlangTuple(elements: readonly string[], column: number): string {
  const oneLine = `{${elements.join(',')}}`
  if (column + oneLine.length <= LINE_LENGTH) return oneLine
  return `{${elements.join(`,\n${' '.repeat(column + 1)}`)}}`
}

const LINE_LENGTH = 80

/** The text in quotes; null when not all of it is printable. */
function quoted(bytes: Uint8Array): string | null {
  if (!bytes.every(isPrintable)) return null
  const text = Buffer.from(bytes).toString('latin1')
  return `"${[...text].map((char) => ESCAPES.get(char) ?? char).join('')}"`
}

function isPrintable(octet: number): boolean {
  return (
    (octet >= 0x20 && octet <= 0x7e) ||
    octet >= 0xa0 ||
    (octet >= 0x08 && octet <= 0x0d) ||
    octet === 0x1b
  )
}

const ESCAPES = new Map([
  ['\\', '\\\\'],
  ['"', '\\"'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\x1b', '\\e'],
])

/** The value of a field as RabbitMQ holds and prints it: strings are binaries, `void` is the atom `undefined`. */
export function erlangTerm(field: FieldValue): string {
  switch (field.type) {
    case 'void':
      return 'undefined'
    case 'longstr':
    case 'binary':
      return erlangBinary(field.value)
    case 'array':
      return `[${field.value.map((item) => `{${item.type},${erlangTerm(item)}}`).join(',')}]`
    case 'table':
      return `[${[...field.value].map(tableEntry).join(',')}]`
    case 'decimal':
      return `{${field.scale},${field.value}}`
    case 'float':
    case 'double':
      return Number.isInteger(field.value) ? field.value.toFixed(1) : `${field.value}`
    default:
      return `${field.value}`
  }
}

function tableEntry([name, value]: [string, FieldValue]): string {
  return `{${erlangBinary(Buffer.from(name))},${value.type},${erlangTerm(value)}}`
}
