import type { DeliveryCounters } from '../../../core/counters.ts'
import { counter, gauge, type Metric, uncounted } from '../metric.ts'
import type { Scrape } from '../scrape.ts'
import { type ToldGroup, told } from '../told-group.ts'

const ONLY_IN = ['aggregated', 'per-object'] as const
const AMQP = { protocol: 'amqp091' }

/** Since the start, over all that is there and that is gone. */
export const GLOBAL_GROUPS: readonly ToldGroup[] = [
  told<Scrape>({
    families: [],
    onlyIn: ONLY_IN,
    isNeverSummed: true,
    things: (scrape) => [scrape],
    labels: () => AMQP,
    metrics: [
      counter(
        'global_messages_received_total',
        'Messages published',
        ({ totals }) => totals.channels.publish,
      ),
      counter(
        'global_messages_received_confirm_total',
        'Messages published to be confirmed',
        ({ totals }) => totals.channels.confirm,
      ),
      counter(
        'global_messages_confirmed_total',
        'Messages confirmed',
        ({ totals }) => totals.channels.confirm,
      ),
      counter(
        'global_messages_routed_total',
        'Messages that found a queue',
        ({ totals: { channels } }) =>
          Math.max(0, channels.publish - channels.returnUnroutable - channels.dropUnroutable),
      ),
      counter(
        'global_messages_unroutable_returned_total',
        'Mandatory messages without a queue',
        ({ totals }) => totals.channels.returnUnroutable,
      ),
      counter(
        'global_messages_unroutable_dropped_total',
        'Other messages without a queue',
        ({ totals }) => totals.channels.dropUnroutable,
      ),
      gauge('global_publishers', 'Channels that have published', publishersIn),
      gauge('global_consumers', 'Consumers', ({ totals }) => totals.consumerCount),
    ],
  }),
  told<QueueTypeName>({
    families: [],
    onlyIn: ONLY_IN,
    isNeverSummed: true,
    things: () => QUEUE_TYPES,
    labels: (type) => ({ ...AMQP, queue_type: type }),
    metrics: [
      {
        ...counter<QueueTypeName>(
          'global_messages_delivered_total',
          'Messages delivered and fetched',
          (type, scrape) => DELIVERED.reduce((sum, name) => sum + ofType(type, name, scrape), 0),
        ),
      },
      byType('delivered_consume_auto_ack', 'deliverNoAck', 'Messages delivered for good'),
      byType('delivered_consume_manual_ack', 'deliver', 'Messages delivered, to be acknowledged'),
      byType('delivered_get_auto_ack', 'getNoAck', 'Messages fetched for good'),
      byType('delivered_get_manual_ack', 'get', 'Messages fetched, to be acknowledged'),
      byType('get_empty', 'getEmpty', 'Fetches that found no message'),
      byType('redelivered', 'redeliver', 'Messages delivered again'),
      byType('acknowledged', 'ack', 'Messages acknowledged'),
    ],
  }),
  told<QueueTypeName>({
    families: [],
    onlyIn: ONLY_IN,
    isNeverSummed: true,
    things: () => QUEUE_TYPES,
    labels: (type) => ({ queue_type: type, dead_letter_strategy: 'disabled' }),
    metrics: ['maxlen', 'rejected', 'expired', 'delivery_limit', 'confirmed'].map((why) =>
      uncounted('counter', `global_messages_dead_lettered_${why}_total`, `Dead letters: ${why}`),
    ),
  }),
  told<Scrape>({
    families: [],
    onlyIn: ONLY_IN,
    isNeverSummed: true,
    things: (scrape) => [scrape],
    labels: () => ({ protocol: 'stream' }),
    metrics: [
      'access_refused',
      'authentication_failure',
      'frame_too_large',
      'internal_error',
      'precondition_failed',
      'publisher_does_not_exist',
      'sasl_authentication_failure_loopback',
      'sasl_challenge',
      'sasl_error',
      'sasl_mechanism_not_supported',
      'stream_already_exists',
      'stream_does_not_exist',
      'stream_not_available',
      'subscription_id_already_exists',
      'subscription_id_does_not_exist',
      'unknown_frame',
      'vhost_access_failure',
    ].map((name) =>
      counter(
        `global_stream_error_${name}_total`,
        'Of the stream protocol, which is not spoken',
        () => 0,
      ),
    ),
  }),
]

const DELIVERED = ['deliver', 'deliverNoAck', 'get', 'getNoAck'] as const

function byType(name: string, count: DeliveryCounter, help: string): Metric<QueueTypeName> {
  return counter(`global_messages_${name}_total`, help, (type, scrape) =>
    ofType(type, count, scrape),
  )
}

function ofType(type: QueueTypeName, name: DeliveryCounter, { quorum, totals }: Scrape): number {
  if (type === 'rabbit_quorum_queue') return quorum[name]
  return type === 'rabbit_classic_queue' ? Math.max(0, totals.channels[name] - quorum[name]) : 0
}

/** RabbitMQ's names of types. */
const QUEUE_TYPES = [
  'rabbit_classic_queue',
  'rabbit_quorum_queue',
  'rabbit_stream_queue',
  'rabbit_volatile_queue',
] as const
type QueueTypeName = (typeof QUEUE_TYPES)[number]
type DeliveryCounter = Exclude<keyof DeliveryCounters, 'add'>

function publishersIn({ connections }: Scrape): number {
  let count = 0
  for (const { channels } of connections) {
    for (const { counters } of channels ?? []) if (counters.publish > 0) count++
  }
  return count
}
