/** How tables are drawn: three rules of four characters, and what stands between cells. Null for a rule that there is not. */
interface Style {
  readonly top: string | null
  readonly middle: string | null
  readonly bottom: string | null
  readonly bars: readonly [left: string, between: string, right: string]
}

const STYLES: ReadonlyMap<string, Style> = new Map([
  ['modern', { top: '╭─┬╮', middle: '├─┼┤', bottom: '╰─┴╯', bars: ['│', '│', '│'] }],
  ['sharp', { top: '┌─┬┐', middle: '├─┼┤', bottom: '└─┴┘', bars: ['│', '│', '│'] }],
  ['ascii', { top: '+-++', middle: '+-++', bottom: '+-++', bars: ['|', '|', '|'] }],
  ['markdown', { top: null, middle: '|-||', bottom: null, bars: ['|', '|', '|'] }],
  ['psql', { top: null, middle: '-+', bottom: null, bars: ['', '|', ''] }],
  ['dots', { top: '....', middle: ':.::', bottom: ':.::', bars: [':', ':', ':'] }],
  ['borderless', { top: null, middle: null, bottom: null, bars: ['', '', ''] }],
])

/** Columns with a cell in each row; a cell may have several lines. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What stands above the columns. */
  readonly title?: string
}

/** A table in one of the styles; the first one for a style that there is not. */
export function drawn({ columns, rows, title }: Table, name: string): string {
  const style = STYLES.get(name) ?? STYLES.get('modern')!
  const all = [columns, ...rows].map((cells) => cells.map((cell) => cell.split('\n')))
  const widths = widthsOf(columns.length, all)
  if (title !== undefined) widen(widths, title)
  const [header = '', ...body] = all.map((cells) => linesOf(cells, widths, style))
  const middle = rule(style.middle, widths)
  const top = rule(style.top, widths)
  const bottom = rows.length === 0 ? '' : rule(style.bottom, widths)
  if (title === undefined) return `${top}${header}${middle}${body.join('')}${bottom}`
  const [left, , right] = style.bars
  const room = widths.reduce((sum, width) => sum + width + 3, 0) - 3
  const head = `${left} ${title.padEnd(room)} ${right}\n`
  return `${top}${head}${middle}${header}${body.join('')}${bottom}`
}

/** For scripts: no header and no rules, a line for each row, with room between the columns. */
export function plain({ rows, columns }: Table): string {
  const flat = rows.map((cells) => cells.map((cell) => cell.trim().replaceAll('\n', ',')))
  const widths = widthsOf(
    columns.length,
    flat.map((cells) => cells.map((cell) => [cell])),
  )
  return flat
    .map((cells) => `${cells.map((cell, at) => padded(cell, widths[at] ?? 0)).join('  ')} \n`)
    .join('')
}

function widthsOf(count: number, rows: readonly (readonly (readonly string[])[])[]): number[] {
  return Array.from({ length: count }, (_, at) =>
    Math.max(0, ...rows.flatMap((cells) => (cells[at] ?? []).map((line) => [...line].length))),
  )
}

/** A title that is longer than all columns makes the last one wider. */
function widen(widths: number[], title: string): void {
  const room = widths.reduce((sum, width) => sum + width + 3, 0) - 3
  const last = widths.length - 1
  widths[last] = (widths[last] ?? 0) + Math.max(0, [...title].length - room)
}

function rule(signs: string | null, widths: readonly number[]): string {
  if (signs === null) return ''
  const [left = '', line = '', between = '', right = ''] =
    signs.length === 2 ? ['', ...signs, ''] : [...signs]
  return `${left}${widths.map((width) => line.repeat(width + 2)).join(between)}${right}\n`
}

function linesOf(
  cells: readonly (readonly string[])[],
  widths: readonly number[],
  { bars: [left, between, right] }: Style,
): string {
  const height = Math.max(...cells.map(({ length }) => length))
  let text = ''
  for (let line = 0; line < height; line++) {
    const parts = cells.map((cell, at) => ` ${padded(cell[line] ?? '', widths[at] ?? 0)} `)
    text += `${left}${parts.join(between)}${right}\n`
  }
  return text
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length))
}
