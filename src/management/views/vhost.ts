import type { JsonObject } from '../../common/json.ts'
import type { Vhost } from '../../core/vhost.ts'
import { LENGTH_COLUMNS, OCTET_COLUMNS } from '../../metrics/meters.ts'
import type { VhostTotals } from '../../metrics/totals.ts'
import { CHANNEL_GROUPS, messageStats, withDetails } from './stats.ts'
import type { Field, View } from './view.ts'

/** A vhost with its sums. */
export interface VhostWithTotals {
  readonly vhost: Vhost
  readonly totals: VhostTotals
}

export const vhostView: View<VhostWithTotals> = {
  name: { type: 'string', read: ({ vhost }) => vhost.name },
  description: { type: 'string', read: ({ vhost }) => vhost.description.text },
  tags: { type: 'array', read: ({ vhost }) => vhost.description.tags },
  default_queue_type: { type: 'string', read: ({ vhost }) => vhost.description.defaultQueueType },
  protected_from_deletion: { type: 'boolean', read: ({ vhost }) => vhost.description.isProtected },
  metadata: { type: 'object', read: ({ vhost }) => metadataOf(vhost) },
  tracing: { type: 'boolean', read: ({ vhost }) => vhost.isTraced },
  cluster_state: {
    type: 'object',
    read: (_vhost, { broker }) => ({ [broker.nodeName]: 'running' }),
  },
  ...numbers('data_rates', OCTET_COLUMNS),
  ...numbers('lengths', LENGTH_COLUMNS),
  message_stats: {
    type: 'object',
    read: ({ vhost, totals }, { sampler, query }) =>
      messageStats(
        sampler.vhosts,
        vhost,
        sampler.vhosts.read(totals),
        CHANNEL_GROUPS,
        query.range('msg_rates'),
      ),
  },
}

/** Numbers and their `_details`, once there is something to tell. */
function numbers(
  range: 'data_rates' | 'lengths',
  columns: readonly string[],
): View<VhostWithTotals> {
  const fields: Record<string, Field<VhostWithTotals>> = {}
  for (const column of columns) {
    for (const name of [column, `${column}_details`]) {
      fields[name] = {
        type: name === column ? 'integer' : 'object',
        read: ({ vhost, totals }, { sampler, query }) => {
          if (!isUsed({ vhost, totals })) return undefined
          const values = sampler.vhosts.read(totals)
          return withDetails(sampler.vhosts, vhost, values, [column], query.range(range))[name]
        },
      }
    }
  }
  return fields
}

function isUsed({ vhost, totals }: VhostWithTotals): boolean {
  return vhost.queues.count > 0 || totals.receivedBytes > 0
}

function metadataOf({ description }: Vhost): JsonObject {
  const { text, tags, defaultQueueType, isProtected } = description
  const metadata = { description: text, tags, default_queue_type: defaultQueueType }
  return isProtected ? { ...metadata, protected_from_deletion: true } : metadata
}
