import type { Json, JsonObject } from '../../common/json.ts'
import { EXCHANGE_TYPES } from '../../core/exchange/types.ts'
import type { ManagedListener } from '../managed-broker.ts'
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
    tls: listener.isTls,
  }))
}

/** RabbitMQ shows the options of its sockets; of ours, those that mean something. */
function socketOptions({ protocol, host, port }: ManagedListener): JsonObject {
  return protocol.startsWith('http')
    ? { cowboy_opts: { sendfile: false }, ip: host, port }
    : { backlog: 1024, nodelay: true, linger: [true, 0], exit_on_close: false }
}

/** The web contexts: everything that listens for HTTP. */
export function contextsJson({ broker }: ViewContext, withNode = true): JsonObject[] {
  return broker
    .listeners()
    .filter(({ protocol }) => protocol.startsWith('http'))
    .map(({ protocol, host, port }) => ({
      ...(withNode ? { node: broker.nodeName } : {}),
      description: protocol === 'http/prometheus' ? 'RabbitMQ Prometheus' : 'RabbitMQ Management',
      path: '/',
      cowboy_opts: '[{sendfile,false}]',
      ip: host,
      port: String(port),
      ...(withNode ? { ssl_opts: [] } : {}),
    }))
}

export const AUTH_MECHANISMS: readonly Json[] = [
  { name: 'PLAIN', description: 'SASL PLAIN authentication mechanism', enabled: true },
  { name: 'AMQPLAIN', description: 'QPid AMQPLAIN mechanism', enabled: true },
]
