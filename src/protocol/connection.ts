import { LOGIN_DELAY_MS } from '../auth/login-delays.ts'
import type { Deadline } from '../common/deadlines.ts'
import type { Task } from '../common/run-queue.ts'
import { ConnectionCounters } from '../core/counters.ts'
import * as frames from '../wire/frame-reader.ts'
import * as wire from '../wire/methods.ts'
import { Output } from '../wire/output.ts'
import { BlockablePublisher } from './blockable-publisher.ts'
import type { Channel } from './channel.ts'
import { Channels } from './channels.ts'
import { ConnectionLog, type DeprecatedFeature } from './connection-log.ts'
import { countConnection } from './counting.ts'
import { DurableGate } from './durable-gate.ts'
import { ConnectionError, closeOf, consequenceOf } from './errors.ts'
import { assertWellFormed, decodeKnown, METHOD_ID_SIZE, unexpectedFrame } from './frame-rules.ts'
import { Handshake, LoginError, type Session } from './handshake.ts'
import { Heartbeat } from './heartbeat.ts'
import { HEADER_SIZE, isAccepted, PROTOCOL_HEADER } from './protocol-header.ts'
import { ALARM, Reading, SLOW_READER } from './reading.ts'
import type { Services } from './services.ts'
import { nameOf, type Transport, type TransportHandler } from './transport.ts'

/**
 * One client's connection, from its first byte to its last: what state it is in, whose frames they are, and how it ends.
 * It knows the socket only as a Transport.
 */
export class Connection implements frames.FrameSink, TransportHandler, Task {
  readonly services: Services
  readonly name: string
  readonly output: Output
  readonly durableGate: DurableGate
  /** The method being done, class and method in one number: errors name it. */
  methodId = 0
  /** Bytes that are still to come of the body frame whose part is being read. */
  bodyLeft = 0
  isQueued = false
  /** Set before it is closed together with others: it gets no more deliveries. */
  isLeaving = false
  readonly counters = new ConnectionCounters()

  private readonly transport: Transport
  private readonly reader: frames.FrameReader
  readonly reading: Reading
  private readonly handshake: Handshake
  private readonly log: ConnectionLog
  channels: Channels | null = null // from connection.open-ok on
  state: 'header' | 'handshake' | 'open' | 'closing' | 'closed' = 'header'
  /** What was agreed with the client; null until the connection is open. */
  session: Session | null = null
  private publisher: BlockablePublisher | null = null
  private heartbeat: Heartbeat | null = null
  private deadline: Deadline
  private header: Buffer = EMPTY // as much of it as has come
  private onGone: (() => void) | null = null
  private isCongested = false // a delivery had to wait for room
  private frame: Buffer = EMPTY // the method at hand: `frame[frameStart..frameEnd)` on `frameChannel`
  private frameChannel = 0
  private frameStart = 0
  private frameEnd = 0

  constructor(services: Services, transport: Transport) {
    this.services = services
    this.transport = transport
    this.name = nameOf(transport.endpoints)
    this.output = new Output(services.blocks)
    this.reader = new frames.FrameReader(this, INITIAL_FRAME_MAX)
    this.reading = new Reading(this.reader, transport, services.turn, (error) => this.fail(error))
    this.durableGate = new DurableGate(services.store.durability, this.reading)
    this.log = new ConnectionLog(services.log, services.clock, transport.endpoints)
    this.handshake = new Handshake(services, transport.endpoints, this.output, this.log)
    this.deadline = services.deadlines.after(services.settings.handshakeTimeoutMs, () => {
      this.log.handshakeTimedOut()
      this.transport.destroy()
    })
  }

  /**
   * Whether a delivery may be written: not while the client is slow to read, and not when it is on its way out, where
   * one channel would be given what another has just given back. Who is refused is resumed later.
   */
  get hasRoom(): boolean {
    if (this.state !== 'open' || this.isLeaving) return false
    if (this.output.size + this.transport.unsentSize < DELIVERY_ROOM) return true
    this.isCongested = true
    return false
  }

  /** Whether a direct reply, which nobody keeps, may still be written. */
  get hasRoomForReplies(): boolean {
    return this.output.size + this.transport.unsentSize < READING_LIMIT
  }

