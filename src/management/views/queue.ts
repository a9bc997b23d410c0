import type { Json, JsonObject } from '../../common/json.ts'
import { longstr } from '../../common/table.ts'
import { isSingleActive } from '../../core/queue/order.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { LENGTH_COLUMNS } from '../../metrics/meters.ts'
import {
  bytesOf,
  capacityOf,
  headTimestamp,
  memoryOf,
  messageCount,
  readyCount,
} from '../../metrics/queue-gauges.ts'
import { jsonOfTable } from '../amqp-json.ts'
import type { ManagedConnection } from '../managed-broker.ts'
import { consumersOf, consumerView } from './consumer.ts'
import { GARBAGE_COLLECTION, isIdleSince } from './erlang.ts'
import { effectiveDefinition, operatorPolicyOf, policyOf } from './policy.ts'
import { messageStats, QUEUE_GROUPS } from './stats.ts'
import { detailsJson, type Field, shown, type View, type ViewContext } from './view.ts'

/** What a queue is, without any numbers: the list with `disable_stats`. */
export const queueDefinitionView: View<Queue> = {
  arguments: { type: 'object', read: argumentsOf },
  auto_delete: { type: 'boolean', read: (queue) => queue.autoDelete },
  durable: { type: 'boolean', read: (queue) => queue.durable },
  effective_policy_definition: { type: 'object', read: effectiveDefinition },
  exclusive: { type: 'boolean', read: (queue) => queue.exclusiveOwner !== null },
  internal: { type: 'boolean', read: () => false },
  internal_owner: { type: 'boolean', read: () => false },
  name: { type: 'string', read: (queue) => queue.name },
  node: { type: 'string', read: (_queue, { broker }) => broker.nodeName },
  operator_policy: { type: ['string', 'null'], read: operatorPolicyOf },
  policy: { type: ['string', 'null'], read: policyOf },
  state: { type: 'string', read: () => 'running' },
  type: { type: 'string', read: (queue) => queue.type },
  vhost: { type: 'string', read: (queue) => queue.vhost },
}

/** The same with how many messages there are: `disable_stats` and `enable_queue_totals`. */
export const queueTotalsView: View<Queue> = {
  arguments: queueDefinitionView.arguments!,
  auto_delete: queueDefinitionView.auto_delete!,
  delivery_limit: ofQuorum('integer', (queue) => queue.settings.deliveryLimit),
  durable: queueDefinitionView.durable!,
  effective_policy_definition: ofQuorum('object', effectiveDefinition),
  exclusive: {
    type: ['boolean', 'null'],
    read: (queue) => (queue.type === 'quorum' ? null : queue.exclusiveOwner !== null),
  },
  leader: ofQuorum('string', nodeOf),
  members: ofQuorum('array', (_queue, { broker }) => [broker.nodeName]),
  messages: { type: 'integer', read: messageCount },
  messages_ready: { type: 'integer', read: readyCount },
  messages_unacknowledged: { type: 'integer', read: (queue) => queue.unackedCount },
  name: queueDefinitionView.name!,
  node: queueDefinitionView.node!,
  online: {
    type: ['array', 'null'],
    read: (queue, { broker }) => (queue.type === 'quorum' ? [broker.nodeName] : null),
  },
  operator_policy: ofQuorum('string', operatorPolicyOf),
  policy: queueDefinitionView.policy!,
  state: queueDefinitionView.state!,
  type: queueDefinitionView.type!,
  vhost: queueDefinitionView.vhost!,
}

/** A queue in a list: what it is, holds and does. Fields that would be null are left out. */
export const queueListView: View<Queue> = {
  ...queueDefinitionView,
  operator_policy: unlessNull(queueDefinitionView.operator_policy!),
  policy: unlessNull(queueDefinitionView.policy!),
  consumers: { type: 'integer', read: (queue) => queue.consumerCount },
  consumer_capacity: { type: 'number', read: capacityOf },
  consumer_utilisation: { type: 'number', read: capacityOf },
  memory: { type: 'integer', read: memoryOf },
  message_bytes: { type: 'integer', read: bytesOf },
  message_bytes_persistent: { type: 'integer', read: ({ counters }) => counters.persistentBytes },
  message_bytes_ram: {
    type: 'integer',
    read: (queue) => (queue.type === 'quorum' ? 0 : bytesOf(queue)),
  },
  message_bytes_ready: { type: 'integer', read: ({ ready }) => ready.bytes },
  message_bytes_unacknowledged: { type: 'integer', read: ({ counters }) => counters.unackedBytes },
  messages: queueTotalsView.messages!,
  messages_details: lengthDetails('messages'),
  messages_persistent: {
    type: 'integer',
    read: (queue) =>
      queue.type === 'quorum' ? messageCount(queue) : queue.counters.persistentCount,
  },
  messages_ram: {
    type: 'integer',
    read: (queue) => (queue.type === 'quorum' ? 0 : messageCount(queue)),
  },
  messages_ready: queueTotalsView.messages_ready!,
  messages_ready_details: lengthDetails('messages_ready'),
  messages_ready_ram: ofClassic('integer', ({ ready }) => ready.length),
  messages_unacknowledged: queueTotalsView.messages_unacknowledged!,
  messages_unacknowledged_details: lengthDetails('messages_unacknowledged'),
  messages_unacknowledged_ram: ofClassic('integer', (queue) => queue.unackedCount),
  message_stats: { type: 'object', read: statsOf },
  head_message_timestamp: unlessNull({ type: ['integer', 'null'], read: headTimestamp }),
  exclusive_consumer_tag: unlessNull({ type: ['string', 'null'], read: exclusiveTag }),
  single_active_consumer_tag: unlessNull({ type: ['string', 'null'], read: singleActiveTag }),
  reductions: { type: 'integer', read: () => 0 },
  reductions_details: { type: 'object', read: () => ({ rate: 0 }) },
  storage_version: ofClassic('integer', () => 2),
  delayed_retry: ofQuorum('string', () => 'disabled'),
  delivery_limit: queueTotalsView.delivery_limit!,
  leader: queueTotalsView.leader!,
  members: queueTotalsView.members!,
  online: ofQuorum('array', (_queue, { broker }) => [broker.nodeName]),
  open_files: ofQuorum('object', (_queue, { broker }) => ({ [broker.nodeName]: 0 })),
  publishers: ofQuorum('integer', () => 0),
  message_bytes_dlx: ofQuorum('integer', () => 0),
  messages_dlx: ofQuorum('integer', () => 0),
  messages_delayed: ofQuorum('integer', () => 0),
  messages_ready_returned: ofQuorum('integer', () => 0),
  messages_active_priorities: ofQuorum('integer', ({ ready }) => (ready.length > 0 ? 1 : 0)),
  messages_by_priority: ofQuorum('object', ({ ready }): JsonObject => {
    return ready.length > 0 ? { '4': ready.length } : {}
  }),
}

