import { connect as dial, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { type ContentHeader, decodeContentHeader, type Properties } from './content-header.ts'
import type { Table } from './field-table.ts'
import {
  FRAME_BODY,
  FRAME_END,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  FRAME_OVERHEAD,
  frame,
  methodFrame,
  PROTOCOL_HEADER,
  publishFrames,
} from './frames.ts'
import { type Arguments, decodeMethod } from './methods.ts'

/** What came from the broker. `end` is the closed socket and comes last, once. */
export type Incoming =
  | { kind: 'method'; channel: number; name: string; args: Arguments }
  | { kind: 'header'; channel: number; header: ContentHeader }
  | { kind: 'body'; channel: number; payload: Buffer }
  | { kind: 'heartbeat' }
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'unreadable'; reason: string }
  | { kind: 'end' }

export type RawMessage = { args: Arguments; properties: Properties; body: Buffer; frames: number[] }

export type Handshake = {
  mechanism?: string
  response?: string | Buffer
  vhost?: string
  clientProperties?: Table
  /** Left out: what the broker proposed. */
  tune?: { channelMax?: number; frameMax?: number; heartbeat?: number }
}

/** Client properties that announce everything a client can announce. */
export const ALL_CAPABILITIES: Table = [
  [
    'capabilities',
    'F',
    [
      ['publisher_confirms', 't', true],
      ['exchange_exchange_bindings', 't', true],
      ['basic.nack', 't', true],
      ['consumer_cancel_notify', 't', true],
      ['connection.blocked', 't', true],
      ['authentication_failure_close', 't', true],
    ],
  ],
]

/**
 * A client that sends exactly the octets it is told to and shows every frame that comes back,
 * in order. It answers nothing by itself.
 */
