/** Prints rows under their headers, each column as wide as its widest cell; numbers stand to the right. */
export class Table {
  private readonly headers: readonly string[]
  private readonly rows: (readonly string[])[] = []

  constructor(headers: readonly string[]) {
    this.headers = headers
  }

  add(...cells: readonly (string | number)[]): void {
    this.rows.push(cells.map(shown))
  }

  print(title: string): void {
    const widths = this.headers.map((header, at) =>
      Math.max(header.length, ...this.rows.map((row) => row[at]?.length ?? 0)),
    )
    const line = (cells: readonly string[]) =>
      cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
    console.log(`\n${title}`)
    console.log(line(this.headers).join('  '))
    console.log(widths.map((width) => '-'.repeat(width)).join('  '))
    for (const row of this.rows) console.log(line(row).join('  '))
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

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle]!
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
