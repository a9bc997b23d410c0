import { assert } from '../common/assert.ts'
import { FRAME_METHOD } from '../wire/frame-reader.ts'
import * as wire from '../wire/methods.ts'
import { Channel } from './channel.ts'
import type { Connection } from './connection.ts'
import { assertMayOpenChannel } from './connection-limits.ts'
import { ConnectionError, secondOpen } from './errors.ts'
import { decodeKnown } from './frame-rules.ts'
import type { Session } from './handshake.ts'

/**
 * The channels of an open connection by number: opening and closing them, and the frames of those that are not open
 * (amqp-0-9-1, frames and closing).
 */
export class Channels {
  private readonly connection: Connection
  private readonly session: Session
  private readonly open = new Map<number, Channel>()
  /** Closed by the server and not yet by the client: what comes on them is ignored. */
  private readonly closing = new Set<number>()
  private current: Channel | null = null // whose frame is being handled

  constructor(connection: Connection, session: Session) {
    this.connection = connection
    this.session = session
  }

  /** Takes a frame of any channel but 0. `methodId` is that of a method frame. */
  onFrame(
    type: number,
    number: number,
    methodId: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (this.current?.number !== number) this.current = this.open.get(number) ?? null
    const channel = this.current
    if (channel === null) {
      if (this.closing.has(number)) this.onFrameOfClosing(type, number, methodId)
      else this.onFrameOfNone(type, number, methodId, bytes, start, end)
      return
    }
    channel.onFrame(type, methodId, bytes, start, end)
  }

  [Symbol.iterator](): Iterator<Channel> {
    return this.open.values()
  }

  get count(): number {
    return this.open.size
  }

  resumeConsumers(): void {
    for (const channel of this.open.values()) channel.resumeConsumers()
  }

  /** The client closes a channel. */
  closeForClient(channel: Channel): void {
    this.remove(channel)
    this.reply(wire.writeChannelCloseOk, channel.number)
  }

  /** The server closes the channel whose frame is being handled; returns its number. */
  refuse(close: wire.ChannelClose): number {
    const channel = this.current
    assert(channel !== null, 'a refusal answers a frame of an open channel')
    this.closeWith(channel, close)
    return channel.number
  }

  /** The server closes a channel. */
  closeWith(channel: Channel, close: wire.ChannelClose): void {
    this.remove(channel)
    this.closing.add(channel.number)
    wire.writeChannelClose(this.connection.output, channel.number, close)
    this.connection.scheduleFlush()
  }

  /** Ends every channel, as the connection does when it ends. */
  close(): void {
    for (const channel of this.open.values()) channel.close()
    this.open.clear()
    this.current = null
  }

  private onFrameOfClosing(type: number, number: number, methodId: number): void {
    if (type !== FRAME_METHOD) return
    if (methodId === wire.CHANNEL_OPEN) throw secondOpen()
    if (methodId === wire.CHANNEL_CLOSE_OK) this.closing.delete(number)
    if (methodId === wire.CHANNEL_CLOSE) this.reply(wire.writeChannelCloseOk, number)
  }

  /** The number was never opened, or both sides have closed it. */
  private onFrameOfNone(
    type: number,
    number: number,
    methodId: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (type !== FRAME_METHOD) {
      throw new ConnectionError(505, 'expected method frame, got non method frame instead', 0)
    }
    const method = decodeKnown(methodId, bytes, start, end)
    if (method.id === wire.CHANNEL_CLOSE_OK) return
    if (method.id !== wire.CHANNEL_OPEN) {
      throw new ConnectionError(504, "expected 'channel.open'", methodId)
    }
    this.openChannel(number)
  }

  /** The limit is on how many are open, whatever their numbers. */
  private openChannel(number: number): void {
    const { user, channelMax } = this.session
    assertMayOpenChannel(this.connection.services, user, this.open.size, channelMax)
    this.open.set(number, new Channel(this.connection, this, this.session, number))
    this.reply(wire.writeChannelOpenOk, number)
  }

  private remove(channel: Channel): void {
    this.open.delete(channel.number)
    this.current = null
    channel.close()
  }

  private reply(write: typeof wire.writeChannelCloseOk, number: number): void {
    write(this.connection.output, number)
    this.connection.scheduleFlush()
  }
}
