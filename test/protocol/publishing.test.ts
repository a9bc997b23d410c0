import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Slab } from '../../src/common/slab.ts'
import { longstr } from '../../src/common/table.ts'
import { ConnectionError } from '../../src/protocol/errors.ts'
import { Publishing } from '../../src/protocol/publishing.ts'
import { ByteWriter } from '../../src/wire/byte-writer.ts'
import { DecodeError } from '../../src/wire/cursor.ts'
import { KEEPABLE_SIZE, PART_SIZE } from '../../src/wire/frame-reader.ts'
import { BASIC_PUBLISH } from '../../src/wire/methods.ts'
import { encodeProperties, type Properties } from '../../src/wire/properties.ts'

const MAX_MESSAGE_SIZE = 1_000_000

test('a body is the bytes that came, however it was split, and lent bytes may change afterwards', () => {
  const bodySizes = fc.oneof(
    fc.nat(100),
    fc.nat(60_000),
    fc.constantFrom(KEEPABLE_SIZE - 1, KEEPABLE_SIZE, PART_SIZE - 1, PART_SIZE, PART_SIZE + 1),
  )
  fc.assert(
    fc.property(
      bodySizes,
      fc.array(fc.nat(100), { maxLength: 12, size: 'max' }),
      (size, splits) => {
        const body = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + size) & 0xff))
        const cuts = [
          0,
          ...splits.map((percent) => Math.floor((percent * size) / 100)).sort(byValue),
          size,
        ]
        const publishing = newPublishing()
        begin(publishing)
        let isComplete = sendHeader(publishing, size)
        for (let i = 1; i < cuts.length && !isComplete; i++) {
          const piece = body.subarray(cuts[i - 1], cuts[i])
          const lent = Buffer.concat([Buffer.from('before'), piece, Buffer.from('after')])
          isComplete = publishing.addBody(lent, 6, 6 + piece.length)
          if (piece.length < KEEPABLE_SIZE) lent.fill(0)
        }
        expect(isComplete).toBe(true)
        expect(publishing.bodySize).toBe(size)
        expect(bodyOf(publishing).equals(body)).toBe(true)
      },
    ),
    { numRuns: 200 },
  )
})

test('bodies of one channel after the other do not disturb each other', () => {
  const publishing = newPublishing()
  const bodies = ['first', '', 'second', 'x'.repeat(PART_SIZE + 1), 'third']
  const found = bodies.map((body) => {
    send(publishing, Buffer.from(body))
    const { bodyStart, bodySize, bodyParts } = publishing
    const memory = publishing.body
    publishing.reset()
    return () => bodyOf({ body: memory, bodyStart, bodySize, bodyParts }).toString()
  })
  expect(found.map((read) => read())).toEqual(bodies)
})

test.each([100, KEEPABLE_SIZE, PART_SIZE])(
  'empty frames before a body of %d bytes take no memory',
  (size) => {
    const slab = new Slab()
    const publishing = new Publishing(slab, MAX_MESSAGE_SIZE)
    begin(publishing)
    sendHeader(publishing, size)
    const before = slab.take(0)
    for (let i = 0; i < 1000; i++) expect(publishing.addBody(Buffer.alloc(0), 0, 0)).toBe(false)
    expect(slab.take(0)).toBe(before)
    const body = Buffer.alloc(size, 'x')
    expect(publishing.addBody(body, 0, size)).toBe(true)
    expect(bodyOf(publishing).equals(body)).toBe(true)
  },
)

test('a body larger than messages may be is let through unread', () => {
  const publishing = newPublishing()
  begin(publishing)
  sendHeader(publishing, MAX_MESSAGE_SIZE + 1)
  const half = Buffer.alloc(600_000)
  expect(publishing.addBody(half, 0, half.length)).toBe(false)
  expect(publishing.addBody(half, 0, MAX_MESSAGE_SIZE + 1 - half.length)).toBe(true)
  expect(publishing.bodyParts).toEqual([])
})

