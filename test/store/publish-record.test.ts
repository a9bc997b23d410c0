import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../src/core/message.ts'
import { Batch } from '../../src/store/log/batch.ts'
import { HEADER_SIZE, RECORD, RECORD_HEADER_SIZE } from '../../src/store/log/format.ts'
import {
  PublishWriter,
  readMessage,
  readTargets,
  targetIndex,
  targetLane,
  targetOrdinal,
  targetTimeMs,
} from '../../src/store/log/publish-record.ts'
import { anyMessage, wholeBodyOf } from '../support/file-store-messages.ts'
import { SEED, scanned } from '../support/file-store-scan.ts'
import { newMessage } from '../support/messages.ts'

const u48 = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const target = fc.record({ lane: fc.nat({ max: 2 ** 32 - 1 }), ordinal: u48, timeMs: u48 })
const targets = fc.array(target, { minLength: 1, maxLength: 200 })

type Target = { readonly lane: number; readonly ordinal: number; readonly timeMs: number }

test('a message and its targets come back as they were, whatever they are', () => {
  fc.assert(
    fc.property(anyMessage, targets, fc.boolean(), (message, to, isSpilled) => {
      const payload = payloadOf(message, to, isSpilled)
      const { bodySize } = message
      expect(readTargets(payload)).toEqual({ isSpilled, count: to.length, bodySize })
      const found = to.map((_, i) => ({
        lane: targetLane(payload, i),
        ordinal: targetOrdinal(payload, i),
        timeMs: targetTimeMs(payload, i),
      }))
      expect(found).toEqual(to)
      const parts = readMessage(payload)
      expect(parts.address.equals(message.address.encoded)).toBe(true)
      expect(parts.properties.equals(message.properties.encoded)).toBe(true)
      expect(parts.body.equals(wholeBodyOf(message))).toBe(true)
      expect(parts.extraKeys).toEqual(message.extraKeys)
      const { acquiredCount, failedCount } = message.history ?? {}
      expect(parts.history).toEqual(message.history && { acquiredCount, failedCount })
    }),
  )
})

test('a target is found by its lane and ordinal', () => {
  const payload = payloadOf(
    newMessage(),
    [
      { lane: 1, ordinal: 2 ** 33, timeMs: 0 },
      { lane: 2, ordinal: 2 ** 33, timeMs: 0 },
      { lane: 2, ordinal: 7, timeMs: 0 },
    ],
    false,
  )
  expect(targetIndex(payload, 2, 2 ** 33)).toBe(1)
  expect(targetIndex(payload, 2, 7)).toBe(2)
  expect(targetIndex(payload, 1, 7)).toBe(-1)
})

test('bytes that are no record, or a changed one, are read or refused with a RangeError', () => {
  const changed = fc
    .tuple(anyMessage, targets, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }))), fc.nat())
    .map(([message, to, changes, size]) => {
      const payload = payloadOf(message, to, false)
      for (const [at, value] of changes) payload[at % payload.length] = value
      return payload.subarray(0, payload.length - (size % payload.length))
    })
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(fc.oneof(changed, noise), (payload) => {
      for (const read of [readTargets, readMessage]) {
        try {
          read(payload)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }
    }),
  )
})

/** What stands in the log, as one piece that may be changed. */
function payloadOf(message: Message, to: readonly Target[], isSpilled: boolean): Buffer {
  const [batch, writer] = [new Batch([], SEED), new PublishWriter()]
  writer.begin(batch, message, to.length, isSpilled)
  for (const { lane, ordinal, timeMs } of to) writer.target(lane, ordinal, timeMs)
  writer.end(message)
  const log = Buffer.concat([Buffer.alloc(HEADER_SIZE), ...batch.parts()])
  const { records, holes } = scanned(log)
  expect(holes).toEqual([])
  const found = records.map(({ type, payload, at }) => {
    expect(type).toBe(RECORD.PUBLISH)
    expect(payload.length).toBe(log.length - at - RECORD_HEADER_SIZE)
    return Buffer.from(payload)
  })
  expect(found).toHaveLength(1)
  return found[0]!
}
