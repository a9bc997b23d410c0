import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../../common/json.ts'

/** A column of a list: its title, and what stands in it. */
export type AdminColumn = readonly [title: string, read: (row: JsonObject) => string]

/** Under its own name, or under another. */
function field(title: string, name = title): AdminColumn {
  return [title, (row) => textOf(row[name])]
}

/** An object, one line for each of its members; `end` stands behind the last one. */
function lines(title: string, name = title, end = ''): AdminColumn {
  return [title, (row) => memberLines(row[name], end)]
}

export const VHOST_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('tags'),
  field('description'),
  field('default_queue_type'),
]

export const USER_COLUMNS: readonly AdminColumn[] = ['name', 'tags', 'password_hash'].map((name) =>
  field(name),
)

export const QUEUE_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('vhost'),
  field('queue_type', 'type'),
  field('durable'),
  field('auto_delete'),
  field('exclusive'),
  lines('arguments'),
  field('node'),
  field('state'),
  field('leader'),
  field('members'),
  field('online'),
  field('memory'),
  field('consumer_count', 'consumers'),
  ['consumer_utilisation', (row) => String(row.consumer_utilisation ?? 0)],
  field('policy'),
  field('operator_policy'),
  field('message_bytes'),
  field('message_count', 'messages'),
  field('unacknowledged_message_count', 'messages_unacknowledged'),
]

export const EXCHANGE_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('vhost'),
  field('exchange_type', 'type'),
  field('durable'),
  field('auto_delete'),
  lines('arguments'),
]

export const BINDING_COLUMNS: readonly AdminColumn[] = [
  field('vhost'),
  field('source'),
  field('destination'),
  field('destination_type'),
  field('routing_key'),
  lines('arguments'),
  field('properties_key'),
]

export const CONNECTION_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('node'),
  field('state'),
  field('protocol'),
  field('username', 'user'),
  field('connected_at'),
  field('server_hostname', 'host'),
  field('server_port', 'port'),
  field('client_hostname', 'peer_host'),
  field('client_port', 'peer_port'),
  field('channel_max'),
  field('channel_count', 'channels'),
]

export const CHANNEL_COLUMNS: readonly AdminColumn[] = [
  field('id', 'number'),
  field('name'),
  field('vhost'),
  field('state'),
  field('consumer_count'),
  field('has_publisher_confirms_enabled', 'confirm'),
  field('prefetch_count'),
  field('messages_unacknowledged'),
  field('messages_unconfirmed'),
]

export const PERMISSION_COLUMNS: readonly AdminColumn[] = [
  'user',
  'vhost',
  'configure',
  'read',
  'write',
].map((name) => field(name))

export const POLICY_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('vhost'),
  field('pattern'),
  field('apply_to', 'apply-to'),
  field('priority'),
  lines('definition', 'definition', '\n'),
]

export const PARAMETER_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('vhost'),
  field('component'),
  lines('value', 'value', '\n'),
]

export const GLOBAL_PARAMETER_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  ['value', (row) => `${JSON.stringify(row.value ?? null)}\n`],
]

export const VHOST_LIMIT_COLUMNS: readonly AdminColumn[] = [
  field('vhost'),
  lines('limits', 'value', '\n'),
]

export const USER_LIMIT_COLUMNS: readonly AdminColumn[] = [
  field('username', 'user'),
  lines('limits', 'value', '\n'),
]

export const NODE_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('uptime'),
  field('run_queue'),
  field('processors'),
  field('os_pid'),
  field('fd_total'),
  field('total_erlang_processes', 'proc_total'),
  field('memory_high_watermark', 'mem_limit'),
  field('has_memory_alarm_in_effect', 'mem_alarm'),
  field('free_disk_space_low_watermark', 'disk_free_limit'),
  field('has_free_disk_space_alarm_in_effect', 'disk_free_alarm'),
  field('rates_mode'),
  [
    'enabled_plugins',
    (row) =>
      namesIn(row.enabled_plugins)
        .map((name) => `* ${name}`)
        .join('\n'),
  ],
  field('being_drained'),
  field('rabbitmq_version'),
  field('erlang_version'),
  field('erlang_full_version'),
]

export const FEATURE_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  field('state'),
  ['description', (row) => `${textOf(row.desc)}\n`],
  field('doc_url'),
  field('stability'),
  field('provided_by'),
]

export const DEPRECATED_COLUMNS: readonly AdminColumn[] = [
  field('name'),
  ['description', (row) => `${textOf(row.desc)}\n`],
  field('deprecation_phase'),
  field('doc_url'),
  field('provided_by'),
  field('state'),
]

export const MESSAGE_COLUMNS: readonly AdminColumn[] = [
  field('payload_bytes'),
  field('redelivered'),
  field('exchange'),
  field('routing_key'),
  field('message_count'),
  lines('properties', 'properties', '\n'),
  field('payload'),
  field('payload_encoding'),
]

/** Those that are asked for, in this order; a name that is no title is one of the HTTP API. */
export function chosen(columns: readonly AdminColumn[], names: string): readonly AdminColumn[] {
  return names.split(',').map((name) => {
    const wanted = name.trim()
    return columns.find(([title]) => title === wanted) ?? field(wanted)
  })
}

function namesIn(value: Json | undefined): readonly string[] {
  return isJsonList(value) ? value.map(textOf) : []
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (isJsonList(value)) return namesIn(value).join(', ')
  return typeof value === 'object' ? memberLines(value, '') : String(value)
}

function memberLines(value: Json | undefined, end: string): string {
  if (!isJsonObject(value)) return textOf(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  if (members.length === 0) return ''
  return members.map(([name, one]) => `${name}: ${JSON.stringify(one)}`).join('\n') + end
}
