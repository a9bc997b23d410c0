import { erlangBinary, erlangTuple } from '../common/erlang-term.ts'

export const FRAME_METHOD = 1
export const FRAME_HEADER = 2
export const FRAME_BODY = 3
export const FRAME_HEARTBEAT = 8

/** The octet that ends every frame. */
export const FRAME_END = 0xce

/** Bytes of type, channel and size before the payload. */
export const FRAME_HEADER_SIZE = 7

/** Bytes of a frame that are not payload. */
export const FRAME_OVERHEAD = 8

/**
 * A body payload of at least this many bytes is never joined from pieces, which would cost more than passing it on
 * in parts.
 */
export const PART_SIZE = 16_384

/**
 * The memory of a body payload of at least this many bytes is not used again, so it may be kept. Fewer are not worth
 * keeping the chunk around them alive.
 */
export const KEEPABLE_SIZE = 256

/**
 * Receives the frames of one connection. The bytes are lent: they may change after the call returns. Only those of a
 * body payload of at least KEEPABLE_SIZE may be kept.
 */
export interface FrameSink {
  /** A whole frame; its payload is `bytes[start..end)`. */
  onFrame(type: number, channel: number, bytes: Buffer, start: number, end: number): void
  /** The next part of a large body frame, with `left` bytes to follow. The last one comes when the frame ends well. */
  onBodyPart(channel: number, bytes: Buffer, start: number, end: number, left: number): void
}

/**
 * Cuts the bytes of one connection into frames (AMQP 0-9-1 section 2.3.5). Knows nothing of sockets or methods.
 *
 * A frame that lies whole in a chunk is passed on as offsets into that chunk: no copy, no object. A frame cut by a
 * chunk boundary is joined, which frameMax bounds; only a large body frame is passed on in parts instead.
 *
 * The place in the stream is kept before each call of the sink, so a sink may throw or pause: `resume` goes on with
 * the next frame.
 */
export class FrameReader {
  private readonly sink: FrameSink
  private maxPayload: number
  private chunk: Buffer = NOTHING
  private at = 0
  private readonly waiting: Buffer[] = [] // chunks that came before the one at hand was read
  private isPaused = false

  private joined: Buffer = NOTHING // a frame whose end has not come yet
  private joinedSize = 0

  private bodyLeft = NO_BODY // payload bytes to come of a body frame passed on in parts
  private bodyChannel = 0
  private bodyStart: Buffer = NOTHING // its first octets, for the text of an error
  private lastPart: Buffer = NOTHING // waits for the octet that ends the frame

  constructor(sink: FrameSink, frameMax: number) {
    this.sink = sink
    this.maxPayload = frameMax
  }

  /**
   * The largest payload accepted, in bytes. RabbitMQ lets the payload alone be as large as frame-max, 8 bytes more
   * than the specification does.
   */
  set frameMax(frameMax: number) {
    this.maxPayload = frameMax
  }

  /** Bytes in chunks that have to wait. */
  get waitingSize(): number {
    return this.waiting.reduce((size, chunk) => size + chunk.length, 0)
  }

  /** Takes the next bytes. Throws FrameError for what is no frame, and what the sink throws. */
  push(chunk: Buffer): void {
    if (this.isPaused || this.at < this.chunk.length || this.waiting.length > 0) {
      this.waiting.push(chunk)
      return
    }
    this.chunk = chunk
    this.at = 0
    this.run()
  }

  /** Stops before the next frame until `resume`. */
  pause(): void {
    this.isPaused = true
  }

  /** Goes on with the bytes that have come already. */
  resume(): void {
    this.isPaused = false
    this.run()
  }

  private run(): void {
    this.readChunk()
    while (!this.isPaused && this.waiting.length > 0) {
      this.chunk = this.waiting.shift()!
      this.at = 0
      this.readChunk()
    }
  }

  private readChunk(): void {
    while (!this.isPaused && this.at < this.chunk.length) {
      if (this.bodyLeft !== NO_BODY) this.readBodyPart()
      else if (this.joinedSize > 0) this.joinFrame()
      else this.readFrame()
    }
    if (this.at === this.chunk.length) {
      this.chunk = NOTHING
      this.at = 0
    }
  }

  private readFrame(): void {
    const { chunk, at } = this
    const available = chunk.length - at
    if (available < FRAME_HEADER_SIZE) {
      this.beginJoin(FRAME_HEADER_SIZE)
      return
    }
    const type = chunk[at]!
    const channel = chunk[at + 1]! * 0x100 + chunk[at + 2]!
    const size = this.payloadSize(chunk, at)
    if (available < size + FRAME_OVERHEAD) {
      if (type === FRAME_BODY && size >= PART_SIZE) this.beginBody(channel, size)
      else this.beginJoin(size + FRAME_OVERHEAD)
      return
    }
    const start = at + FRAME_HEADER_SIZE
    const end = start + size
    if (chunk[end] !== FRAME_END)
      throw endMarkerError(type, chunk.subarray(start, end), chunk[end]!)
    this.at = end + 1
    this.sink.onFrame(type, channel, chunk, start, end)
  }

