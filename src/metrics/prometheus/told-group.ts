import { ITEMS_PER_LOOK, type Slices } from '../../common/slices.ts'
import type { Form, Group, Labels, Metric } from './metric.ts'
import type { Scrape } from './scrape.ts'

/** A group of metrics as a text can be made of it, whatever its things are. */
export interface ToldGroup {
  readonly families: readonly string[]
  readonly onlyIn: readonly Form[] | undefined
  readonly text: (scrape: Scrape, slices: Slices) => AsyncIterable<string>
}

export function told<T>(group: Group<T>): ToldGroup {
  const { families, onlyIn } = group
  return { families, onlyIn, text: (scrape, slices) => groupText(group, scrape, slices) }
}

async function* groupText<T>(
  group: Group<T>,
  scrape: Scrape,
  slices: Slices,
): AsyncIterable<string> {
  const isSummed = scrape.form === 'aggregated' && group.isNeverSummed !== true
  const prefix = group.prefix ?? PREFIXES[scrape.form]
  const sums = group.metrics.map((): number | null => null)
  const series = group.metrics.map(() => '')
  let count = 0
  for (const thing of group.things(scrape)) {
    const labels = isSummed ? null : group.labels(thing, scrape)
    for (const [at, metric] of group.metrics.entries()) {
      const value = metric.read(thing, scrape)
      if (value === null) continue
      if (labels === null) sums[at] = (sums[at] ?? 0) + (Number.isNaN(value) ? 0 : value)
      else series[at] += line(`${prefix}${metric.name}`, { ...labels, ...metric.labels }, value)
    }
    if (++count % ITEMS_PER_LOOK === 0 && slices.isOver) await slices.pause()
  }
  let told = ''
  for (const [at, metric] of group.metrics.entries()) {
    const name = `${prefix}${metric.name}`
    if (told !== name) yield header(name, metric)
    told = name
    const sum = sums[at] ?? null
    if (isSummed && sum !== null && metric.hasNoSum !== true)
      yield line(name, metric.labels ?? {}, sum)
    else yield series[at] ?? ''
  }
}

const PREFIXES: Readonly<Record<Form, string>> = {
  aggregated: 'rabbitmq_',
  'per-object': 'rabbitmq_',
  detailed: 'rabbitmq_detailed_',
  'memory-breakdown': 'rabbitmq_',
}

function header<T>(name: string, { type, help }: Metric<T>): string {
  return `# TYPE ${name} ${type}\n# HELP ${name} ${help}\n`
}

export function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
}

/** Of the exposition format: a backslash, a quote and the end of a line are written with a backslash. */
function escaped(text: string): string {
  return text.replaceAll(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}
