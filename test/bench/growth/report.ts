import { readFileSync, writeFileSync } from 'node:fs'
import type { Series } from './curve.ts'
import type { CurveResult, PointResult } from './measuring.ts'
import { numberText, svgOf } from './plot.ts'

const DOCS = new URL('../../../docs/', import.meta.url)
/** Where what was measured is told. */
export const PAGE = new URL('performance.md', DOCS)
const RESULTS = new URL('performance/growth.json', DOCS)

/** Everything measured so far, by the name of the series. */
export type Results = { [series: string]: readonly CurveResult[] }

export function savedResults(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8'))
  } catch {
    return {} // nothing has been saved yet
  }
}

/** Saves the results, draws one series and puts its table into the page between its markers. */
export function report(series: Series, results: Results): void {
  const curves = results[series.name]
  if (curves === undefined) return
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
  const lines = curves.map(({ name, points }) => ({
    name,
    points: points.map(
      ({ at, cpuMicroseconds, lowest, highest }) => [at, cpuMicroseconds, lowest, highest] as const,
    ),
  }))
  const plot = {
    title: series.title,
    xLabel: series.axis,
    yLabel: 'broker CPU, µs a message',
    lines,
  }
  writeFileSync(new URL(`performance/${series.name}.svg`, DOCS), svgOf(plot))
  replaceBetweenMarkers(PAGE, series.name, tableOf(series, curves))
}

/** Replaces what a page has between the markers of this name, which must be there. */
export function replaceBetweenMarkers(page: URL, name: string, content: string): void {
  const text = readFileSync(page, 'utf8')
  const begin = `<!-- measured: ${name} -->\n`
  const start = text.indexOf(begin) + begin.length
  const end = text.indexOf('<!-- end -->', start)
  if (start < begin.length || end < 0) throw new Error(`no markers of ${name} in ${page.pathname}`)
  writeFileSync(page, `${text.slice(0, start)}\n${content}\n${text.slice(end)}`)
}

/** A table of Markdown. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(header),
    line(header.map((_, i) => (i === 0 ? '---' : '--:'))),
    ...body.map(line),
  ].join('\n')
}

function tableOf({ axis, item }: Series, curves: readonly CurveResult[]): string {
  const [first] = curves
  if (first === undefined) return ''
  const hasItems = item !== null && first.points.some(({ bytesPerItem }) => bytesPerItem !== null)
  const header = [
    axis,
    ...curves.map(({ name }) => `${name}: µs (spread)`),
    ...curves.map(({ name }) => `${name}: messages/s`),
    ...(hasItems ? [`memory per ${item}`, `CPU to set one up`] : []),
  ]
  const rows = first.points.map((point, i) => [
    numberText(point.at),
    ...curves.map(({ points }) => costText(points[i])),
    ...curves.map(({ points }) =>
      Math.round(points[i]?.messagesPerSecond ?? 0).toLocaleString('en-US'),
    ),
    ...(hasItems ? itemTexts(point) : []),
  ])
  return markdownTable([header, ...rows])
}

function costText(point: PointResult | undefined): string {
  if (point === undefined) return ''
  const { cpuMicroseconds, lowest, highest } = point
  return `${digits(cpuMicroseconds)} (${digits(lowest)}–${digits(highest)})`
}

function itemTexts({ bytesPerItem, setUpMicrosecondsPerItem }: PointResult): readonly string[] {
  if (bytesPerItem === null || setUpMicrosecondsPerItem === null) return ['', '']
  return [
    `${Math.max(0, Math.round(bytesPerItem)).toLocaleString('en-US')} B`,
    `${digits(setUpMicrosecondsPerItem)} µs`,
  ]
}

/** About three of them. */
function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(value >= 10 ? 1 : 2)
}
