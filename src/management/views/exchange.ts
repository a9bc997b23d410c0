import type { Exchange } from '../../core/exchange/exchange.ts'
import { jsonOfTable } from '../amqp-json.ts'
import { policyOf } from './policy.ts'
import { EXCHANGE_GROUPS, messageStats } from './stats.ts'
import type { View } from './view.ts'

export const exchangeListView: View<Exchange> = {
  arguments: { type: 'object', read: (exchange) => jsonOfTable(exchange.arguments) },
  auto_delete: { type: 'boolean', read: (exchange) => exchange.autoDelete },
  durable: { type: 'boolean', read: (exchange) => exchange.durable },
  internal: { type: 'boolean', read: (exchange) => exchange.internal },
  message_stats: {
    type: 'object',
    read: (exchange, { sampler, query }) =>
      messageStats(
        sampler.exchanges,
        exchange,
        sampler.exchanges.read(exchange),
        EXCHANGE_GROUPS,
        query.range('msg_rates'),
      ),
  },
  messages_delayed: {
    type: 'integer',
    read: (exchange) => (exchange.type === 'x-delayed-message' ? exchange.delayedCount : undefined),
  },
  name: { type: 'string', read: (exchange) => exchange.name },
  policy: { type: 'string', read: (exchange, context) => policyOf(exchange, context) ?? undefined },
  type: { type: 'string', read: (exchange) => exchange.type },
  user_who_performed_action: { type: 'string', read: () => 'rmq-internal' },
  vhost: { type: 'string', read: (exchange) => exchange.vhost },
}

export const exchangeView: View<Exchange> = {
  ...exchangeListView,
  incoming: { type: 'array', read: () => [] },
  outgoing: { type: 'array', read: () => [] },
}
