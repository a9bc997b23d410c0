import { EMPTY_TABLE, type Table } from '../../src/common/table.ts'
import { Message } from '../../src/core/message.ts'

/** What a test wants of a message; the rest does not matter to it. */
export interface MessageWish {
  readonly exchange?: string
  readonly routingKey?: string
  readonly body?: string
  readonly isPersistent?: boolean
  readonly headers?: Table
  /** Keys of CC and BCC. */
  readonly extraRoutingKeys?: readonly string[]
}

export function newMessage(wish: MessageWish = {}): Message {
  const { exchange = '', routingKey = '', headers = EMPTY_TABLE } = wish
  const body = Buffer.from(wish.body ?? '')
  const address = { exchange, routingKey, routingKeys: [routingKey], encoded: NO_BYTES } as const
  const properties = {
    encoded: NO_BYTES,
    isPersistent: wish.isPersistent ?? false,
    hasHeaders: headers.size > 0,
    headers: () => headers,
  }
  const extraKeys = wish.extraRoutingKeys ?? null
  return new Message(address, properties, body, 0, body.length, null, extraKeys)
}

export function bodyOf(message: Message): string {
  const { body, bodyStart, bodySize } = message
  return body.toString('utf8', bodyStart, bodyStart + bodySize)
}

const NO_BYTES = Buffer.alloc(0)
