import type { Queue } from '../../../core/queue/queue.ts'
import { counter, type Group, gauge, uncounted } from '../metric.ts'
import { queuesOf } from './queues.ts'

/**
 * Quorum queues have one copy here and no log of Raft: its positions are told as the number of what has happened to a queue,
 * so that charts of them move as those of RabbitMQ do.
 */
export const RAFT_GROUPS: readonly Group<Queue>[] = [
  {
    families: [],
    onlyIn: ['aggregated', 'per-object'],
    isNeverSummed: true,
    things: function* (scrape) {
      for (const queue of queuesOf(scrape)) if (queue.type === 'quorum') yield queue
    },
    labels: ({ vhost, name }) => ({ queue: name, vhost }),
    prefix: 'rabbitmq_raft_',
    metrics: [
      counter('commit_index', 'What has happened to a quorum queue', happened),
      gauge('last_applied', 'What has been applied of it', happened),
      counter('last_written_index', 'What has been written of it', happened),
      counter('snapshot_index', 'Up to where a snapshot has it: there is none', () => -1),
      counter('term', 'Elections of a leader: there is one copy', () => 1),
      gauge('commit_latency_seconds', 'From a write to its commit', () => 0),
      gauge('num_segments', 'Segment files of a log', () => 0),
    ],
  },
  {
    families: [],
    onlyIn: ['aggregated'],
    isNeverSummed: true,
    things: () => [],
    labels: () => ({}),
    prefix: 'rabbitmq_raft_',
    metrics: [
      uncounted('gauge', 'max_commit_latency_seconds', 'The longest commit latency'),
      uncounted('gauge', 'max_num_segments', 'The most segment files'),
    ],
  },
]

function happened({ counters }: Queue): number {
  return counters.publish + counters.deliver + counters.get + counters.ack
}
