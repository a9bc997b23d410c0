import { randomBytes } from 'node:crypto'
import { setTimeout as pass } from 'node:timers/promises'
import { LoadConnection } from './connection.ts'
import { Gauge } from './gauge.ts'
import type { Job, Measures } from './job.ts'
import { untilDone } from './progress.ts'
import { Publisher } from './publisher.ts'
import { Pump } from './pump.ts'
import { Ticker } from './ticker.ts'
import { TimedConsumer } from './timed-consumer.ts'
import { bindingsOf, namesOf, type Topology } from './topology.ts'
import { Traffic } from './traffic.ts'

export type TrafficJob = Job & { readonly kind: 'traffic' }

/** Publishes and consumes for a while, waits until everything has arrived, and tells what that took. */
export async function runTraffic(job: TrafficJob): Promise<Measures> {
  const topology = namesOf(job, randomBytes(2).toString('hex'))
  const setUp = await LoadConnection.open(job.url)
  await declare(setUp, job, topology)
  const copies = job.exchange === 'fanout' ? job.queues : 1
  const traffic = new Traffic(copies, job.deliveryWindow, job.rate)
  const pump = new Pump()
  const consumers = await openConsumers(job, topology, traffic, pump)
  const publishers = await openPublishers(job, topology, traffic, pump)

  const gauge = new Gauge(job.pid)
  gauge.begin()
  const beginMs = performance.now()
  await publishFor(job, publishers, traffic, pump)
  const elapsedSeconds = (traffic.lastDeliveryMs - beginMs) / 1000
  const used = gauge.end(traffic.delivered)

  for (const client of [...consumers, ...publishers]) await client.close()
  for (const queue of topology.queues) await setUp.call(1, 'queue.delete', { queue })
  await setUp.close()
  return {
    messagesPerSecond: traffic.delivered / elapsedSeconds,
    ...used,
    ...quantiles('endToEnd', traffic.endToEnd),
    ...quantiles('confirm', traffic.confirms),
    ...(await gauge.afterLoad()),
  }
}

async function declare(setUp: LoadConnection, job: TrafficJob, topology: Topology): Promise<void> {
  const { exchange } = topology
  const durable = job.isDurable
  if (exchange !== '') {
    // It goes with its last binding: there are brokers that never answer exchange.delete.
    const args = { exchange, type: job.exchange, durable, autoDelete: true }
    await setUp.call(1, 'exchange.declare', args)
  }
  for (const queue of topology.queues) await setUp.declareQueue(queue, durable)
  for (const { queue, routingKey } of bindingsOf(job, topology)) {
    await setUp.call(1, 'queue.bind', { exchange, queue, routingKey })
  }
}

async function openConsumers(job: TrafficJob, topology: Topology, traffic: Traffic, pump: Pump) {
  const consumers: TimedConsumer[] = []
  const roomSize = job.consumers > 16 ? 65_536 : 262_144
  for (let i = 0; i < job.consumers; i++) {
    const queue = topology.queues[i % job.queues]!
    const wish = { ...job, queue, roomSize, traffic, pump }
    consumers.push(await TimedConsumer.open(job.url, wish))
  }
  return consumers
}

async function openPublishers(job: TrafficJob, topology: Topology, traffic: Traffic, pump: Pump) {
  const publishers: Publisher[] = []
  for (let i = 0; i < job.publishers; i++) {
    const wish = {
      exchange: topology.exchange,
      routingKeys: topology.routingKeysOf(i),
      bodySize: job.bodySize,
      isPersistent: job.isDurable,
      window: job.confirmWindow,
      batchSize: job.batchSize,
      latencies: traffic.confirms,
      allowance: () => traffic.allowance(),
      onPublished: (count: number) => {
        traffic.published += count
      },
    }
    publishers.push(await Publisher.open(job.url, wish, pump))
  }
  return publishers
}

async function publishFor(
  job: TrafficJob,
  publishers: readonly Publisher[],
  traffic: Traffic,
  pump: Pump,
): Promise<void> {
  const confirmed = () => publishers.reduce((sum, publisher) => sum + publisher.confirmed, 0)
  const progress = () => traffic.published + traffic.delivered + confirmed()
  traffic.begin()
  let isPublished = false
  const publishing = Promise.all(
    publishers.map((publisher) => publisher.publish(Number.MAX_SAFE_INTEGER)),
  ).then(() => {
    isPublished = true
  })
  const ticker = job.rate > 0 ? new Ticker(job.rate, () => pump.schedule()) : null
  let isOver = false
  const end = pass(job.seconds * 1000).then(() => {
    isOver = true
    for (const publisher of publishers) publisher.stop()
  })
  const isDone = () => isOver && isPublished && traffic.isDelivered
  await untilDone(isDone, progress, 'the traffic')
  await Promise.all([publishing, end, ticker?.stop()])
}

function quantiles(name: string, latencies: Traffic['endToEnd']): Measures {
  if (latencies.count === 0) return {}
  return {
    [`${name}P50Us`]: latencies.quantile(0.5) * 1000,
    [`${name}P99Us`]: latencies.quantile(0.99) * 1000,
  }
}
