import type { User } from '../../auth/users.ts'
import type { Json, JsonObject } from '../../common/json.ts'
import { CHURN_COLUMNS, LENGTH_COLUMNS } from '../../metrics/meters.ts'
import { BASIC_TIERS, GLOBAL_TIERS } from '../../metrics/sampler.ts'
import { type NodeTotals, nodeTotals } from '../../metrics/totals.ts'
import { isMonitor, knownVhosts, visibleVhosts } from '../access.ts'
import { globalParametersOf } from '../definitions/parameters.ts'
import { contextsJson, exchangeTypesJson, listenersJson } from './node-facts.ts'
import { messageStats, NODE_GROUPS, withDetails } from './stats.ts'
import type { Field, View, ViewContext } from './view.ts'

/** Who looks, and at what sums. */
export interface Overview {
  readonly user: User
  readonly totals: NodeTotals
}

export const overviewView: View<Overview> = {
  management_version: versionField(),
  rates_mode: { type: 'string', read: () => 'basic' },
  sample_retention_policies: { type: 'object', read: () => RETENTION },
  exchange_types: { type: 'array', read: () => exchangeTypesJson() },
  product_version: versionField(),
  product_name: { type: 'string', read: () => 'RabbitMQ' },
  rabbitmq_version: versionField(),
  cluster_name: { type: 'string', read: (_overview, { broker }) => clusterName({ broker }) },
  cluster_tags: { type: 'object', read: () => ({}) },
  node_tags: { type: 'object', read: () => ({}) },
  erlang_version: { type: 'string', read: () => process.versions.node },
  erlang_full_version: { type: 'string', read: () => runtimeName() },
  crypto_lib_version: { type: 'string', read: () => `OpenSSL ${process.versions.openssl}` },
  disable_stats: { type: 'boolean', read: () => false },
  default_queue_type: { type: 'string', read: () => 'classic' },
  is_op_policy_updating_enabled: { type: 'boolean', read: () => true },
  enable_queue_totals: { type: 'boolean', read: () => false },
  require_definition_json_extension: { type: 'boolean', read: () => false },
  message_stats: withStats(({ totals }, { broker, sampler, query }) => {
    const values = sampler.node.read(totals)
    const range = query.range('msg_rates')
    return messageStats(sampler.node, broker, values, NODE_GROUPS, range) ?? {}
  }),
  churn_rates: withStats(({ totals }, { broker, sampler, query }) => {
    const values = sampler.node.read(totals)
    return withDetails(sampler.node, broker, values, CHURN_COLUMNS, query.range('msg_rates'))
  }),
  queue_totals: withStats((overview, context) => queueTotals(overview, context)),
  object_totals: { type: 'object', read: (overview, context) => objectTotals(overview, context) },
  statistics_db_event_queue: withStats(() => 0),
  node: forMonitors('string', (_overview, { broker }) => broker.nodeName),
  listeners: withStats(forMonitors('array', (_overview, context) => listenersJson(context)).read),
  contexts: withStats(forMonitors('array', (_overview, context) => contextsJson(context)).read),
}

export function clusterName({ broker }: Pick<ViewContext, 'broker'>): Json {
  const parameters = globalParametersOf(broker)
  return parameters.find(({ name }) => name === 'cluster_name')?.value ?? broker.nodeName
}

/** The sums over the vhosts that the user may see. */
export function totalsFor(user: User, { broker, sampler }: ViewContext): NodeTotals {
  const { byVhost, node } = sampler.totals()
  if (isMonitor(user)) return node
  const visible = new Map(
    visibleVhosts(broker, user).map((vhost) => [vhost, byVhost.get(vhost)] as const),
  )
  const own = [...visible].flatMap(([vhost, totals]) =>
    totals === undefined ? [] : [[vhost, totals] as const],
  )
  const connections = [...broker.connections].filter(({ session }) => session?.user === user)
  return nodeTotals(new Map(own), connections, node.churn, node.gauges)
}

const RETENTION = {
  global: GLOBAL_TIERS.map(({ ageSeconds }) => ageSeconds),
  basic: BASIC_TIERS.map(({ ageSeconds }) => ageSeconds),
  detailed: GLOBAL_TIERS.slice(0, 1).map(({ ageSeconds }) => ageSeconds),
}

function queueTotals({ totals }: Overview, { broker, sampler, query }: ViewContext): JsonObject {
  const hasQueues = [...broker.vhosts].some((vhost) => vhost.queues.count > 0)
  if (!hasQueues) return {}
  const values = sampler.node.read(totals)
  return withDetails(sampler.node, broker, values, LENGTH_COLUMNS, query.range('lengths'))
}

/** Without statistics RabbitMQ does not know of channels and consumers; of consumers it tells monitors only. */
function objectTotals({ user, totals }: Overview, { broker, query }: ViewContext): JsonObject {
  const vhosts = knownVhosts(broker, user)
  const counts = {
    connections: totals.connectionCount,
    exchanges: vhosts.reduce((sum, vhost) => sum + vhost.exchanges.count, 0),
    queues: vhosts.reduce((sum, vhost) => sum + vhost.queues.count, 0),
  }
  if (query.is('disable_stats')) return counts
  const { channelCount: channels, consumerCount: consumers } = totals
  return isMonitor(user) ? { channels, consumers, ...counts } : { channels, ...counts }
}

function versionField(): Field<Overview> {
  return { type: 'string', read: (_overview, { broker }) => broker.version }
}

export function runtimeName(): string {
  return `Node.js ${process.version} [${process.arch}]`
}

function forMonitors(
  type: Field<Overview>['type'],
  read: Field<Overview>['read'],
): Field<Overview> {
  return {
    type,
    read: (overview, context) => (isMonitor(overview.user) ? read(overview, context) : undefined),
  }
}

/** Left out with `disable_stats`. */
function withStats(read: Field<Overview>['read']): Field<Overview> {
  return {
    type: ['object', 'array', 'integer'],
    read: (overview, context) =>
      context.query.is('disable_stats') ? undefined : read(overview, context),
  }
}
