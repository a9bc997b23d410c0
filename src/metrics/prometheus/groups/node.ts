import type { Attempts, SourceAttempts } from '../exposed-broker.ts'
import { counter, gauge, none } from '../metric.ts'
import type { Scrape } from '../scrape.ts'
import { type ToldGroup, told } from '../told-group.ts'

/** The node itself: there is one. */
const node = {
  things: (scrape: Scrape): readonly Scrape[] => [scrape],
  labels: () => ({}),
}

const ATTEMPTS: readonly (readonly [string, string, (attempts: Attempts) => number])[] = [
  ['total', 'Logins tried', ({ succeeded, failed }) => succeeded + failed],
  ['succeeded_total', 'Logins that succeeded', ({ succeeded }) => succeeded],
  ['failed_total', 'Logins that failed', ({ failed }) => failed],
]

export const NODE_GROUPS: readonly ToldGroup[] = [
  told<Scrape>({
    ...node,
    families: ['connection_churn_metrics'],
    metrics: [
      counter(
        'connections_opened_total',
        'Connections opened',
        ({ totals }) => totals.churn.connectionCreated,
      ),
      counter(
        'connections_closed_total',
        'Connections closed',
        ({ totals }) => totals.churn.connectionClosed,
      ),
      counter(
        'channels_opened_total',
        'Channels opened',
        ({ totals }) => totals.churn.channelCreated,
      ),
      counter(
        'channels_closed_total',
        'Channels closed',
        ({ totals }) => totals.churn.channelClosed,
      ),
      counter(
        'queues_declared_total',
        'Declarations of queues',
        ({ totals }) => totals.churn.queueDeclared,
      ),
      counter('queues_created_total', 'Queues created', ({ totals }) => totals.churn.queueCreated),
      counter('queues_deleted_total', 'Queues deleted', ({ totals }) => totals.churn.queueDeleted),
    ],
  }),
  told<Scrape>({
    ...node,
    families: ['node_coarse_metrics'],
    metrics: [
      gauge(
        'process_open_fds',
        'Open file descriptors',
        ({ totals }) => totals.gauges.fileDescriptors,
      ),
      gauge('process_resident_memory_bytes', 'Memory of the process', () =>
        process.memoryUsage.rss(),
      ),
      gauge(
        'disk_space_available_bytes',
        'Free where the data lie',
        ({ totals }) => totals.gauges.diskFreeBytes,
      ),
      gauge(
        'erlang_processes_used',
        'What keeps the process going',
        ({ totals }) => totals.gauges.processes,
      ),
      none('counter', 'erlang_gc_runs_total', 'Collections of garbage by Erlang'),
      none('counter', 'erlang_gc_reclaimed_bytes_total', 'Memory that Erlang has reclaimed'),
      counter(
        'erlang_scheduler_context_switches_total',
        'Context switches of the process',
        ({ totals }) => totals.gauges.contextSwitches,
      ),
    ],
  }),
  told<Scrape>({
    ...node,
    families: ['node_metrics'],
    metrics: [
      gauge(
        'process_max_fds',
        'File descriptors that may be open',
        ({ totals }) => totals.gauges.fileDescriptorLimit,
      ),
      gauge(
        'resident_memory_limit_bytes',
        'Memory from which publishers are blocked',
        ({ broker }) => broker.memoryLimitBytes,
      ),
      gauge(
        'disk_space_available_limit_bytes',
        'Free space below which publishers are blocked',
        ({ broker }) => broker.diskFreeLimitBytes,
      ),
      gauge('erlang_processes_limit', 'Processes that Erlang would allow', () => 1_048_576),
      none('gauge', 'erlang_scheduler_run_queue', 'Processes that wait for a scheduler of Erlang'),
      gauge('erlang_net_ticktime_seconds', 'Heartbeat of a cluster', () => 60),
      gauge(
        'erlang_uptime_seconds',
        'Time since the start',
        ({ broker }) => (broker.clock.wallTime() - broker.startedAtMs) / 1000,
      ),
    ],
  }),
  told<Scrape>({
    ...node,
    families: ['node_persister_metrics'],
    metrics: [
      ...[
        'read_ops',
        'read_bytes',
        'write_ops',
        'write_bytes',
        'sync_ops',
        'seek_ops',
        'reopen_ops',
      ].map((name) => none<Scrape>('counter', `io_${name}_total`, 'Of a store that RabbitMQ had')),
      ...[
        'schema_db_ram_tx',
        'schema_db_disk_tx',
        'msg_store_read',
        'msg_store_write',
        'queue_index_read_ops',
        'queue_index_write_ops',
      ].map((name) => none<Scrape>('counter', `${name}_total`, 'Of a store that RabbitMQ had')),
      ...['read', 'write', 'sync', 'seek'].map((name) =>
        none<Scrape>('counter', `io_${name}_time_seconds_total`, 'Of a store that RabbitMQ had'),
      ),
    ],
  }),
  told<readonly [string, Attempts]>({
    families: ['auth_attempt_metrics'],
    things: ({ broker }) => broker.attempts,
    labels: ([protocol]) => ({ protocol }),
    isNeverSummed: true,
    metrics: ATTEMPTS.map(([name, help, read]) =>
      counter(`auth_attempts_${name}`, help, ([, attempts]) => read(attempts)),
    ),
  }),
  told<SourceAttempts>({
    families: ['auth_attempt_detailed_metrics'],
    onlyIn: ['per-object', 'detailed'],
    things: ({ broker }) => broker.attempts.sources,
    labels: ({ address, user, protocol }) => ({
      ...(address === '' ? {} : { remote_address: address }),
      ...(user === '' ? {} : { username: user }),
      protocol,
    }),
    isNeverSummed: true,
    metrics: ATTEMPTS.map(([name, help, read]) =>
      counter(`auth_attempts_detailed_${name}`, `${help}, by address and user`, read),
    ),
  }),
]
