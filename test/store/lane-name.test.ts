import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LaneName } from '../../src/core/ports.ts'
import { decodeLaneName, encodeLaneName, laneKey } from '../../src/store/log/lane-name.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const laneName: fc.Arbitrary<LaneName> = fc.record({
  vhost: text,
  kind: fc.constantFrom('queue' as const, 'exchange' as const),
  name: text,
  level: fc.nat({ max: 255 }),
  durable: fc.boolean(),
})

test('the name of a lane comes back as it was', () => {
  fc.assert(
    fc.property(laneName, (name) => {
      expect(decodeLaneName(encodeLaneName(name))).toEqual(name)
    }),
  )
})

test('the key of a lane tells apart all but the durable from the transient', () => {
  fc.assert(
    fc.property(laneName, laneName, (one, other) => {
      const isSame =
        one.vhost === other.vhost &&
        one.kind === other.kind &&
        one.name === other.name &&
        one.level === other.level
      expect(laneKey(one) === laneKey(other)).toBe(isSame)
      expect(laneKey({ ...one, durable: !one.durable })).toBe(laneKey(one))
    }),
  )
})

test('bytes that are no name are read or refused with a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodeLaneName(Buffer.from(bytes))
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
  for (let size = 0; size < 12; size++) {
    const name = { vhost: '/', kind: 'queue', name: 'q', level: 0, durable: true } as const
    expect(() => decodeLaneName(encodeLaneName(name).subarray(0, size))).toThrow(RangeError)
  }
})
