import type { Json, JsonObject } from '../../common/json.ts'
import { jsonOfTable, tableOfJson } from '../amqp-json.ts'
import { badRequest } from '../http-error.ts'
import type { BasicProperties, FetchedMessage, ManagedSession } from '../managed-broker.ts'
import { bodyWith } from '../route.ts'
import { object, text, wholeNumber } from '../schema.ts'

export const GET_BODY = bodyWith(
  { ackmode: 'string', count: ['integer', 'string'], encoding: 'string', truncate: 'integer' },
  'ackmode',
  'count',
  'encoding',
)

export const PUBLISH_BODY = bodyWith(
  { routing_key: 'string', properties: 'object', payload: 'string', payload_encoding: 'string' },
  'routing_key',
  'properties',
  'payload',
  'payload_encoding',
)

/** Fetches messages as the body asks, in the form that the API shows them. */
export function fetchMessages(session: ManagedSession, queue: string, body: JsonObject): Json {
  const count = wholeNumber(body.count)
  const truncate = body.truncate === undefined ? null : wholeNumber(body.truncate)
  const mode = text(body, 'ackmode')
  const requeue = ACK_MODES.get(mode)
  if (requeue === undefined) {
    const valid = [...ACK_MODES.keys()].join(', ')
    throw badRequest(`Invalid ackmode value: ${mode}. Valid values are: ${valid}`)
  }
  const encoding = text(body, 'encoding')
  if (encoding !== 'auto' && encoding !== 'base64') {
    throw badRequest('Unsupported encoding. Please use auto or base64.')
  }
  return session
    .get(queue, { count, requeue })
    .map((message) => messageJson(message, encoding, truncate))
}

/** The routing key, properties and payload of a message to be published. Throws RabbitMQ's answer to a wrong one. */
export function messageIn(body: JsonObject): {
  routingKey: string
  properties: BasicProperties
  body: Buffer
} {
  const { payload } = body
  const encoding = text(body, 'payload_encoding')
  if (typeof payload !== 'string') throw badRequest('payload_not_string')
  return {
    routingKey: text(body, 'routing_key'),
    properties: propertiesOf(object(body, 'properties')),
    body: bytesOf(payload, encoding),
  }
}

/** How messages come back to their queue. */
const ACK_MODES: ReadonlyMap<string, 'nack' | 'reject' | null> = new Map([
  ['ack_requeue_true', 'nack'],
  ['ack_requeue_false', null],
  ['reject_requeue_true', 'reject'],
  ['reject_requeue_false', null],
])

function bytesOf(payload: string, encoding: string): Buffer {
  if (encoding === 'string') return Buffer.from(payload)
  if (encoding !== 'base64') throw badRequest(['unsupported_encoding', encoding])
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(payload)) throw badRequest(['not_base64', payload])
  return Buffer.from(payload, 'base64')
}

export function messageJson(
  message: FetchedMessage,
  encoding: 'auto' | 'base64',
  truncate: number | null,
): JsonObject {
  const { body } = message
  const isText = encoding === 'auto' && isUtf8(body)
  const bytes = truncate === null ? body : body.subarray(0, truncate)
  return {
    payload_bytes: body.length,
    redelivered: message.redelivered,
    exchange: message.exchange,
    routing_key: message.routingKey,
    message_count: message.messageCount,
    properties: propertiesJson(message.properties),
    payload: bytes.toString(isText ? 'utf8' : 'base64'),
    payload_encoding: isText ? 'string' : 'base64',
  }
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes)
}

type TextName =
  | 'contentType'
  | 'contentEncoding'
  | 'correlationId'
  | 'replyTo'
  | 'expiration'
  | 'messageId'
  | 'type'
  | 'userId'
  | 'appId'
  | 'clusterId'

const TEXTS: ReadonlyMap<string, TextName> = new Map([
  ['cluster_id', 'clusterId'],
  ['app_id', 'appId'],
  ['user_id', 'userId'],
  ['type', 'type'],
  ['message_id', 'messageId'],
  ['expiration', 'expiration'],
  ['reply_to', 'replyTo'],
  ['correlation_id', 'correlationId'],
  ['content_encoding', 'contentEncoding'],
  ['content_type', 'contentType'],
])

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Unknown properties are ignored, known ones must have their type. */
function propertiesOf(json: JsonObject): BasicProperties {
  const properties: Writable<BasicProperties> = {}
  for (const [name, field] of TEXTS) {
    const value = json[name]
    if (value === undefined) continue
    if (typeof value !== 'string') throw badRequest(['not_string', name])
    properties[field] = value
  }
  const deliveryMode = integerIn(json, 'delivery_mode')
  const priority = integerIn(json, 'priority')
  const timestamp = integerIn(json, 'timestamp')
  if (deliveryMode !== null) properties.deliveryMode = deliveryMode
  if (priority !== null) properties.priority = priority
  if (timestamp !== null) properties.timestamp = BigInt(timestamp)
  if (json.headers !== undefined) properties.headers = tableOfJson(object(json, 'headers'))
  return properties
}

function integerIn(json: JsonObject, name: string): number | null {
  const value = json[name]
  if (value === undefined) return null
  if (typeof value !== 'number' || !Number.isInteger(value)) throw badRequest(['not_int', name])
  return value
}

/** RabbitMQ shows a message without properties with an empty list of them. */
function propertiesJson(properties: BasicProperties): Json {
  const json: Record<string, Json> = {}
  for (const [name, field] of TEXTS) {
    const value = properties[field]
    if (value !== undefined) json[name] = value
  }
  const { deliveryMode, priority, timestamp, headers } = properties
  if (timestamp !== undefined) json.timestamp = Number(timestamp)
  if (priority !== undefined) json.priority = priority
  if (deliveryMode !== undefined) json.delivery_mode = deliveryMode
  if (headers !== undefined) json.headers = jsonOfTable(headers)
  return Object.keys(json).length === 0 ? [] : json
}
