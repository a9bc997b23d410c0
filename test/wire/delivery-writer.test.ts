import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Content } from '../../src/wire/content-writer.ts'
import { DeliveryWriter } from '../../src/wire/delivery-writer.ts'
import { BLOCK_SIZE, BlockPool, Output } from '../../src/wire/output.ts'
import { encodeProperties } from '../../src/wire/properties.ts'

const FRAME_MAX = 4096
const TAGS = [Buffer.from('\x01c'), Buffer.from('\x0bctag-longer')]
const ADDRESSES = [Buffer.from('\x00\x01k'), Buffer.from('\x01x\x03key')]
const PROPERTIES = [encodeProperties({}), encodeProperties({ contentType: 'text/plain' })]
const MEMORY = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i * 31 + (i >>> 8)))

const BODY_SIZES: readonly number[] = [0, 100, 100, 100, 100, 3000, 4088, 4089, 20_000]

/** One delivery: mostly like the one before, sometimes not, sometimes after what was written has been sent. */
const step = fc.record({
  channel: fc.constantFrom(0, 0, 0, 1),
  tag: fc.constantFrom(0, 0, 0, 1),
  address: fc.constantFrom(0, 0, 0, 1),
  properties: fc.constantFrom(0, 0, 0, 1),
  deliveryTag: fc.oneof(fc.nat(1000), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 52)),
  redelivered: fc.boolean(),
  bodySize: fc.constantFrom(...BODY_SIZES),
  bodyStart: fc.nat(1000),
  isInParts: fc.constantFrom(false, false, false, true),
  isSentFirst: fc.constantFrom(false, false, false, false, true),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

test('a delivery is written the same whatever was written before it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const output = new Output(new BlockPool())
      const writers = [0, 1].map((channel) => new DeliveryWriter(output, channel + 1, FRAME_MAX))
      const sent: Uint8Array[] = []
      for (const one of steps) {
        if (one.isSentFirst) sent.push(send(output))
        write(writers[one.channel], one)
      }
      sent.push(send(output))
      expect(Buffer.concat(sent).equals(Buffer.concat(steps.map(writtenAlone)))).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('like deliveries go on in the next block when one is full', () => {
  const one = { ...STEP, bodySize: 1000 }
  const output = new Output(new BlockPool())
  const writer = new DeliveryWriter(output, 1, FRAME_MAX)
  const steps = Array.from({ length: 200 }, (_, i) => ({ ...one, deliveryTag: i, bodyStart: i }))
  for (const step of steps) write(writer, step)
  const { size, blocks, pieces } = output.take()
  expect(size).toBeGreaterThan(3 * BLOCK_SIZE)
  expect(blocks).toHaveLength(Math.ceil(size / BLOCK_SIZE))
  expect(Buffer.concat(pieces).equals(Buffer.concat(steps.map(writtenAlone)))).toBe(true)
})

/** What the broker sends goes back to the pool, where others write over it. */
function send(output: Output): Buffer {
  const { pieces, blocks } = output.take()
  const bytes = Buffer.concat(pieces)
  for (const block of blocks) block.fill(0xee)
  return bytes
}

function writtenAlone(one: Step): Buffer {
  const output = new Output(new BlockPool())
  write(new DeliveryWriter(output, one.channel + 1, FRAME_MAX), one)
  return send(output)
}

function write(writer: DeliveryWriter | undefined, one: Step): void {
  const { deliveryTag, redelivered } = one
  writer?.write(pick(TAGS, one.tag), deliveryTag, redelivered, pick(ADDRESSES, one.address), {
    properties: { encoded: pick(PROPERTIES, one.properties) },
    ...bodyOf(one),
  })
}

function bodyOf({ bodyStart, bodySize, isInParts }: Step): Omit<Content, 'properties'> {
  const body = MEMORY.subarray(bodyStart, bodyStart + bodySize)
  if (isInParts) return { body: MEMORY, bodyStart: 0, bodySize, bodyParts: [body] }
  return { body: MEMORY, bodyStart, bodySize, bodyParts: null }
}

function pick(buffers: readonly Buffer[], index: number): Buffer {
  const found = buffers[index]
  if (found === undefined) throw new Error(`there is no buffer ${index}`)
  return found
}

const STEP: Step = {
  channel: 0,
  tag: 0,
  address: 0,
  properties: 0,
  deliveryTag: 1,
  redelivered: false,
  bodySize: 100,
  bodyStart: 0,
  isInParts: false,
  isSentFirst: false,
}
