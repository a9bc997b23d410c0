import type { Deadline } from '../common/deadlines.ts'
import type { Task } from '../common/run-queue.ts'
import { Refusal } from '../core/refusal.ts'
import { Cursor, DecodeError, MalformedUtf8Error } from '../wire/cursor.ts'
import * as frames from '../wire/frame-reader.ts'
import * as wire from '../wire/methods.ts'
import { Output } from '../wire/output.ts'
import { Channel } from './channel.ts'
import { ConnectionLog } from './connection-log.ts'
import { ConnectionError, consequenceOf, replyText } from './errors.ts'
import { assertKnown, assertWellFormed, cannotDecode, unexpectedFrame } from './frame-rules.ts'
import { Handshake, LoginError, type Session } from './handshake.ts'
import { Heartbeat } from './heartbeat.ts'
import { HEADER_SIZE, isAccepted, PROTOCOL_HEADER } from './protocol-header.ts'
import type { Services } from './services.ts'
import type { Transport, TransportHandler } from './transport.ts'

/**
 * One client's connection, from its first byte to its last: what state it is in, whose frames they are, and what an
 * error costs. It knows the socket only as a Transport.
 */
export class Connection implements frames.FrameSink, TransportHandler, Task {
  readonly services: Services
  readonly output: Output
  /** The method being done, class and method in one number: errors name it. */
  methodId = 0
  isQueued = false

  private readonly transport: Transport
  private readonly reader: frames.FrameReader
  private readonly handshake: Handshake
  private readonly log: ConnectionLog
  private readonly channels = new Map<number, Channel>()
  /** Channels that were closed by the server and not yet by the client: what comes on them is ignored. */
  private readonly closingChannels = new Set<number>()
  private state: 'header' | 'handshake' | 'open' | 'closing' | 'closed' = 'header'
  private session: Session | null = null
  private heartbeat: Heartbeat | null = null
  private deadline: Deadline
  private header: Buffer = Buffer.alloc(0)
  private isReading = true // false after bytes that are no frame: nothing behind them has a meaning
  private pauseReasons = 0 // bits; nothing is read while there is one
  private isCongested = false // a delivery had to wait for room
  private channel: Channel | null = null // whose frame is being handled
  private frame: Buffer = this.header // the method being decoded: `frame[frameStart..frameEnd)`
  private frameStart = 0
  private frameEnd = 0

  constructor(services: Services, transport: Transport) {
    this.services = services
    this.transport = transport
    this.output = new Output(services.blocks)
    this.reader = new frames.FrameReader(this, INITIAL_FRAME_MAX)
    this.handshake = new Handshake(services, transport.endpoints, this.output)
    this.log = new ConnectionLog(services.log, services.clock, transport.endpoints)
    this.deadline = services.deadlines.after(services.settings.handshakeTimeoutMs, () => {
      this.log.handshakeTimedOut()
      this.transport.destroy()
    })
  }

  /** Whether a delivery may be written: not while the client is slow to read. Who is refused is resumed later. */
  get hasRoom(): boolean {
    if (this.output.size + this.transport.unsentSize < DELIVERY_ROOM) return true
    this.isCongested = true
    return false
  }

  receive(chunk: Buffer): void {
    if (this.heartbeat !== null) this.heartbeat.hasReceived = true
    if (this.state === 'closed' || !this.isReading) return
    const rest = this.state === 'header' ? this.takeHeader(chunk) : chunk
    if (rest.length > 0) this.read(rest)
  }

  drained(): void {
    this.resumeReading(SLOW_READER)
    if (!this.isCongested) return
    this.isCongested = false
    for (const channel of this.channels.values()) channel.resumeConsumers()
  }

  closed(error: Error | null): void {
    const isAbrupt = this.state === 'open'
    this.end()
    if (isAbrupt) this.log.lost(error)
    else this.log.closed()
    this.services.connections.delete(this)
  }

  /** Closes from the server's side, as an operator or a shutdown does. */
  forceClose(reason: string): void {
    if (this.state === 'closed' || this.state === 'closing') return
    if (this.state === 'open') this.sendClose(320, reason, 0)
    else this.transport.destroy()
  }

