import type { Exchange } from '../../../core/exchange/exchange.ts'
import { counter, type Group, uncounted } from '../metric.ts'
import type { Scrape } from '../scrape.ts'

const exchanges = {
  things: exchangesOf,
  labels: ({ vhost, name }: Exchange) => ({ vhost, exchange: name }),
}

const CONFIRMED = 'Messages published to an exchange and confirmed'
const RETURNED = 'Mandatory messages without a queue'
const DROPPED = 'Other messages without a queue'

/** Nobody counts these by exchange: their sums are those of the channels. */
export const UNROUTABLE_GROUPS: readonly Group<Scrape>[] = [
  {
    families: [],
    onlyIn: ['aggregated'],
    things: (scrape) => [scrape],
    labels: () => ({}),
    metrics: [
      counter(
        'exchange_messages_confirmed_total',
        CONFIRMED,
        ({ totals }) => totals.channels.confirm,
      ),
      counter(
        'exchange_messages_unroutable_returned_total',
        RETURNED,
        ({ totals }) => totals.channels.returnUnroutable,
      ),
      counter(
        'exchange_messages_unroutable_dropped_total',
        DROPPED,
        ({ totals }) => totals.channels.dropUnroutable,
      ),
    ],
  },
]

export const EXCHANGE_GROUPS: readonly Group<Exchange>[] = [
  {
    ...exchanges,
    families: ['exchange_metrics'],
    metrics: [
      counter(
        'exchange_messages_published_total',
        'Messages published to an exchange',
        ({ publishedCount }) => publishedCount,
      ),
    ],
  },
  {
    ...exchanges,
    families: ['exchange_metrics'],
    onlyIn: ['per-object', 'detailed'],
    metrics: [
      uncounted('counter', 'exchange_messages_confirmed_total', CONFIRMED),
      uncounted('counter', 'exchange_messages_unroutable_returned_total', RETURNED),
      uncounted('counter', 'exchange_messages_unroutable_dropped_total', DROPPED),
    ],
  },
  {
    ...exchanges,
    families: ['queue_exchange_metrics'],
    metrics: [
      counter(
        'queue_exchange_messages_published_total',
        'Messages that an exchange has put into queues',
        ({ routedCount }) => routedCount,
      ),
    ],
  },
]

/** Those that somebody has published to. */
function* exchangesOf({ broker, wantsVhost }: Scrape): Iterable<Exchange> {
  for (const { name, exchanges: all } of broker.vhosts) {
    if (!wantsVhost(name)) continue
    for (const exchange of all) if (exchange.publishedCount > 0) yield exchange
  }
}
