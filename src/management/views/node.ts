import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Json, JsonObject } from '../../common/json.ts'
import { CHURN_COLUMNS, PROCESS_COLUMNS } from '../../metrics/meters.ts'
import type { ProcessGauges } from '../../metrics/process-gauges.ts'
import type { Sampler } from '../../metrics/sampler.ts'
import { contextsJson, exchangeTypesJson, mechanismsJson } from './node-facts.ts'
import { runtimeName } from './overview.ts'
import { detailsJson, type Field, type View, type ViewContext } from './view.ts'

/** The one node that there is, with its numbers. */
export const nodeView: View<MeasuredNode> = {
  partitions: constant('array', []),
  os_pid: constant('string', String(process.pid)),
  fd_total: { type: 'integer', read: ({ gauges }) => gauges.fileDescriptorLimit },
  sockets_total: constant('integer', 0),
  mem_limit: { type: 'integer', read: (_node, { broker }) => broker.watch.shownMemory.bytes },
  mem_alarm: { type: 'boolean', read: (_node, { broker }) => broker.alarms.raised.has('memory') },
  disk_free_limit: {
    type: 'integer',
    read: (_node, { broker }) => broker.watch.shownDiskFree,
  },
  disk_free_alarm: {
    type: 'boolean',
    read: (_node, { broker }) => broker.alarms.raised.has('disk'),
  },
  proc_total: constant('integer', 1_048_576),
  rates_mode: constant('string', 'basic'),
  uptime: {
    type: 'integer',
    read: (_node, { broker }) => Math.round(broker.clock.wallTime() - broker.startedAtMs),
  },
  run_queue: constant('integer', 0),
  processors: { type: 'integer', read: () => availableParallelism() },
  exchange_types: { type: 'array', read: () => exchangeTypesJson() },
  auth_mechanisms: { type: 'array', read: (_node, context) => mechanismsJson(context) },
  applications: {
    type: 'array',
    read: (_node, { broker }) => [
      { name: 'rabbit', description: 'RabbitMQ', version: broker.version },
      ...broker.process.plugins.map((name) => ({ name, description: '', version: broker.version })),
    ],
  },
  contexts: { type: 'array', read: (_node, context) => contextsJson(context, false) },
  log_files: { type: 'array', read: (_node, { broker }) => broker.process.logFiles },
  db_dir: { type: 'string', read: (_node, { broker }) => resolve(broker.directory) },
  config_files: { type: 'array', read: (_node, { broker }) => broker.process.configFiles },
  net_ticktime: constant('integer', 60),
  enabled_plugins: { type: 'array', read: (_node, { broker }) => broker.process.plugins },
  mem_calculation_strategy: constant('string', 'rss'),
  ra_open_file_metrics: constant('object', { ra_log_wal: 0, ra_log_segment_writer: 0 }),
  rabbitmq_version: { type: 'string', read: (_node, { broker }) => broker.version },
  erlang_version: constant('string', process.versions.node),
  erlang_full_version: { type: 'string', read: () => runtimeName() },
  crypto_lib_version: constant('string', `OpenSSL ${process.versions.openssl}`),
  name: { type: 'string', read: (_node, { broker }) => broker.nodeName },
  running: constant('boolean', true),
  type: constant('string', 'disc'),
  being_drained: constant('boolean', false),
  ...measured([...PROCESS_COLUMNS, ...CHURN_COLUMNS]),
  ...unmeasured([
    'gc_num',
    'gc_bytes_reclaimed',
    'io_read_count',
    'io_read_bytes',
    'io_read_avg_time',
    'io_write_count',
    'io_write_bytes',
    'io_write_avg_time',
    'io_sync_count',
    'io_sync_avg_time',
    'io_seek_count',
    'io_seek_avg_time',
    'io_reopen_count',
    'mnesia_ram_tx_count',
    'mnesia_disk_tx_count',
    'msg_store_read_count',
    'msg_store_write_count',
    'queue_index_write_count',
    'queue_index_read_count',
  ]),
  cluster_links: constant('array', []),
  metrics_gc_queue_length: constant('object', {
    connection_closed: 0,
    channel_closed: 0,
    consumer_deleted: 0,
    exchange_deleted: 0,
    queue_deleted: 0,
    vhost_deleted: 0,
    node_node_deleted: 0,
    channel_consumer_deleted: 0,
  }),
}