  destroy(): void {
    this.transport.destroy()
  }

  onFrame(type: number, channel: number, bytes: Buffer, start: number, end: number): void {
    if (this.state === 'closed') return
    assertWellFormed(type, channel, bytes, start, end)
    if (type === frames.FRAME_METHOD) {
      this.methodId = bytes.readUInt32BE(start)
      this.frame = bytes
      this.frameStart = start
      this.frameEnd = end
    }
    if (this.state === 'closing') this.onFrameWhileClosing(type)
    else if (type === frames.FRAME_HEARTBEAT) return
    else if (channel !== 0) this.onChannelFrame(type, channel, bytes, start, end)
    else if (type === frames.FRAME_METHOD) this.onConnectionMethod(this.decode())
    else throw unexpectedFrame(type, bytes, start, end)
  }

  onBodyPart(channel: number, bytes: Buffer, start: number, end: number): void {
    if (this.state === 'closing' || this.state === 'closed') return
    if (channel === 0) throw unexpectedFrame(frames.FRAME_BODY, bytes, start, end)
    this.onChannelFrame(frames.FRAME_BODY, channel, bytes, start, end)
  }

  /** Asks for one flush at the end of the turn. */
  scheduleFlush(): void {
    this.services.turn.addFlush(this)
  }

  /** Sends what was written in this turn. */
  run(): void {
    if (this.output.size === 0) return
    if (this.heartbeat !== null) this.heartbeat.hasSent = true
    this.transport.send(this.output.take())
    if (this.transport.unsentSize > READING_LIMIT) this.pauseReading(SLOW_READER)
  }

  /** Calls `action` at once, or when this position is durable; until then nothing more is read. */
  whenDurable(position: number, action: () => void): void {
    const { durability } = this.services.store
    if (position <= durability.durable) {
      action()
      return
    }
    this.reader.pause()
    this.pauseReading(NOT_DURABLE)
    const waiter = {
      onDurable: (durable: number) => {
        if (durable < position) {
          durability.whenDurable(waiter)
          return
        }
        action()
        this.resumeReading(NOT_DURABLE)
        this.readOn()
      },
    }
    durability.whenDurable(waiter)
  }

  /** The client has closed a channel. */
  closeChannel(channel: Channel): void {
    this.channels.delete(channel.number)
    channel.close()
    wire.writeChannelCloseOk(this.output, channel.number)
    this.scheduleFlush()
  }

