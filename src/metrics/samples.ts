import { eachInSlices, type Slices } from '../common/slices.ts'
import { History, type SampleBudget, type SampleRange, type Tier } from './history.ts'
import type { Meter } from './meters.ts'

/**
 * The histories of all things of one kind, by the thing; one that has never counted anything has none. `Read` is what
 * the numbers are read from, where that is not the thing itself.
 */
export class Samples<T extends object, Read = T> {
  private readonly meter: Meter<Read>
  private readonly tiers: readonly Tier[]
  private readonly budget: SampleBudget
  private readonly byThing = new Map<T, Sampled>()
  private readonly columns: ReadonlyMap<string, number>
  private readonly values: Float64Array

  constructor(meter: Meter<Read>, tiers: readonly Tier[], budget: SampleBudget) {
    this.meter = meter
    this.tiers = tiers
    this.budget = budget
    this.columns = new Map(meter.columns.map((name, column) => [name, column]))
    this.values = new Float64Array(meter.columns.length)
  }

  add(timeMs: number, thing: T, read: Read): void {
    const { values } = this
    this.meter.read(read, values)
    let sampled = this.byThing.get(thing)
    if (sampled === undefined) {
      sampled = { history: null, firstMs: timeMs, latestMs: timeMs }
      this.byThing.set(thing, sampled)
    }
    sampled.latestMs = timeMs
    if (sampled.history === null && isZero(values)) return
    sampled.history ??= new History(values.length, this.tiers, this.budget)
    sampled.history.add(timeMs, values)
  }

  /** Drops what was not in the sample of this time: it is gone. */
  async forgetOlderThan(timeMs: number, slices: Slices): Promise<void> {
    await eachInSlices(this.byThing, slices, ([thing, { history, latestMs }]) => {
      if (latestMs >= timeMs) return
      history?.drop()
      this.byThing.delete(thing)
    })
  }

  /** The current value of every column, by its name. */
  read(from: Read): Readonly<Record<string, number>> {
    const values = new Float64Array(this.values.length)
    this.meter.read(from, values)
    return Object.fromEntries(this.meter.columns.map((name, column) => [name, values[column]!]))
  }

  /** How a number has changed: `{rate}`, and with a range its samples and averages, as RabbitMQ shows it. */
  details(thing: T, column: string, range: SampleRange | null): Details {
    const history = this.byThing.get(thing)?.history ?? null
    const at = this.columns.get(column)
    if (history === null || at === undefined) {
      return range === null ? { rate: 0 } : { rate: 0, samples: [], avg_rate: 0, avg: 0 }
    }
    const rate = history.rate(at)
    if (range === null) return { rate }
    const samples = history.samples(at, range)
    return { rate, samples, ...averages(samples) }
  }

  /** When a number of the thing changed last, or it was seen first, in milliseconds since 1970; null before that. */
  changedAtMs(thing: T): number | null {
    const sampled = this.byThing.get(thing)
    return sampled === undefined ? null : (sampled.history?.changedAtMs ?? sampled.firstMs)
  }
}

export interface Details {
  /** Per second. */
  readonly rate: number
  /** Newest first. */
  readonly samples?: readonly { readonly sample: number; readonly timestamp: number }[]
  readonly avg_rate?: number
  readonly avg?: number
}

interface Sampled {
  /** Null as long as nothing has been counted. */
  history: History | null
  readonly firstMs: number
  latestMs: number
}

function isZero(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false
  return true
}

function averages(samples: NonNullable<Details['samples']>): { avg_rate: number; avg: number } {
  const newest = samples[0]
  const oldest = samples.at(-1)
  if (newest === undefined || oldest === undefined) return { avg_rate: 0, avg: 0 }
  const seconds = (newest.timestamp - oldest.timestamp) / 1000
  const sum = samples.reduce((total, { sample }) => total + sample, 0)
  return {
    avg_rate: seconds === 0 ? 0 : (newest.sample - oldest.sample) / seconds,
    avg: sum / samples.length,
  }
}
