import { type FieldValue, longstr, type Table } from '../common/table.ts'
import { Message } from '../core/message.ts'
import type { Queue } from '../core/queue/queue.ts'
import { MAX_DEPTH } from '../wire/field-table.ts'
import { decodeProperties, encodeProperties } from '../wire/properties.ts'
import { EncodedAddress } from './address.ts'
import type { Channel } from './channel.ts'
import { EncodedProperties } from './message-properties.ts'

/**
 * The firehose (RabbitMQ documentation): while a vhost is traced, everything published and delivered in it is copied
 * to `amq.rabbitmq.trace`, with headers that tell what it was and whose.
 */
export function tracePublish(channel: Channel, message: Message, queues: readonly Queue[]): void {
  trace(channel, message, `publish.${message.address.exchange}`, [
    'routed_queues',
    { type: 'array', value: queues.map((queue) => longstr(queue.name)) },
  ])
}

/** The copies are not traced themselves. */
export function traceDelivery(
  channel: Channel,
  message: Message,
  queue: string,
  redelivered: boolean,
): void {
  if (message.address.exchange === TRACE_EXCHANGE) return
  trace(channel, message, `deliver.${queue}`, ['redelivered', integer(redelivered ? 1 : 0)])
}

const TRACE_EXCHANGE = 'amq.rabbitmq.trace'

function trace(
  channel: Channel,
  message: Message,
  routingKey: string,
  outcome: readonly [string, FieldValue],
): void {
  const { vhost, session, services, connection } = channel
  const headers: Table = new Map<string, FieldValue>([
    ['exchange_name', longstr(message.address.exchange)],
    ['routing_keys', { type: 'array', value: shownKeys(message).map(longstr) }],
    ['properties', { type: 'table', value: propertyTable(message) }],
    ['node', longstr(services.settings.nodeName)],
    ['vhost', longstr(vhost.name)],
    ['connection', longstr(connection.name)],
    ['channel', integer(channel.number)],
    ['user', longstr(session.user.name)],
    outcome,
  ])
  const address = EncodedAddress.of(TRACE_EXCHANGE, routingKey)
  const properties = new EncodedProperties(encodeProperties({ headers }))
  const copy = new Message(address, properties, message, null, null)
  vhost.enqueue(copy, vhost.route(vhost.exchanges.get(TRACE_EXCHANGE), copy))
}

/** BCC keys are shown to nobody. */
function shownKeys({ address, extraKeys }: Message): readonly string[] {
  return [address.routingKey, ...(extraKeys?.cc ?? [])]
}

/**
 * The properties under RabbitMQ's names, in the order in which a message has them. Headers that could not be read
 * again two levels deeper are left out.
 */
function propertyTable(message: Message): Table {
  const properties = decodeProperties(message.properties.encoded)
  const { headers } = properties
  const isTooDeep = headers !== undefined && depthOf(headers.values()) > MAX_DEPTH - 2
  const fields: readonly (readonly [string, FieldValue | null])[] = [
    ['content_type', text(properties.contentType)],
    ['content_encoding', text(properties.contentEncoding)],
    ['headers', headers === undefined || isTooDeep ? null : { type: 'table', value: headers }],
    ['delivery_mode', number(properties.deliveryMode)],
    ['priority', number(properties.priority)],
    ['correlation_id', text(properties.correlationId)],
    ['reply_to', text(properties.replyTo)],
    ['expiration', text(properties.expiration)],
    ['message_id', text(properties.messageId)],
    ['timestamp', time(properties.timestamp)],
    ['type', text(properties.type)],
    ['user_id', text(properties.userId)],
    ['app_id', text(properties.appId)],
    ['cluster_id', text(properties.clusterId)],
  ]
  return new Map(fields.flatMap(([name, field]) => (field === null ? [] : [[name, field]])))
}

/** Levels of tables and arrays, the one with these values counted. */
function depthOf(values: Iterable<FieldValue>): number {
  let deepest = 0
  for (const field of values) {
    if (field.type === 'table') deepest = Math.max(deepest, depthOf(field.value.values()))
    else if (field.type === 'array') deepest = Math.max(deepest, depthOf(field.value))
  }
  return deepest + 1
}

function text(value: string | undefined): FieldValue | null {
  return value === undefined ? null : longstr(value)
}

function number(value: number | undefined): FieldValue | null {
  return value === undefined ? null : integer(value)
}

/** A 32-bit integer as RabbitMQ's; what does not fit is wider here. */
function time(value: bigint | undefined): FieldValue | null {
  if (value === undefined) return null
  return value < 0x8000_0000n ? integer(Number(value)) : { type: 'long', value }
}

function integer(value: number): FieldValue {
  return { type: 'signedint', value }
}
