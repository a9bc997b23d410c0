import type { ChannelCounters, Churn, ConnectionCounters } from '../core/counters.ts'
import type { Exchange } from '../core/exchange/exchange.ts'
import type { Entry } from '../core/queue/entry.ts'
import type { Queue } from '../core/queue/queue.ts'
import type { Vhost } from '../core/vhost.ts'

/** A message goes to a consumer. */
export function countDelivery(
  channel: ChannelCounters,
  { queue, redelivered }: Entry,
  noAck: boolean,
): void {
  const { counters } = queue
  if (noAck) {
    channel.deliverNoAck++
    counters.deliverNoAck++
  } else {
    channel.deliver++
    counters.deliver++
  }
  if (!redelivered) return
  channel.redeliver++
  counters.redeliver++
}

/** A message goes to a client that has fetched it. */
export function countGet(
  channel: ChannelCounters,
  { queue, redelivered }: Entry,
  noAck: boolean,
): void {
  const { counters } = queue
  if (noAck) {
    channel.getNoAck++
    counters.getNoAck++
  } else {
    channel.get++
    counters.get++
  }
  if (!redelivered) return
  channel.redeliver++
  counters.redeliver++
}

export function countGetEmpty(channel: ChannelCounters, queue: Queue): void {
  channel.getEmpty++
  queue.counters.getEmpty++
}

/** A message that a client has published goes to these queues. */
export function countRouted(exchange: Exchange, queues: readonly Queue[]): void {
  exchange.routedCount += queues.length
  for (const queue of queues) queue.counters.publish++
}

/** A connection has ended; it had a vhost if it had been opened. */
export function countConnection(
  churn: Churn,
  vhost: Vhost | undefined,
  { receivedBytes, sentBytes }: ConnectionCounters,
): void {
  churn.connectionClosed++
  if (vhost === undefined) return
  vhost.past.receivedBytes += receivedBytes
  vhost.past.sentBytes += sentBytes
}
