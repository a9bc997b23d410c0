import { EMPTY_TABLE, type Table } from '../common/table.ts'
import type { History } from './dead-letter/history.ts'

/**
 * A message, published once and shared by every queue that holds it. All that differs from queue to queue is in the
 * queue's Entry.
 *
 * A small body is `body[bodyStart .. bodyStart + bodySize)`, in memory shared with other messages. A large one is
 * `bodyParts`, the slices it arrived in.
 */
export class Message implements Body {
  readonly address: Address
  readonly properties: MessageProperties
  readonly body: Buffer
  readonly bodyStart: number
  readonly bodySize: number
  readonly bodyParts: readonly Buffer[] | null
  /** Null for nearly every message. */
  readonly extraKeys: ExtraKeys | null
  /** What it went through in other queues; null for nearly every message. */
  readonly history: History | null

  constructor(
    address: Address,
    properties: MessageProperties,
    body: Body,
    extraKeys: ExtraKeys | null,
    history: History | null,
  ) {
    this.address = address
    this.properties = properties
    this.body = body.body
    this.bodyStart = body.bodyStart
    this.bodySize = body.bodySize
    this.bodyParts = body.bodyParts
    this.extraKeys = extraKeys
    this.history = history
  }

  get isPersistent(): boolean {
    return this.properties.isPersistent
  }

  /** The routing key and those of CC and BCC. */
  get routingKeys(): readonly string[] {
    const { address, extraKeys } = this
    if (extraKeys === null) return address.routingKeys
    return [address.routingKey, ...extraKeys.cc, ...extraKeys.bcc]
  }

  /** What routing looks at. */
  get headers(): Table {
    return this.properties.hasHeaders ? this.properties.headers() : EMPTY_TABLE
  }

  /** The same message with other headers, as one consumer or one queue sees it. */
  withHeaders(headers: Table): Message {
    const properties = this.properties.withHeaders(headers)
    return new Message(this.address, properties, this, this.extraKeys, this.history)
  }
}

/** Where the bytes of a body lie. */
export interface Body {
  readonly body: Buffer
  readonly bodyStart: number
  readonly bodySize: number
  readonly bodyParts: readonly Buffer[] | null
}

/** Routing keys beside the one it was published with. Those of BCC no consumer gets to see. */
export interface ExtraKeys {
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
}

/**
 * Where a message was published to. Messages published to the same place share one, and with it the two names as
 * the protocol encodes them, which every delivery repeats.
 */
export interface Address {
  readonly exchange: string
  readonly routingKey: string
  /** The routing key alone, in the form that routing takes. */
  readonly routingKeys: readonly [string]
  /** For the protocol layer alone; core never looks inside. */
  readonly encoded: Buffer
  /** Another address, for a message that the broker publishes itself. */
  to(exchange: string, routingKey: string): Address
  /** The same routing key at another exchange, byte for byte: it need not be text. */
  at(exchange: string): Address
}

/** Properties stay encoded as they came. Core sees only what it acts on; equal ones may be shared by messages. */
export interface MessageProperties {
  /** For the protocol layer alone; core never looks inside. */
  readonly encoded: Buffer
  /** delivery-mode 2. */
  readonly isPersistent: boolean
  readonly hasHeaders: boolean
  /** -1 when there is none. */
  readonly priority: number
  /** Milliseconds as text, checked when it was published; null when there is none. */
  readonly expiration: string | null
  /** The text of a property that messages are told apart by; null when there is none. */
  text(name: 'message_id' | 'correlation_id' | 'timestamp'): string | null
  /** Decodes the header table anew at every call. */
  headers(): Table
  /** The same properties with other headers. */
  withHeaders(headers: Table): MessageProperties
  withoutExpiration(): MessageProperties
}
