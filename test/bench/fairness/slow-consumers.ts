import { setTimeout as pass } from 'node:timers/promises'
import { LoadConnection } from '../load/connection.ts'
import { Latencies } from '../load/latencies.ts'
import type { Table } from '../table.ts'
import { FairBroker } from './fair-broker.ts'
import { fill, freshQueue } from './filling.ts'
import { Firehose } from './firehose.ts'
import { PoliteClient } from './polite-client.ts'

export const SLOW_HEADERS = [
  'twenty slow consumers',
  'broker RSS MiB',
  'firehose msg/s',
  'polite p50 ms',
  'polite p99 ms',
]

const CONSUMERS = 20
const MESSAGES = 50_000
const FIREHOSE_BYTES = 1024

/** What consumers that hardly take what they asked for cost in memory, and what they cost others. */
export async function measureSlowConsumers(program: string, seconds: number, table: Table) {
  const broker = await FairBroker.start(program, null)
  const client = await LoadConnection.open(broker.url)
  await freshQueue(client, 'waiting')
  await fill(broker.url, 'waiting', MESSAGES, { bodySize: 1024 })
  const latencies = new Latencies()
  const polite = await PoliteClient.open(broker.url, { pauseMs: 2, latencies })
  polite.start()
  const firehose = await Firehose.start(broker.url, FIREHOSE_BYTES)
  for (const manner of MANNERS) {
    const consumers: LoadConnection[] = []
    if (manner.name !== 'none') {
      for (let i = 0; i < CONSUMERS; i++) consumers.push(await slowConsumer(broker.url, manner))
    }
    await pass(1000)
    latencies.clear()
    const [before, startMs] = [await firehose.received(), performance.now()]
    await pass(seconds * 1000)
    const rate = ((await firehose.received()) - before) / ((performance.now() - startMs) / 1000)
    const [p50, p99] = [latencies.quantile(0.5), latencies.quantile(0.99)]
    table.add(manner.name, Math.round(broker.rss / 1_048_576), Math.round(rate), p50, p99)
    for (const consumer of consumers) consumer.abandon()
    await pass(500)
  }
  await firehose.stop()
  await polite.stop()
  await client.close()
  await broker.stop()
}

interface Manner {
  readonly name: string
  readonly prefetch: number
  /** Readings of 10 KiB; Infinity for all that comes. */
  readonly readsPerSecond: number
}

const MANNERS: readonly Manner[] = [
  { name: 'none', prefetch: 0, readsPerSecond: Number.POSITIVE_INFINITY },
  { name: 'read nothing', prefetch: 0, readsPerSecond: 0 },
  { name: 'prefetch of 100 filled', prefetch: 100, readsPerSecond: Number.POSITIVE_INFINITY },
  { name: 'read 10 KiB/s', prefetch: 0, readsPerSecond: 1 },
  { name: 'none', prefetch: 0, readsPerSecond: Number.POSITIVE_INFINITY },
]

async function slowConsumer(url: string, { prefetch, readsPerSecond }: Manner) {
  const isFast = readsPerSecond === Number.POSITIVE_INFINITY
  const consumer = await LoadConnection.open(url, 1, isFast ? undefined : 10_240)
  const { socket } = consumer
  await consumer.call(1, 'basic.qos', { prefetchCount: prefetch })
  await consumer.call(1, 'basic.consume', { queue: 'waiting' })
  if (isFast) return consumer
  consumer.sink = { onConfirm() {}, onDeliver() {}, onPause: () => socket.pause() }
  socket.pause()
  const timer = setInterval(() => {
    if (readsPerSecond > 0) socket.resume()
  }, 1000)
  socket.once('close', () => clearInterval(timer))
  return consumer
}
