import { EMPTY_TABLE, type Table } from '../common/table.ts'

/**
 * A message, published once and shared by every queue that holds it. All that differs from queue to queue is in the
 * queue's Entry.
 *
 * A small body is `body[bodyStart .. bodyStart + bodySize)`, in memory shared with other messages. A large one is
 * `bodyParts`, the slices it arrived in.
 */
export class Message {
  readonly address: Address
  readonly properties: MessageProperties
  readonly body: Buffer
  readonly bodyStart: number
  readonly bodySize: number
  readonly bodyParts: readonly Buffer[] | null
  /** CC and BCC keys of the publish; null for nearly every message. */
  readonly extraRoutingKeys: readonly string[] | null

  constructor(
    address: Address,
    properties: MessageProperties,
    body: Buffer,
    bodyStart: number,
    bodySize: number,
    bodyParts: readonly Buffer[] | null,
    extraRoutingKeys: readonly string[] | null,
  ) {
    this.address = address
    this.properties = properties
    this.body = body
    this.bodyStart = bodyStart
    this.bodySize = bodySize
    this.bodyParts = bodyParts
    this.extraRoutingKeys = extraRoutingKeys
  }

  get isPersistent(): boolean {
    return this.properties.isPersistent
  }

  /** The routing key and those of CC and BCC. */
  get routingKeys(): readonly string[] {
    const { address, extraRoutingKeys } = this
    if (extraRoutingKeys === null) return address.routingKeys
    return [address.routingKey, ...extraRoutingKeys]
  }

  get headers(): Table {
    return this.properties.hasHeaders ? this.properties.headers() : EMPTY_TABLE
  }
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
  readonly encoded: Uint8Array
}

/** Properties stay encoded as they came. Core sees only what it acts on; equal ones may be shared by messages. */
export interface MessageProperties {
  /** For the protocol layer alone; core never looks inside. */
  readonly encoded: Buffer
  /** delivery-mode 2. */
  readonly isPersistent: boolean
  readonly hasHeaders: boolean
  /** Decodes the header table anew at every call. */
  headers(): Table
}
