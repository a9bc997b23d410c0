import { textOf } from '../../common/table.ts'
import type { OCTET_COLUMNS } from '../../metrics/meters.ts'
import { jsonOfTable } from '../amqp-json.ts'
import type {
  ManagedConnection,
  ManagedConnectionSession,
  ManagedTlsSession,
} from '../managed-broker.ts'
import { GARBAGE_COLLECTION } from './erlang.ts'
import { detailsJson, type Field, type View } from './view.ts'

/** An open connection. */
export type OpenConnection = ManagedConnection & { readonly session: ManagedConnectionSession }

export function isOpen(connection: ManagedConnection): connection is OpenConnection {
  return connection.session !== null && connection.state === 'open'
}

/** What a connection is, without any numbers: the list with `disable_stats`. */
export const connectionDefinitionView: View<OpenConnection> = {
  auth_mechanism: { type: 'string', read: ({ session }) => session.mechanism },
  channel_max: { type: 'integer', read: ({ session }) => session.channelMax },
  client_properties: {
    type: 'object',
    read: ({ session }) => jsonOfTable(session.clientProperties),
  },
  connected_at: { type: 'integer', read: ({ session }) => Math.round(session.openedAtMs) },
  frame_max: { type: 'integer', read: ({ session }) => session.frameMax },
  host: { type: 'string', read: ({ session }) => session.endpoints.host },
  name: { type: 'string', read: ({ name }) => name },
  node: { type: 'string', read: (_connection, { broker }) => broker.nodeName },
  peer_cert_issuer: tlsField(({ peer }) => peer?.issuer),
  peer_cert_serial_number: tlsField(({ peer }) => peer?.serialNumber),
  peer_cert_subject: tlsField(({ peer }) => peer?.subject),
  peer_cert_validity: tlsField(({ peer }) => peer?.validity),
  peer_host: { type: 'string', read: ({ session }) => session.endpoints.peerHost },
  peer_port: { type: 'integer', read: ({ session }) => session.endpoints.peerPort },
  port: { type: 'integer', read: ({ session }) => session.endpoints.port },
  protocol: { type: 'string', read: () => 'AMQP 0-9-1' },
  ssl: { type: 'boolean', read: ({ session }) => session.endpoints.tls !== undefined },
  ssl_cipher: tlsField(({ suite }) => suite.cipher),
  ssl_hash: tlsField(({ suite }) => suite.hash),
  ssl_key_exchange: tlsField(({ suite }) => suite.keyExchange),
  ssl_protocol: tlsField(({ protocol }) => protocol),
  timeout: { type: 'integer', read: ({ session }) => session.heartbeatSeconds },
  type: { type: 'string', read: () => 'network' },
  user: { type: 'string', read: ({ session }) => session.user.name },
  user_provided_name: {
    type: 'string',
    read: ({ session }) => textOf(session.clientProperties.get('connection_name')) ?? undefined,
  },
  user_who_performed_action: { type: 'string', read: ({ session }) => session.user.name },
  vhost: { type: 'string', read: ({ session }) => session.vhost.name },
}

export const connectionView: View<OpenConnection> = {
  ...connectionDefinitionView,
  ...emptyForNull(/^(ssl|peer_cert)_/),
  channels: { type: 'integer', read: ({ channels }) => channels?.count ?? 0 },
  garbage_collection: { type: 'object', read: () => GARBAGE_COLLECTION },
  recv_cnt: { type: 'integer', read: ({ counters }) => counters.receivedCount },
  recv_oct: { type: 'integer', read: ({ counters }) => counters.receivedBytes },
  recv_oct_details: octetDetails('recv_oct'),
  reductions: { type: 'integer', read: () => 0 },
  reductions_details: { type: 'object', read: () => ({ rate: 0 }) },
  send_cnt: { type: 'integer', read: ({ counters }) => counters.sentCount },
  send_oct: { type: 'integer', read: ({ counters }) => counters.sentBytes },
  send_oct_details: octetDetails('send_oct'),
  send_pend: { type: 'integer', read: () => 0 },
  state: { type: 'string', read: ({ reading }) => (reading.isBlocked ? 'blocked' : 'running') },
}

/** The connections of one user, as short as RabbitMQ shows them. */
export const connectionOfUserView: View<OpenConnection> = {
  name: connectionDefinitionView.name!,
  vhost: connectionDefinitionView.vhost!,
  user: connectionDefinitionView.user!,
  node: connectionDefinitionView.node!,
}

function octetDetails(column: (typeof OCTET_COLUMNS)[number]): Field<OpenConnection> {
  return {
    type: 'object',
    read: (connection, { sampler, query }) =>
      detailsJson(sampler.connections.details(connection, column, query.range('data_rates'))),
  }
}

/** Null without TLS, and empty where the client has shown no certificate. */
function tlsField(read: (tls: ManagedTlsSession) => string | undefined): Field<OpenConnection> {
  return {
    type: ['string', 'null'],
    read: ({ session: { endpoints } }) =>
      endpoints.tls === undefined ? null : (read(endpoints.tls) ?? ''),
  }
}

/** The fields with such names, with an empty text for null. */
function emptyForNull(names: RegExp): View<OpenConnection> {
  const fields = Object.entries(connectionDefinitionView).filter(([name]) => names.test(name))
  return Object.fromEntries(
    fields.map(([name, { read }]) => [
      name,
      { type: 'string', read: (...given) => read(...given) ?? '' },
    ]),
  )
}
