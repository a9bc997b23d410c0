import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'

/** Rows of texts under columns. */
export interface Grid {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Objects as rows. Fields inside of objects go by names with dots, as deep as is asked for; without columns there are all
 * that any of the objects has.
 */
export function gridOf(
  items: readonly JsonObject[],
  columns: readonly string[] | null,
  { depth, json }: { depth: number; json: readonly string[] },
): Grid {
  const deepest = columns === null ? depth : Number.POSITIVE_INFINITY
  const flat = items.map((item) => new Map(flattened(item, '', 1, deepest, json)))
  const names = columns ?? [...new Set(flat.flatMap((fields) => [...fields.keys()]))].sort(inOrder)
  return { columns: names, rows: flat.map((fields) => names.map((name) => fields.get(name) ?? '')) }
}

function* flattened(
  item: JsonObject,
  prefix: string,
  level: number,
  deepest: number,
  json: readonly string[],
): Iterable<[string, string]> {
  for (const [key, value] of Object.entries(item)) {
    const name = `${prefix}${key}`
    if (!isJsonObject(value)) yield [name, textOf(value)]
    else if (json.includes(key)) yield [name, spaced(value)]
    else if (level < deepest) yield* flattened(value, `${name}.`, level + 1, deepest, json)
  }
}

const FIRST = ['vhost', 'name', 'type', 'source', 'destination', 'destination_type', 'routing_key']

function inOrder(a: string, b: string): number {
  const [left, right] = [FIRST.indexOf(a), FIRST.indexOf(b)]
  if (left >= 0 && right >= 0) return left - right
  if (left >= 0) return -1
  if (right >= 0) return 1
  return a < b ? -1 : 1
}

/** As Python prints it. */
function textOf(value: Json): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (isJsonList(value)) {
    return value.map((one) => (typeof one === 'string' ? one : spaced(one))).join(' ')
  }
  return String(value)
}

/** JSON with a space behind commas and colons, as Python writes it. */
function spaced(value: Json): string {
  if (isJsonList(value)) return `[${value.map(spaced).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const pairs = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`,
  )
  return `{${pairs.join(', ')}}`
}

/** A grid in one of the formats; null for a format that there is not. */
export function drawnGrid(grid: Grid, format: string): string | null {
  const { columns, rows } = grid
  switch (format) {
    case 'table':
      return table(grid)
    case 'tsv':
      return [columns, ...rows].map((row) => `${row.join('\t')}\n`).join('')
    case 'kvp':
      return rows
        .map((row) => `${row.map((cell, at) => `${columns[at]}="${cell}"`).join(' ')}\n`)
        .join('')
    case 'long':
      return long(grid)
    case 'bash': {
      const at = Math.max(columns.indexOf('name'), 0)
      return `${rows.map((row) => row[at] ?? '').join(' ')}\n`
    }
    default:
      return null
  }
}

function table({ columns, rows }: Grid): string {
  const widths = columns.map((name, at) =>
    Math.max(...[name, ...rows.map((row) => row[at] ?? '')].map((cell) => [...cell].length)),
  )
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const header = line(columns.map((name, at) => centred(name, widths[at] ?? 0)))
  const body = rows.map((row) => line(row.map((cell, at) => padded(cell, widths[at] ?? 0))))
  return `${rule}${header}${rule}${body.join('')}${rule}`
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(width - [...text].length)
}

/** The odd space comes behind. */
function centred(text: string, width: number): string {
  const space = width - [...text].length
  const before = Math.floor(space / 2)
  return ' '.repeat(before) + text + ' '.repeat(space - before)
}

function long({ columns, rows }: Grid): string {
  const separator = `\n${'-'.repeat(80)}\n\n`
  const width = Math.max(...columns.map((name) => name.length))
  const blocks = rows.map((row) =>
    row.map((cell, at) => `${(columns[at] ?? '').padStart(width)}: ${cell}\n`).join(''),
  )
  return separator + blocks.map((block) => block + separator).join('')
}
