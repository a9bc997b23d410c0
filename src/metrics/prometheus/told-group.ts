import { eachInSlices, ITEMS_PER_LOOK, type Slices } from '../../common/slices.ts'
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
  const prefix = group.prefix ?? PREFIXES[scrape.form]
  const isSummed = scrape.form === 'aggregated' && group.isNeverSummed !== true
  if (isSummed) yield await sumsText(group, prefix, scrape, slices)
  else yield* seriesText(group, prefix, scrape, slices)
}

async function sumsText<T>(
  { metrics, things }: Group<T>,
  prefix: string,
  scrape: Scrape,
  slices: Slices,
): Promise<string> {
  const sums = metrics.map((): number | null => null)
  await eachInSlices(things(scrape), slices, (thing) => {
    for (const [at, metric] of metrics.entries()) {
      const value = metric.read(thing, scrape)
      if (value !== null) sums[at] = (sums[at] ?? 0) + (Number.isNaN(value) ? 0 : value)
    }
  })
  const heads = new Heads(prefix)
  let text = ''
  for (const [at, metric] of metrics.entries()) {
    text += heads.before(metric)
    const sum = sums[at] ?? null
    if (sum === null || metric.hasNoSum === true) continue
    text += line(`${prefix}${metric.name}`, metric.labels ?? {}, sum)
  }
  return text
}

/** All things of a metric stand together: each metric goes through all of them, and no text is kept longer than it has to be. */
async function* seriesText<T>(
  { metrics, things, labels }: Group<T>,
  prefix: string,
  scrape: Scrape,
  slices: Slices,
): AsyncIterable<string> {
  const told: { readonly thing: T; readonly pairs: string }[] = []
  await eachInSlices(things(scrape), slices, (thing) => {
    told.push({ thing, pairs: pairsOf(labels(thing, scrape)) })
  })
  const heads = new Heads(prefix)
  let part = ''
  let count = 0
  for (const metric of metrics) {
    part += heads.before(metric)
    const own = pairsOf(metric.labels ?? {})
    for (const { thing, pairs } of told) {
      const value = metric.read(thing, scrape)
      if (value !== null) {
        part += `${prefix}${metric.name}${braced(pairs, own)} ${value}\n`
      }
      if (part.length >= PART_LENGTH) {
        yield part
        part = ''
      }
      if (++count % ITEMS_PER_LOOK === 0 && slices.isOver) await slices.pause()
    }
  }
  yield part
}

/** In characters: large enough for a write of a socket. */
const PART_LENGTH = 65_536

/** The lines before the first series of a name. */
class Heads {
  private readonly prefix: string
  private latest = ''

  constructor(prefix: string) {
    this.prefix = prefix
  }

  before<T>({ name, type, help }: Metric<T>): string {
    if (name === this.latest) return ''
    this.latest = name
    const full = `${this.prefix}${name}`
    return `# TYPE ${full} ${type}\n# HELP ${full} ${help}\n`
  }
}

const PREFIXES: Readonly<Record<Form, string>> = {
  aggregated: 'rabbitmq_',
  'per-object': 'rabbitmq_',
  detailed: 'rabbitmq_detailed_',
  'memory-breakdown': 'rabbitmq_',
}

export function line(name: string, labels: Labels, value: number): string {
  return `${name}${braced(pairsOf(labels), '')} ${value}\n`
}

function braced(pairs: string, more: string): string {
  if (pairs === '') return more === '' ? '' : `{${more}}`
  return more === '' ? `{${pairs}}` : `{${pairs},${more}}`
}

function pairsOf(labels: Labels): string {
  let pairs = ''
  for (const [label, text] of Object.entries(labels)) {
    pairs += `${pairs === '' ? '' : ','}${label}="${escaped(text)}"`
  }
  return pairs
}

/** Of the exposition format: a backslash, a quote and the end of a line are written with a backslash. */
function escaped(text: string): string {
  return text.replaceAll(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}
