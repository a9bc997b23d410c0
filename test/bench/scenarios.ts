import type { TrafficShape } from './load/job.ts'

/** One thing to measure. What differs from the usual is said here, and nowhere else. */
export type Scenario = {
  readonly name: string
  /** One line, for people. */
  readonly title: string
  /** Of the load, where the command line names none. */
  readonly seconds: number
  /** Where the command line names none. */
  readonly rounds: number
} & (
  | ({ readonly kind: 'traffic' } & TrafficShape)
  | { readonly kind: 'connections' }
  | { readonly kind: 'idle'; readonly connections: number }
  | { readonly kind: 'backlog'; readonly messages: number; readonly bodySize: number }
)

const USUAL = {
  kind: 'traffic',
  seconds: 2.5,
  rounds: 3,
  exchange: 'default',
  bindings: 0,
  publishers: 1,
  queues: 1,
  consumers: 1,
  isDurable: false,
  confirmWindow: 0,
  deliveryWindow: 0,
  rate: 0,
  prefetch: 0,
  ackEvery: 0,
  batchSize: 65_536,
} as const

const DURABLE = {
  isDurable: true,
  confirmWindow: 1000,
  prefetch: 1000,
  ackEvery: 100,
} as const

/** Every scenario there is, in the order in which they run and stand in the tables. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...USUAL,
    name: 'a16',
    title: '16 B, transient, auto-ack, one queue',
    bodySize: 16,
    deliveryWindow: 20_000,
  },
  {
    ...USUAL,
    name: 'a1k',
    title: '1 KiB, transient, auto-ack, one queue',
    bodySize: 1024,
    deliveryWindow: 20_000,
  },
  {
    ...USUAL,
    name: 'a64k',
    title: '64 KiB, transient, auto-ack, one queue',
    bodySize: 65_536,
    deliveryWindow: 500,
  },
  {
    ...USUAL,
    ...DURABLE,
    name: 'b',
    title: '1 KiB, durable, confirm window 1,000, manual ack',
    bodySize: 1024,
  },
  {
    ...USUAL,
    ...DURABLE,
    name: 'b1',
    title: 'as b, one message at a time',
    seconds: 2,
    bodySize: 1024,
    confirmWindow: 1,
  },
  {
    ...USUAL,
    name: 'c',
    title: '100 B, fanout to 10 queues; for each delivery',
    exchange: 'fanout',
    queues: 10,
    consumers: 10,
    bodySize: 100,
    deliveryWindow: 5000,
  },
  {
    ...USUAL,
    name: 'd',
    title: '100 B, topic, 1,000 bindings, keys in turn',
    exchange: 'topic',
    bindings: 1000,
    queues: 10,
    consumers: 10,
    bodySize: 100,
    deliveryWindow: 20_000,
  },
  {
    ...USUAL,
    name: 'e',
    title: '100 B, 100 queues, 200 connections',
    publishers: 100,
    queues: 100,
    consumers: 100,
    bodySize: 100,
    deliveryWindow: 20_000,
    batchSize: 4096,
  },
  {
    name: 'f',
    title: '100 B, persistent, up to 5,000,000 waiting; then kill -9, start and drain',
    kind: 'backlog',
    seconds: 10,
    rounds: 1,
    messages: 5_000_000,
    bodySize: 100,
  },
  { ...USUAL, name: 'g', title: '100 B, 2,000 messages/s', rate: 2000, bodySize: 100 },
  {
    ...USUAL,
    ...DURABLE,
    name: 'gd',
    title: '1 KiB, 2,000 messages/s, durable, confirms, manual ack',
    rate: 2000,
    bodySize: 1024,
    ackEvery: 10,
  },
  {
    name: 'h',
    title: 'connect, open a channel, close',
    kind: 'connections',
    seconds: 2,
    rounds: 3,
  },
  {
    name: 'i',
    title: 'from start to first connection, and 1,000 idle connections',
    kind: 'idle',
    seconds: 1,
    rounds: 3,
    connections: 1000,
  },
]
