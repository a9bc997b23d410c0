import { endpointOf, listenersUnder } from '../conf-values.ts'
import type { Config, Endpoint } from '../config.ts'
import type { Option } from '../option.ts'
import { integer, integerOrNone, names, text, type ValueType } from '../value-type.ts'

/** Addresses with ports, separated by commas, or the word `none` for the empty list. */
const endpoints: ValueType<readonly Endpoint[]> = {
  placeholder: 'ADDRESSES',
  accepts: "ports or addresses with ports, separated by commas, or 'none'",
  parse(value) {
    if (value === 'none') return []
    const all = value.split(',').map((one) => endpointOf(one.trim()))
    return all.every((endpoint) => endpoint !== null) ? all : null
  },
  format(value) {
    if (value.length === 0) return 'none'
    return value.map(({ host, port }) => (host === null ? `${port}` : `${host}:${port}`)).join(',')
  },
}

const listen: ValueType<readonly Endpoint[] | null> = {
  ...endpoints,
  format: (value) => (value === null ? '' : endpoints.format(value)),
}

type NetworkKey =
  | 'host'
  | 'port'
  | 'listen'
  | 'tlsListen'
  | 'managementHost'
  | 'managementPort'
  | 'prometheusHost'
  | 'prometheusPort'

/** Where clients, tools and scrapers find the broker. */
export const NETWORK: { readonly [K in NetworkKey]: Option<Config[K]> } = {
  host: {
    flag: 'host',
    env: 'RABBITMQ_NODE_IP_ADDRESS',
    conf: [],
    group: 'Network',
    type: names('ADDRESSES'),
    default: ['::'],
    help: 'Where to listen; :: is every IPv6 and IPv4 address',
  },
  port: {
    flag: 'port',
    env: 'RABBITMQ_NODE_PORT',
    conf: [],
    group: 'Network',
    type: integer('PORT', 0, 65535),
    default: 5672,
    help: 'AMQP port; 0 takes any free port',
  },
  listen: {
    flag: 'listen',
    env: 'LEVERET_LISTEN',
    conf: ['listeners.tcp', 'listeners.tcp.$name'],
    group: 'Network',
    type: listen,
    default: null,
    defaultText: 'host and port',
    help: 'Several ports, or none; host and port win',
    fromConf: listenersUnder('listeners.tcp'),
  },
  tlsListen: {
    flag: 'tls-listen',
    env: 'LEVERET_TLS_LISTEN',
    conf: ['listeners.ssl', 'listeners.ssl.$name'],
    group: 'Network',
    type: endpoints,
    default: [],
    help: 'Ports for AMQP over TLS, usually 5671',
    fromConf: listenersUnder('listeners.ssl'),
  },
  managementHost: {
    flag: 'management-host',
    env: 'LEVERET_MANAGEMENT_HOST',
    conf: ['management.tcp.ip'],
    group: 'Network',
    type: text('ADDRESS'),
    default: '::',
    help: 'Where the HTTP API and the page listen',
  },
  managementPort: {
    flag: 'management-port',
    env: 'LEVERET_MANAGEMENT_PORT',
    conf: ['management.tcp.port'],
    group: 'Network',
    type: integerOrNone('PORT', 0, 65535),
    default: 15672,
    help: 'Port of the HTTP API and the page, or none',
  },
  prometheusHost: {
    flag: 'prometheus-host',
    env: 'LEVERET_PROMETHEUS_HOST',
    conf: ['prometheus.tcp.ip'],
    group: 'Network',
    type: text('ADDRESS'),
    default: '::',
    help: 'Where metrics are served',
  },
  prometheusPort: {
    flag: 'prometheus-port',
    env: 'LEVERET_PROMETHEUS_PORT',
    conf: ['prometheus.tcp.port'],
    group: 'Network',
    type: integerOrNone('PORT', 0, 65535),
    default: 15692,
    help: 'Port of the metrics for Prometheus, or none',
  },
}
