/** A difference that is meant to be, and why. */
export interface KnownDifference {
  /** The name of a capture, a space, and that of a metric. */
  readonly in: RegExp
  readonly says: RegExp
  readonly reason: string
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    in: / erlang_mnesia_/,
    says: /^is missing$/,
    reason: 'RabbitMQ 4 has left Mnesia itself, and there was never any here',
  },
  {
    in: / erlang_vm_msacc_/,
    says: /^is missing$/,
    reason: 'what Erlang does with its time in each scheduler; no dashboard asks for it',
  },
  {
    in: / rabbitmq_(detailed_)?raft_/,
    says: /^(is missing|has no series with \{module,ra_system\}.*|has no series with \{ra_system\}|has series with \{queue,vhost\})$/,
    reason:
      'counters of RabbitMQ’s own log for several nodes; what the dashboard asks for is told of every quorum queue',
  },
  {
    in: / rabbitmq_(detailed_)?stream_/,
    says: /^has no series/,
    reason: 'there are no streams',
  },
  {
    in: / rabbitmq_global_messages_dead_lettered_/,
    says: /^has no series with \{dead_letter_strategy,queue_type\}$/,
    reason: 'dead letters are not counted by reason; no dashboard asks for it',
  },
  {
    in: / rabbitmq_(detailed_)?(channel_(messages|get)_|queue_messages_published_total)/,
    says: /^has no series with \{channel,.*\}, has series with \{channel,vhost\}$/,
    reason:
      'channels count for all exchanges and queues together: a map for each would cost every message',
  },
  {
    in: / rabbitmq_(detailed_)?exchange_messages_(confirmed|unroutable)/,
    says: /^has no series with \{exchange,vhost\}$/,
    reason: 'exchanges count what is published and routed; the rest is counted by channels',
  },
  {
    in: / rabbitmq_(detailed_)?queue_exchange_messages_published_total/,
    says: /^has no series with \{exchange,queue,vhost\}, has series with \{exchange,vhost\}$/,
    reason: 'exchanges count for all queues together',
  },
  {
    in: / rabbitmq_(detailed_)?channel_prefetch$/,
    says: /^has series with \{channel\}$/,
    reason:
      'RabbitMQ 4.3 has no limit for a whole channel any more; earlier versions, and we, have',
  },
]
