import { publishFrames } from '../../../conformance/support/frames.ts'

export interface MessageShape {
  readonly exchange: string
  /** The messages take these in turn. */
  readonly routingKeys: readonly string[]
  readonly bodySize: number
  readonly isPersistent: boolean
}

/**
 * Messages encoded one behind the other, to be sent in pieces again and again: only the time and the number at the
 * front of each body change. A body of less than 8 octets carries neither, one of less than 16 no number.
 */
export class MessageRing {
  /** Messages in it. */
  readonly count: number
  /** Bytes of a message with all its frames. */
  readonly messageSize: number
  private readonly bytes: Buffer
  private readonly view: DataView
  private readonly bodyAt: number // in a message
  private readonly bodySize: number

  /** Holds about `size` bytes; of several routing keys, each as often. Throws when the keys differ in their length. */
  constructor(channel: number, shape: MessageShape, frameMax: number, size: number) {
    const body = Buffer.alloc(shape.bodySize, 'abcdefghijklmnopqrstuvwxyz')
    const properties = { deliveryMode: shape.isPersistent ? 2 : 1 }
    const messages = shape.routingKeys.map((routingKey) => {
      const args = { exchange: shape.exchange, routingKey }
      return publishFrames(channel, args, body, properties, frameMax)
    })
    this.messageSize = messages[0]?.length ?? 0
    if (messages.some((message) => message.length !== this.messageSize)) {
      throw new Error('routing keys of one length are needed')
    }
    const turns = Math.max(1, Math.floor(size / (this.messageSize * messages.length)))
    this.bytes = Buffer.concat(Array.from({ length: turns }, () => messages).flat())
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    this.count = turns * messages.length
    this.bodySize = shape.bodySize
    const methodSize = this.bytes.readUInt32BE(3) + FRAME_OVERHEAD
    const headerSize = this.bytes.readUInt32BE(methodSize + 3) + FRAME_OVERHEAD
    this.bodyAt = methodSize + headerSize + FRAME_OVERHEAD - 1
  }

  /** So many messages from the one at `first` on, with this time and numbered from `number` on. Lent until it is sent. */
  stamped(first: number, count: number, timeMs: number, number: number): Buffer {
    const { view, messageSize, bodySize } = this
    const start = first * messageSize
    if (bodySize >= 8) {
      let at = start + this.bodyAt
      for (let i = 0; i < count; i++) {
        view.setFloat64(at, timeMs)
        if (bodySize >= 16) view.setFloat64(at + 8, number + i)
        at += messageSize
      }
    }
    return this.bytes.subarray(start, start + count * messageSize)
  }
}

/** The time in a body that begins at `at`. */
export function timeIn(bytes: Buffer, at: number): number {
  return bytes.readDoubleBE(at)
}

/** The number in a body that begins at `at`. */
export function numberIn(bytes: Buffer, at: number): number {
  return bytes.readDoubleBE(at + 8)
}

const FRAME_OVERHEAD = 8
