import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts'
import type { Verbs } from './admin-verb.ts'

/** What the overview of the HTTP API has, under words for people. */
export const SHOW_VERBS: Verbs = {
  overview: {
    required: [],
    run: async (call) => {
      const overview = await call.object('/overview')
      return call.drawn({
        title: 'Overview',
        columns: ['key', 'value'],
        rows: OVERVIEW.map(([title, ...path]) => [title, textAt(overview, path)]),
      })
    },
  },
  churn: {
    required: [],
    run: async (call) => {
      const overview = await call.object('/overview')
      return call.drawn({
        title: 'Entity (connections, queues, etc) churn over the most recent sampling period',
        columns: ['key', 'value'],
        rows: CHURN.map(([title, name]) => [title, textAt(overview, ['churn_rates', name])]),
      })
    },
  },
  endpoint: {
    required: [],
    run: async (call) => `Using endpoint: ${call.endpoint}\n`,
  },
}

const OVERVIEW: readonly (readonly [title: string, ...path: string[]])[] = [
  ['Product name', 'product_name'],
  ['Product version', 'product_version'],
  ['RabbitMQ version', 'rabbitmq_version'],
  ['Erlang version', 'erlang_version'],
  ['Erlang details', 'erlang_full_version'],
  ['Connections (total)', 'object_totals', 'connections'],
  ['AMQP 0-9-1 channels (total)', 'object_totals', 'channels'],
  ['Queues and streams (total)', 'object_totals', 'queues'],
  ['Consumers (total)', 'object_totals', 'consumers'],
  ['Messages (total)', 'queue_totals', 'messages'],
  ['Messages ready for delivery (total)', 'queue_totals', 'messages_ready'],
  [
    'Messages delivered but unacknowledged by consumers (total)',
    'queue_totals',
    'messages_unacknowledged',
  ],
  ['Publishing (ingress) rate (global)', ...rate('publish')],
  ['Publishing confirm rate (global)', ...rate('confirm')],
  ['Consumer delivery (egress) rate (global)', ...rate('deliver')],
  ['Consumer delivery in automatic acknowledgement mode rate (global)', ...rate('deliver_no_ack')],
  ['Consumer acknowledgement rate (global)', ...rate('ack')],
  ['Unroutable messages: returned-to-publisher rate (global)', ...rate('return_unroutable')],
  ['Unroutable messages: dropped rate (global)', ...rate('drop_unroutable')],
  ['Cluster tags', 'cluster_tags'],
  ['Node tags', 'node_tags'],
]

const CHURN = [
  ['Client connections opened', 'connection_created'],
  ['Client connections closed', 'connection_closed'],
  ['Client channels opened', 'channel_created'],
  ['Client channels closed', 'channel_closed'],
  ['Queues and streams (re)declarations', 'queue_declared'],
  ['Queues and streams created', 'queue_created'],
  ['Queues and streams deleted', 'queue_deleted'],
] as const

function rate(name: string): [string, string, string] {
  return ['message_stats', `${name}_details`, 'rate']
}

/** A number that is not there is 0, and a rate is whole. */
function textAt(from: JsonObject, path: readonly string[]): string {
  let value: Json | undefined = from
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined
  if (value === undefined) return path.length > 1 ? '0' : ''
  if (typeof value === 'number') return String(Math.round(value))
  return typeof value === 'string' ? value : Object.keys(value ?? {}).join(', ')
}
