import { longstr, type Table } from '../common/table.ts'

/** What this broker can do, as clients look for it before they use it. */
export function serverProperties(version: string, clusterName: string): Table {
  const capabilities: Table = new Map(
    CAPABILITIES.map((name) => [name, { type: 'bool', value: true }] as const),
  )
  return new Map([
    ['capabilities', { type: 'table', value: capabilities }],
    ['cluster_name', longstr(clusterName)],
    ['copyright', longstr('Copyright (c) 2026 The Leveret Authors')],
    ['information', longstr('Leveret, licensed under the Apache License 2.0')],
    ['platform', longstr(`Node.js ${process.versions.node}`)],
    // clients compare the product before they rely on what RabbitMQ does
    ['product', longstr('RabbitMQ')],
    ['version', longstr(version)],
  ])
}

const CAPABILITIES = [
  'publisher_confirms',
  'exchange_exchange_bindings',
  'basic.nack',
  'consumer_cancel_notify',
  'connection.blocked',
  'consumer_priorities',
  'authentication_failure_close',
  'per_consumer_qos',
  'direct_reply_to',
]
