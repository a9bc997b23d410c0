import fc from 'fast-check'
import { Message } from '../../src/core/message.ts'
import { EncodedAddress } from '../../src/protocol/address.ts'
import { EncodedProperties } from '../../src/protocol/message-properties.ts'
import { encodeProperties } from '../../src/wire/properties.ts'

const name = fc.string({ maxLength: 40 })
const count = fc.nat({ max: 2 ** 32 - 1 })
const keys = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 4 })

const small = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 20 }))
  .map(([bytes, start]) => {
    const bodyStart = Math.min(start, bytes.length)
    const body = Buffer.from(bytes)
    return { body, bodyStart, bodySize: bytes.length - bodyStart, bodyParts: null }
  })

const large = fc
  .array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 6 })
  .map((parts) => {
    const bodySize = parts.reduce((sum, part) => sum + part.length, 0)
    return {
      body: Buffer.alloc(0),
      bodyStart: 0,
      bodySize,
      bodyParts: parts.map((part) => Buffer.from(part)),
    }
  })

/** Messages of every shape: small bodies within others' bytes, large ones in parts, keys of CC and BCC, a history. */
export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    exchange: name,
    routingKey: name,
    messageId: fc.option(name, { nil: undefined }),
    body: fc.oneof(small, large),
    extraKeys: fc.option(fc.record({ cc: keys, bcc: keys })),
    counts: fc.option(fc.record({ acquiredCount: count, failedCount: count })),
  })
  .map(({ exchange, routingKey, messageId, body, extraKeys, counts }) => {
    const properties = { deliveryMode: 2, ...(messageId === undefined ? {} : { messageId }) }
    return new Message(
      EncodedAddress.of(exchange, routingKey),
      new EncodedProperties(encodeProperties(properties)),
      body,
      extraKeys,
      counts === null ? null : { deaths: [], first: null, ...counts },
    )
  })

/** The body, as one piece. */
export function wholeBodyOf({ body, bodyStart, bodySize, bodyParts }: Message): Buffer {
  if (bodyParts !== null) return Buffer.concat(bodyParts)
  return body.subarray(bodyStart, bodyStart + bodySize)
}
