import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PART_SIZE } from '../../src/wire/frame-reader.ts'
import { frameBytes } from '../support/frames.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  consume,
  declareQueue,
  headerFrame,
  openChannel,
  publishMethod,
  type Received,
} from '../support/test-client.ts'

describe('a body', () => {
  const frameSizes = fc.array(
    fc.oneof(
      fc.nat(300),
      fc.constantFrom(PART_SIZE - 1, PART_SIZE, PART_SIZE + 1, 131_072),
      fc.nat(60_000),
    ),
    { minLength: 1, maxLength: 5 },
  )

  test('arrives as it was sent, in whatever frames and pieces it comes', () => {
    fc.assert(
      fc.property(frameSizes, fc.array(fc.nat(200_000), { maxLength: 6 }), (sizes, cuts) => {
        const frames = sizes.map((size, i) => frameBytes(3, 1, String(i % 10).repeat(size)))
        const bodySize = sizes.reduce((sum, size) => sum + size, 0)
        fc.pre(bodySize > 0 && sizes.at(-1) !== 0)
        const stream = Buffer.concat([publishMethod(1, 'q'), headerFrame(1, bodySize), ...frames])
        const { delivered } = outcomeOf(cutAt(stream, cuts))
        const body = sizes.map((size, i) => String(i % 10).repeat(size)).join('')
        assert.ok(delivered.length === 1 && delivered[0] === body)
      }),
    )
  })
})

describe('wherever its bytes are cut', () => {
  const size = PART_SIZE + 1000
  const streams: readonly (readonly [string, Buffer, number])[] = [
    [
      'whose frame ends wrongly',
      content(size, withEnd(frameBytes(3, 1, Buffer.alloc(size)), 0)),
      501,
    ],
    ['in a frame larger than it', content(size, frameBytes(3, 1, Buffer.alloc(size + 500))), 501],
    ['of little in a large frame', content(100, frameBytes(3, 1, Buffer.alloc(size))), 501],
    ['of nothing with a large frame', content(0, frameBytes(3, 1, Buffer.alloc(size))), 505],
    [
      'in a second frame larger than the rest',
      content(size + 10, frameBytes(3, 1, 'ten octets'), frameBytes(3, 1, Buffer.alloc(size + 1))),
      501,
    ],
  ]

  test.each(streams)('a body %s costs the same', (_name, stream, code) => {
    const whole = outcomeOf([stream])
    expect(whole.replies).toMatchObject([{ replyCode: code }])
    for (let cut = 1; cut < stream.length; cut += cut < 200 || cut > size - 700 ? 1 : 97) {
      const { replies, delivered } = outcomeOf(cutAt(stream, [cut]))
      assert.deepEqual(replies, whole.replies, `cut at ${cut}`)
      assert.deepEqual(delivered, whole.delivered, `cut at ${cut}`)
    }
  })
})

/** basic.publish and a header, with these frames behind it. */
function content(bodySize: number, ...frames: readonly Buffer[]): Buffer {
  return Buffer.concat([publishMethod(1, 'q'), headerFrame(1, bodySize), ...frames])
}

/** What a publisher is told, and what a consumer gets, when these chunks come. */
function outcomeOf(chunks: readonly Buffer[]): {
  replies: readonly Received[]
  delivered: readonly string[]
} {
  const broker = new TestBroker()
  const consumer = broker.connect({ channels: [1] })
  consumer.call(declareQueue(1, 'q'), consume(1, 'q', 'c', true))
  const publisher = broker.connect()
  publisher.call(openChannel(1))
  for (const chunk of chunks) publisher.send(chunk)
  return {
    replies: publisher.receive(),
    delivered: consumer.receive().flatMap(({ body }) => body ?? []),
  }
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)
  const edges = [0, ...at, bytes.length]
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge))
}

function withEnd(frame: Buffer, octet: number): Buffer {
  const changed = Buffer.from(frame)
  changed[frame.length - 1] = octet
  return changed
}
