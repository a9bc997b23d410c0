import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Table } from '../../../conformance/support/field-table.ts'
import {
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_METHOD,
  FRAME_OVERHEAD,
  methodFrame,
  PROTOCOL_HEADER,
} from '../../../conformance/support/frames.ts'
import { type Arguments, decodeMethod, type Method } from '../../../conformance/support/methods.ts'
import { ALL_CAPABILITIES } from '../../../conformance/support/raw-connection.ts'

/** What a load hears of its connection. The bytes are lent. */
export interface LoadSink {
  onConfirm(channel: number, tag: number, multiple: boolean): void
  /** A whole message; its body begins at `bytes[bodyStart]`. */
  onDeliver(tag: number, redelivered: boolean, bytes: Buffer, bodyStart: number): void
  /** All that had come has been told. */
  onPause(): void
}

/**
 * A client that costs little: what it sends has been encoded before, and what comes is read in place. Bodies must fit
 * in one frame. Anything that a load does not expect (a nack, a close, a lost connection) fails the process.
 */
export class LoadConnection {
  sink: LoadSink = IDLE
  readonly socket: Socket
  private rest: Buffer = Buffer.alloc(0)
  private readonly replies: Method[] = []
  private wakeUp = () => {}
  private isClosing = false

  private deliveryTag = 0
  private isRedelivered = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => this.onData(chunk))
    socket.on('close', () => {
      if (!this.isClosing) throw new Error('the broker closed the connection')
    })
    socket.on('error', (error) => {
      if (!this.isClosing) throw error
    })
  }

  /** Logs in as guest and opens channels 1 to `channels`. */
  static async open(port: number, channels = 1): Promise<LoadConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    const connection = new LoadConnection(socket)
    await connection.logIn()
    for (let channel = 1; channel <= channels; channel++) {
      await connection.call(channel, 'channel.open')
    }
    return connection
  }

  /** Sends a method and waits for its reply; there is one such call at a time. */
  async call(channel: number, name: string, args: Arguments = {}): Promise<Arguments> {
    this.socket.write(methodFrame(channel, name, args))
    return await this.reply(`${name}-ok`)
  }

  async declareQueue(queue: string, type: string): Promise<void> {
    const typed: Table = [['x-queue-type', 'S', type]]
    await this.call(1, 'queue.declare', { queue, durable: true, arguments: typed })
  }

  async close(): Promise<void> {
    this.isClosing = true
    await this.call(0, 'connection.close', { replyCode: 200, replyText: 'done' })
    this.socket.destroy()
  }

  /** For when the broker is about to be killed. */
  abandon(): void {
    this.isClosing = true
    this.socket.destroy()
  }

  private async logIn(): Promise<void> {
    this.socket.write(PROTOCOL_HEADER)
    await this.reply('connection.start')
    const response = '\0guest\0guest'
    const startOk = { clientProperties: ALL_CAPABILITIES, mechanism: 'PLAIN', response }
    this.socket.write(methodFrame(0, 'connection.start-ok', { ...startOk, locale: 'en_US' }))
    const tune = await this.reply('connection.tune')
    this.socket.write(methodFrame(0, 'connection.tune-ok', { ...tune, heartbeat: 0 }))
    await this.call(0, 'connection.open', { virtualHost: '/' })
  }

  private async reply(name: string): Promise<Arguments> {
    for (;;) {
      const method = this.replies.shift()
      if (method?.name === name) return method.args
      if (method !== undefined) {
        throw new Error(`${JSON.stringify(method)} instead of ${name}`)
      }
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve
      })
    }
  }

  private onData(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    let at = 0
    while (bytes.length - at >= FRAME_OVERHEAD) {
      const end = at + bytes.readUInt32BE(at + 3) + FRAME_OVERHEAD
      if (end > bytes.length) break
      this.onFrame(bytes, at, end)
      at = end
    }
    this.rest = bytes.subarray(at)
    this.sink.onPause()
  }

  private onFrame(bytes: Buffer, at: number, end: number): void {
    const type = bytes[at]
    if (type === FRAME_METHOD) this.onMethod(bytes, at, end)
    else if (type === FRAME_BODY) {
      this.sink.onDeliver(this.deliveryTag, this.isRedelivered, bytes, at + 7)
    } else if (type !== FRAME_HEADER) throw new Error(`a frame of type ${type}`)
  }

  private onMethod(bytes: Buffer, at: number, end: number): void {
    const id = bytes.readUInt32BE(at + 7)
    if (id === BASIC_DELIVER) {
      const tagAt = at + 12 + bytes[at + 11]!
      this.deliveryTag = readTag(bytes, tagAt)
      this.isRedelivered = bytes[tagAt + 8] === 1
    } else if (id === BASIC_ACK) {
      const channel = bytes.readUInt16BE(at + 1)
      this.sink.onConfirm(channel, readTag(bytes, at + 11), bytes[at + 19] === 1)
    } else if (id !== CONNECTION_BLOCKED && id !== CONNECTION_UNBLOCKED) {
      this.replies.push(decodeMethod(bytes.subarray(at + 7, end - 1)))
      this.wakeUp()
    }
  }
}

function readTag(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4)
}

const BASIC_DELIVER = 0x003c_003c
const BASIC_ACK = 0x003c_0050
const CONNECTION_BLOCKED = 0x000a_003c
const CONNECTION_UNBLOCKED = 0x000a_003d

const IDLE: LoadSink = { onConfirm() {}, onDeliver() {}, onPause() {} }