describe('the arguments of a publish', () => {
  test('are read, with their flags', () => {
    const publishing = newPublishing()
    begin(publishing, { exchange: 'x', routingKey: 'größe', bits: 3 })
    expect(publishing.address).toMatchObject({ exchange: 'x', routingKey: 'größe' })
    expect(publishing.address.routingKeys).toEqual(['größe'])
    expect([publishing.mandatory, publishing.immediate]).toEqual([true, true])
    begin(publishing, { exchange: 'x', routingKey: 'größe', bits: 1 })
    expect([publishing.mandatory, publishing.immediate]).toEqual([true, false])
  })

  test('that are the same again share one address, others have their own', () => {
    const publishing = newPublishing()
    begin(publishing, { exchange: 'x', routingKey: 'k' })
    const { address } = publishing
    publishing.reset()
    begin(publishing, { exchange: 'x', routingKey: 'k' })
    expect(publishing.address).toBe(address)
    publishing.reset()
    begin(publishing, { exchange: 'xk', routingKey: '' })
    expect(publishing.address).toMatchObject({ exchange: 'xk', routingKey: '' })
    expect(address).toMatchObject({ exchange: 'x', routingKey: 'k' })
  })

  test('are kept encoded as deliveries repeat them, though the bytes were lent', () => {
    const publishing = newPublishing()
    const lent = argumentsOf({ exchange: 'x', routingKey: 'key' })
    publishing.begin(BASIC_PUBLISH, lent, 0, lent.length)
    lent.fill(0)
    expect(publishing.address.encoded).toEqual(Buffer.from('\x01x\x03key'))
    expect(publishing.address.exchange).toBe('x')
  })

  test('lose the line breaks in the name of the exchange, not in the routing key', () => {
    const publishing = newPublishing()
    begin(publishing, { exchange: 'my\r\nx', routingKey: 'a\nb' })
    expect(publishing.address).toMatchObject({ exchange: 'myx', routingKey: 'a\nb' })
    expect(Buffer.from(publishing.address.encoded).toString()).toBe('\x03myx\x03a\nb')
  })

  test('that are cut or too long do not decode', () => {
    const whole = argumentsOf({ exchange: 'x', routingKey: 'key' })
    for (let end = 0; end < whole.length; end++) {
      const publishing = newPublishing()
      expect(() => publishing.begin(BASIC_PUBLISH, whole, 0, end)).toThrow(DecodeError)
    }
    const longer = Buffer.concat([whole, Buffer.alloc(1)])
    const publishing = newPublishing()
    expect(() => publishing.begin(BASIC_PUBLISH, longer, 0, longer.length)).toThrow(DecodeError)
  })
})

describe('properties', () => {
  test('that are the same again are shared, others are not', () => {
    const publishing = newPublishing()
    send(publishing, Buffer.from('a'), { deliveryMode: 2, expiration: '10' })
    const first = publishing.properties
    publishing.reset()
    send(publishing, Buffer.from('b'), { deliveryMode: 2, expiration: '10' })
    expect(publishing.properties).toBe(first)
    expect(first.isPersistent).toBe(true)
    publishing.reset()
    send(publishing, Buffer.from('c'), { deliveryMode: 1, expiration: '10' })
    expect(publishing.properties.isPersistent).toBe(false)
    expect(first.isPersistent).toBe(true)
  })

  test('that are large are let go of with their message', () => {
    const publishing = newPublishing()
    const large = { messageId: 'm', headers: new Map([['h', longstr('x'.repeat(120_000))]]) }
    send(publishing, Buffer.from('a'), large)
    const { properties } = publishing
    publishing.reset()
    expect(properties.encoded).toEqual(encodeProperties(large))
    expect(publishing.properties.encoded.length).toBeLessThan(100)
    send(publishing, Buffer.from('b'), large)
    expect(publishing.properties.encoded).toEqual(properties.encoded)
  })

  test('are copied out of lent bytes', () => {
    const publishing = newPublishing()
    begin(publishing)
    const header = headerOf(0, { expiration: '10' })
    publishing.header(header, 0, header.length)
    header.fill(0)
    expect(publishing.properties.encoded).toEqual(encodeProperties({ expiration: '10' }))
  })

  test('that do not decode cost the connection, with no more said than RabbitMQ says', () => {
    const publishing = newPublishing()
    begin(publishing)
    const header = headerOf(0, { expiration: '10' })
    const error = errorOf(() => publishing.header(header, 0, header.length - 1))
    expect(error).toMatchObject({ code: 541, message: '', methodId: 0 })
  })
})

