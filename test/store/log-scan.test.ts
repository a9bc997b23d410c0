import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batch } from '../../src/store/log/batch.ts'
import { HEADER_SIZE, RECORD, RECORD_HEADER_SIZE } from '../../src/store/log/format.ts'
import type { Damage } from '../../src/store/log/log-scan.ts'
import { SEED, scanned } from '../support/file-store-scan.ts'

const payloads = fc.array(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 6,
})

test('every record outside of what is damaged in an older batch is found, and none invented', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 1, max: 400 }), (batches, at, length) => {
      const log = logOf([...batches, [5]]) // the damage is never in the last batch
      const all = found(log, log.length).records
      const lastAt = log.length - RECORD_HEADER_SIZE * 2 - 8 - 5
      const from = HEADER_SIZE + (at % (lastAt - HEADER_SIZE))
      const to = Math.min(from + length, lastAt)
      const damaged = Buffer.from(log)
      for (let i = from; i < to; i++) damaged[i]! ^= 0xff
      const { records, holes, lastBatch } = found(damaged, log.length)
      expect(records).toEqual(all.filter((one) => one.end <= from || one.at >= to))
      expect(holes.length).toBeGreaterThan(0)
      expect(lastBatch).toEqual([])
      expect(holes.every((hole) => hole.at <= from && hole.at + hole.size >= to)).toBe(true)
    }),
  )
})

test('a log that is cut off loses what stood behind, and that is its tail', () => {
  const log = logOf([[10, 20], [30]])
  for (let size = 0; size <= log.length; size++) {
    const { records, holes, lastBatch } = found(log, size)
    const whole = found(log, log.length).records.filter(({ end }) => end <= size)
    expect(records).toEqual(whole)
    expect(holes.length).toBeLessThanOrEqual(1)
    expect(lastBatch).toEqual(holes)
    if (holes[0] !== undefined) expect(holes[0].at + holes[0].size).toBe(size)
  }
})

test('any bytes can be looked through', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const { records, holes } = found(Buffer.from(bytes), bytes.length)
      const sizes = [...records.map(({ at, end }) => end - at), ...holes.map(({ size }) => size)]
      const sum = sizes.reduce((a, b) => a + b, 0)
      expect(sum).toBeLessThanOrEqual(Math.max(0, bytes.length - HEADER_SIZE))
    }),
  )
})

interface Found {
  readonly records: readonly { at: number; end: number }[]
  readonly holes: readonly Damage[]
  readonly lastBatch: readonly Damage[]
}

function found(log: Buffer, end: number): Found {
  const { records, holes, lastBatch } = scanned(log, end)
  const places = records.map(({ payload, at }) => {
    return { at, end: at + RECORD_HEADER_SIZE + payload.length }
  })
  return { records: places, holes, lastBatch }
}

/** A log of these batches, given as the sizes of the payloads of their records. */
function logOf(batches: readonly (readonly number[])[]): Buffer {
  const parts = batches.flatMap((sizes) => {
    const batch = new Batch([], SEED)
    for (const size of sizes) {
      batch.begin(size)
      batch.block.fill(0xaa, batch.at, batch.at + size)
      batch.at += size
      batch.end(RECORD.DEFINITION, null)
    }
    return batch.parts()
  })
  return Buffer.concat([Buffer.alloc(HEADER_SIZE), ...parts])
}