  private takeHeader(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.header, chunk])
    this.header = bytes.subarray(0, HEADER_SIZE)
    if (bytes.length < HEADER_SIZE) return EMPTY
    if (!isAccepted(this.header)) {
      this.output.append(PROTOCOL_HEADER)
      this.run()
      this.hangUp()
      return EMPTY
    }
    this.state = 'handshake'
    this.log.accepted()
    this.handshake.start()
    this.scheduleFlush()
    return bytes.subarray(HEADER_SIZE)
  }

  /** Reads frames; an error costs what it costs, and the frames behind it are read on. */
  private read(chunk: Buffer): void {
    try {
      this.reader.push(chunk)
    } catch (error) {
      this.fail(error)
      this.readOn()
    }
  }

  private readOn(): void {
    while (this.isReading && this.state !== 'closed') {
      try {
        this.reader.resume()
        return
      } catch (error) {
        this.fail(error)
      }
    }
  }

  private decode(): wire.Method {
    assertKnown(this.methodId)
    cursor.reset(this.frame, this.frameStart + METHOD_ID_SIZE, this.frameEnd)
    return wire.decodeMethod(cursor, this.methodId)
  }

  private onConnectionMethod(method: wire.Method): void {
    if (this.state === 'handshake') {
      const session = this.handshake.onMethod(method)
      this.scheduleFlush()
      if (session !== null) this.open(session)
      return
    }
    switch (method.id) {
      case wire.CONNECTION_CLOSE:
        this.closeForClient()
        return
      case wire.CONNECTION_UPDATE_SECRET:
        wire.writeConnectionUpdateSecretOk(this.output, 0)
        this.scheduleFlush()
        return
      default:
        throw new ConnectionError(
          504,
          'unexpected method in connection state running',
          this.methodId,
        )
    }
  }

  private open(session: Session): void {
    this.deadline.cancel()
    this.session = session
    this.state = 'open'
    this.reader.frameMax = session.frameMax
    this.log.opened(session)
    if (session.heartbeatSeconds === 0) return
    this.heartbeat = new Heartbeat(this.services.deadlines, session.heartbeatSeconds * 1000, {
      sendHeartbeat: () => {
        this.output.append(HEARTBEAT_FRAME)
        this.run()
      },
      peerIsSilent: () => {
        this.log.heartbeatMissed(session.heartbeatSeconds)
        this.transport.destroy()
      },
    })
  }

  private onChannelFrame(
    type: number,
    number: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    const channel = this.channels.get(number)
    this.channel = channel ?? null
    if (channel === undefined) {
      this.onFrameWithoutChannel(type, number, bytes, start, end)
      return
    }
    if (type === frames.FRAME_METHOD) {
      assertKnown(this.methodId)
      if (this.methodId === wire.CHANNEL_OPEN) throw this.secondOpen()
    }
    channel.onFrame(type, this.methodId, bytes, start, end)
  }

  /** The channel was never opened, or has been closed by either side. */
  private onFrameWithoutChannel(
    type: number,
    number: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (this.session === null) throw unexpectedFrame(type, bytes, start, end)
    if (this.closingChannels.has(number)) {
      this.onClosingChannelFrame(type, number)
      return
    }
    if (type !== frames.FRAME_METHOD) {
      throw new ConnectionError(505, 'expected method frame, got non method frame instead', 0)
    }
    const method = this.decode()
    if (method.id === wire.CHANNEL_CLOSE_OK) return
    if (method.id === wire.CHANNEL_OPEN) this.openChannel(this.session, number)
    else throw new ConnectionError(504, "expected 'channel.open'", this.methodId)
  }

  private openChannel(session: Session, number: number): void {
    const { channelMax } = session
    if (channelMax > 0 && this.channels.size >= channelMax) {
      throw new ConnectionError(
        530,
        `number of channels opened (${channelMax}) has reached the negotiated channel_max (${channelMax})`,
        0,
      )
    }
    this.channels.set(number, new Channel(this, session, number))
    wire.writeChannelOpenOk(this.output, number)
    this.scheduleFlush()
  }

  private onClosingChannelFrame(type: number, number: number): void {
    if (type !== frames.FRAME_METHOD) return
    if (this.methodId === wire.CHANNEL_OPEN) throw this.secondOpen()
    if (this.methodId === wire.CHANNEL_CLOSE_OK) this.closingChannels.delete(number)
    if (this.methodId !== wire.CHANNEL_CLOSE) return
    wire.writeChannelCloseOk(this.output, number)
    this.scheduleFlush()
  }

  private secondOpen(): ConnectionError {
    return new ConnectionError(504, "second 'channel.open' seen", wire.CHANNEL_OPEN)
  }

  private onFrameWhileClosing(type: number): void {
    if (type !== frames.FRAME_METHOD) return
    if (this.methodId === wire.CONNECTION_CLOSE_OK) this.hangUp()
    if (this.methodId !== wire.CONNECTION_CLOSE) return
    wire.writeConnectionCloseOk(this.output, 0)
    this.scheduleFlush()
  }

  /** Does what an error costs: the channel, the connection, or, when the bug is ours, the process. */
  private fail(error: unknown): void {
    if (this.state === 'closing' || this.state === 'closed') {
      if (error instanceof frames.FrameError) this.transport.destroy()
      return
    }
    if (error instanceof frames.FrameError) {
      this.isReading = false
      this.sendClose(501, error.message, 0)
    } else if (error instanceof MalformedUtf8Error) this.sendClose(501, error.message, 0)
    else if (error instanceof DecodeError) {
      const payload = this.frame.subarray(this.frameStart + METHOD_ID_SIZE, this.frameEnd)
      this.sendClose(501, cannotDecode(payload), this.methodId)
    } else if (error instanceof LoginError) this.refuseLogin(error)
    else if (error instanceof ConnectionError) {
      this.sendClose(error.code, error.message, error.methodId)
    } else if (error instanceof Refusal) this.refuse(error)
    else throw error
  }

  private refuse(refusal: Refusal): void {
    const { code, closes } = consequenceOf(refusal)
    const { channel } = this
    if (closes === 'connection' || channel === null) {
      this.sendClose(code, refusal.message, this.methodId)
      return
    }
    this.channels.delete(channel.number)
    this.closingChannels.add(channel.number)
    channel.close()
    const text = replyText(code, refusal.message)
    this.log.channelError(channel.number, this.methodId, code, refusal.message)
    wire.writeChannelClose(this.output, channel.number, closeMethod(code, text, this.methodId))
    this.scheduleFlush()
  }

  private refuseLogin(error: LoginError): void {
    this.log.loginRefused(error.reason)
    if (this.handshake.explainsLoginFailure) {
      const text = replyText(error.code, error.message)
      wire.writeConnectionClose(this.output, 0, closeMethod(error.code, text, 0))
      this.run()
    }
    this.hangUp()
  }

  /** Ends everything on the connection, says why, and waits for the client's close-ok. */
  private sendClose(code: number, explanation: string, methodId: number): void {
    this.log.connectionError(code, explanation, methodId, this.state)
    this.end()
    this.state = 'closing'
    const text = replyText(code, explanation)
    wire.writeConnectionClose(this.output, 0, closeMethod(code, text, methodId))
    this.scheduleFlush()
    this.waitForClose()
  }

  private closeForClient(): void {
    this.end()
    wire.writeConnectionCloseOk(this.output, 0)
    this.run()
    this.waitForClose() // the client hangs up; RabbitMQ gives it 30 seconds for that
  }

  private waitForClose(): void {
    const heartbeatSeconds = this.session?.heartbeatSeconds || MAX_CLOSE_SECONDS
    const seconds = Math.min(heartbeatSeconds, MAX_CLOSE_SECONDS)
    this.deadline = this.services.deadlines.after(seconds * 1000, () => this.transport.destroy())
  }

  private hangUp(): void {
    this.end()
    this.run()
    this.transport.end()
  }

  /** Nothing goes on after this but the farewell. */
  private end(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.deadline.cancel()
    this.heartbeat?.stop()
    for (const channel of this.channels.values()) channel.close()
    this.channels.clear()
    this.session?.vhost.deleteQueuesOf(this)
  }

  private pauseReading(reason: number): void {
    this.pauseReasons |= reason
    this.transport.pause()
  }

  private resumeReading(reason: number): void {
    if (this.pauseReasons === 0) return
    this.pauseReasons &= ~reason
    if (this.pauseReasons === 0) this.transport.resume()
  }
}

function closeMethod(replyCode: number, replyText: string, id: number): wire.ConnectionClose {
  return { replyCode, replyText, classId: id >>> 16, methodId: id & 0xffff }
}

/** Until tune-ok has set another, as in RabbitMQ from 4.1 on; start-ok must fit. */
const INITIAL_FRAME_MAX = 8192

/** Bytes on the way to a client above which it gets no more deliveries. */
const DELIVERY_ROOM = 262_144

/** Bytes on the way to a client above which its requests are not read either: their replies would pile up. */
const READING_LIMIT = 4_194_304

/** After a close of the server's, the client has a heartbeat's time to answer, but never more than this. */
const MAX_CLOSE_SECONDS = 30

/** Why nothing is read from a connection. */
const SLOW_READER = 1
const NOT_DURABLE = 2

const METHOD_ID_SIZE = 4
const EMPTY = Buffer.alloc(0)
const HEARTBEAT_FRAME = Buffer.from([frames.FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0, frames.FRAME_END])
const cursor = new Cursor()