describe('frames out of turn cost the connection', () => {
  const HEADER_DUE = 'expected content header for class 60, got non content header frame instead'
  const BODY_DUE = 'expected content body, got non content body frame instead'

  test('a body before its header', () => {
    const publishing = newPublishing()
    begin(publishing)
    expectError(() => publishing.addBody(Buffer.from('a'), 0, 1), 505, HEADER_DUE)
  })

  test('a header where a body is due', () => {
    const publishing = newPublishing()
    begin(publishing)
    sendHeader(publishing, 5)
    expectError(() => sendHeader(publishing, 5), 505, BODY_DUE)
  })

  test('a method where a header or a body is due', () => {
    const publishing = newPublishing()
    begin(publishing)
    expectError(
      () => {
        throw publishing.methodInstead()
      },
      505,
      HEADER_DUE,
    )
    sendHeader(publishing, 5)
    expectError(
      () => {
        throw publishing.methodInstead()
      },
      505,
      BODY_DUE,
    )
  })

  test('a header of another class, or with a weight', () => {
    const publishing = newPublishing()
    begin(publishing)
    const ofQueue = headerOf(0)
    ofQueue.writeUInt16BE(50, 0)
    const text = 'expected content header for class 60, got one for class 50 instead'
    expectError(() => publishing.header(ofQueue, 0, ofQueue.length), 505, text)
    const weighty = headerOf(0)
    weighty.writeUInt16BE(1, 2)
    expectError(() => publishing.header(weighty, 0, weighty.length), 505, HEADER_DUE)
  })

  test('more body than announced', () => {
    const publishing = newPublishing()
    begin(publishing)
    sendHeader(publishing, 5)
    publishing.addBody(Buffer.from('abc'), 0, 3)
    const text = 'content body frame exceeds remaining content size'
    expectError(() => publishing.addBody(Buffer.from('abc'), 0, 3), 501, text)
  })

  test('a body beyond 512 MiB', () => {
    const publishing = newPublishing()
    begin(publishing)
    const text = 'content body size 536870913 exceeds maximum allowed size 536870912'
    expectError(() => sendHeader(publishing, 536_870_913), 501, text)
  })
})

test('content is in progress from its method to the reset', () => {
  const publishing = newPublishing()
  expect(publishing.isIdle).toBe(true)
  begin(publishing)
  expect(publishing.isIdle).toBe(false)
  sendHeader(publishing, 0)
  expect(publishing.isIdle).toBe(false)
  publishing.reset()
  expect(publishing.isIdle).toBe(true)
})

function newPublishing(): Publishing {
  return new Publishing(new Slab(), MAX_MESSAGE_SIZE)
}

interface Arguments {
  readonly exchange?: string
  readonly routingKey?: string
  readonly bits?: number
}

function begin(publishing: Publishing, wish: Arguments = {}): void {
  const bytes = argumentsOf(wish)
  publishing.begin(BASIC_PUBLISH, bytes, 0, bytes.length)
}

function argumentsOf({ exchange = '', routingKey = '', bits = 0 }: Arguments): Buffer {
  const writer = new ByteWriter(Buffer.alloc(600))
  writer.u16(0)
  writer.shortstr(exchange)
  writer.shortstr(routingKey)
  writer.u8(bits)
  return writer.block.subarray(0, writer.at)
}

function headerOf(bodySize: number, properties: Properties = {}): Buffer {
  const fixed = Buffer.alloc(12)
  fixed.writeUInt16BE(60, 0)
  fixed.writeBigUInt64BE(BigInt(bodySize), 4)
  return Buffer.concat([fixed, encodeProperties(properties)])
}

function sendHeader(
  publishing: Publishing,
  bodySize: number,
  properties: Properties = {},
): boolean {
  const header = headerOf(bodySize, properties)
  return publishing.header(header, 0, header.length)
}

function send(publishing: Publishing, body: Buffer, properties: Properties = {}): void {
  begin(publishing)
  if (sendHeader(publishing, body.length, properties)) return
  expect(publishing.addBody(body, 0, body.length)).toBe(true)
}

function bodyOf(
  content: Pick<Publishing, 'body' | 'bodyStart' | 'bodySize' | 'bodyParts'>,
): Buffer {
  const { body, bodyStart, bodySize, bodyParts } = content
  if (bodyParts !== null) return Buffer.concat(bodyParts)
  return body.subarray(bodyStart, bodyStart + bodySize)
}

function errorOf(action: () => unknown): ConnectionError | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof ConnectionError) return error
    throw error
  }
}

function expectError(action: () => unknown, code: number, text: string): void {
  expect(errorOf(action)).toMatchObject({ code, message: text, methodId: BASIC_PUBLISH })
}

function byValue(a: number, b: number): number {
  return a - b
}
