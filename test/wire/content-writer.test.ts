import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteWriter, shortstrSize } from '../../src/wire/byte-writer.ts'
import { type Content, writeGetOk, writeReturn } from '../../src/wire/content-writer.ts'
import { DeliveryWriter } from '../../src/wire/delivery-writer.ts'
import { BASIC_DELIVER, BASIC_GET_OK, BASIC_RETURN } from '../../src/wire/methods.ts'
import { BLOCK_SIZE, BlockPool, Output } from '../../src/wire/output.ts'
import { encodeProperties } from '../../src/wire/properties.ts'
import { amqplibCodec } from '../support/amqplib-codec.ts'
import { type Frame, splitFrames } from '../support/frames.ts'

const FRAME_MAX = 8192
const CHUNK = FRAME_MAX - 8
const CLASS_BASIC = 60

/** Bytes of a body that lies in one place, with others before and behind it. */
const SIZES = [0, 1, 47, 48, 49, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 16_384]

describe('a body in one place', () => {
  test.each(SIZES)('of %i bytes is written in as few frames as frame-max allows', (size) => {
    const { written, body } = inOnePlace(size, size % 7)
    expectContent(deliver(FRAME_MAX, written), FRAME_MAX, body)
  })

  test('of any size fits any frame-max', () => {
    fc.assert(
      fc.property(fc.nat(16_384), fc.integer({ min: 4096, max: 20_000 }), (size, frameMax) => {
        const { written, body } = inOnePlace(size, 13)
        expectContent(deliver(frameMax, written), frameMax, body)
      }),
    )
  })

  test('leaves memory that is not its own alone', () => {
    const { written } = inOnePlace(100, 50)
    const before = Buffer.from(written.body)
    deliver(FRAME_MAX, written)
    expect(written.body.equals(before)).toBe(true)
  })
})

describe('a body in parts', () => {
  test.each([
    ['one part of one frame', [CHUNK]],
    ['one part of one frame and an octet', [CHUNK + 1]],
    ['parts that end where frames do', [CHUNK, CHUNK, CHUNK]],
    ['parts one octet short of frames', [CHUNK - 1, CHUNK - 1, CHUNK - 1]],
    ['parts one octet longer than frames', [CHUNK + 1, CHUNK + 1, CHUNK + 1]],
    ['many small parts', Array.from({ length: 300 }, (_, i) => (i % 97) + 1)],
    ['one large part between small ones', [1, 100_000, 1]],
    ['empty parts among others', [0, 10, 0, CHUNK, 0]],
  ])('%s is written in as few frames as frame-max allows', (_name, sizes) => {
    const { written, body } = inParts(sizes)
    expectContent(deliver(FRAME_MAX, written), FRAME_MAX, body)
  })

  test('of any sizes fit any frame-max', () => {
    const sizes = fc.array(fc.nat(40_000), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 4096, max: 131_072 }), (partSizes, frameMax) => {
        const { written, body } = inParts(partSizes)
        expectContent(deliver(frameMax, written), frameMax, body)
      }),
    )
  })

  test('is sent as the slices it came in, without a copy', () => {
    const { written } = inParts([100_000, 50_000])
    const output = new Output(new BlockPool())
    new DeliveryWriter(output, 1, 131_072).write(shortstr('c'), 1, false, ADDRESS, written)
    const memory = written.bodyParts?.map((part) => part.buffer) ?? []
    const own = output.take().pieces.filter((piece) => !memory.some((m) => m === piece.buffer))
    const copied = own.reduce((sum, piece) => sum + piece.length, 0)
    expect(copied).toBeLessThan(300)
  })
})

describe('frames of several messages', () => {
  test('follow each other in one output, across its blocks', () => {
    const output = new Output(new BlockPool())
    const deliveries = new DeliveryWriter(output, 1, FRAME_MAX)
    const bodies: Buffer[] = []
    for (let i = 0; i < 400; i++) {
      const { written, body } = i % 10 === 0 ? inParts([300, 20_000]) : inOnePlace(i * 11, i)
      deliveries.write(shortstr('ctag'), i + 1, false, ADDRESS, written)
      bodies.push(body)
    }
    expect(output.size).toBeGreaterThan(4 * BLOCK_SIZE)
    const frames = splitFrames(Buffer.concat(output.take().pieces))
    let at = 0
    for (const body of bodies) {
      const count = 2 + Math.ceil(body.length / CHUNK)
      expectContent(frames.slice(at, at + count), FRAME_MAX, body)
      at += count
    }
    expect(at).toBe(frames.length)
  })
})

