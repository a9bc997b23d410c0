import type { Table } from '../../src/common/table.ts'
import { Message } from '../../src/core/message.ts'
import { EncodedAddress } from '../../src/protocol/address.ts'
import { EncodedProperties } from '../../src/protocol/message-properties.ts'
import { encodeProperties } from '../../src/wire/properties.ts'

/** What a test wants of a message; the rest does not matter to it. */
export interface MessageWish {
  readonly exchange?: string
  readonly routingKey?: string
  readonly body?: string
  readonly isPersistent?: boolean
  readonly priority?: number
  readonly headers?: Table
  /** Keys of CC. */
  readonly extraRoutingKeys?: readonly string[]
}

export function newMessage(wish: MessageWish = {}): Message {
  const { exchange = '', routingKey = '', headers, priority, extraRoutingKeys } = wish
  const body = Buffer.from(wish.body ?? '')
  const properties = encodeProperties({
    ...(headers === undefined ? {} : { headers }),
    ...(priority === undefined ? {} : { priority }),
    deliveryMode: wish.isPersistent ? 2 : 1,
  })
  return new Message(
    EncodedAddress.of(exchange, routingKey),
    new EncodedProperties(properties),
    { body, bodyStart: 0, bodySize: body.length, bodyParts: null },
    extraRoutingKeys === undefined ? null : { cc: extraRoutingKeys, bcc: [] },
    null,
  )
}

export function bodyOf(message: Message): string {
  const { body, bodyStart, bodySize } = message
  return body.toString('utf8', bodyStart, bodyStart + bodySize)
}
