import type { ChannelCounters, DeliveryCounters } from '../core/counters.ts'
import type { Exchange } from '../core/exchange/exchange.ts'
import type { Queue } from '../core/queue/queue.ts'
import { readyCount } from './queue-gauges.ts'
import type { NodeTotals, VhostTotals } from './totals.ts'
import type { MeteredChannel, MeteredConnection } from './traffic.ts'

/** Numbers of a thing that are sampled together, under RabbitMQ's names. */
export interface Meter<T> {
  readonly columns: readonly string[]
  /** Writes a value for each column. */
  read(thing: T, into: Float64Array): void
}

/** What is counted of every delivery; `deliver_get` is the sum of the first four. */
export const DELIVERY_COLUMNS = [
  'deliver',
  'deliver_no_ack',
  'get',
  'get_no_ack',
  'deliver_get',
  'get_empty',
  'redeliver',
  'ack',
] as const

export const PUBLISH_COLUMNS = [
  'publish',
  'confirm',
  'return_unroutable',
  'drop_unroutable',
] as const

export const LENGTH_COLUMNS = ['messages', 'messages_ready', 'messages_unacknowledged'] as const

export const OCTET_COLUMNS = ['recv_oct', 'send_oct'] as const

/** What comes and goes. */
export const CHURN_COLUMNS = [
  'connection_created',
  'connection_closed',
  'channel_created',
  'channel_closed',
  'queue_declared',
  'queue_created',
  'queue_deleted',
] as const

/** What the process uses of the machine. */
export const PROCESS_COLUMNS = [
  'mem_used',
  'fd_used',
  'sockets_used',
  'proc_used',
  'disk_free',
  'context_switches',
] as const

export const queueMeter: Meter<Queue> = {
  columns: [...DELIVERY_COLUMNS, ...LENGTH_COLUMNS, 'publish', 'disk_reads', 'disk_writes'],
  read(queue, into) {
    const { counters } = queue
    const next = readDeliveries(counters, into)
    const { unackedCount } = counters
    const ready = readyCount(queue)
    into[next] = ready + unackedCount
    into[next + 1] = ready
    into[next + 2] = unackedCount
    into[next + 3] = counters.publish
    into[next + 4] = counters.diskReads
    into[next + 5] = counters.diskWrites
  },
}

export const exchangeMeter: Meter<Exchange> = {
  columns: ['publish_in', 'publish_out'],
  read({ publishedCount, routedCount }, into) {
    into[0] = publishedCount
    into[1] = routedCount
  },
}

export const channelMeter: Meter<MeteredChannel> = {
  columns: [...DELIVERY_COLUMNS, ...PUBLISH_COLUMNS],
  read({ counters }, into) {
    readPublishes(counters, into, readDeliveries(counters, into))
  },
}

export const connectionMeter: Meter<MeteredConnection> = {
  columns: OCTET_COLUMNS,
  read({ counters }, into) {
    into[0] = counters.receivedBytes
    into[1] = counters.sentBytes
  },
}

export const vhostMeter: Meter<VhostTotals> = {
  columns: [...DELIVERY_COLUMNS, ...PUBLISH_COLUMNS, ...OCTET_COLUMNS, ...LENGTH_COLUMNS],
  read(totals, into) {
    const next = readPublishes(totals.channels, into, readDeliveries(totals.channels, into))
    into[next] = totals.receivedBytes
    into[next + 1] = totals.sentBytes
    into[next + 2] = totals.readyCount + totals.unackedCount
    into[next + 3] = totals.readyCount
    into[next + 4] = totals.unackedCount
  },
}

export const nodeMeter: Meter<NodeTotals> = {
  columns: [
    ...vhostMeter.columns,
    'disk_reads',
    'disk_writes',
    ...CHURN_COLUMNS,
    ...PROCESS_COLUMNS,
  ],
  read(totals, into) {
    vhostMeter.read(totals, into)
    const { churn, gauges } = totals
    const rest = [
      totals.diskReads,
      totals.diskWrites,
      churn.connectionCreated,
      churn.connectionClosed,
      churn.channelCreated,
      churn.channelClosed,
      churn.queueDeclared,
      churn.queueCreated,
      churn.queueDeleted,
      gauges.memoryBytes,
      gauges.fileDescriptors,
      totals.connectionCount,
      gauges.processes,
      gauges.diskFreeBytes,
      gauges.contextSwitches,
    ]
    into.set(rest, vhostMeter.columns.length)
  },
}

function readDeliveries(counters: DeliveryCounters, into: Float64Array): number {
  const { deliver, deliverNoAck, get, getNoAck } = counters
  into[0] = deliver
  into[1] = deliverNoAck
  into[2] = get
  into[3] = getNoAck
  into[4] = deliver + deliverNoAck + get + getNoAck
  into[5] = counters.getEmpty
  into[6] = counters.redeliver
  into[7] = counters.ack
  return DELIVERY_COLUMNS.length
}

function readPublishes(counters: ChannelCounters, into: Float64Array, at: number): number {
  into[at] = counters.publish
  into[at + 1] = counters.confirm
  into[at + 2] = counters.returnUnroutable
  into[at + 3] = counters.dropUnroutable
  return at + PUBLISH_COLUMNS.length
}
