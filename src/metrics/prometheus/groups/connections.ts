import type { ExposedConnection } from '../exposed-broker.ts'
import { counter, type Group, gauge, none } from '../metric.ts'
import { channelLabel } from './channels.ts'

const connections: Pick<Group<ExposedConnection>, 'things' | 'labels'> = {
  things: ({ connections: open }) => open,
  labels: channelLabel,
}

export const CONNECTION_GROUPS: readonly Group<ExposedConnection>[] = [
  {
    ...connections,
    families: ['connection_coarse_metrics'],
    metrics: [
      counter(
        'connection_incoming_bytes_total',
        'Bytes received',
        ({ counters }) => counters.receivedBytes,
      ),
      counter(
        'connection_outgoing_bytes_total',
        'Bytes sent',
        ({ counters }) => counters.sentBytes,
      ),
      none('counter', 'connection_process_reductions_total', 'Work that Erlang has counted'),
    ],
  },
  {
    ...connections,
    families: ['connection_metrics'],
    metrics: [
      counter(
        'connection_incoming_packets_total',
        'Pieces received',
        ({ counters }) => counters.receivedCount,
      ),
      counter(
        'connection_outgoing_packets_total',
        'Pieces sent',
        ({ counters }) => counters.sentCount,
      ),
      none('gauge', 'connection_pending_packets', 'Pieces that wait to be sent'),
      gauge(
        'connection_channels',
        'Channels of a connection',
        ({ channels }) => [...(channels ?? [])].length,
      ),
    ],
  },
]
