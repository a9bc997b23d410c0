import { isUtf8 } from 'node:buffer'

/**
 * Reads the primitive types of AMQP 0-9-1 (section 4.2) from `bytes[at..end)`. One cursor serves many reads:
 * `reset` points it at the next place.
 *
 * Every read checks the end first, so no length sent by a peer leads outside the frame or to an allocation
 * larger than the frame.
 */
export class Cursor {
  bytes: Buffer = NO_BYTES
  at = 0
  end = 0

  reset(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes
    this.at = start
    this.end = end
    return this
  }

  /** Moves past `size` bytes and returns where they began. */
  skip(size: number): number {
    const start = this.at
    if (size > this.end - start) throw new DecodeError()
    this.at = start + size
    return start
  }

  u8(): number {
    return this.bytes[this.skip(1)]!
  }

  u16(): number {
    const at = this.skip(2)
    return this.bytes[at]! * 0x100 + this.bytes[at + 1]!
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.skip(4))
  }

  /** Exact below 2^53, the nearest number above. */
  u64(): number {
    return this.u32() * 0x1_0000_0000 + this.u32()
  }

  /** A string of at most 255 bytes that must be UTF-8. */
  shortstr(): string {
    const size = this.u8()
    const at = this.skip(size)
    const text = this.bytes.toString('utf8', at, at + size)
    if (text.includes(REPLACEMENT) && !isUtf8(this.bytes.subarray(at, at + size))) {
      throw new MalformedUtf8Error()
    }
    return text
  }

  /** A string of at most 255 bytes; what is not UTF-8 in it reads as U+FFFD. */
  lenientShortstr(): string {
    const size = this.u8()
    const at = this.skip(size)
    return this.bytes.toString('utf8', at, at + size)
  }

  /** A copy of the bytes: it outlives the frame they came in. */
  longstr(): Buffer {
    const size = this.u32()
    const at = this.skip(size)
    return Buffer.from(this.bytes.subarray(at, at + size))
  }
}

/** The bytes are not what the grammar asks for. */
export class DecodeError extends Error {
  constructor(message = 'the bytes end early') {
    super(message)
    this.name = 'DecodeError'
  }
}

/** A name that is not UTF-8, which RabbitMQ answers with a text of its own. */
export class MalformedUtf8Error extends DecodeError {
  constructor() {
    super('Malformed UTF-8 in shortstr')
    this.name = 'MalformedUtf8Error'
  }
}

const NO_BYTES = Buffer.alloc(0)
const REPLACEMENT = '\uFFFD'
