import type { ManagedChannel } from '../managed-broker.ts'
import type { OpenConnection } from './connection.ts'
import { channelName, consumerView } from './consumer.ts'
import { GARBAGE_COLLECTION, isIdleSince } from './erlang.ts'
import { CHANNEL_GROUPS, messageStats } from './stats.ts'
import { shown, type View } from './view.ts'

/** A channel, and whose it is. */
export interface ChannelOfConnection {
  readonly connection: OpenConnection
  readonly channel: ManagedChannel
}

export const channelListView: View<ChannelOfConnection> = {
  acks_uncommitted: {
    type: 'integer',
    read: ({ channel }) =>
      (channel.transaction?.settlements ?? []).reduce(
        (sum, { entries }) => sum + entries.length,
        0,
      ),
  },
  cached_segments: { type: 'integer', read: () => 0 },
  confirm: { type: 'boolean', read: ({ channel }) => channel.confirms !== null },
  connection_details: {
    type: 'object',
    read: ({ connection: { name, session } }) => {
      const { peerHost, peerPort } = session.endpoints
      return { name, peer_host: peerHost, peer_port: peerPort }
    },
  },
  consumer_count: { type: 'integer', read: ({ channel }) => channel.consumers.size },
  garbage_collection: { type: 'object', read: () => GARBAGE_COLLECTION },
  global_prefetch_count: {
    type: 'integer',
    read: ({ channel }, { broker }) =>
      broker.compat.hasGlobalQos ? channel.globalPrefetch : undefined,
  },
  idle_since: {
    type: 'string',
    read: ({ channel }, { sampler, broker }) =>
      isIdleSince(sampler.channels.changedAtMs(channel), broker),
  },
  message_stats: {
    type: 'object',
    read: ({ channel }, { sampler, query }) =>
      messageStats(
        sampler.channels,
        channel,
        sampler.channels.read(channel),
        CHANNEL_GROUPS,
        query.range('msg_rates'),
      ),
  },
  messages_unacknowledged: { type: 'integer', read: ({ channel }) => channel.unacked.count },
  messages_uncommitted: {
    type: 'integer',
    read: ({ channel }) => channel.transaction?.publishes.length ?? 0,
  },
  messages_unconfirmed: {
    type: 'integer',
    read: ({ channel }) => channel.confirms?.unconfirmedCount ?? 0,
  },
  name: { type: 'string', read: ({ connection, channel }) => channelName(connection, channel) },
  node: { type: 'string', read: (_channel, { broker }) => broker.nodeName },
  number: { type: 'integer', read: ({ channel }) => channel.number },
  pending_raft_commands: { type: 'integer', read: () => 0 },
  prefetch_count: { type: 'integer', read: ({ channel }) => channel.prefetch },
  reductions: { type: 'integer', read: () => 0 },
  reductions_details: { type: 'object', read: () => ({ rate: 0 }) },
  state: { type: 'string', read: () => 'running' },
  transactional: { type: 'boolean', read: ({ channel }) => channel.transaction !== null },
  user: { type: 'string', read: ({ connection }) => connection.session.user.name },
  user_who_performed_action: {
    type: 'string',
    read: ({ connection }) => connection.session.user.name,
  },
  vhost: { type: 'string', read: ({ connection }) => connection.session.vhost.name },
}

export const channelView: View<ChannelOfConnection> = {
  ...channelListView,
  consumer_details: {
    type: 'array',
    read: ({ connection, channel }, context) =>
      [...channel.consumers.values()].map((consumer) =>
        shown(consumerView, { connection, channel, consumer }, context),
      ),
  },
  deliveries: { type: 'array', read: () => [] },
  publishes: { type: 'array', read: () => [] },
}