export interface MeasuredNode {
  readonly gauges: ProcessGauges
  /** By the names of the columns that are sampled. */
  readonly numbers: Readonly<Record<string, number>>
}

/** The node as it is now. */
export function measuredNode(sampler: Sampler): MeasuredNode {
  const { node } = sampler.totals()
  return { gauges: node.gauges, numbers: sampler.node.read(node) }
}

/** What RabbitMQ tells of its memory by purpose; of ours nobody knows more than the whole. */
export function memoryJson(used: number): Json {
  const { external, heapUsed, rss } = process.memoryUsage()
  const parts: Record<string, Json> = {}
  for (const name of MEMORY_PARTS) parts[name] = 0
  return {
    ...parts,
    binary: external,
    other_proc: heapUsed,
    other_system: Math.max(0, rss - heapUsed - external),
    strategy: 'rss',
    total: { erlang: heapUsed + external, rss: used, allocated: heapUsed + external },
  }
}

/** The same in percent. */
export function relativeMemoryJson(): Json {
  const { external, heapUsed, rss } = process.memoryUsage()
  const percent = (bytes: number) => Math.round((bytes / rss) * 100)
  const parts: Record<string, Json> = { total: 100 }
  for (const name of MEMORY_PARTS) parts[name] = 0
  return {
    ...parts,
    binary: percent(external),
    other_proc: percent(heapUsed),
    other_system: percent(Math.max(0, rss - heapUsed - external)),
  }
}

/** What RabbitMQ tells of its binaries by purpose. */
export function binaryJson(bytes: number): JsonObject {
  const names = MEMORY_PARTS.slice(0, MEMORY_PARTS.indexOf('plugins') + 2)
  const parts = [...names, 'mgmt_db', 'msg_index'].map((name) => [name, 0] as const)
  return { ...Object.fromEntries(parts), other: bytes }
}

const MEMORY_PARTS = [
  'connection_readers',
  'connection_writers',
  'connection_channels',
  'connection_other',
  'quorum_queue_procs',
  'quorum_queue_dlx_procs',
  'queue_procs',
  'stream_queue_procs',
  'stream_queue_replica_reader_procs',
  'stream_queue_coordinator_procs',
  'plugins',
  'metadata_store',
  'other_proc',
  'metrics',
  'mgmt_db',
  'quorum_ets',
  'mnesia',
  'metadata_store_ets',
  'other_ets',
  'binary',
  'msg_index',
  'code',
  'atom',
  'other_system',
  'allocated_unused',
  'reserved_unallocated',
]

function constant(type: Field<MeasuredNode>['type'], value: Json): Field<MeasuredNode> {
  return { type, read: () => value }
}

/** Numbers that are sampled, and their `_details`. */
function measured(columns: readonly string[]): View<MeasuredNode> {
  const fields: Record<string, Field<MeasuredNode>> = {}
  for (const column of columns) {
    fields[column] = {
      type: 'integer',
      read: ({ numbers }) => numbers[column] ?? 0,
    }
    fields[`${column}_details`] = {
      type: 'object',
      read: (_node, context) => nodeDetails(column, context),
    }
  }
  return fields
}

function nodeDetails(column: string, { broker, sampler, query }: ViewContext): Json {
  return detailsJson(sampler.node.details(broker, column, query.range('node_stats')))
}

/** Numbers of Erlang's runtime that have no counterpart here. */
function unmeasured(columns: readonly string[]): View<MeasuredNode> {
  return Object.fromEntries(
    columns.flatMap((column) => [
      [column, constant('number', 0)],
      [`${column}_details`, constant('object', { rate: 0 })],
    ]),
  )
}
