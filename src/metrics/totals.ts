import { ChannelCounters, type Churn } from '../core/counters.ts'
import type { Vhost } from '../core/vhost.ts'
import type { ProcessGauges } from './process-gauges.ts'
import { readyCount } from './queue-gauges.ts'
import type { MeteredConnection } from './traffic.ts'

/** What all queues of a vhost hold and have stored. */
export interface QueueTotals {
  readyCount: number
  unackedCount: number
  diskReads: number
  diskWrites: number
}

/** The sums of a vhost: of its channels and connections, open and closed, and of its queues. */
export interface VhostTotals extends QueueTotals {
  readonly channels: ChannelCounters
  receivedBytes: number
  sentBytes: number
}

/** The sums over all vhosts, and what the process as a whole has done. */
export interface NodeTotals extends VhostTotals {
  readonly churn: Churn
  readonly gauges: ProcessGauges
  connectionCount: number
  channelCount: number
  consumerCount: number
}

export function noQueues(): QueueTotals {
  return { readyCount: 0, unackedCount: 0, diskReads: 0, diskWrites: 0 }
}

/** Adds what one more queue of the vhost holds. */
export function addQueue(
  totals: QueueTotals,
  queue: Parameters<typeof readyCount>[0] & { readonly counters: QueueTotalsSource },
): void {
  const { counters } = queue
  totals.readyCount += readyCount(queue)
  totals.unackedCount += counters.unackedCount
  totals.diskReads += counters.diskReads
  totals.diskWrites += counters.diskWrites
}

type QueueTotalsSource = Pick<QueueTotals, 'unackedCount' | 'diskReads' | 'diskWrites'>

/** The sums of every vhost; `queuesOf` gives those of its queues. */
export function totalsByVhost(
  vhosts: Iterable<Vhost>,
  connections: Iterable<MeteredConnection>,
  queuesOf: (vhost: Vhost) => QueueTotals,
): Map<Vhost, VhostTotals> {
  const byVhost = new Map<Vhost, VhostTotals>()
  for (const vhost of vhosts) {
    const { receivedBytes, sentBytes } = vhost.past
    const channels = new ChannelCounters()
    channels.add(vhost.past.channels)
    byVhost.set(vhost, { ...queuesOf(vhost), channels, receivedBytes, sentBytes })
  }
  for (const connection of connections) {
    const totals = connection.session === null ? undefined : byVhost.get(connection.session.vhost)
    if (totals === undefined) continue
    totals.receivedBytes += connection.counters.receivedBytes
    totals.sentBytes += connection.counters.sentBytes
    for (const { counters } of connection.channels ?? []) totals.channels.add(counters)
  }
  return byVhost
}

/** The sums over these vhosts. */
export function nodeTotals(
  byVhost: ReadonlyMap<Vhost, VhostTotals>,
  connections: Iterable<MeteredConnection>,
  churn: Churn,
  gauges: ProcessGauges,
): NodeTotals {
  const channels = new ChannelCounters()
  const sums = { receivedBytes: 0, sentBytes: 0, ...noQueues() }
  for (const totals of byVhost.values()) {
    channels.add(totals.channels)
    sums.receivedBytes += totals.receivedBytes
    sums.sentBytes += totals.sentBytes
    sums.readyCount += totals.readyCount
    sums.unackedCount += totals.unackedCount
    sums.diskReads += totals.diskReads
    sums.diskWrites += totals.diskWrites
  }
  const counts = { connectionCount: 0, channelCount: 0, consumerCount: 0 }
  for (const { session, channels: open } of connections) {
    const vhost = session?.vhost
    if (vhost === undefined || !byVhost.has(vhost)) continue
    counts.connectionCount++
    for (const { consumers } of open ?? []) {
      counts.channelCount++
      counts.consumerCount += consumers.size
    }
  }
  return { ...sums, ...counts, channels, churn, gauges }
}
