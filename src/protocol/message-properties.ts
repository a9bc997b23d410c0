import type { Table } from '../common/table.ts'
import type { MessageProperties } from '../core/message.ts'
import { Cursor } from '../wire/cursor.ts'
import {
  decodeProperties,
  type PropertiesScan,
  readHeaders,
  scanProperties,
  withHeaders,
  withoutExpiration,
  withReplyTo,
} from '../wire/properties.ts'

/** Properties as they came, checked once, and what was found in them. */
export class EncodedProperties implements MessageProperties {
  readonly encoded: Buffer
  readonly scan: PropertiesScan

  /** Throws DecodeError for bytes that are no properties. */
  constructor(encoded: Buffer) {
    this.encoded = encoded
    this.scan = scanProperties(cursor.reset(encoded, 0, encoded.length))
  }

  get isPersistent(): boolean {
    return this.scan.deliveryMode === PERSISTENT
  }

  get hasHeaders(): boolean {
    return this.scan.hasHeaders
  }

  get priority(): number {
    return this.scan.priority
  }

  get expiration(): string | null {
    return this.scan.expiration
  }

  text(name: 'message_id' | 'correlation_id' | 'timestamp'): string | null {
    const { messageId, correlationId, timestamp } = decodeProperties(this.encoded)
    switch (name) {
      case 'message_id':
        return messageId ?? null
      case 'correlation_id':
        return correlationId ?? null
      case 'timestamp':
        return timestamp?.toString() ?? null
    }
  }

  headers(): Table {
    return readHeaders(this.encoded)
  }

  withHeaders(headers: Table): EncodedProperties {
    return new EncodedProperties(withHeaders(this.encoded, headers))
  }

  withoutExpiration(): EncodedProperties {
    if (this.scan.expiration === null) return this
    return new EncodedProperties(withoutExpiration(this.encoded))
  }

  withReplyTo(replyTo: string): EncodedProperties {
    return new EncodedProperties(withReplyTo(this.encoded, replyTo))
  }
}

const PERSISTENT = 2
const cursor = new Cursor()
