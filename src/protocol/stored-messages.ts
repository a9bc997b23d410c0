import type { History } from '../core/dead-letter/history.ts'
import { historyTold } from '../core/dead-letter/told-history.ts'
import { Message } from '../core/message.ts'
import type { MessageFactory, MessageParts } from '../core/ports.ts'
import { Cursor } from '../wire/cursor.ts'
import { PART_SIZE } from '../wire/frame-reader.ts'
import { EncodedAddress } from './address.ts'
import { EncodedProperties } from './message-properties.ts'

/**
 * Makes messages of what storage has kept of them. What one has in common with the one before (address, properties) is
 * recognised by its bytes and shared, as it is among messages that a channel publishes.
 *
 * Throws DecodeError for bytes that nobody has stored.
 */
export class StoredMessages implements MessageFactory {
  private address: EncodedAddress = EncodedAddress.of('', '')
  private addressBytes: Buffer = NO_BYTES
  private properties: EncodedProperties | null = null

  create({ address, properties, body, extraKeys, history }: MessageParts): Message {
    if (!this.addressBytes.equals(address)) {
      this.address = decodeAddress(address)
      this.addressBytes = address
    }
    if (this.properties === null || !this.properties.encoded.equals(properties)) {
      this.properties = new EncodedProperties(properties)
    }
    const told = history === null ? null : historyOf(this.properties, history)
    return new Message(this.address, this.properties, bodyOf(body), extraKeys, told)
  }
}

function decodeAddress(encoded: Buffer): EncodedAddress {
  cursor.reset(encoded, 0, encoded.length)
  const exchange = cursor.lenientShortstr()
  const routingKey = cursor.lenientShortstr()
  return new EncodedAddress(exchange, routingKey, encoded)
}

/** A large body is passed on as a part, so that it is not copied. */
function bodyOf(body: Buffer) {
  const bodySize = body.length
  if (bodySize <= PART_SIZE) return { body, bodyStart: 0, bodySize, bodyParts: null }
  return { body: NO_BYTES, bodyStart: 0, bodySize, bodyParts: [body] }
}

/** The deaths are told by the headers; the counts are not. */
function historyOf(properties: EncodedProperties, counts: Counts): History {
  const told = properties.hasHeaders ? historyTold(properties.headers()) : null
  const { acquiredCount, failedCount } = counts
  return { ...(told ?? { deaths: [], first: null }), acquiredCount, failedCount }
}

type Counts = Pick<History, 'acquiredCount' | 'failedCount'>

const NO_BYTES = Buffer.alloc(0)
const cursor = new Cursor()
