import { readFileSync, writeFileSync } from 'node:fs'
import { markdownTable, PAGE, replaceBetweenMarkers } from '../growth/report.ts'
import { spreadOf } from '../statistics.ts'
import { Table } from '../table.ts'
import { type IdleMeasures, STATES } from './measuring.ts'

/** One measurement of one broker. */
export interface IdleResult extends IdleMeasures {
  readonly state: string
  readonly broker: string
}

const RESULTS = new URL('performance/idle.json', PAGE)
const MIB = 1_048_576

const HEADERS = [
  'idle with',
  'broker',
  'start, ms (spread)',
  'memory, MiB (spread)',
  'CPU a minute, ms (spread)',
  'of a core',
]

export function savedResults(): readonly IdleResult[] {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8'))
  } catch {
    return [] // nothing has been saved yet
  }
}

/** Saves the results, prints their medians, and puts the table into the page. */
export function report(results: readonly IdleResult[]): void {
  writeFileSync(RESULTS, `[\n${results.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`)
  const rows = rowsOf(results)
  const table = new Table(HEADERS, 2)
  for (const row of rows) table.add(...row)
  table.print('An idle broker: medians, with the least and the most of all rounds')
  replaceBetweenMarkers(PAGE, 'idle', markdownTable([HEADERS, ...rows]))
}

function rowsOf(results: readonly IdleResult[]): readonly (readonly string[])[] {
  const brokers = [...new Set(results.map(({ broker }) => broker))]
  return STATES.flatMap(({ name, title }) =>
    brokers.flatMap((broker) => {
      const rounds = results.filter((each) => each.state === name && each.broker === broker)
      if (rounds.length === 0) return []
      const cpu = spreadOf(rounds.map(({ cpuMsPerMinute }) => cpuMsPerMinute))
      return [
        [
          title,
          broker,
          spreadText(rounds.map(({ startMs }) => startMs)),
          spreadText(rounds.map(({ rss }) => rss / MIB)),
          spreadText(rounds.map(({ cpuMsPerMinute }) => cpuMsPerMinute)),
          `${((cpu?.median ?? 0) / 600).toFixed(2)} %`,
        ],
      ]
    }),
  )
}

function spreadText(values: readonly number[]): string {
  const spread = spreadOf(values)
  if (spread === null) return ''
  const [median, least, most] = [spread.median, spread.least, spread.most].map((value) =>
    Math.round(value).toLocaleString('en-US'),
  )
  return `${median} (${least}–${most})`
}
