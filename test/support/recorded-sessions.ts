import { EMPTY_TABLE, longstr, type Table } from '../../src/common/table.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from './encode-method.ts'
import { frameBytes } from './frames.ts'
import {
  ack,
  close,
  closeOk,
  consume,
  declareQueue,
  headerFrame,
  openChannel,
  openVhost,
  publish,
  publishMethod,
  startOk,
  tuneOk,
} from './test-client.ts'

const HEADERS: Table = new Map([
  ['text', longstr('value')],
  ['number', { type: 'signedint', value: 7 }],
  ['CC', { type: 'array', value: [longstr('cc')] }],
  ['nested', { type: 'table', value: new Map([['flag', { type: 'bool', value: true }]]) }],
])

export const HANDSHAKE = Buffer.concat([
  PROTOCOL_HEADER,
  startOk({ capabilities: ['authentication_failure_close', 'consumer_cancel_notify'] }),
  tuneOk({ heartbeatSeconds: 10 }),
  openVhost('/'),
])

/** What clients send, step by step, in whole sessions that go well; each ends with the connection closed. */
export const SESSIONS: Readonly<Record<string, readonly Buffer[]>> = {
  'declare, publish, consume and acknowledge': [
    HANDSHAKE,
    openChannel(1),
    declareExchange('x', 'headers'),
    declareQueue(1, 'q', { durable: true, arguments: new Map([['x-max-length', int(9)]]) }),
    declareQueue(1, '', { exclusive: true }),
    method({
      id: wire.QUEUE_BIND,
      queue: 'q',
      exchange: 'x',
      routingKey: 'k',
      noWait: false,
      arguments: HEADERS,
    }),
    publish(1, 'k', 'to headers', { exchange: 'x', properties: { headers: HEADERS } }),
    publish(1, 'q', 'persistent', { properties: { deliveryMode: 2, expiration: '60000' } }),
    publish(1, 'q', ''),
    publish(1, 'q', 'rejected'),
    method({ id: wire.BASIC_QOS, prefetchSize: 0, prefetchCount: 3, global: false }),
    consume(1, 'q', 'ctag', false),
    ack(1, 1),
    method({ id: wire.BASIC_NACK, deliveryTag: 2, multiple: false, requeue: true }),
    method({ id: wire.BASIC_REJECT, deliveryTag: 3, requeue: false }),
    method({ id: wire.BASIC_CANCEL, consumerTag: 'ctag', noWait: false }),
    method({ id: wire.BASIC_GET, queue: 'q', noAck: false }),
    method({ id: wire.BASIC_RECOVER, requeue: true }),
    close(1),
    close(0),
  ],
  'transactions, confirms and several channels': [
    HANDSHAKE,
    openChannel(1),
    openChannel(2),
    declareQueue(1, 'q', { autoDelete: true }),
    consume(1, 'q', 'a', false),
    method({ id: wire.TX_SELECT }),
    publish(1, 'q', 'committed', { properties: { deliveryMode: 2 } }),
    method({ id: wire.TX_COMMIT }),
    ack(1, 1),
    method({ id: wire.TX_ROLLBACK }),
    encodeMethod(2, { id: wire.CONFIRM_SELECT, noWait: false }),
    publishMethod(2, 'q'),
    headerFrame(2, 8),
    frameBytes(3, 2, 'in '),
    frameBytes(8, 0, ''),
    declareQueue(1, 'other'),
    frameBytes(3, 2, 'parts'),
    publish(2, 'nowhere', 'comes back', { mandatory: true }),
    consume(2, 'other', 'b', true),
    publish(2, 'other', 'x'.repeat(300)),
    close(1),
    openChannel(1),
    method({ id: wire.QUEUE_PURGE, queue: 'other', noWait: false }),
    method({
      id: wire.QUEUE_DELETE,
      queue: 'other',
      ifUnused: false,
      ifEmpty: false,
      noWait: true,
    }),
    close(0),
  ],
  'errors and what clients do about them': [
    HANDSHAKE,
    openChannel(1),
    declareExchange('e', 'topic'),
    method({
      id: wire.EXCHANGE_BIND,
      destination: 'e',
      source: 'amq.topic',
      routingKey: 'a.#',
      noWait: false,
      arguments: EMPTY_TABLE,
    }),
    declareQueue(1, 'none', { passive: true }),
    publish(1, 'ignored', 'ignored'),
    closeOk(1),
    openChannel(1),
    method({ id: wire.EXCHANGE_DELETE, exchange: 'e', ifUnused: false, noWait: false }),
    ack(1, 5),
    closeOk(1),
    openChannel(1),
    method({ id: wire.CHANNEL_FLOW, active: false }),
    closeOk(0),
  ],
}

function method(method: wire.Method): Buffer {
  return encodeMethod(1, method)
}

function declareExchange(exchange: string, type: string): Buffer {
  return method({
    id: wire.EXCHANGE_DECLARE,
    exchange,
    type,
    passive: false,
    durable: true,
    autoDelete: false,
    internal: false,
    noWait: false,
    arguments: EMPTY_TABLE,
  })
}

function int(value: number): { readonly type: 'signedint'; readonly value: number } {
  return { type: 'signedint', value }
}
