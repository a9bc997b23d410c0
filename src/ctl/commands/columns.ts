import { isJsonObject } from '../../common/json.ts'
import type { Column } from '../command.ts'
import {
  FIELD_TABLE,
  FRACTION,
  inside,
  type Kind,
  NUMBER,
  PID,
  SETTINGS,
  TAGS,
  TEXT,
  VERSION,
  WORD,
} from '../kinds.ts'

/** Columns of one kind, each with what is under its own name. */
export function plainColumns(kind: Kind, ...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, kind }))
}

const text = (...names: readonly string[]) => plainColumns(TEXT, ...names)
const word = (...names: readonly string[]) => plainColumns(WORD, ...names)
const number = (...names: readonly string[]) => plainColumns(NUMBER, ...names)

/** Counts that RabbitMQ has of classic queues and leaves empty for others. */
const ofClassic = (...names: readonly string[]): readonly Column[] =>
  names.map((name) => ({
    name,
    kind: NUMBER,
    read: (row) => (row.type === 'classic' ? row[name] : ''),
  }))

export const QUEUE_COLUMNS: readonly Column[] = [
  ...text('name'),
  ...word('durable', 'auto_delete'),
  { name: 'arguments', kind: FIELD_TABLE },
  ...text('policy', 'operator_policy'),
  { name: 'effective_policy_definition', kind: SETTINGS },
  ...plainColumns(PID, 'pid', 'owner_pid'),
  ...word('exclusive'),
  { name: 'exclusive_consumer_pid', kind: PID, read: () => '' },
  ...text('exclusive_consumer_tag'),
  ...number('messages_ready', 'messages_unacknowledged', 'messages'),
  ...number('messages_ready_ram', 'messages_unacknowledged_ram', 'messages_ram'),
  ...ofClassic('messages_persistent', 'message_bytes', 'message_bytes_ready'),
  ...ofClassic('message_bytes_unacknowledged', 'message_bytes_ram', 'message_bytes_persistent'),
  ...number('head_message_timestamp'),
  ...diskColumns('disk_reads', 'disk_writes'),
  ...number('consumers'),
  ofClassicFraction('consumer_utilisation'),
  ofClassicFraction('consumer_capacity'),
  ...number('memory'),
  ...word('state', 'type'),
  { name: 'leader', kind: WORD },
  ...plainColumns(TAGS, 'members', 'online'),
]

function diskColumns(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({
    name,
    kind: NUMBER,
    read: (row) => (row.type === 'classic' ? (inside(row, 'message_stats')[name] ?? 0) : ''),
  }))
}

function ofClassicFraction(name: string): Column {
  return { name, kind: FRACTION, read: (row) => (row.type === 'classic' ? row[name] : '') }
}

export const EXCHANGE_COLUMNS: readonly Column[] = [
  ...text('name'),
  ...word('type', 'durable', 'auto_delete', 'internal'),
  { name: 'arguments', kind: FIELD_TABLE },
  ...text('policy'),
]

export const BINDING_COLUMNS: readonly Column[] = [
  { name: 'source_name', kind: TEXT, read: (row) => row.source },
  { name: 'source_kind', kind: WORD, read: () => 'exchange' },
  { name: 'destination_name', kind: TEXT, read: (row) => row.destination },
  { name: 'destination_kind', kind: WORD, read: (row) => row.destination_type },
  ...text('routing_key'),
  { name: 'arguments', kind: FIELD_TABLE },
]

export const CONNECTION_COLUMNS: readonly Column[] = [
  ...plainColumns(PID, 'pid'),
  ...text('name'),
  ...number('port'),
  ...text('host'),
  ...number('peer_port'),
  ...text('peer_host'),
  ...word('ssl', 'ssl_protocol', 'ssl_key_exchange', 'ssl_cipher', 'ssl_hash'),
  ...text('peer_cert_subject', 'peer_cert_issuer', 'peer_cert_validity'),
  ...word('state'),
  ...number('channels'),
  { name: 'protocol', kind: VERSION },
  ...word('auth_mechanism'),
  ...text('user', 'vhost'),
  ...number('timeout', 'frame_max', 'channel_max'),
  { name: 'client_properties', kind: FIELD_TABLE },
  ...number('connected_at', 'recv_oct', 'recv_cnt', 'send_oct', 'send_cnt', 'send_pend'),
]

export const CHANNEL_COLUMNS: readonly Column[] = [
  ...plainColumns(PID, 'pid', 'connection'),
  ...text('name'),
  ...number('number'),
  ...text('user', 'vhost'),
  ...word('transactional', 'confirm'),
  ...number('consumer_count', 'messages_unacknowledged', 'messages_uncommitted'),
  ...number('acks_uncommitted', 'messages_unconfirmed', 'prefetch_count'),
]

export const CONSUMER_COLUMNS: readonly Column[] = [
  ...text('queue_name'),
  ...plainColumns(PID, 'channel_pid'),
  ...text('consumer_tag'),
  ...word('ack_required'),
  ...number('prefetch_count'),
  ...word('active', 'activity_status'),
  {
    name: 'arguments',
    kind: FIELD_TABLE,
    read: (row) => (isJsonObject(row.arguments) ? row.arguments : {}),
  },
]