describe('what amqplib reads', () => {
  test('of a delivery is what was written', () => {
    for (const consumerTag of ['', 'c', 'x'.repeat(48), 'y'.repeat(49), 'z'.repeat(255), 'ü€']) {
      const { written } = inOnePlace(3, 0)
      const output = new Output(new BlockPool())
      const tag = 2 ** 40 + 5
      new DeliveryWriter(output, 258, FRAME_MAX).write(
        shortstr(consumerTag),
        tag,
        true,
        ADDRESS,
        written,
      )
      const [method, header] = splitFrames(Buffer.concat(output.take().pieces))
      expect(method?.channel).toBe(258)
      expect(decodeMethod(BASIC_DELIVER, method)).toEqual({
        consumerTag,
        deliveryTag: tag,
        redelivered: true,
        exchange: 'an exchange',
        routingKey: 'a.routing.key',
      })
      expect(amqplibCodec.decode(CLASS_BASIC, header?.payload.subarray(12) ?? EMPTY)).toMatchObject(
        {
          contentType: 'text/plain',
          deliveryMode: 2,
          messageId: 'm'.repeat(100),
        },
      )
    }
  })

  test('of a delivery is the same as of a method written field by field', () => {
    const fields = { consumerTag: 'c', deliveryTag: 7, redelivered: false, ...NAMES }
    const { written } = inOnePlace(0, 0)
    const [method] = deliver(FRAME_MAX, written)
    const expected = amqplibCodec.encodeMethod(BASIC_DELIVER, 1, { ...fields, consumerTag: 'tag' })
    expect(method?.payload).toEqual(splitFrames(expected)[0]?.payload)
  })

  test('of get-ok and return is what was written, with the same content', () => {
    const { written, body } = inParts([CHUNK, 10])
    const output = new Output(new BlockPool())
    const getOk = { deliveryTag: 9, redelivered: true, ...NAMES, messageCount: 3 }
    const returned = { replyCode: 312, replyText: 'NO_ROUTE', ...NAMES }
    writeGetOk(output, FRAME_MAX, 1, getOk, written)
    writeReturn(output, FRAME_MAX, 1, returned, written)
    const frames = splitFrames(Buffer.concat(output.take().pieces))
    expect(frames).toHaveLength(8)
    expectContent(frames.slice(0, 4), FRAME_MAX, body)
    expectContent(frames.slice(4), FRAME_MAX, body)
    expect(decodeMethod(BASIC_GET_OK, frames[0])).toEqual(getOk)
    expect(decodeMethod(BASIC_RETURN, frames[4])).toEqual(returned)
  })
})

const EMPTY = Buffer.alloc(0)
const NAMES = { exchange: 'an exchange', routingKey: 'a.routing.key' }
const ADDRESS = Buffer.concat([shortstr(NAMES.exchange), shortstr(NAMES.routingKey)])
const PROPERTIES = encodeProperties({
  contentType: 'text/plain',
  deliveryMode: 2,
  messageId: 'm'.repeat(100),
})

function deliver(frameMax: number, content: Content): Frame[] {
  const output = new Output(new BlockPool())
  new DeliveryWriter(output, 1, frameMax).write(shortstr('tag'), 7, false, ADDRESS, content)
  return splitFrames(Buffer.concat(output.take().pieces))
}

/** Checks method, header and body frames of one message. */
function expectContent(frames: readonly Frame[], frameMax: number, body: Buffer): void {
  const [method, header, ...bodies] = frames
  assert.equal(method?.type, 1)
  assert.equal(header?.type, 2)
  const fixed = Buffer.alloc(12)
  fixed.writeUInt16BE(CLASS_BASIC, 0)
  fixed.writeBigUInt64BE(BigInt(body.length), 4)
  assert.deepEqual(header.payload, Buffer.concat([fixed, PROPERTIES]))
  assert.ok(bodies.every((frame) => frame.type === 3 && frame.channel === 1))
  assert.equal(bodies.length, Math.ceil(body.length / (frameMax - 8)))
  assert.ok(bodies.every(({ payload }) => payload.length > 0 && payload.length + 8 <= frameMax))
  assert.ok(Buffer.concat(bodies.map(({ payload }) => payload)).equals(body))
}

function inOnePlace(size: number, bodyStart: number): { written: Content; body: Buffer } {
  const memory = Buffer.from(Array.from({ length: bodyStart + size + 20 }, (_, i) => i * 7))
  return {
    written: {
      properties: { encoded: PROPERTIES },
      body: memory,
      bodyStart,
      bodySize: size,
      bodyParts: null,
    },
    body: memory.subarray(bodyStart, bodyStart + size),
  }
}

function inParts(sizes: readonly number[]): { written: Content; body: Buffer } {
  const bodyParts = sizes.map((size, i) => Buffer.alloc(size, i + 1))
  const body = Buffer.concat(bodyParts)
  return {
    written: {
      properties: { encoded: PROPERTIES },
      body: EMPTY,
      bodyStart: 0,
      bodySize: body.length,
      bodyParts,
    },
    body,
  }
}

function shortstr(text: string): Buffer {
  const writer = new ByteWriter(Buffer.alloc(shortstrSize(text)))
  writer.shortstr(text)
  return writer.block
}

function decodeMethod(id: number, frame: Frame | undefined): Record<string, unknown> {
  assert.equal(frame?.payload.readUInt32BE(0), id)
  return amqplibCodec.decode(id, frame.payload.subarray(4))
}
