import assert from 'node:assert/strict'
import { EMPTY_TABLE, type Table } from '../../src/common/table.ts'
import type { Connection } from '../../src/protocol/connection.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import { Cursor } from '../../src/wire/cursor.ts'
import * as wire from '../../src/wire/methods.ts'
import { encodeProperties, type Properties } from '../../src/wire/properties.ts'
import { encodeMethod } from './encode-method.ts'
import { type Frame, FrameSplitter, frameBytes } from './frames.ts'
import type { MemoryTransport } from './memory-transport.ts'

/** What a client says when it opens its connection; everything has a default. */
export interface TestSession {
  readonly channels?: readonly number[]
  readonly capabilities?: readonly string[]
  readonly frameMax?: number
  readonly channelMax?: number
  readonly heartbeatSeconds?: number
}

/** A method that has come, with its content if it has one. */
export type Received = wire.Method & {
  readonly channel: number
  readonly body?: string
  readonly properties?: Buffer
}

/** A client over a MemoryTransport: it does only what a test tells it to. */
export class TestClient {
  readonly connection: Connection
  readonly transport: MemoryTransport
  private readonly broker: { settle(): void }
  private readonly splitter = new FrameSplitter()

  constructor(broker: { settle(): void }, connection: Connection, transport: MemoryTransport) {
    this.broker = broker
    this.connection = connection
    this.transport = transport
  }

  /** Sends everything in one chunk, and lets the broker do what there is to do. */
  send(...pieces: readonly Uint8Array[]): void {
    this.push(...pieces)
    this.broker.settle()
  }

  /** Sends everything in one chunk; the turn goes on. */
  push(...pieces: readonly Uint8Array[]): void {
    this.transport.receive(Buffer.concat(pieces))
  }

  /** Sends, and returns what has come since the last call of this or `receive`. */
  call(...pieces: readonly Uint8Array[]): Received[] {
    this.send(...pieces)
    return this.receive()
  }

  /** The methods that have come since the last call. */
  receive(): Received[] {
    return assemble(this.frames())
  }

  /** The same for a client that may have been refused with a protocol header. */
  receiveAny(): Received[] {
    const bytes = this.transport.take()
    return bytes.equals(PROTOCOL_HEADER) ? [] : assemble(this.splitter.push(bytes))
  }

  frames(): Frame[] {
    return this.splitter.push(this.transport.take())
  }

  /** Reads on after `transport.stopReading`. */
  read(): void {
    this.transport.startReading()
    this.broker.settle()
  }

  /** The socket is gone. */
  drop(error: Error | null = null): void {
    this.transport.close(error)
    this.broker.settle()
  }

  open(session: TestSession = {}): void {
    this.send(PROTOCOL_HEADER)
    this.send(startOk({ capabilities: session.capabilities ?? [] }))
    this.send(tuneOk(session))
    const opened = this.call(openVhost('/'))
    assert.equal(opened.at(-1)?.id, wire.CONNECTION_OPEN_OK)
    for (const channel of session.channels ?? []) {
      assert.deepEqual(this.call(openChannel(channel)), [{ id: wire.CHANNEL_OPEN_OK, channel }])
    }
  }
}

export function startOk(
  login: { capabilities?: readonly string[]; mechanism?: string; response?: string } = {},
): Buffer {
  const capabilities: Table = new Map(
    (login.capabilities ?? []).map((name) => [name, { type: 'bool', value: true }] as const),
  )
  return encodeMethod(0, {
    id: wire.CONNECTION_START_OK,
    clientProperties: new Map([['capabilities', { type: 'table', value: capabilities }]]),
    mechanism: login.mechanism ?? 'PLAIN',
    response: Buffer.from(login.response ?? '\0guest\0guest'),
    locale: 'en_US',
  })
}

export function tuneOk(session: TestSession = {}): Buffer {
  return encodeMethod(0, {
    id: wire.CONNECTION_TUNE_OK,
    channelMax: session.channelMax ?? 2047,
    frameMax: session.frameMax ?? 131_072,
    heartbeat: session.heartbeatSeconds ?? 0,
  })
}

