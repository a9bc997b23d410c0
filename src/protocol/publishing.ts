import { copyBytes } from '../common/copy-bytes.ts'
import type { Slab } from '../common/slab.ts'
import type { Address, Body } from '../core/message.ts'
import { stripLineBreaks } from '../core/names.ts'
import { HEADER_FIXED_SIZE } from '../wire/content-writer.ts'
import { Cursor, DecodeError } from '../wire/cursor.ts'
import { KEEPABLE_SIZE, PART_SIZE } from '../wire/frame-reader.ts'
import { BASIC_PUBLISH } from '../wire/methods.ts'
import { EncodedAddress } from './address.ts'
import { BodyParts } from './body-parts.ts'
import { ConnectionError } from './errors.ts'
import { EncodedProperties } from './message-properties.ts'

/**
 * The content that is coming in on a channel: a method, its header, and as much of the body as has come. There is
 * one for each channel, used again for every message. What a publish has in common with the one before (arguments,
 * properties) is recognised by its bytes and shared, so that neither is decoded again.
 */
export class Publishing implements Body {
  /** The method the content belongs to; 0 between contents. */
  methodId = 0
  mandatory = false
  immediate = false
  address: Address = NOWHERE
  properties: EncodedProperties = NO_PROPERTIES
  /** As the header announces it, in bytes. */
  bodySize = 0
  /** A small body is `body[bodyStart .. bodyStart + bodySize)`, a large one the parts. */
  body: Buffer = NO_BYTES
  bodyStart = 0
  bodyParts: readonly Buffer[] | null = null

  private readonly slab: Slab
  private readonly maxMessageSize: number
  private state: 'header' | 'body' = 'header'
  private received = 0 // bytes of the body
  private parts: BodyParts | null = null // of a large body
  private lastArguments: Buffer = NOWHERE_ARGUMENTS

  constructor(slab: Slab, maxMessageSize: number) {
    this.slab = slab
    this.maxMessageSize = maxMessageSize
  }

  get isIdle(): boolean {
    return this.methodId === 0
  }

  /** Begins with a method that carries content; for basic.publish, `bytes[start..end)` are its arguments. */
  begin(methodId: number, bytes: Buffer, start: number, end: number): void {
    if (methodId === BASIC_PUBLISH && !isSame(this.lastArguments, bytes, start, end)) {
      this.readArguments(bytes, start, end)
    }
    this.methodId = methodId
    this.state = 'header'
  }

  /** Takes the payload of a header frame; true when the content is complete with it. */
  header(bytes: Buffer, start: number, end: number): boolean {
    if (this.state !== 'header') {
      throw this.unexpected('expected content body, got non content body frame instead')
    }
    const classId = bytes.readUInt16BE(start)
    if (bytes.readUInt16BE(start + 2) !== 0) {
      throw this.unexpected(
        'expected content header for class 60, got non content header frame instead',
      )
    }
    if (classId !== CLASS_BASIC) {
      throw this.unexpected(
        `expected content header for class 60, got one for class ${classId} instead`,
      )
    }
    this.bodySize = bytes.readUInt32BE(start + 4) * 0x1_0000_0000 + bytes.readUInt32BE(start + 8)
    if (this.bodySize > MAX_BODY_SIZE) {
      throw new ConnectionError(
        501,
        `content body size ${this.bodySize} exceeds maximum allowed size ${MAX_BODY_SIZE}`,
        this.methodId,
      )
    }
    this.readProperties(bytes, start + HEADER_FIXED_SIZE, end)
    this.state = 'body'
    this.received = 0
    if (this.bodySize > PART_SIZE) this.parts = new BodyParts(this.bodySize)
    return this.bodySize === 0
  }

