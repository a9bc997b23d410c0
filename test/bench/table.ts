/**
 * Prints rows under their headers, each column as wide as its widest cell. The first columns are text and stand to the
 * left, numbers to the right. A row may end early, with text as long as it likes.
 */
export class Table {
  private readonly headers: readonly string[]
  private readonly textColumns: number
  private readonly rows: (readonly string[])[] = []

  constructor(headers: readonly string[], textColumns = 1) {
    this.headers = headers
    this.textColumns = textColumns
  }

  add(...cells: readonly (string | number)[]): void {
    this.rows.push(cells.map(shown))
  }

  print(title: string): void {
    console.log(`\n${this.text(title)}`)
  }

  text(title: string): string {
    const whole = this.rows.filter((row) => row.length === this.headers.length)
    const widths = this.headers.map((header, at) =>
      Math.max(
        header.length,
        ...(at < this.textColumns ? this.rows : whole).map((row) => row[at]?.length ?? 0),
      ),
    )
    const padded = (cell: string, at: number) =>
      at < this.textColumns ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)
    const line = (cells: readonly string[]) => cells.map(padded).join('  ').trimEnd()
    const rule = widths.map((width) => '-'.repeat(width)).join('  ')
    return `${[title, line(this.headers), rule, ...this.rows.map(line)].join('\n')}\n`
  }
}

/** Whole from a hundred on, with two decimal places below, thousands apart. */
function shown(cell: string | number): string {
  if (typeof cell === 'string') return cell
  const digits = Number.isInteger(cell) || Math.abs(cell) >= 100 ? 0 : 2
  return cell.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}
