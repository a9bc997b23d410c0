import { EMPTY_TABLE } from '../../src/common/table.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import type { Properties } from '../../src/wire/properties.ts'
import { encodeMethod } from './encode-method.ts'
import { type Plain, tableOf } from './tables.ts'
import type { TestBroker } from './test-broker.ts'
import {
  openChannel,
  openVhost,
  publish,
  type Received,
  startOk,
  type TestClient,
  tuneOk,
} from './test-client.ts'

type Arguments = Readonly<Record<string, Plain>>

/** A client that says things in few words, and tells what it hears in lines. */
export class Actor {
  readonly client: TestClient
  readonly channel: number

  constructor(client: TestClient, channel = 1) {
    this.client = client
    this.channel = channel
  }

  /** One that is connected, with channel 1 open. */
  static connect(broker: TestBroker, capabilities: readonly string[] = []): Actor {
    return new Actor(broker.connect({ channels: [1], capabilities }))
  }

  /** The same client on another channel, which is opened. */
  onChannel(channel: number): Actor {
    this.client.call(openChannel(channel))
    return new Actor(this.client, channel)
  }

  /** Sends a method; tells what has come since the last time. */
  say(method: wire.Method): readonly string[] {
    return told(this.client.call(encodeMethod(this.channel, method)))
  }

  hear(): readonly string[] {
    return told(this.client.receive())
  }

  declare(queue: string, args: Arguments = {}, flags: Partial<wire.QueueDeclare> = {}) {
    return this.say({
      id: wire.QUEUE_DECLARE,
      queue,
      passive: false,
      durable: true,
      exclusive: false,
      autoDelete: false,
      noWait: false,
      arguments: tableOf(args),
      ...flags,
    })
  }

  declareExchange(exchange: string, type: string, args: Arguments = {}) {
    return this.say({
      id: wire.EXCHANGE_DECLARE,
      exchange,
      type,
      passive: false,
      durable: true,
      autoDelete: false,
      internal: false,
      noWait: false,
      arguments: tableOf(args),
    })
  }

  bind(exchange: string, queue: string, routingKey = '') {
    const binding = { exchange, queue, routingKey, noWait: false, arguments: EMPTY_TABLE }
    return this.say({ id: wire.QUEUE_BIND, ...binding })
  }

  unbind(exchange: string, queue: string, routingKey = '') {
    const binding = { exchange, queue, routingKey, arguments: EMPTY_TABLE }
    return this.say({ id: wire.QUEUE_UNBIND, ...binding })
  }

  bindExchange(source: string, destination: string, routingKey = '') {
    const binding = { source, destination, routingKey, noWait: false, arguments: EMPTY_TABLE }
    return this.say({ id: wire.EXCHANGE_BIND, ...binding })
  }

  consume(queue: string, consumerTag: string, wish: Partial<wire.BasicConsume> = {}) {
    return this.say({
      id: wire.BASIC_CONSUME,
      queue,
      consumerTag,
      noLocal: false,
      noAck: false,
      exclusive: false,
      noWait: false,
      arguments: EMPTY_TABLE,
      ...wish,
    })
  }

  cancel(consumerTag: string) {
    return this.say({ id: wire.BASIC_CANCEL, consumerTag, noWait: false })
  }

  get(queue: string, noAck = false) {
    return this.say({ id: wire.BASIC_GET, queue, noAck })
  }

  ack(deliveryTag: number, multiple = false) {
    return this.say({ id: wire.BASIC_ACK, deliveryTag, multiple })
  }

  nack(deliveryTag: number, requeue: boolean) {
    return this.say({ id: wire.BASIC_NACK, deliveryTag, multiple: false, requeue })
  }

  reject(deliveryTag: number, requeue: boolean) {
    return this.say({ id: wire.BASIC_REJECT, deliveryTag, requeue })
  }

  selectConfirms() {
    return this.say({ id: wire.CONFIRM_SELECT, noWait: false })
  }

  /** The bytes of a publish, to be sent with others in one piece. */
  publishing(routingKey: string, body: string, wish: Publishing = {}): Buffer {
    const { exchange = '', mandatory = false, ...properties } = wish
    return publish(this.channel, routingKey, body, { exchange, mandatory, properties })
  }

  publish(routingKey: string, body: string, wish: Publishing = {}) {
    return told(this.client.call(this.publishing(routingKey, body, wish)))
  }

  /** Publishes to one queue in one piece. */
  publishAll(queue: string, bodies: readonly string[], wish: Publishing = {}) {
    return told(this.client.call(...bodies.map((body) => this.publishing(queue, body, wish))))
  }
}

export interface Publishing extends Properties {
  readonly exchange?: string
  readonly mandatory?: boolean
}

export interface Login {
  readonly user?: string
  readonly vhost?: string
  readonly capabilities?: readonly string[]
}

/** Goes through the handshake of a user whose password is the name; tells what came last. */
export function logIn(broker: TestBroker, login: Login = {}): { actor: Actor; end: string } {
  const { user = 'guest', vhost = '/', capabilities = [] } = login
  const client = broker.accept()
  client.send(PROTOCOL_HEADER)
  client.send(startOk({ capabilities, response: `\0${user}\0${user}` }))
  client.send(tuneOk())
  const heard = told(client.call(openVhost(vhost)))
  return { actor: new Actor(client), end: heard.at(-1) ?? '' }
}

/** Each method as a line: its name, and what tests look at. */
export function told(received: readonly Received[]): readonly string[] {
  return received.map((method) => {
    const name = wire.METHODS.get(method.id)?.name ?? `${method.id}`
    const channel = method.channel > 1 ? `[${method.channel}] ` : ''
    return [channel + name, ...detailsOf(method)].join(' ')
  })
}

function detailsOf(method: Received): readonly (string | number)[] {
  switch (method.id) {
    case wire.BASIC_DELIVER:
      return [method.deliveryTag, ...(method.redelivered ? ['again'] : []), method.body ?? '']
    case wire.BASIC_GET_OK:
      return [method.deliveryTag, ...(method.redelivered ? ['again'] : []), method.body ?? '']
    case wire.BASIC_RETURN:
      return [method.replyCode, method.replyText, method.body ?? '']
    case wire.BASIC_ACK:
      return [method.deliveryTag, ...(method.multiple ? ['multiple'] : [])]
    case wire.BASIC_NACK:
      return [
        method.deliveryTag,
        ...(method.multiple ? ['multiple'] : []),
        ...(method.requeue ? ['requeue'] : []),
      ]
    case wire.BASIC_CANCEL:
      return [method.consumerTag]
    case wire.QUEUE_DECLARE_OK:
      return [method.queue, method.messageCount, method.consumerCount]
    case wire.CHANNEL_CLOSE:
    case wire.CONNECTION_CLOSE:
      return [method.replyCode, `(${method.classId},${method.methodId})`, method.replyText]
    default:
      return []
  }
}
