import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withDeath, withDeathHeaders } from '../../src/core/dead-letter/history.ts'
import { Message } from '../../src/core/message.ts'
import type { MessageParts } from '../../src/core/ports.ts'
import { EncodedAddress } from '../../src/protocol/address.ts'
import { EncodedProperties } from '../../src/protocol/message-properties.ts'
import { StoredMessages } from '../../src/protocol/stored-messages.ts'
import { encodeProperties } from '../../src/wire/properties.ts'
import { propertiesWith } from '../support/properties-arbitrary.ts'
import { anyTables, shortTexts } from '../support/table-arbitraries.ts'

describe('a message that has been stored', () => {
  test('says what it said before, whatever that is', () => {
    const properties = propertiesWith(anyTables, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
    const bodies = fc.uint8Array({ maxLength: 100 })
    const extraKeys = fc.option(fc.record({ cc: fc.array(shortTexts), bcc: fc.array(shortTexts) }))
    const messages = fc.array(fc.tuple(shortTexts, shortTexts, properties, bodies, extraKeys))
    fc.assert(
      fc.property(messages, (list) => {
        const factory = new StoredMessages()
        for (const [exchange, routingKey, wish, bytes, keys] of list) {
          const encoded = new EncodedProperties(encodeProperties(wish))
          const body = Buffer.from(bytes)
          const lying = { body, bodyStart: 0, bodySize: body.length, bodyParts: null }
          const address = EncodedAddress.of(exchange, routingKey)
          const message = new Message(address, encoded, lying, keys, null)
          expect(factory.create(partsOf(message))).toEqual(message)
        }
      }),
    )
  })

  test('has the deaths that its headers tell, and the counts that they do not', () => {
    const death = {
      queue: 'q',
      reason: 'rejected',
      timeSeconds: 1_700_000_000n,
      exchange: 'x',
      routingKeys: ['k', 'cc'],
      originalExpiration: '100',
    } as const
    const counts = { acquiredCount: 3, failedCount: 2 }
    const once = withDeath(null, death, counts)
    const history = withDeath(once, { ...death, queue: 'other', reason: 'expired' }, counts)
    const headers = withDeathHeaders(new Map(), history)
    const { history: told } = created({ headers }, '', { ...counts })
    expect(told).toMatchObject({ ...counts, deaths: history.deaths })
    expect(told?.first).toEqual({ queue: 'q', reason: 'rejected', exchange: 'x' })
  })

  test('that was no dead letter is none, even if its headers say so', () => {
    const death = { queue: 'q', reason: 'rejected', timeSeconds: 1n, exchange: '' } as const
    const counts = { acquiredCount: 0, failedCount: 0 }
    const history = withDeath(null, { ...death, routingKeys: [], originalExpiration: null }, counts)
    expect(created({ headers: withDeathHeaders(new Map(), history) }).history).toBe(null)
  })

  test('has a large body as one part, so that it is passed on without a copy', () => {
    const { body, bodySize, bodyParts } = created({}, 'x'.repeat(20_000))
    expect([body.length, bodySize, bodyParts?.length]).toEqual([0, 20_000, 1])
    expect(bodyParts?.[0]?.toString()).toBe('x'.repeat(20_000))
  })
})

test('messages share address and properties with the one before when these are the same', () => {
  const factory = new StoredMessages()
  const make = (key: string, messageId: string) => {
    const properties = encodeProperties({ messageId })
    const address = Buffer.from(EncodedAddress.of('x', key).encoded)
    return factory.create({ address, properties, body: Buffer.alloc(0), ...PLAIN })
  }
  const [first, second, third, fourth] = [
    make('k', 'a'),
    make('k', 'a'),
    make('k', 'b'),
    make('l', 'b'),
  ]
  expect(second.address).toBe(first.address)
  expect(second.properties).toBe(first.properties)
  expect(third.address).toBe(first.address)
  expect(third.properties.text('message_id')).toBe('b')
  expect(fourth.address.routingKey).toBe('l')
  expect(fourth.properties).toBe(third.properties)
})

const PLAIN = { extraKeys: null, history: null }

function created(
  wish: Parameters<typeof encodeProperties>[0],
  body = '',
  history: MessageParts['history'] = null,
): Message {
  const address = Buffer.from(EncodedAddress.of('x', 'k').encoded)
  const properties = encodeProperties(wish)
  const parts = { address, properties, body: Buffer.from(body), extraKeys: null, history }
  return new StoredMessages().create(parts)
}

function partsOf({ address, properties, body, extraKeys }: Message): MessageParts {
  const encoded = Buffer.from(address.encoded)
  const copied = Buffer.from(properties.encoded)
  return { address: encoded, properties: copied, body, extraKeys, history: null }
}
