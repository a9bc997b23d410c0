import { FRAME_BODY, FRAME_METHOD } from '../../../conformance/support/frames.ts'

/** What is heard of the frames of one connection. The bytes are lent. */
export interface FrameListener {
  onConfirm(channel: number, tag: number, multiple: boolean): void
  /** A message has come whole. Its first octets, up to 16, are at `bytes[bodyStart]`. */
  onDeliver(tag: number, redelivered: boolean, bytes: Buffer, bodyStart: number): void
  /** Any other method; its id is at `bytes[start]`. */
  onMethod(bytes: Buffer, start: number, end: number): void
}

/**
 * Walks over the frames of one connection with little more than arithmetic: nothing is copied but the beginning of a
 * frame whose end has not come, and bodies are stepped over. Whoever reads the socket puts the bytes into `room`.
 */
export class FrameWalker {
  /** Where the next bytes go. */
  readonly room: Buffer
  listener: FrameListener
  private readonly bytes: Buffer // the room, and before it a place for the beginning of a frame
  private readonly view: DataView
  private tailSize = 0 // of that beginning
  private skip = 0 // bytes to come of a body frame

  private deliveryTag = 0
  private isRedelivered = false
  private bodyLeft = 0
  private isFirst = false // no frame of the body has been seen
  private readonly head = Buffer.alloc(HEAD_SIZE) // of a body that does not lie in one piece

  constructor(listener: FrameListener, roomSize: number) {
    this.listener = listener
    this.bytes = Buffer.allocUnsafeSlow(TAIL_SIZE + roomSize)
    this.room = this.bytes.subarray(TAIL_SIZE)
    this.view = new DataView(this.bytes.buffer)
  }

  /** So many bytes have been put into the room. Throws for what is no frame. */
  take(length: number): void {
    const end = TAIL_SIZE + length
    let at = TAIL_SIZE - this.tailSize
    if (this.skip > 0) {
      const skipped = Math.min(this.skip, length)
      this.skip -= skipped
      if (this.skip > 0) return
      at += skipped
      if (this.bodyLeft === 0) this.deliver(this.head, 0)
    }
    at = this.walk(at, end)
    this.tailSize = end - at
    if (this.tailSize > TAIL_SIZE) throw new Error('a frame that is no body is too large')
    if (this.tailSize > 0) this.bytes.copyWithin(TAIL_SIZE - this.tailSize, at, end)
  }

  /** Returns where it stopped: behind the last frame that is there whole. */
  private walk(from: number, end: number): number {
    const { bytes, view } = this
    let at = from
    while (end - at >= FRAME_PREFIX) {
      const size = view.getUint32(at + 3)
      const next = at + size + FRAME_PREFIX + 1
      const type = bytes[at]!
      if (type < FRAME_METHOD || type > FRAME_BODY) throw new Error(`a frame of type ${type}`)
      if (next > end) {
        return type === FRAME_BODY && this.beginSkip(at + FRAME_PREFIX, size, end) ? end : at
      }
      if (type === FRAME_METHOD) this.walkMethod(at + FRAME_PREFIX, next - 1)
      else if (type === FRAME_BODY) this.walkBody(at + FRAME_PREFIX, size)
      else this.walkHeader(at + FRAME_PREFIX)
      at = next
    }
    return at
  }

  private walkMethod(start: number, end: number): void {
    const { bytes, view } = this
    const id = view.getUint32(start)
    if (id === BASIC_DELIVER) {
      const tagAt = start + 5 + bytes[start + 4]!
      this.deliveryTag = this.tagAt(tagAt)
      this.isRedelivered = bytes[tagAt + 8] === 1
    } else if (id === BASIC_ACK) {
      const channel = view.getUint16(start - 6)
      this.listener.onConfirm(channel, this.tagAt(start + 4), (bytes[start + 12]! & 1) === 1)
    } else this.listener.onMethod(bytes, start, end)
  }

  private walkHeader(start: number): void {
    this.bodyLeft = this.tagAt(start + 4)
    this.isFirst = true
    if (this.bodyLeft === 0) this.deliver(this.head, 0)
  }

  private walkBody(start: number, size: number): void {
    this.bodyLeft -= size
    if (this.bodyLeft > 0) this.keepHead(start)
    else if (this.isFirst) this.deliver(this.bytes, start)
    else this.deliver(this.head, 0)
  }

  /** Steps over the part of a body frame that is there; false when that is too little to know the head by. */
  private beginSkip(start: number, size: number, end: number): boolean {
    if (this.isFirst && end - start < Math.min(HEAD_SIZE, size)) return false
    this.bodyLeft -= size
    this.keepHead(start)
    this.skip = start + size + 1 - end
    return true
  }

  private keepHead(start: number): void {
    if (this.isFirst) this.bytes.copy(this.head, 0, start, start + HEAD_SIZE)
    this.isFirst = false
  }

  private deliver(bytes: Buffer, bodyStart: number): void {
    this.listener.onDeliver(this.deliveryTag, this.isRedelivered, bytes, bodyStart)
  }

  private tagAt(at: number): number {
    return this.view.getUint32(at) * 0x1_0000_0000 + this.view.getUint32(at + 4)
  }
}

/** Type, channel and size before the payload. */
const FRAME_PREFIX = 7
const HEAD_SIZE = 16
/** The beginning of a frame that is no body has room in this. */
const TAIL_SIZE = 4096

const BASIC_DELIVER = 0x003c_003c
const BASIC_ACK = 0x003c_0050
