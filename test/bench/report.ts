import { findResult, type Result } from './results.ts'
import type { Scenario } from './scenarios.ts'
import { type Spread, spreadOf } from './statistics.ts'
import { Table } from './table.ts'

/** One thing that a scenario measures, as a column shows it. */
interface Column {
  readonly header: string
  /** Of the measure. */
  readonly name: string
  /** What a shown unit has of the measured ones. */
  readonly unit: number
}

/** The columns of scenarios of one kind. The first is the one by which brokers are compared. */
interface Layout {
  readonly title: string
  readonly columns: readonly Column[]
  readonly isLessBetter: boolean
}

const MIB = 1_048_576
const MEMORY: readonly Column[] = [
  { header: 'RSS before MiB', name: 'rssBeforeBytes', unit: MIB },
  { header: 'after MiB', name: 'rssAfterBytes', unit: MIB },
  { header: 'rested MiB', name: 'rssRestedBytes', unit: MIB },
]

const LAYOUTS: { readonly [kind in Scenario['kind']]: Layout } = {
  traffic: {
    title: 'Messages: broker CPU for each delivery, deliveries a second, latencies',
    isLessBetter: true,
    columns: [
      { header: 'CPU µs', name: 'cpuUs', unit: 1 },
      { header: 'messages/s', name: 'messagesPerSecond', unit: 1 },
      { header: 'end to end p50 µs', name: 'endToEndP50Us', unit: 1 },
      { header: 'p99 µs', name: 'endToEndP99Us', unit: 1 },
      { header: 'confirm p50 µs', name: 'confirmP50Us', unit: 1 },
      { header: 'p99 µs', name: 'confirmP99Us', unit: 1 },
      ...MEMORY,
      { header: 'load CPU µs', name: 'loadCpuUs', unit: 1 },
    ],
  },
  backlog: {
    title: 'A backlog in one durable queue: filled with confirms, killed, started, drained',
    isLessBetter: false,
    columns: [
      { header: 'published/s', name: 'publishedPerSecond', unit: 1 },
      { header: 'waiting', name: 'waitingMessages', unit: 1 },
      { header: 'CPU µs', name: 'cpuUs', unit: 1 },
      { header: 'B/message', name: 'messageBytes', unit: 1 },
      { header: 'restart ms', name: 'restartMs', unit: 1 },
      { header: 'drained/s', name: 'drainedPerSecond', unit: 1 },
      { header: 'drain CPU µs', name: 'drainCpuUs', unit: 1 },
      { header: 'RSS after MiB', name: 'rssAfterBytes', unit: MIB },
    ],
  },
  connections: {
    title: 'Connections: connect, open a channel, close',
    isLessBetter: true,
    columns: [
      { header: 'CPU µs', name: 'cpuUs', unit: 1 },
      { header: 'a second', name: 'connectionsPerSecond', unit: 1 },
      { header: 'eight at a time', name: 'connectionsPerSecondOf8', unit: 1 },
      { header: 'p50 µs', name: 'connectP50Us', unit: 1 },
      { header: 'p99 µs', name: 'connectP99Us', unit: 1 },
      ...MEMORY,
      { header: 'load CPU µs', name: 'loadCpuUs', unit: 1 },
    ],
  },
  idle: {
    title: 'Start to the first connection, and memory',
    isLessBetter: true,
    columns: [
      { header: 'start ms', name: 'startMs', unit: 1 },
      { header: 'idle MiB', name: 'idleBytes', unit: MIB },
      { header: 'KiB/connection', name: 'connectionBytes', unit: 1024 },
      { header: 'after MiB', name: 'rssAfterBytes', unit: MIB },
      { header: 'rested MiB', name: 'rssRestedBytes', unit: MIB },
    ],
  },
}

/** Tables of the results, one for each kind of scenario; `previous` are those to stand beside them. */
export function reportOf(
  scenarios: readonly Scenario[],
  results: readonly Result[],
  previous: readonly Result[],
): string {
  const kinds = [...new Set(scenarios.map(({ kind }) => kind))]
  return kinds
    .map((kind) => {
      const layout = LAYOUTS[kind]
      const ofKind = scenarios.filter((scenario) => scenario.kind === kind)
      const table = new Table(headersOf(layout), 2)
      for (const { name } of ofKind) {
        for (const result of results.filter(({ scenario }) => scenario === name)) {
          const first = results.find(({ scenario }) => scenario === name)
          table.add(...rowOf(layout, result, first, findResult(previous, name, result.broker)))
        }
      }
      return table.text(layout.title)
    })
    .join('\n')
}

function headersOf({ columns }: Layout): readonly string[] {
  const [main, ...rest] = columns.map(({ header }) => header)
  return ['', 'broker', main ?? '', 'least..most', '× better', ...rest, `before: ${main}`, '× now']
}

/** `first` is the broker that the others are compared with. */
function rowOf(
  layout: Layout,
  result: Result,
  first: Result | undefined,
  previous: Result | undefined,
): readonly (string | number)[] {
  const head = [result.scenario, result.broker]
  if (result.failure !== null) return [...head, `failed: ${result.failure}`]
  const [main, ...rest] = layout.columns.map((column) => spreadOver(result, column))
  const [mainColumn] = layout.columns
  const of = (other: Result | undefined) =>
    other === undefined || mainColumn === undefined ? null : spreadOver(other, mainColumn)
  const before = of(previous)
  return [
    ...head,
    cell(main),
    main === undefined || main === null ? '' : `${brief(main.least)}..${brief(main.most)}`,
    first === result ? '' : ratio(of(first), main, layout.isLessBetter),
    ...rest.map(cell),
    cell(before),
    ratio(main, before, layout.isLessBetter),
  ]
}

/** How much better the one is than the other; empty when one of them is not known. */
export function ratio(
  one: Spread | null | undefined,
  other: Spread | null | undefined,
  isLessBetter: boolean,
): number | string {
  if (!one || !other) return ''
  const value = isLessBetter ? other.median / one.median : one.median / other.median
  return Number.isFinite(value) ? value : ''
}

function spreadOver({ rounds }: Result, { name, unit }: Column): Spread | null {
  return spreadOf(
    rounds.map((measures) => (measures[name] ?? Number.NaN) / unit).filter(Number.isFinite),
  )
}

function cell(spread: Spread | null | undefined): number | string {
  return spread ? spread.median : '-'
}

function brief(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value < 1000 ? 3 : 4 })
}

/** The one broker's failures, in lines; none when there are none. */
export function failuresOf(broker: string, results: readonly Result[]): readonly string[] {
  return results.flatMap(({ scenario, broker: of, failure }) =>
    of === broker && failure !== null ? [`${scenario}: ${failure}`] : [],
  )
}
