import type { Exchange } from '../../../core/exchange/exchange.ts'
import type { Vhost } from '../../../core/vhost.ts'
import { gauge } from '../metric.ts'
import type { Scrape } from '../scrape.ts'
import { type ToldGroup, told } from '../told-group.ts'

const one = { things: (scrape: Scrape): readonly Scrape[] => [scrape] }
const CLUSTER = 'rabbitmq_cluster_'

export const CLUSTER_GROUPS: readonly ToldGroup[] = [
  told<Scrape>({
    ...one,
    families: [],
    onlyIn: ['aggregated', 'per-object'],
    labels: () => ({}),
    metrics: [
      gauge('connections', 'Open connections', ({ totals }) => totals.connectionCount),
      gauge('channels', 'Open channels', ({ totals }) => totals.channelCount),
      gauge('consumers', 'Consumers', ({ totals }) => totals.consumerCount),
      gauge('queues', 'Queues', ({ broker }) => {
        let count = 0
        for (const { queues } of broker.vhosts) count += queues.count
        return count
      }),
      gauge(
        'unreachable_cluster_peers_count',
        'Other nodes that do not answer: there are none',
        () => 0,
      ),
    ],
  }),
  told<Scrape>({
    ...one,
    families: [],
    onlyIn: ['aggregated', 'per-object'],
    labels: () => ({}),
    metrics: (['disk', 'memory'] as const).map((alarm) => ({
      name: alarm === 'disk' ? 'alarms_free_disk_space_watermark' : 'alarms_memory_used_watermark',
      type: 'untyped',
      help: `1 while the ${alarm} alarm is on`,
      read: ({ broker }) => (broker.alarms.raised.has(alarm) ? 1 : 0),
    })),
  }),
  told<Scrape>({
    ...one,
    families: ['always'],
    prefix: 'rabbitmq_',
    isNeverSummed: true,
    labels: ({ broker }) => ({
      rabbitmq_version: broker.version,
      prometheus_plugin_version: broker.version,
      prometheus_client_version: broker.version,
      erlang_version: process.versions.node,
    }),
    metrics: [info('build_info', 'Versions of the broker and of what it runs on')],
  }),
  told<Scrape>({
    ...one,
    families: ['always'],
    prefix: 'rabbitmq_',
    isNeverSummed: true,
    labels: ({ broker, form }) => ({
      rabbitmq_node: broker.nodeName,
      rabbitmq_cluster: broker.clusterName,
      rabbitmq_cluster_permanent_id: broker.clusterId,
      rabbitmq_endpoint: form,
    }),
    metrics: [info('identity_info', 'Names of the node and of its cluster')],
  }),
  told<Vhost>({
    things: ({ broker, wantsVhost }) => [...broker.vhosts].filter(({ name }) => wantsVhost(name)),
    labels: ({ name }) => ({ vhost: name }),
    families: ['vhost_status'],
    onlyIn: ['detailed'],
    prefix: CLUSTER,
    metrics: [gauge('vhost_status', '1 for a vhost that runs', () => 1)],
  }),
  told<Exchange>({
    things: exchangesOf,
    labels: exchangeLabels,
    families: ['exchange_bindings'],
    onlyIn: ['detailed'],
    prefix: CLUSTER,
    metrics: [
      gauge('exchange_bindings', 'Bindings of an exchange', ({ bindings }) => bindings.size),
    ],
  }),
  told<Exchange>({
    things: exchangesOf,
    labels: exchangeLabels,
    families: ['exchange_names'],
    onlyIn: ['detailed'],
    prefix: CLUSTER,
    metrics: [gauge('exchange_name', '1 for an exchange that there is', () => 1)],
  }),
]

function info(name: string, help: string) {
  return { name, type: 'untyped', help, read: () => 1 } as const
}

function* exchangesOf({ broker, wantsVhost }: Scrape): Iterable<Exchange> {
  for (const { name, exchanges } of broker.vhosts) if (wantsVhost(name)) yield* exchanges
}

function exchangeLabels({ vhost, name, type }: Exchange) {
  return { vhost, exchange: name, type }
}