  get channelCount(): number {
    return this.channels?.count ?? 0
  }

  receive(chunk: Buffer): void {
    this.counters.receive(chunk.length)
    if (this.heartbeat !== null) this.heartbeat.hasReceived = true
    if (this.state === 'closed') return
    const rest = this.state === 'header' ? this.takeHeader(chunk) : chunk
    if (rest.length > 0) this.reading.take(rest)
  }

  drained(): void {
    this.reading.resume(SLOW_READER)
    if (!this.isCongested) return
    this.isCongested = false
    this.channels?.resumeConsumers()
  }

  closed(error: Error | null): void {
    const isAbrupt = this.state === 'open'
    this.end()
    this.deadline.cancel()
    if (isAbrupt) this.log.lost(error)
    else this.log.closed()
    countConnection(this.services.churn, this.session?.vhost, this.counters)
    this.services.connections.delete(this)
    this.onGone?.()
  }

  /** Closes from the server's side, as an operator or a shutdown does. */
  forceClose(reason: string): void {
    if (this.onGone !== null) this.transport.destroy() // it is only kept waiting
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
      this.frameChannel = channel
      this.frameStart = start
      this.frameEnd = end
    }
    if (this.state === 'closing') this.onFrameWhileClosing(type)
    else if (type === frames.FRAME_HEARTBEAT) return
    else if (channel !== 0 && this.channels !== null) {
      this.channels.onFrame(type, channel, this.methodId, bytes, start, end)
    } else if (channel === 0 && type === frames.FRAME_METHOD) {
      this.onMethod(decodeKnown(this.methodId, bytes, start, end))
    } else throw unexpectedFrame(type, bytes, start, end)
    this.frame = EMPTY // a chunk is not kept for the sake of its last method
  }

  onBodyPart(channel: number, bytes: Buffer, start: number, end: number, left: number): void {
    if (this.state === 'closing' || this.state === 'closed') return
    if (channel === 0 || this.channels === null) {
      throw unexpectedFrame(frames.FRAME_BODY, bytes, start, end)
    }
    this.bodyLeft = left
    this.channels.onFrame(frames.FRAME_BODY, channel, 0, bytes, start, end)
  }

  /** Asks for one flush at the end of the turn. Replies to one chunk may be too many already: then it has to wait. */
  scheduleFlush(): void {
    this.services.turn.addFlush(this)
    if (this.output.size > READING_LIMIT) this.reading.pause(SLOW_READER)
  }

  /** Sends what was written in this turn. */
  run(): void {
    if (this.output.size === 0) return
    if (this.heartbeat !== null) this.heartbeat.hasSent = true
    this.counters.send(this.output.size)
    this.transport.send(this.output.take())
    if (this.transport.unsentSize > READING_LIMIT) this.reading.pause(SLOW_READER)
  }

  /** The client publishes while the broker is short of something. */
  block(): void {
    if (this.publisher !== null) this.services.alarms.block(this.publisher)
  }

  /** The client uses what a newer RabbitMQ denies. */
  warnOf(feature: DeprecatedFeature, isPermitted = true): void {
    this.log.deprecated(feature, isPermitted)
  }

  /** The tag that the method being done begins with, exact beyond 2^53 too. */
  get deliveryTag(): bigint {
    return this.frame.readBigUInt64BE(this.frameStart + METHOD_ID_SIZE)
  }

  /** Closes a channel that has done nothing wrong with a method of its own. */
  closeChannel(channel: Channel, code: number, text: string): void {
    this.log.channelError(channel.number, 0, code, text)
    this.channels?.closeWith(channel, closeOf(code, text, 0))
  }

  private takeHeader(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.header, chunk])
    const isWhole = bytes.length >= HEADER_SIZE
    this.header = isWhole ? EMPTY : bytes
    if (!isWhole) return EMPTY
    if (!isAccepted(bytes.subarray(0, HEADER_SIZE))) {
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

  private onMethod(method: wire.Method): void {
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
    this.channels = new Channels(this, session)
    this.publisher = new BlockablePublisher(session, this.reading, () => {
      this.scheduleFlush()
      return this.output
    })
    this.state = 'open'
    this.services.churn.connectionCreated++
    this.reader.frameMax = session.frameMax
    this.log.opened(session)
    if (session.frameMax < 8192) this.warnOf('frame_max_below_8192')
    if (session.heartbeatSeconds === 0) return
    this.heartbeat = new Heartbeat(this.services.deadlines, session.heartbeatSeconds * 1000, {
      sendHeartbeat: () => {
        this.output.append(HEARTBEAT_FRAME)
        this.run()
      },
      listen: () => {
        if (!this.reading.listen() && this.heartbeat !== null) this.heartbeat.hasReceived = true
      },
      peerIsSilent: () => {
        this.log.heartbeatMissed(session.heartbeatSeconds)
        this.transport.destroy()
      },
    })
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
    const args = this.frame.subarray(this.frameStart + METHOD_ID_SIZE, this.frameEnd)
    const { closes, code, explanation, methodId } = consequenceOf(error, this.methodId, args)
    if (closes === 'stream') this.reading.stop()
    if (this.state === 'closing' || this.state === 'closed') {
      if (closes === 'stream') this.transport.destroy()
    } else if (error instanceof LoginError) this.refuseLogin(error)
    else if (closes === 'channel' && this.channels !== null) {
      const channel = this.channels.refuse(closeOf(code, explanation, methodId))
      this.log.channelError(channel, methodId, code, explanation)
    } else {
      this.sendClose(code, explanation, methodId)
      if (closes === 'stream') this.hangUp()
    }
    this.frame = EMPTY
  }

  private refuseLogin(error: LoginError): void {
    const { loginDelays, clock, deadlines } = this.services
    const { peerHost } = this.transport.endpoints
    const delay = loginDelays.failed(peerHost, this.handshake.claimedUser, clock.now())
    if (delay === 'cut') {
      this.transport.destroy()
      return
    }
    this.log.handshakeError(error.reason, null, this.handshake.state)
    this.end()
    this.onGone = () => loginDelays.release(peerHost)
    if (this.handshake.explainsLoginFailure) {
      wire.writeConnectionClose(this.output, 0, closeOf(error.code, error.message, 0))
      if (delay === 'hold') this.run()
    }
    this.deadline = deadlines.after(LOGIN_DELAY_MS, () => this.hangUp())
  }

  /** Ends everything on the connection, says why, and waits for the client's close-ok. */
  private sendClose(code: number, explanation: string, methodId: number): void {
    this.logError(code, explanation, methodId)
    this.end()
    this.state = 'closing'
    wire.writeConnectionClose(this.output, 0, closeOf(code, explanation, methodId))
    this.scheduleFlush()
    this.waitForClose()
    this.reading.resume(ALARM) // its answer is to be heard; what it publishes is ignored
  }

  private logError(code: number, explanation: string, methodId: number): void {
    const { state, user } = this.handshake
    if (this.session === null) this.log.handshakeError(explanation, user?.name ?? null, state)
    else this.log.connectionError(code, explanation, methodId, this.frameChannel || null)
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

  /** Closes the stream behind what has been written; a client that keeps its end open does not keep ours. */
  private hangUp(): void {
    this.end()
    this.run()
    this.transport.end()
    this.waitForClose()
  }

  /** Nothing goes on after this but the farewell. */
  private end(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.deadline.cancel()
    this.heartbeat?.stop()
    if (this.publisher !== null) this.services.alarms.forget(this.publisher)
    this.channels?.close()
    this.session?.vhost.deleteQueuesOf(this)
  }
}

/** Until tune-ok has set another, as in RabbitMQ from 4.1 on; start-ok must fit. */
const INITIAL_FRAME_MAX = 8192

/** Bytes on the way to a client above which it gets no more deliveries. */
const DELIVERY_ROOM = 262_144

/** Bytes on the way to a client above which its requests are not read either: their replies would pile up. */
const READING_LIMIT = 4_194_304

/** After a close of the server's, the client has a heartbeat's time to answer, but never more than this. */
const MAX_CLOSE_SECONDS = 30

const EMPTY = Buffer.alloc(0)
const HEARTBEAT_FRAME = Buffer.from([frames.FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0, frames.FRAME_END])
