import type { JsonObject } from '../../common/json.ts'
import { EXCHANGE_TYPES } from '../../core/exchange/types.ts'
import type { ManagedListener, ManagedTls } from '../managed-broker.ts'
import type { ViewContext } from './view.ts'

/** What the API tells of a node that never changes while it runs. */
export function exchangeTypesJson(): JsonObject[] {
  return [...EXCHANGE_TYPES].sort().map((name) => ({
    name,
    description: DESCRIPTIONS.get(name) ?? '',
    enabled: true,
  }))
}

const DESCRIPTIONS = new Map([
  ['direct', 'To the queues whose binding has the same key'],
  ['fanout', 'To all queues that are bound'],
  ['topic', 'To the queues whose binding pattern the key matches'],
  ['headers', 'To the queues whose binding asks for these headers'],
  ['x-consistent-hash', 'Spreads messages over queues by a hash'],
  ['x-delayed-message', 'Holds messages back for a time'],
  ['x-local-random', 'To one queue, picked at random'],
  ['x-message-deduplication', 'Leaves out messages that came before'],
  ['x-modulus-hash', 'To one queue, by the hash of the key'],
  ['x-random', 'To one queue, picked at random'],
  ['x-recent-history', 'Gives a new queue the latest messages'],
])

export function listenersJson({ broker }: ViewContext): JsonObject[] {
  return broker.listeners().map((listener) => ({
    node: broker.nodeName,
    protocol: listener.protocol,
    ip_address: listener.host,
    port: listener.port,
    socket_opts: socketOptions(listener),
    tls: listener.tls !== null,
  }))
}

/** RabbitMQ shows the options of its sockets; of ours, those that mean something. */
function socketOptions({ protocol, host, port, tls }: ManagedListener): JsonObject {
  if (!isWeb(protocol)) {
    const options = { backlog: 1024, nodelay: true, linger: [true, 0], exit_on_close: false }
    return { ...options, ...(tls === null ? {} : tlsOptions(tls)) }
  }
  const options = { cowboy_opts: { sendfile: false }, ip: host, port }
  return tls === null ? options : { ...options, ssl: true, ssl_opts: tlsOptions(tls) }
}

/** Under Erlang's names; never the password of a key. */
function tlsOptions(tls: ManagedTls): JsonObject {
  const { cert, key, ca, verifiesPeer = false, requiresCert = false } = tls
  return {
    ...(ca === undefined ? {} : { cacertfile: ca }),
    certfile: cert,
    keyfile: key,
    verify: verifiesPeer ? 'verify_peer' : 'verify_none',
    fail_if_no_peer_cert: requiresCert,
    versions: [...(tls.versions ?? ['tlsv1.3', 'tlsv1.2'])],
  }
}

/** The web contexts: everything that listens for HTTP. */
export function contextsJson({ broker }: ViewContext, withNode = true): JsonObject[] {
  return broker
    .listeners()
    .filter(({ protocol }) => isWeb(protocol))
    .map(({ protocol, host, port, tls }) => ({
      ...(withNode ? { node: broker.nodeName } : {}),
      description: protocol.endsWith('/prometheus') ? 'RabbitMQ Prometheus' : 'RabbitMQ Management',
      path: '/',
      cowboy_opts: '[{sendfile,false}]',
      ip: host,
      port: String(port),
      ...(tls === null ? {} : { ssl: 'true' }),
      ...(withNode ? { ssl_opts: tls === null ? [] : tlsOptions(tls) } : {}),
    }))
}

function isWeb(protocol: string): boolean {
  return protocol.startsWith('http')
}

/** Every way to log in that there is, and whether it may be used. */
export function mechanismsJson({ broker }: ViewContext): JsonObject[] {
  return [...MECHANISMS].map(([name, description]) => ({
    name,
    description,
    enabled: broker.mechanisms.includes(name),
  }))
}

const MECHANISMS = new Map([
  ['ANONYMOUS', 'SASL ANONYMOUS authentication mechanism'],
  ['PLAIN', 'SASL PLAIN authentication mechanism'],
  ['AMQPLAIN', 'QPid AMQPLAIN mechanism'],
  ['EXTERNAL', 'SASL EXTERNAL, by the certificate of a client over TLS'],
])