  /**
   * Takes the payload of a body frame, or a part of it with `left` bytes to follow; true when the content is complete
   * with it. Bytes that are lent are copied, others kept.
   */
  addBody(bytes: Buffer, start: number, end: number, left = 0): boolean {
    if (this.state !== 'body') {
      throw this.unexpected(
        'expected content header for class 60, got non content header frame instead',
      )
    }
    const size = end - start
    if (size === 0 && left === 0) return false // it would need memory each time
    if (size + left > this.bodySize - this.received) {
      throw new ConnectionError(
        501,
        'content body frame exceeds remaining content size',
        this.methodId,
      )
    }
    if (this.parts === null) this.addSmallBody(bytes, start, end)
    else if (this.bodySize <= this.maxMessageSize) this.parts.add(bytes, start, end)
    this.received += size
    if (this.received < this.bodySize) return false
    this.bodyParts = this.parts?.finish() ?? null
    return true
  }

  /** Forgets the content in progress; what is shared with the next publish stays, unless it is large. */
  reset(): void {
    this.methodId = 0
    if (this.properties.encoded.length > KEPT_PROPERTIES) this.properties = NO_PROPERTIES
    this.body = NO_BYTES
    this.bodyParts = null
    this.parts = null
  }

  /** The error for a frame that comes instead of the one that is due. */
  methodInstead(): ConnectionError {
    return this.unexpected(
      this.state === 'header'
        ? 'expected content header for class 60, got non content header frame instead'
        : 'expected content body, got non content body frame instead',
    )
  }

  /** A body whose bytes may be kept stays where it is: to copy 1 KiB cost a quarter of a publish (bench a1k). */
  private addSmallBody(bytes: Buffer, start: number, end: number): void {
    if (this.received === 0) {
      if (end - start === this.bodySize && this.bodySize >= KEEPABLE_SIZE) {
        this.body = bytes
        this.bodyStart = start
        return
      }
      this.bodyStart = this.slab.take(this.bodySize)
      this.body = this.slab.memory
    }
    copyBytes(bytes, start, end, this.body, this.bodyStart + this.received)
  }

  private unexpected(text: string): ConnectionError {
    return new ConnectionError(505, text, this.methodId)
  }

  private readArguments(bytes: Buffer, start: number, end: number): void {
    const kept = Buffer.from(bytes.subarray(start, end))
    cursor.reset(kept, 0, kept.length)
    cursor.u16() // reserved
    const exchange = cursor.lenientShortstr()
    const routingKey = cursor.lenientShortstr()
    const bits = cursor.u8()
    if (cursor.at !== kept.length) throw new DecodeError('bytes are left over')
    this.address = addressOf(exchange, routingKey, kept.subarray(2, kept.length - 1))
    this.mandatory = (bits & 1) !== 0
    this.immediate = (bits & 2) !== 0
    this.lastArguments = kept
  }

  private readProperties(bytes: Buffer, start: number, end: number): void {
    if (isSame(this.properties.encoded, bytes, start, end)) return
    try {
      this.properties = new EncodedProperties(Buffer.from(bytes.subarray(start, end)))
    } catch (error) {
      throw error instanceof DecodeError ? undecodable(error) : error
    }
  }
}

/** RabbitMQ drops line breaks from the exchange's name, also from what consumers see. */
function addressOf(exchange: string, routingKey: string, encoded: Buffer): Address {
  const name = stripLineBreaks(exchange)
  if (name === exchange) return new EncodedAddress(exchange, routingKey, encoded)
  return EncodedAddress.of(name, routingKey)
}

/** RabbitMQ fails inside on properties that do not decode, and says no more than that. */
function undecodable(cause: DecodeError): ConnectionError {
  return new ConnectionError(541, '', 0, { cause })
}

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}

const CLASS_BASIC = 60

/** Properties of more bytes are not worth sharing: a channel would keep them for as long as it publishes nothing else. */
const KEPT_PROPERTIES = 4096

/** RabbitMQ's hard limit of a body, 512 MiB. */
const MAX_BODY_SIZE = 536_870_912

const NO_BYTES = Buffer.alloc(0)
const NOWHERE: Address = EncodedAddress.of('', '')

/** Of a publish to nowhere: two reserved octets, two empty strings, no flags. */
const NOWHERE_ARGUMENTS = Buffer.alloc(5)
const NO_PROPERTIES = new EncodedProperties(Buffer.alloc(2))
const cursor = new Cursor()