/** The list with everything that a single queue shows but its consumers. */
export const queueDetailedView: View<Queue> = {
  ...queueListView,
  operator_policy: queueDefinitionView.operator_policy!,
  policy: queueDefinitionView.policy!,
  head_message_timestamp: ofClassic(['integer', 'null'], headTimestamp),
  exclusive_consumer_tag: ofClassic(['string', 'null'], exclusiveTag),
  single_active_consumer_tag: { type: ['string', 'null'], read: singleActiveTag },
  garbage_collection: { type: 'object', read: () => GARBAGE_COLLECTION },
  idle_since: {
    type: 'string',
    read: (queue, { sampler, broker }) => isIdleSince(sampler.queues.changedAtMs(queue), broker),
  },
}

export const queueView: View<Queue> = {
  ...queueDetailedView,
  owner_pid_details: { type: 'object', read: ownerOf },
  consumer_details: {
    type: 'array',
    read: (queue, context) =>
      consumersOf(context.broker, queue).map((consumer) => shown(consumerView, consumer, context)),
  },
  incoming: { type: 'array', read: () => [] },
  deliveries: { type: 'array', read: () => [] },
}

function ofQuorum(type: Field<Queue>['type'], read: Field<Queue>['read']): Field<Queue> {
  return {
    type,
    read: (queue, context) => (queue.type === 'quorum' ? read(queue, context) : undefined),
  }
}

function ofClassic(type: Field<Queue>['type'], read: Field<Queue>['read']): Field<Queue> {
  return {
    type,
    read: (queue, context) => (queue.type === 'classic' ? read(queue, context) : undefined),
  }
}

function unlessNull({ type, read }: Field<Queue>): Field<Queue> {
  return { type, read: (queue, context) => read(queue, context) ?? undefined }
}

function lengthDetails(column: (typeof LENGTH_COLUMNS)[number]): Field<Queue> {
  return {
    type: 'object',
    read: (queue, { sampler, query }) =>
      detailsJson(sampler.queues.details(queue, column, query.range('lengths'))),
  }
}

function nodeOf(_queue: Queue, { broker }: ViewContext): string {
  return broker.nodeName
}

/** RabbitMQ 4 has the type of every queue among its arguments. */
function argumentsOf(queue: Queue): JsonObject {
  const { arguments: args, type } = queue
  if (args.has('x-queue-type')) return jsonOfTable(args)
  return jsonOfTable(new Map([...args, ['x-queue-type', longstr(type)]]))
}

function statsOf(queue: Queue, { sampler, query }: ViewContext): Json | undefined {
  const values = sampler.queues.read(queue)
  return messageStats(sampler.queues, queue, values, QUEUE_GROUPS, query.range('msg_rates'))
}

function exclusiveTag({ subscribers }: Queue): string | null {
  for (const { exclusive, consumerTag } of subscribers) if (exclusive) return consumerTag
  return null
}

/** A quorum queue names its first consumer even where all of them are active. */
function singleActiveTag(queue: Queue): string | null {
  if (queue.type === 'classic' && !isSingleActive(queue)) return null
  for (const subscriber of queue.subscribers) {
    if (queue.subscribers.isActive(subscriber)) return subscriber.consumerTag
  }
  return null
}

function ownerOf(queue: Queue, { broker }: ViewContext): JsonObject | undefined {
  const owner = queue.exclusiveOwner
  if (owner === null) return undefined
  for (const connection of broker.connections) {
    if (connection === owner) return ownerJson(connection)
  }
  return undefined
}

function ownerJson({ name, session }: ManagedConnection): JsonObject {
  const { peerHost = '', peerPort = 0 } = session?.endpoints ?? {}
  return { name, peer_host: peerHost, peer_port: peerPort }
}
