import { availableParallelism } from 'node:os'
import { counter, type Group, gauge, type Metric, uncounted } from '../metric.ts'
import type { Scrape } from '../scrape.ts'

const ONE = {
  families: [],
  onlyIn: ['aggregated', 'per-object'],
  things: (scrape: Scrape): readonly Scrape[] => [scrape],
  labels: () => ({}),
} as const

const ERLANG = 'Of Erlang, which is not here'

const DISTRIBUTION = [
  'recv_bytes',
  'recv_cnt',
  'recv_max_bytes',
  'recv_avg_bytes',
  'recv_dvi_bytes',
  'send_bytes',
  'send_cnt',
  'send_max_bytes',
  'send_avg_bytes',
  'send_pend_bytes',
  'port_input_bytes',
  'port_output_bytes',
  'port_memory_bytes',
  'port_queue_size_bytes',
  'proc_memory_bytes',
  'proc_heap_size_words',
  'proc_min_heap_size_words',
  'proc_min_bin_vheap_size_words',
  'proc_stack_size_words',
  'proc_total_heap_size_words',
  'proc_message_queue_len',
  'proc_reductions',
  'proc_status',
  'node_state',
  'node_queue_size_bytes',
]

/** Under the names of Erlang's runtime: what Node has that comes closest, for charts that ask for it. */
export const RUNTIME_GROUPS: readonly Group<Scrape>[] = [
  {
    ...ONE,
    prefix: 'erlang_vm_',
    metrics: [
      part('memory_atom_bytes', 'usage', 'used', () => 0),
      part('memory_atom_bytes', 'usage', 'free', () => 0),
      part('memory_bytes', 'kind', 'system', () => process.memoryUsage().external),
      part('memory_bytes', 'kind', 'processes', () => process.memoryUsage().heapUsed),
      constant('memory_dets_tables', 0),
      constant('memory_ets_tables', 0),
      part('memory_processes_bytes', 'usage', 'used', () => process.memoryUsage().heapUsed),
      part('memory_processes_bytes', 'usage', 'free', () => {
        const { heapTotal, heapUsed } = process.memoryUsage()
        return Math.max(0, heapTotal - heapUsed)
      }),
      ...['atom', 'code', 'ets'].map((usage) =>
        part('memory_system_bytes', 'usage', usage, () => 0),
      ),
      part('memory_system_bytes', 'usage', 'binary', () => process.memoryUsage().arrayBuffers),
      part('memory_system_bytes', 'usage', 'other', () => process.memoryUsage().external),
      counter(
        'statistics_bytes_output_total',
        'Bytes sent to clients',
        ({ totals }) => totals.sentBytes,
      ),
      counter(
        'statistics_bytes_received_total',
        'Bytes received from clients',
        ({ totals }) => totals.receivedBytes,
      ),
      counter(
        'statistics_context_switches_total',
        'Context switches',
        ({ totals }) => totals.gauges.contextSwitches,
      ),
      constant('statistics_dirty_cpu_run_queue_length', 0),
      constant('statistics_dirty_io_run_queue_length', 0),
      ...['number_of_gcs', 'bytes_reclaimed', 'words_reclaimed'].map((name) =>
        counter<Scrape>(`statistics_garbage_collection_${name}_total`, ERLANG, () => 0),
      ),
      counter('statistics_reductions_total', ERLANG, () => 0),
      constant('statistics_run_queues_length', 0),
      counter(
        'statistics_runtime_seconds_total',
        'Processor time',
        () => process.cpuUsage().user / 1e6,
      ),
      counter('statistics_wallclock_time_seconds_total', 'Time since the start', () =>
        process.uptime(),
      ),
      constant('dirty_cpu_schedulers', 0),
      constant('dirty_cpu_schedulers_online', 0),
      constant('dirty_io_schedulers', 0),
      constant('ets_limit', 50_000),
      constant('logical_processors', availableParallelism()),
      constant('logical_processors_available', availableParallelism()),
      constant('logical_processors_online', availableParallelism()),
      gauge('ports', 'Open file descriptors', ({ totals }) => totals.gauges.fileDescriptors),
      constant('port_limit', 65_536),
      gauge('processes', 'What keeps the process going', ({ totals }) => totals.gauges.processes),
      constant('process_limit', 1_048_576),
      constant('schedulers', 1),
      constant('schedulers_online', 1),
      { ...constant('smp_support', 1), type: 'untyped' },
      { ...constant('threads', 1), type: 'untyped' },
      constant('thread_pool_size', 4),
      { ...constant('time_correction', 1), type: 'untyped' },
      constant('wordsize_bytes', 8),
      constant('atoms', 0),
      constant('atom_limit', 5_000_000),
      ...['carriers', 'carriers_size', 'blocks', 'blocks_size'].map((usage) => ({
        ...gauge<Scrape>('allocators', 'Memory of the allocators: that of the heap', () => {
          return usage.endsWith('_size') ? process.memoryUsage().heapTotal : 1
        }),
        labels: { alloc: 'heap', instance_no: '0', kind: 'mbcs', usage },
      })),
      ...DISTRIBUTION.map((name) =>
        uncounted<Scrape>('gauge', `dist_${name}`, 'Of links to other nodes: there are none'),
      ),
    ],
  },
  {
    ...ONE,
    prefix: 'process_',
    metrics: [
      gauge('start_time_seconds', 'When the process was started', () =>
        Math.floor(Date.now() / 1000 - process.uptime()),
      ),
    ],
  },
]

function constant(name: string, value: number): Metric<Scrape> {
  return gauge(name, ERLANG, () => value)
}

function part(name: string, label: string, value: string, read: () => number): Metric<Scrape> {
  return { ...gauge(name, 'Memory of Node that comes closest', read), labels: { [label]: value } }
}
