import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteSink, ByteSource } from '../../src/store/recovery/byte-sink.ts'

const item = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.nat({ max: 2 ** 32 - 1 }) }),
  fc.record({
    kind: fc.constant('u48' as const),
    value: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  }),
  fc.record({ kind: fc.constant('sized' as const), value: fc.uint8Array({ maxLength: 50_000 }) }),
)

test('what was written is read again, also beyond the first room that was made', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), (items) => {
      const sink = new ByteSink()
      for (const one of items) {
        if (one.kind === 'sized') sink.sized(one.value)
        else sink[one.kind](one.value)
      }
      const bytes = sink.finish()
      expect(bytes.length).toBe(sink.size)
      const source = new ByteSource(bytes, 0)
      for (const one of items) {
        if (one.kind === 'sized') expect(source.sized().equals(one.value)).toBe(true)
        else expect(source[one.kind]()).toBe(one.value)
      }
      for (const read of ['u8', 'u32', 'u48', 'sized'] as const) {
        expect(() => source[read]()).toThrow(RangeError)
      }
    }),
  )
})

test('bytes whose number goes beyond the end are refused', () => {
  const sink = new ByteSink()
  sink.sized(Buffer.from('hello'))
  const bytes = sink.finish().subarray(0, 8)
  expect(() => new ByteSource(bytes, 0).sized()).toThrow(RangeError)
})
