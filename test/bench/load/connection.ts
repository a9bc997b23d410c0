import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { methodFrame, PROTOCOL_HEADER } from '../../../conformance/support/frames.ts'
import { type Arguments, decodeMethod, type Method } from '../../../conformance/support/methods.ts'
import { ALL_CAPABILITIES } from '../../../conformance/support/raw-connection.ts'
import { addressOf } from './address.ts'
import { type FrameListener, FrameWalker } from './frame-walker.ts'

/** What a load hears of its connection. */
export type LoadSink = Pick<FrameListener, 'onConfirm' | 'onDeliver'> & {
  /** All that had come has been told. */
  onPause(): void
}

/**
 * A client that costs little: what it sends has been encoded before, and what comes is read in place, into the same
 * memory again and again. Anything that a load does not expect (a nack, a close, a lost connection) makes the call
 * fail that waits for a reply, and without one the process.
 */
export class LoadConnection {
  sink: LoadSink = IDLE
  readonly socket: Socket
  /** Largest frame, in bytes. Known once the connection is open. */
  frameMax = 0
  private readonly replies: Method[] = []
  private waiting: { wake(): void; fail(error: Error): void } | null = null
  private isClosing = false

  private constructor(url: string, roomSize: number) {
    const walker = new FrameWalker(new Inbox(this), roomSize)
    const { host, port } = addressOf(url)
    const onread = {
      buffer: walker.room,
      callback: (length: number) => {
        walker.take(length)
        this.sink.onPause()
        return true
      },
    }
    this.socket = connect({ host, port, noDelay: true, onread })
    this.socket.on('close', () => this.fail(new Error('the broker closed the connection')))
    this.socket.on('error', (error) => this.fail(error))
  }

  /** Logs in and opens channels 1 to `channels`. `roomSize` is how much is read at a time, in bytes. */
  static async open(url: string, channels = 1, roomSize = 65_536): Promise<LoadConnection> {
    const connection = new LoadConnection(url, roomSize)
    await once(connection.socket, 'connect')
    await connection.logIn(url)
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

  async declareQueue(queue: string, durable: boolean): Promise<void> {
    await this.call(1, 'queue.declare', { queue, durable })
  }

  async close(): Promise<void> {
    await this.call(0, 'connection.close', { replyCode: 200, replyText: 'done' })
    this.abandon()
  }

  /** For when the broker is about to be killed. */
  abandon(): void {
    this.isClosing = true
    this.socket.destroy()
  }

  /** What nobody has asked for is an error, but that the broker is short of memory or disk. */
  onMethod(method: Method): void {
    const { name, args } = method
    if (name === 'connection.blocked' || name === 'connection.unblocked') return
    if (this.waiting === null || !name.endsWith('-ok')) {
      const isExpected = name === 'connection.start' || name === 'connection.tune'
      const text = args.replyText === undefined ? '' : `: ${args.replyCode} ${args.replyText}`
      if (!isExpected) return this.fail(new Error(`${name} from the broker${text}`))
    }
    this.replies.push(method)
    this.waiting?.wake()
  }

  private async logIn(url: string): Promise<void> {
    const { user, password, vhost } = addressOf(url)
    this.socket.write(PROTOCOL_HEADER)
    await this.reply('connection.start')
    const response = `\0${user}\0${password}`
    const startOk = { clientProperties: ALL_CAPABILITIES, mechanism: 'PLAIN', response }
    this.socket.write(methodFrame(0, 'connection.start-ok', { ...startOk, locale: 'en_US' }))
    const tune = await this.reply('connection.tune')
    const offered = Number(tune.frameMax)
    this.frameMax = Math.min(offered === 0 ? MAX_FRAME : offered, MAX_FRAME)
    const tuneOk = { ...tune, frameMax: this.frameMax, heartbeat: 0 }
    this.socket.write(methodFrame(0, 'connection.tune-ok', tuneOk))
    await this.call(0, 'connection.open', { virtualHost: vhost })
  }

  private async reply(name: string): Promise<Arguments> {
    if (this.replies.length === 0) {
      await new Promise<void>((resolve, reject) => {
        this.waiting = { wake: resolve, fail: reject }
      }).finally(() => {
        this.waiting = null
      })
    }
    const method = this.replies.shift()!
    if (method.name !== name) throw new Error(`${JSON.stringify(method)} instead of ${name}`)
    return method.args
  }

  private fail(error: Error): void {
    if (this.isClosing) return
    if (this.waiting === null) throw error
    this.waiting.fail(error)
  }
}

/** Hears the frames for a connection and its sink. */
class Inbox implements FrameListener {
  private readonly connection: LoadConnection

  constructor(connection: LoadConnection) {
    this.connection = connection
  }

  onConfirm(channel: number, tag: number, multiple: boolean): void {
    this.connection.sink.onConfirm(channel, tag, multiple)
  }

  onDeliver(tag: number, redelivered: boolean, bytes: Buffer, bodyStart: number): void {
    this.connection.sink.onDeliver(tag, redelivered, bytes, bodyStart)
  }

  onMethod(bytes: Buffer, start: number, end: number): void {
    this.connection.onMethod(decodeMethod(Buffer.from(bytes.subarray(start, end))))
  }
}

const MAX_FRAME = 131_072
const IDLE: LoadSink = { onConfirm() {}, onDeliver() {}, onPause() {} }
