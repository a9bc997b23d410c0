import { Slices } from '../../common/slices.ts'
import type { Sampler } from '../sampler.ts'
import type { ExposedBroker } from './exposed-broker.ts'
import { GROUPS } from './groups/all.ts'
import { messageSizeLines } from './message-sizes.ts'
import type { Form } from './metric.ts'
import { quorumTotals } from './quorum-totals.ts'
import type { Scrape } from './scrape.ts'
import { line, type ToldGroup } from './told-group.ts'

/** What is asked for. */
export interface ScrapeRequest {
  readonly form: Form
  /** In detail: the families that are wanted; all that are sums where none are given. */
  readonly families: readonly string[]
  /** Vhosts that are wanted; all where none are given. */
  readonly vhosts: readonly string[]
  /** What the names of queues match; null for any. */
  readonly queuePattern: RegExp | null
}

/**
 * The metrics of a broker in the text format of Prometheus, under RabbitMQ's names. Written by hand, since `untyped` metrics
 * and slices are what libraries for it do not have: a scrape of 50,000 queues stops no delivery.
 */
export class Exposition {
  private readonly broker: ExposedBroker
  private readonly sampler: Sampler
  private scrapes = { count: 0, seconds: 0, bytes: 0 }

  constructor(broker: ExposedBroker, sampler: Sampler) {
    this.broker = broker
    this.sampler = sampler
  }

  /** Parts of the text, in order, each made when it is asked for. A scrape counts once all of it has been given. */
  async *text(request: ScrapeRequest): AsyncGenerator<string, void> {
    const startMs = performance.now()
    let bytes = 0
    for await (const part of this.parts(request)) {
      bytes += part.length
      yield part
    }
    const { count, seconds, bytes: sum } = this.scrapes
    const tookSeconds = (performance.now() - startMs) / 1000
    this.scrapes = { count: count + 1, seconds: seconds + tookSeconds, bytes: sum + bytes }
  }

  private async *parts(request: ScrapeRequest): AsyncGenerator<string, void> {
    const slices = new Slices()
    const scrape = await this.begin(request, slices)
    for (const group of GROUPS) if (isAskedFor(group, request)) yield* group.text(scrape, slices)
    if (request.form === 'aggregated' || request.form === 'per-object') {
      yield messageSizeLines(this.broker.churn.messageSizes)
    }
    yield telemetryLines(this.scrapes, request.form)
  }

  private async begin(
    { form, vhosts, queuePattern }: ScrapeRequest,
    slices: Slices,
  ): Promise<Scrape> {
    const { broker, sampler } = this
    return {
      broker,
      sampler,
      quorum: await quorumTotals(broker, slices),
      form,
      totals: sampler.totals().node,
      connections: [...broker.connections].filter(({ session }) => session !== null),
      wantsVhost: (vhost) => vhosts.length === 0 || vhosts.includes(vhost),
      wantsQueue: (name) => queuePattern === null || queuePattern.test(name),
    }
  }
}

function isAskedFor({ families, onlyIn }: ToldGroup, request: ScrapeRequest): boolean {
  if (onlyIn !== undefined && !onlyIn.includes(request.form)) return false
  const { form } = request
  if (families.includes('always')) return true
  if (form === 'memory-breakdown') return onlyIn !== undefined
  return form !== 'detailed' || families.some((one) => request.families.includes(one))
}

function telemetryLines(
  { count, seconds, bytes }: { count: number; seconds: number; bytes: number },
  form: Form,
): string {
  const registry = form === 'aggregated' ? 'default' : form
  const labels = { registry, content_type: CONTENT_TYPE }
  const summary = (name: string, help: string, sum: number) =>
    `# TYPE ${name} summary\n# HELP ${name} ${help}\n` +
    line(`${name}_count`, labels, count) +
    line(`${name}_sum`, labels, sum)
  return (
    summary('telemetry_scrape_duration_seconds', 'Time that scrapes have taken', seconds) +
    summary('telemetry_scrape_size_bytes', 'Size of what scrapes have given', bytes)
  )
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4'