export function openVhost(virtualHost: string): Buffer {
  return encodeMethod(0, { id: wire.CONNECTION_OPEN, virtualHost })
}

/** All that a client says until its connection is open; it wants no heartbeats. */
export const OPENING = Buffer.concat([PROTOCOL_HEADER, startOk(), tuneOk(), openVhost('/')])

export function openChannel(channel: number): Buffer {
  return encodeMethod(channel, { id: wire.CHANNEL_OPEN })
}

export function closeOk(channel: number): Buffer {
  return encodeMethod(channel, {
    id: channel === 0 ? wire.CONNECTION_CLOSE_OK : wire.CHANNEL_CLOSE_OK,
  })
}

export function close(channel: number): Buffer {
  return encodeMethod(channel, {
    id: channel === 0 ? wire.CONNECTION_CLOSE : wire.CHANNEL_CLOSE,
    replyCode: 200,
    replyText: 'bye',
    classId: 0,
    methodId: 0,
  })
}

export function declareQueue(
  channel: number,
  queue: string,
  flags: Partial<wire.QueueDeclare> = {},
): Buffer {
  return encodeMethod(channel, {
    id: wire.QUEUE_DECLARE,
    queue,
    passive: false,
    durable: false,
    exclusive: false,
    autoDelete: false,
    noWait: false,
    arguments: EMPTY_TABLE,
    ...flags,
  })
}

export function consume(
  channel: number,
  queue: string,
  consumerTag: string,
  noAck: boolean,
): Buffer {
  return encodeMethod(channel, {
    id: wire.BASIC_CONSUME,
    queue,
    consumerTag,
    noLocal: false,
    noAck,
    exclusive: false,
    noWait: false,
    arguments: EMPTY_TABLE,
  })
}

export function ack(channel: number, deliveryTag: number, multiple = false): Buffer {
  return encodeMethod(channel, { id: wire.BASIC_ACK, deliveryTag, multiple })
}

/** basic.publish to the default exchange, header, and the body in one frame if there is one. */
export function publish(
  channel: number,
  routingKey: string,
  body: string | Buffer,
  options: { exchange?: string; mandatory?: boolean; properties?: Properties } = {},
): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([
    publishMethod(channel, routingKey, options.exchange, options.mandatory),
    headerFrame(channel, bytes.length, options.properties),
    ...(bytes.length > 0 ? [frameBytes(3, channel, bytes)] : []),
  ])
}

export function publishMethod(
  channel: number,
  routingKey: string,
  exchange = '',
  mandatory = false,
): Buffer {
  return encodeMethod(channel, {
    id: wire.BASIC_PUBLISH,
    exchange,
    routingKey,
    mandatory,
    immediate: false,
  })
}

export function headerFrame(
  channel: number,
  bodySize: number,
  properties: Properties = {},
): Buffer {
  const fixed = Buffer.alloc(12)
  fixed.writeUInt16BE(60, 0)
  fixed.writeBigUInt64BE(BigInt(bodySize), 4)
  return frameBytes(2, channel, Buffer.concat([fixed, encodeProperties(properties)]))
}

/** Puts methods and their contents together; heartbeats are left out. */
export function assemble(frames: readonly Frame[]): Received[] {
  const received: Received[] = []
  for (let i = 0; i < frames.length; ) {
    const { type, channel, payload } = frames[i++]!
    if (type === 8) continue
    assert.equal(type, 1, 'a method comes first')
    const id = payload.readUInt32BE(0)
    const cursor = new Cursor().reset(payload, 4, payload.length)
    const method = { ...wire.decodeMethod(cursor, id), channel }
    if (wire.METHODS.get(id)?.hasContent !== true) {
      received.push(method)
      continue
    }
    const header = frames[i++]
    assert.ok(header?.type === 2 && header.channel === channel, 'a header follows')
    const bodySize = Number(header.payload.readBigUInt64BE(4))
    let body = ''
    while (body.length < bodySize) {
      const part = frames[i++]
      assert.ok(part?.type === 3 && part.channel === channel, 'a body follows')
      body += part.payload.toString('latin1')
    }
    received.push({ ...method, body, properties: header.payload.subarray(12) })
  }
  return received
}
