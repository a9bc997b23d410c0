import type { Queue } from '../../../core/queue/queue.ts'
import {
  bytesOf,
  capacityOf,
  headTimestamp,
  memoryOf,
  messageCount,
  readyCount,
} from '../../queue-gauges.ts'
import { counter, type Group, gauge, type Metric, none, uncounted } from '../metric.ts'
import type { Scrape } from '../scrape.ts'

const queues = {
  things: queuesOf,
  labels: ({ vhost, name }: Queue) => ({ vhost, queue: name }),
}

const CONSUMERS = gauge<Queue>(
  'queue_consumers',
  'Consumers of a queue',
  (queue) => queue.consumerCount,
)

/** Numbers that RabbitMQ has of classic queues alone. */
function ofClassic(name: string, help: string, read: (queue: Queue) => number): Metric<Queue> {
  return gauge(name, help, (queue) => (queue.type === 'classic' ? read(queue) : null))
}

/** The sum would mean nothing. */
function alone<T>(metric: Metric<T>): Metric<T> {
  return { ...metric, hasNoSum: true }
}

export const QUEUE_GROUPS: readonly Group<Queue>[] = [
  {
    ...queues,
    families: ['queue_coarse_metrics'],
    metrics: [
      gauge('queue_messages_ready', 'Messages that wait', readyCount),
      gauge(
        'queue_messages_unacked',
        'Messages that are with consumers',
        ({ counters }) => counters.unackedCount,
      ),
      gauge('queue_messages', 'Messages, ready and unacknowledged', messageCount),
      none('counter', 'queue_process_reductions_total', 'Work that Erlang has counted'),
    ],
  },
  { ...queues, families: ['queue_consumer_count'], onlyIn: ['detailed'], metrics: [CONSUMERS] },
  {
    ...queues,
    families: ['queue_metrics'],
    metrics: [
      CONSUMERS,
      alone(
        ofClassic(
          'queue_consumer_capacity',
          'Share of time in which consumers could take messages',
          capacityOf,
        ),
      ),
      ofClassic('queue_consumer_utilisation', 'The same as queue_consumer_capacity', capacityOf),
      gauge('queue_process_memory_bytes', 'Memory that a queue takes, as an estimate', memoryOf),
      gauge('queue_messages_ram', 'Messages in memory', (queue) =>
        queue.type === 'classic' ? messageCount(queue) : 0,
      ),
      ofClassic('queue_messages_ram_bytes', 'Size of the messages in memory', bytesOf),
      ofClassic('queue_messages_ready_ram', 'Ready messages in memory', readyCount),
      ofClassic(
        'queue_messages_unacked_ram',
        'Unacknowledged messages in memory',
        ({ counters }) => counters.unackedCount,
      ),
      ofClassic(
        'queue_messages_persistent',
        'Persistent messages',
        ({ counters }) => counters.persistentCount,
      ),
      alone(
        ofClassic(
          'queue_messages_persistent_bytes',
          'Size of the persistent messages',
          ({ counters }) => counters.persistentBytes,
        ),
      ),
      ofClassic('queue_messages_bytes', 'Size of the messages', bytesOf),
      ofClassic(
        'queue_messages_ready_bytes',
        'Size of the ready messages',
        ({ ready }) => ready.bytes,
      ),
      ofClassic(
        'queue_messages_unacked_bytes',
        'Size of the unacknowledged messages',
        ({ counters }) => counters.unackedBytes,
      ),
      alone(
        ofClassic(
          'queue_head_message_timestamp',
          'Timestamp of the first message',
          (queue) => headTimestamp(queue) ?? Number.NaN,
        ),
      ),
      counter(
        'queue_disk_reads_total',
        'Messages read from the disk',
        ({ counters }) => counters.diskReads,
      ),
      counter(
        'queue_disk_writes_total',
        'Messages written to the disk',
        ({ counters }) => counters.diskWrites,
      ),
      uncounted('counter', 'stream_segments', 'Segment files of a stream'),
    ],
  },
  {
    ...queues,
    families: ['queue_delivery_metrics'],
    metrics: [
      counter(
        'queue_get_ack_total',
        'Messages fetched, to be acknowledged',
        ({ counters }) => counters.get,
      ),
      counter('queue_get_total', 'Messages fetched for good', ({ counters }) => counters.getNoAck),
      counter(
        'queue_messages_delivered_ack_total',
        'Messages delivered, to be acknowledged',
        ({ counters }) => counters.deliver,
      ),
      counter(
        'queue_messages_delivered_total',
        'Messages delivered for good',
        ({ counters }) => counters.deliverNoAck,
      ),
      counter(
        'queue_messages_redelivered_total',
        'Messages delivered again',
        ({ counters }) => counters.redeliver,
      ),
      counter(
        'queue_messages_acked_total',
        'Messages acknowledged',
        ({ counters }) => counters.ack,
      ),
      counter(
        'queue_get_empty_total',
        'Fetches that found no message',
        ({ counters }) => counters.getEmpty,
      ),
    ],
  },
  {
    things: queuesOf,
    labels: ({ vhost, name, type }) => ({
      vhost,
      queue: name,
      queue_type: `rabbit_${type}_queue`,
      membership: 'leader',
    }),
    families: ['queue_coarse_metrics', 'queue_metrics', 'queue_consumer_count'],
    onlyIn: ['per-object', 'detailed'],
    metrics: [gauge('queue_info', 'Type of a queue, and that its leader is here', () => 1)],
  },
]

/** Of the vhosts and names that are asked for. */
export function* queuesOf({ broker, wantsVhost, wantsQueue }: Scrape): Iterable<Queue> {
  for (const vhost of broker.vhosts) {
    if (!wantsVhost(vhost.name)) continue
    for (const queue of vhost.queues) if (wantsQueue(queue.name)) yield queue
  }
}
