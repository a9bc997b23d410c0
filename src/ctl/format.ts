import type { Json, JsonObject } from '../common/json.ts'
import type { Column, Output } from './command.ts'

export const FORMATTERS = ['table', 'pretty_table', 'json', 'csv', 'erlang'] as const
export type Formatter = (typeof FORMATTERS)[number]

/** Whether only what is asked for is printed, for another program to read. */
export function isForMachines(formatter: Formatter): boolean {
  return formatter === 'json' || formatter === 'csv'
}

/** What is printed of an output; the empty text for nothing. */
export function formatted(output: Output, formatter: Formatter, hasHeader: boolean): string {
  if (output === null) return ''
  if ('text' in output) {
    if (formatter !== 'json') return `${output.text}\n`
    return `${JSON.stringify(output.json ?? { message: output.text })}\n`
  }
  const { columns, rows, without = '' } = output
  switch (formatter) {
    case 'json':
      return `[\n${rows.map((row) => `${JSON.stringify(jsonOf(columns, row))}\n`).join(',')}]\n`
    case 'csv':
      return csv(columns, rows)
    case 'erlang':
      return `${erlang(columns, rows)}\n`
    case 'pretty_table':
      return rows.length === 0 ? '' : prettyTable(columns, rows)
    default: {
      if (rows.length === 0) return without
      const header = columns.map(({ name }) => name).join('\t')
      const lines = rows.map((row) => cells(columns, row).join('\t'))
      return `${[...(hasHeader ? [header] : []), ...lines].join('\n')}\n`
    }
  }
}

function valueOf({ name, read }: Column, row: JsonObject): Json {
  return (read === undefined ? row[name] : read(row)) ?? ''
}

function cells(columns: readonly Column[], row: JsonObject): readonly string[] {
  return columns.map((column) => escaped(column.kind.text(valueOf(column, row))))
}

/** A cell stays in its line and its column. */
function escaped(text: string): string {
  return text.replaceAll(/[\t\n\r\\]/g, (char) => ESCAPES.get(char) ?? char)
}

const ESCAPES = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

function jsonOf(columns: readonly Column[], row: JsonObject): JsonObject {
  return Object.fromEntries(
    columns.map((column) => [column.name, column.kind.json(valueOf(column, row))]),
  )
}

function csv(columns: readonly Column[], rows: readonly JsonObject[]): string {
  const lines = [
    columns.map(({ name }) => quoted(name)),
    ...rows.map((row) => cells(columns, row).map(quotedUnlessNumber)),
  ]
  return lines.map((line) => `${line.join(',')}\n`).join('')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function quotedUnlessNumber(text: string): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? text : quoted(text)
}

function erlang(columns: readonly Column[], rows: readonly JsonObject[]): string {
  const terms = rows.map((row) => {
    const pairs = columns.map(
      (column) => `{${column.name},${column.kind.erlang(valueOf(column, row))}}`,
    )
    return `[${pairs.join(',')}]`
  })
  return `[${terms.join(',\n ')}]`
}

/** A table with lines, drawn with the characters that terminals have for it since the VT100. */
function prettyTable(columns: readonly Column[], rows: readonly JsonObject[]): string {
  const body = rows.map((row) => cells(columns, row))
  const widths = columns.map(({ name }, at) =>
    Math.max(...[name, ...body.map((line) => line[at] ?? '')].map((text) => [...text].length)),
  )
  const rule = ([left, middle, right]: readonly [string, string, string]) =>
    drawn(`${left}${widths.map((width) => 'q'.repeat(width + 2)).join(middle)}${right}`)
  const line = (texts: readonly string[], isHeader: boolean) => {
    const padded = texts.map((text, at) => {
      const space = ' '.repeat((widths[at] ?? 0) - [...text].length)
      return ` ${isHeader ? `${ESC}[1m${text}${ESC}[0m` : text}${space} `
    })
    return `${BAR}${padded.join(BAR)}${BAR}`
  }
  const separator = rule(['t', 'n', 'u'])
  const lines = [
    line(
      columns.map(({ name }) => name),
      true,
    ),
    ...body.map((one) => line(one, false)),
  ]
  return `${[rule(['l', 'w', 'k']), lines.join(`\n${separator}\n`), rule(['m', 'v', 'j'])].join('\n')}\n`
}

const ESC = '\u001b'

function drawn(text: string): string {
  return `${ESC}(0${text}${ESC}(B`
}

const BAR = drawn('x')
