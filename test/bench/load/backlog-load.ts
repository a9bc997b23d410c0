import { LoadConnection } from './connection.ts'
import { Gauge } from './gauge.ts'
import type { Job, Measures } from './job.ts'
import { OrderedConsumer } from './ordered-consumer.ts'
import { untilDone } from './progress.ts'
import { Publisher } from './publisher.ts'

/** Fills a durable queue with confirms until it holds so many messages or the time is over. */
export async function runFill(job: Job & { readonly kind: 'fill' }): Promise<Measures> {
  const { queue, bodySize, messages } = job
  const setUp = await LoadConnection.open(job.url)
  await setUp.declareQueue(queue, true)
  await setUp.close()
  const shape = { exchange: '', routingKeys: [queue], bodySize, isPersistent: true, window: 1000 }
  const publisher = await Publisher.open(job.url, shape)
  const gauge = new Gauge(job.pid)
  gauge.begin()
  const beginMs = performance.now()
  let isDone = false
  const filling = publisher.publish(messages).then(() => {
    isDone = true
  })
  const timer = setTimeout(() => publisher.stop(), job.seconds * 1000)
  await untilDone(
    () => isDone,
    () => publisher.confirmed,
    'confirming',
  )
  await filling
  clearTimeout(timer)
  const { confirmed } = publisher
  const { cpuUs, loadCpuUs, rssBeforeBytes, rssAtEndBytes } = gauge.end(confirmed)
  publisher.abandon()
  return {
    waitingMessages: confirmed,
    publishedPerSecond: (confirmed * 1000) / (performance.now() - beginMs),
    ...(cpuUs === undefined ? {} : { cpuUs }),
    ...(loadCpuUs === undefined ? {} : { loadCpuUs }),
    ...(rssBeforeBytes === undefined || rssAtEndBytes === undefined
      ? {}
      : { messageBytes: (rssAtEndBytes - rssBeforeBytes) / confirmed }),
  }
}

/** Takes so many messages from the queue, and deletes it. Fails when they are not all there, in their order. */
export async function runDrain(job: Job & { readonly kind: 'drain' }): Promise<Measures> {
  const { queue, messages } = job
  const gauge = new Gauge(job.pid)
  gauge.begin()
  const beginMs = performance.now()
  const consumer = await OrderedConsumer.open(job.url, { queue, prefetch: 0, ackEvery: 0 })
  await untilDone(
    () => consumer.received >= messages,
    () => consumer.received,
    `draining after ${messages} were confirmed`,
  )
  const perSecond = (messages * 1000) / (performance.now() - beginMs)
  const { cpuUs } = gauge.end(messages)
  await consumer.close()
  const setUp = await LoadConnection.open(job.url)
  await setUp.call(1, 'queue.delete', { queue })
  await setUp.close()
  if (consumer.outOfOrder > 0) throw new Error(`${consumer.outOfOrder} messages out of order`)
  return {
    drainedPerSecond: perSecond,
    ...(cpuUs === undefined ? {} : { drainCpuUs: cpuUs }),
    ...(await gauge.afterLoad()),
  }
}