  private payloadSize(bytes: Buffer, at: number): number {
    const size = bytes.readUInt32BE(at + 3)
    if (size > this.maxPayload) {
      const elements = ['frame_too_large', `${size}`, `${this.maxPayload - FRAME_OVERHEAD}`]
      throw new FrameError(bytes[at]!, NOTHING, elements)
    }
    return size
  }

  private beginJoin(frameSize: number): void {
    if (this.joined.length < frameSize) this.joined = Buffer.allocUnsafeSlow(frameSize)
    this.joinedSize = this.chunk.copy(this.joined, 0, this.at)
    this.at = this.chunk.length
  }

  private joinFrame(): void {
    if (this.joinedSize < FRAME_HEADER_SIZE && !this.fillJoined(FRAME_HEADER_SIZE)) return
    const { joined } = this
    const type = joined[0]!
    const channel = joined.readUInt16BE(1)
    const size = this.payloadSize(joined, 0)
    if (type === FRAME_BODY && size >= PART_SIZE) {
      this.beginBody(channel, size)
      return
    }
    this.growJoined(size + FRAME_OVERHEAD)
    if (!this.fillJoined(size + FRAME_OVERHEAD)) return
    const frame = this.joined
    const end = FRAME_HEADER_SIZE + size
    if (frame[end] !== FRAME_END) {
      throw endMarkerError(type, frame.subarray(FRAME_HEADER_SIZE, end), frame[end]!)
    }
    this.joinedSize = 0
    const isKeepable = type === FRAME_BODY && size >= KEEPABLE_SIZE
    if (isKeepable || frame.length > KEPT_FOR_JOINING) this.joined = NOTHING
    this.sink.onFrame(type, channel, frame, FRAME_HEADER_SIZE, end)
  }

  /** Copies from the chunk until `size` bytes are joined; false when the chunk ends before. */
  private fillJoined(size: number): boolean {
    const wanted = Math.min(size - this.joinedSize, this.chunk.length - this.at)
    this.chunk.copy(this.joined, this.joinedSize, this.at, this.at + wanted)
    this.at += wanted
    this.joinedSize += wanted
    return this.joinedSize === size
  }

  private growJoined(size: number): void {
    if (this.joined.length >= size) return
    const larger = Buffer.allocUnsafeSlow(size)
    this.joined.copy(larger, 0, 0, this.joinedSize)
    this.joined = larger
  }

  private beginBody(channel: number, size: number): void {
    if (this.joinedSize === 0) this.at += FRAME_HEADER_SIZE
    this.joinedSize = 0
    this.bodyLeft = size
    this.bodyChannel = channel
    this.bodyStart = NOTHING
  }

  private readBodyPart(): void {
    const { chunk, at, bodyLeft } = this
    if (bodyLeft === 0) {
      this.endBody(at, this.lastPart, 0, this.lastPart.length)
      return
    }
    const end = Math.min(at + bodyLeft, chunk.length)
    if (this.bodyStart.length <= SHOWN_OCTETS) {
      const more = chunk.subarray(at, Math.min(end, at + SHOWN_OCTETS + 1))
      this.bodyStart = Buffer.concat([this.bodyStart, more])
    }
    if (at + bodyLeft < chunk.length) {
      this.endBody(end, chunk, at, end)
      return
    }
    this.at = end
    this.bodyLeft = bodyLeft - (end - at)
    if (this.bodyLeft === 0) this.lastPart = chunk.subarray(at, end)
    else this.sink.onBodyPart(this.bodyChannel, chunk, at, end, this.bodyLeft)
  }

  /** Ends a body at `chunk[endAt]`: passes its last part on when that octet is the right one. */
  private endBody(endAt: number, part: Buffer, start: number, end: number): void {
    const octet = this.chunk[endAt]!
    this.bodyLeft = NO_BODY
    this.lastPart = NOTHING
    if (octet !== FRAME_END) throw endMarkerError(FRAME_BODY, this.bodyStart, octet)
    this.at = endAt + 1
    this.sink.onBodyPart(this.bodyChannel, part, start, end, 0)
  }
}

/** Bytes that are no frame. The text is RabbitMQ's: what came, then what is wrong with it as an Erlang term. */
export class FrameError extends Error {
  constructor(type: number, payload: Uint8Array, reason: readonly string[]) {
    const what = `${describePayload(type, payload)}: `
    super(what + (reason.length === 1 ? reason[0] : erlangTuple(reason, what.length)))
    this.name = 'FrameError'
  }
}

/** `type 1, all octets = <<0,10>>`, or the first 16 of them. */
export function describePayload(type: number, payload: Uint8Array): string {
  return payload.length > SHOWN_OCTETS
    ? `type ${type}, first ${SHOWN_OCTETS} octets = ${erlangBinary(payload.subarray(0, SHOWN_OCTETS))}`
    : `type ${type}, all octets = ${erlangBinary(payload)}`
}

function endMarkerError(type: number, payload: Uint8Array, octet: number): FrameError {
  return new FrameError(type, payload, ['invalid_frame_end_marker', `${octet}`])
}

/** A joining buffer above this size is given up after use, so that an idle connection holds little memory. */
const KEPT_FOR_JOINING = 4096

const SHOWN_OCTETS = 16
const NO_BODY = -1
const NOTHING = Buffer.alloc(0)
