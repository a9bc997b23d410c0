import type { Scrape } from './scrape.ts'

/** Names and values that tell the series of a metric apart. */
export type Labels = Readonly<Record<string, string>>

/** A number that is told of each of some things. */
export interface Metric<T> {
  /** Without the prefix. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'untyped'
  readonly help: string
  /** Null for a thing that has no such number. */
  readonly read: (thing: T, scrape: Scrape) => number | null
  /** Whether a sum over all things means nothing, so that only the number of each of them is told. */
  readonly hasNoSum?: boolean
  /** Labels that it has beside those of its thing. */
  readonly labels?: Labels
}

/** Things of one kind, and the metrics that they have: what RabbitMQ calls a family. */
export interface Group<T> {
  /** Names under which it is asked for in detail. */
  readonly families: readonly string[]
  readonly things: (scrape: Scrape) => Iterable<T>
  /** Empty for a thing that there is one of. */
  readonly labels: (thing: T, scrape: Scrape) => Labels
  readonly metrics: readonly Metric<T>[]
  /** Whether the things stay apart where others are summed: there are few of them, or their labels are what it is about. */
  readonly isNeverSummed?: boolean
  /** Before the names; `rabbitmq_`, or `rabbitmq_detailed_` in detail, unless given. */
  readonly prefix?: string
  /** Where it is told: everywhere unless given. */
  readonly onlyIn?: readonly Form[]
}

/** All numbers summed up, those of each thing, or those of some families in detail. */
export type Form = 'aggregated' | 'per-object' | 'detailed' | 'memory-breakdown'

export function counter<T>(name: string, help: string, read: Metric<T>['read']): Metric<T> {
  return { name, type: 'counter', help, read }
}

export function gauge<T>(name: string, help: string, read: Metric<T>['read']): Metric<T> {
  return { name, type: 'gauge', help, read }
}

/** What Erlang has and this broker does not: known to be none. */
export function none<T>(type: 'counter' | 'gauge', name: string, help: string): Metric<T> {
  return { name, type, help, read: () => 0 }
}

/** Known by name, and told of nothing: nobody counts it. */
export function uncounted<T>(type: 'counter' | 'gauge', name: string, help: string): Metric<T> {
  return { name, type, help, read: () => null }
}
