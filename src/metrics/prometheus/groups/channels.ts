import type { ExposedChannel } from '../exposed-broker.ts'
import { counter, type Group, gauge, none, uncounted } from '../metric.ts'
import type { Scrape } from '../scrape.ts'

const channels = { things: channelsOf, labels: channelLabel }
/** RabbitMQ counts these by queue or exchange too: here a channel counts for all of its vhost. */
const counting = { things: channelsOf, labels: vhostLabels }

export const CHANNEL_GROUPS: readonly Group<ExposedChannel>[] = [
  {
    ...channels,
    families: ['channel_metrics'],
    metrics: [
      gauge('channel_consumers', 'Consumers on a channel', ({ consumers }) => consumers.size),
      gauge(
        'channel_messages_unacked',
        'Messages delivered on a channel and not acknowledged',
        ({ unacked }) => unacked.count,
      ),
      gauge(
        'channel_messages_unconfirmed',
        'Messages published and not confirmed',
        ({ confirms }) => confirms?.unconfirmedCount ?? 0,
      ),
      gauge(
        'channel_messages_uncommitted',
        'Messages in a transaction',
        ({ transaction }) => transaction?.publishes.length ?? 0,
      ),
      gauge('channel_acks_uncommitted', 'Acknowledgements in a transaction', ({ transaction }) =>
        (transaction?.settlements ?? []).reduce((sum, { entries }) => sum + entries.length, 0),
      ),
      gauge(
        'consumer_prefetch',
        'Limits of unacknowledged messages of consumers',
        ({ consumers }) => {
          let sum = 0
          for (const { prefetch } of consumers.values()) sum += prefetch
          return sum
        },
      ),
      {
        ...gauge(
          'channel_prefetch',
          'Limit of unacknowledged messages of a channel',
          ({ prefetch }) => prefetch,
        ),
      },
    ],
  },
  {
    ...counting,
    families: ['channel_exchange_metrics'],
    metrics: [
      counter(
        'channel_messages_published_total',
        'Messages published on a channel',
        ({ counters }) => counters.publish,
      ),
      counter(
        'channel_messages_confirmed_total',
        'Messages confirmed on a channel',
        ({ counters }) => counters.confirm,
      ),
      counter(
        'channel_messages_unroutable_returned_total',
        'Mandatory messages without a queue',
        ({ counters }) => counters.returnUnroutable,
      ),
      counter(
        'channel_messages_unroutable_dropped_total',
        'Other messages without a queue',
        ({ counters }) => counters.dropUnroutable,
      ),
    ],
  },
  {
    ...channels,
    families: ['channel_process_metrics'],
    metrics: [none('counter', 'channel_process_reductions_total', 'Work that Erlang has counted')],
  },
  {
    ...counting,
    families: ['channel_queue_metrics'],
    metrics: [
      counter(
        'channel_get_ack_total',
        'Messages fetched, to be acknowledged',
        ({ counters }) => counters.get,
      ),
      counter(
        'channel_get_total',
        'Messages fetched for good',
        ({ counters }) => counters.getNoAck,
      ),
      counter(
        'channel_messages_delivered_ack_total',
        'Messages delivered, to be acknowledged',
        ({ counters }) => counters.deliver,
      ),
      counter(
        'channel_messages_delivered_total',
        'Messages delivered for good',
        ({ counters }) => counters.deliverNoAck,
      ),
      counter(
        'channel_messages_redelivered_total',
        'Messages delivered again',
        ({ counters }) => counters.redeliver,
      ),
      counter(
        'channel_messages_acked_total',
        'Messages acknowledged',
        ({ counters }) => counters.ack,
      ),
      counter(
        'channel_get_empty_total',
        'Fetches that found no message',
        ({ counters }) => counters.getEmpty,
      ),
    ],
  },
  {
    ...counting,
    families: ['channel_queue_exchange_metrics'],
    metrics: [
      {
        ...counter<ExposedChannel>(
          'queue_messages_published_total',
          'Messages published on a channel that went to queues',
          ({ counters }) => {
            return counters.publish - counters.returnUnroutable - counters.dropUnroutable
          },
        ),
      },
    ],
  },
  {
    things: () => [],
    labels: () => ({}),
    families: ['stream_consumer_metrics'],
    metrics: [
      uncounted(
        'gauge',
        'stream_consumer_max_offset_lag',
        'How far readers of a stream are behind',
      ),
    ],
  },
]

function* channelsOf({ connections, wantsVhost }: Scrape): Iterable<ExposedChannel> {
  for (const { channels, session } of connections) {
    if (session !== null && wantsVhost(session.vhost.name)) yield* channels ?? []
  }
}

function vhostLabels(channel: ExposedChannel, scrape: Scrape): { channel: string; vhost: string } {
  return { ...channelLabel(channel, scrape), vhost: channel.vhost.name }
}

/** RabbitMQ shows the short form of a process identifier. */
export function channelLabel(thing: object, { broker }: Scrape): { channel: string } {
  const [, number = ''] = /\.(\d+)\.0>$/.exec(broker.processId(thing)) ?? []
  return { channel: `<0.${number}.0>` }
}
