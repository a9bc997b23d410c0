import fc from 'fast-check'
import type { Table } from '../../src/common/table.ts'
import type { Properties } from '../../src/wire/properties.ts'
import { shortTexts } from './table-arbitraries.ts'

/** Properties of which any may be absent. */
export function propertiesWith(
  headers: fc.Arbitrary<Table>,
  timestamps: fc.Arbitrary<bigint>,
): fc.Arbitrary<Properties> {
  return fc.record(
    {
      contentType: shortTexts,
      contentEncoding: shortTexts,
      headers,
      deliveryMode: fc.oneof(fc.constantFrom(1, 2), fc.nat(0xff)),
      priority: fc.nat(0xff),
      correlationId: shortTexts,
      replyTo: fc.oneof(shortTexts, replyTos),
      expiration: shortTexts,
      messageId: shortTexts,
      timestamp: timestamps,
      type: shortTexts,
      userId: shortTexts,
      appId: shortTexts,
      clusterId: shortTexts,
    },
    { requiredKeys: [], noNullPrototype: true },
  )
}

const replyTos = fc.constantFrom(
  'amq.rabbitmq.reply-to',
  'amq.rabbitmq.reply-to.g1h2AA',
  'amq.rabbitmq.reply-t',
  'amq.rabbitmq.reply-tO',
)
