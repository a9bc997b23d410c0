import { isJsonList, isJsonObject, type JsonObject } from '../common/json.ts'
import type { NodeFacts } from './broker-client.ts'

/** Where clients are accepted, one for each port and address, with what RabbitMQ says it is for. */
export function listenersOf(facts: NodeFacts | null, nodeName: string): readonly JsonObject[] {
  const listeners = facts?.json.listeners
  if (!isJsonList(listeners)) return []
  return listeners.filter(isJsonObject).map(({ protocol = '', host = '', port = 0 }) => ({
    node: nodeName,
    port,
    protocol,
    interface: host === '::' ? '[::]' : host,
    purpose: purposeOf(String(protocol)),
  }))
}

export function listenerLines(facts: NodeFacts | null): readonly string[] {
  return listenersOf(facts, '').map(
    ({ interface: address, port, protocol, purpose }) =>
      `Interface: ${String(address)}, port: ${String(port)}, protocol: ${String(protocol)}, purpose: ${String(purpose)}`,
  )
}

/** What RabbitMQ says that a protocol is for. */
export function purposeOf(protocol: string): string {
  return PURPOSES.get(protocol) ?? protocol
}

/** Ports, each once, ascending. */
export function portsOf(facts: NodeFacts | null): readonly number[] {
  const ports = listenersOf(facts, '').map(({ port }) => Number(port))
  return [...new Set(ports)].sort((a, b) => a - b)
}

const PURPOSES = new Map([
  ['amqp', 'AMQP 0-9-1'],
  ['amqp/ssl', 'AMQP 0-9-1 over TLS'],
  ['http', 'HTTP API'],
  ['https', 'HTTP API over TLS (HTTPS)'],
  ['http/prometheus', 'Prometheus exporter API over HTTP'],
  ['https/prometheus', 'Prometheus exporter API over TLS (HTTPS)'],
])
