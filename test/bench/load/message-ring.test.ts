import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Slab } from '../../../src/common/slab.ts'
import { Publishing } from '../../../src/protocol/publishing.ts'
import { FRAME_BODY, FRAME_HEADER, FrameReader } from '../../../src/wire/frame-reader.ts'
import { MessageRing, numberIn, timeIn } from './message-ring.ts'

const FRAME_MAX = 4096

interface Heard {
  readonly exchange: string
  readonly routingKey: string
  readonly isPersistent: boolean
  readonly body: Buffer
}

/** Reads publishes as the broker does. */
function read(bytes: Buffer): readonly Heard[] {
  const heard: Heard[] = []
  const publishing = new Publishing(new Slab(), 1_000_000)
  const end = (isComplete: boolean) => {
    if (!isComplete) return
    const { address, properties, body, bodyStart, bodySize, bodyParts } = publishing
    heard.push({
      exchange: address.exchange,
      routingKey: address.routingKey,
      isPersistent: properties.isPersistent,
      body: Buffer.concat(bodyParts ?? [body.subarray(bodyStart, bodyStart + bodySize)]),
    })
    publishing.reset()
  }
  const reader = new FrameReader(
    {
      onFrame(type, _channel, from, start, stop) {
        if (type === FRAME_HEADER) end(publishing.header(from, start, stop))
        else if (type === FRAME_BODY) end(publishing.addBody(from, start, stop))
        else publishing.begin(from.readUInt32BE(start), from, start + 4, stop)
      },
      onBodyPart(_channel, from, start, stop, left) {
        end(publishing.addBody(from, start, stop, left))
      },
    },
    FRAME_MAX,
  )
  reader.push(Buffer.from(bytes))
  return heard
}

describe('a message ring', () => {
  test('holds messages that the broker reads as they were meant', () => {
    const shapes = fc.record({
      exchange: fc.constantFrom('', 'topic'),
      routingKeys: fc.constantFrom(['queue'], ['key-1', 'key-2', 'key-3']),
      bodySize: fc.nat({ max: 20_000 }),
      isPersistent: fc.boolean(),
    })
    fc.assert(
      fc.property(shapes, fc.nat({ max: 50_000 }), (shape, size) => {
        const ring = new MessageRing(1, shape, FRAME_MAX, size)
        const heard = read(ring.stamped(0, ring.count, 1234.5, 1000))
        expect(heard.length).toBe(ring.count)
        for (const [i, message] of heard.entries()) {
          expect(message.exchange).toBe(shape.exchange)
          expect(message.routingKey).toBe(shape.routingKeys[i % shape.routingKeys.length])
          expect(message.isPersistent).toBe(shape.isPersistent)
          expect(message.body.length).toBe(shape.bodySize)
          if (shape.bodySize >= 8) expect(timeIn(message.body, 0)).toBe(1234.5)
          if (shape.bodySize >= 16) expect(numberIn(message.body, 0)).toBe(1000 + i)
        }
      }),
    )
  })

  test('stamps the messages that are sent, and no others', () => {
    const shape = { exchange: '', routingKeys: ['queue'], bodySize: 16, isPersistent: false }
    const ring = new MessageRing(1, shape, FRAME_MAX, 1000)
    const all = ring.stamped(0, 4, 1, 0)
    expect(read(all).map(({ body }) => numberIn(body, 0))).toEqual([0, 1, 2, 3])
    const piece = ring.stamped(1, 2, 2, 77)
    expect(read(piece).map(({ body }) => numberIn(body, 0))).toEqual([77, 78])
    expect(read(all).map(({ body }) => numberIn(body, 0))).toEqual([0, 77, 78, 3])
    expect(read(all).map(({ body }) => timeIn(body, 0))).toEqual([1, 2, 2, 1])
  })

  test('takes no routing keys of different lengths', () => {
    const shape = { exchange: '', routingKeys: ['a', 'bb'], bodySize: 16, isPersistent: false }
    expect(() => new MessageRing(1, shape, FRAME_MAX, 1000)).toThrow('one length')
  })
})