export class RawConnection {
  readonly socket: Socket
  private readonly incoming: Incoming[] = []
  private readonly waiting: (() => void)[] = []
  private rest: Buffer = Buffer.alloc(0)
  private isEnded = false
  /** Heartbeat frames are counted and passed over unless `showsHeartbeats`. */
  heartbeats = 0
  /** What somebody is waiting for. */
  awaited: string | null = null
  showsHeartbeats = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => this.onData(chunk))
    socket.on('error', () => this.onEnd())
    socket.on('close', () => this.onEnd())
  }

  /** Opens the socket only. */
  static dial(host: string, port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = dial({ host, port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new RawConnection(socket))
      })
    })
  }

  /** Protocol header to connection.open-ok; gives the arguments of start and tune. */
  async handshake(options: Handshake = {}): Promise<{ start: Arguments; tune: Arguments }> {
    const start = await this.login(options)
    const tune = await this.expect(0, 'connection.tune')
    this.send(0, 'connection.tune-ok', { ...tune, heartbeat: 0, ...options.tune })
    this.send(0, 'connection.open', { virtualHost: options.vhost ?? '/' })
    await this.expect(0, 'connection.open-ok')
    return { start, tune }
  }

  /** Protocol header to start-ok; gives the arguments of start. */
  async login(options: Handshake = {}): Promise<Arguments> {
    this.sendBytes(PROTOCOL_HEADER)
    const start = await this.expect(0, 'connection.start')
    this.send(0, 'connection.start-ok', {
      clientProperties: options.clientProperties ?? ALL_CAPABILITIES,
      mechanism: options.mechanism ?? 'PLAIN',
      response: options.response ?? '\0guest\0guest',
      locale: 'en_US',
    })
    return start
  }

  sendBytes(octets: Buffer): void {
    this.socket.write(octets)
  }

  send(channel: number, name: string, args: Arguments = {}): void {
    this.sendBytes(methodFrame(channel, name, args))
  }

  sendFrame(type: number, channel: number, payload: Buffer | string, end = FRAME_END): void {
    this.sendBytes(frame(type, channel, Buffer.from(payload), end))
  }

  publish(
    channel: number,
    args: Arguments,
    body: Buffer | string = '',
    properties?: Properties,
  ): void {
    this.sendBytes(publishFrames(channel, args, body, properties))
  }

  /** The next thing that came, waiting for it if need be; `awaited` is for a time-out's message. */
  async next(awaited = 'a frame'): Promise<Incoming> {
    const item = await this.peek(awaited)
    if (item.kind !== 'end') this.incoming.shift()
    return item
  }

  /** The same without taking it. */
  async peek(awaited = 'a frame'): Promise<Incoming> {
    this.awaited = awaited
    while (this.incoming.length === 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
    this.awaited = null
    return this.incoming[0]!
  }

  /** The next frame, which has to be this method. */
  async expect(channel: number, name: string): Promise<Arguments> {
    const item = await this.next(`${name} on channel ${channel}`)
    if (item.kind === 'method' && item.channel === channel && item.name === name) return item.args
    throw new Error(`expected ${name} on channel ${channel}\nreceived ${describe(item)}`)
  }

  /** Sends a method and takes its reply, which has to be the next frame. */
  async call(channel: number, name: string, args: Arguments = {}): Promise<Arguments> {
    this.send(channel, name, args)
    return this.expect(channel, `${name}-ok`)
  }

  /** The next method and its whole content: deliver, get-ok or return. */
  async message(channel: number, name: string): Promise<RawMessage> {
    const args = await this.expect(channel, name)
    const item = await this.next()
    if (item.kind !== 'header' || item.channel !== channel) {
      throw new Error(`expected a content header\nreceived ${describe(item)}`)
    }
    const parts: Buffer[] = []
    let missing = item.header.bodySize
    while (missing > 0) {
      const part = await this.next()
      if (part.kind !== 'body' || part.channel !== channel) {
        throw new Error(`expected ${missing} more body bytes\nreceived ${describe(part)}`)
      }
      parts.push(part.payload)
      missing -= part.payload.length
    }
    return {
      args,
      properties: item.header.properties,
      body: Buffer.concat(parts),
      frames: parts.map((part) => part.length),
    }
  }

  /** Waits for the end of the socket and gives what came before it. */
  async untilEnd(): Promise<Incoming[]> {
    const before: Incoming[] = []
    for (;;) {
      const item = await this.next('the end of the socket')
      if (item.kind === 'end') return before
      before.push(item)
    }
  }

  /** Closes as a client should. */
  async close(): Promise<void> {
    await this.call(0, 'connection.close', { replyCode: 200, replyText: 'done' })
    this.socket.end()
  }

  destroy(): void {
    this.socket.destroy()
  }

  private onData(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk])
    try {
      this.readFrames()
    } catch (error) {
      this.push({ kind: 'unreadable', reason: String(error) })
      this.socket.destroy()
    }
  }

  private readFrames(): void {
    while (this.rest.length >= FRAME_OVERHEAD) {
      if (this.rest.subarray(0, 4).toString('latin1') === 'AMQP') {
        this.push({ kind: 'bytes', bytes: Buffer.from(this.rest) })
        this.rest = Buffer.alloc(0)
        return
      }
      const size = this.rest.readUInt32BE(3)
      if (this.rest.length < size + FRAME_OVERHEAD) return
      if (this.rest[size + 7] !== FRAME_END) throw new Error('the broker sent a damaged frame')
      this.onFrame(this.rest[0]!, this.rest.readUInt16BE(1), this.rest.subarray(7, size + 7))
      this.rest = this.rest.subarray(size + FRAME_OVERHEAD)
    }
  }

  private onFrame(type: number, channel: number, payload: Buffer): void {
    if (type === FRAME_METHOD) {
      this.push({ kind: 'method', channel, ...decodeMethod(payload) })
    } else if (type === FRAME_HEADER) {
      this.push({ kind: 'header', channel, header: decodeContentHeader(payload) })
    } else if (type === FRAME_BODY) {
      this.push({ kind: 'body', channel, payload: Buffer.from(payload) })
    } else if (type === FRAME_HEARTBEAT) {
      this.heartbeats++
      if (this.showsHeartbeats) this.push({ kind: 'heartbeat' })
    } else {
      throw new Error(`the broker sent a frame of type ${type}`)
    }
  }

  private onEnd(): void {
    if (this.isEnded) return
    this.isEnded = true
    this.push({ kind: 'end' })
  }

  private push(item: Incoming): void {
    this.incoming.push(item)
    for (const wake of this.waiting.splice(0)) wake()
  }
}

/** One line for a failure message. */
export function describe(item: Incoming): string {
  switch (item.kind) {
    case 'method':
      return `${item.name} on channel ${item.channel} ${inspect(item.args, { breakLength: Number.POSITIVE_INFINITY })}`
    case 'header':
      return `a content header on channel ${item.channel} for ${item.header.bodySize} bytes`
    case 'body':
      return `a body frame of ${item.payload.length} bytes on channel ${item.channel}`
    case 'bytes':
      return `bytes ${item.bytes.toString('hex')}`
    case 'unreadable':
      return `something unreadable: ${item.reason}`
    case 'heartbeat':
      return 'a heartbeat'
    case 'end':
      return 'the end of the socket'
  }
}
