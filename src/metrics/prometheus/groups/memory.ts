import { type Group, gauge } from '../metric.ts'
import type { Scrape } from '../scrape.ts'

/** What memory is used for, of which nobody knows more than what Node tells. */
export const MEMORY_GROUPS: readonly Group<Scrape>[] = [
  {
    families: [],
    onlyIn: ['memory-breakdown'],
    things: (scrape) => [scrape],
    labels: () => ({}),
    prefix: 'rabbitmq_memory_',
    metrics: [
      ...[
        'code_module',
        'client_connection_reader',
        'client_connection_writer',
        'client_connection_channel',
        'client_connection_other',
        'classic_queue_erlang_process',
        'quorum_queue_erlang_process',
        'quorum_queue_dlx_erlang_process',
        'stream_erlang_process',
        'stream_replica_reader_erlang_process',
        'stream_coordinator_erlang_process',
        'plugin',
        'modern_metadata_store',
        'metrics',
        'management_stats_db',
        'classic_metadata_store',
        'quorum_queue_ets_table',
        'modern_metadata_store_ets_table',
        'other_ets_table',
        'message_index',
        'atom_table',
        'runtime_reserved_unallocated',
      ].map((name) => gauge<Scrape>(`${name}_bytes`, 'Counted among the others', () => 0)),
      gauge(
        'other_erlang_process_bytes',
        'Objects of the broker',
        () => process.memoryUsage().heapUsed,
      ),
      gauge(
        'binary_heap_bytes',
        'Messages and what else is bytes',
        () => process.memoryUsage().external,
      ),
      gauge('runtime_allocated_unused_bytes', 'Set aside for objects to come', () => {
        const { heapTotal, heapUsed } = process.memoryUsage()
        return Math.max(0, heapTotal - heapUsed)
      }),
      gauge('other_system_bytes', 'Everything else', () => {
        const { rss, heapTotal, external } = process.memoryUsage()
        return Math.max(0, rss - heapTotal - external)
      }),
    ],
  },
]
