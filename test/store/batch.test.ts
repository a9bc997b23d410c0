import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batch } from '../../src/store/log/batch.ts'
import { HEADER_SIZE, RECORD } from '../../src/store/log/format.ts'
import { SEED, scanned } from '../support/file-store-scan.ts'

interface Wish {
  readonly head: number
  readonly parts: readonly number[] | null
}

const size = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 300_000 }))
const wish = fc.record({
  head: size,
  parts: fc.option(fc.array(size, { minLength: 1, maxLength: 4 })),
})

test('records come out whole and in order, each where it was said to begin', () => {
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 12 }), (wishes) => {
      const batch = new Batch([], SEED)
      const begins = wishes.map((one, i) => HEADER_SIZE + write(batch, one, i))
      const log = logOf(batch)
      const found = scanned(log).records.map(({ type, payload, at }, i) => {
        expect(type).toBe(RECORD.PUBLISH)
        expect(payload.equals(Buffer.alloc(payload.length, i))).toBe(true)
        return { at, size: payload.length }
      })
      expect(found).toEqual(wishes.map((one, i) => ({ at: begins[i], size: sizeOf(one) })))
    }),
    { numRuns: 40 },
  )
})

test('a batch begins with a mark, and has the size of all its parts', () => {
  const batch = new Batch([], SEED)
  expect([batch.isEmpty, batch.size]).toEqual([true, 0])
  write(batch, { head: 10, parts: [5] }, 1)
  const bytes = Buffer.concat(batch.parts())
  expect(batch.size).toBe(bytes.length)
  expect(bytes[8]).toBe(RECORD.BATCH)
})

test('blocks are used again once their batch is on the disk, and not before', () => {
  const pool: Buffer[] = []
  const one = new Batch(pool, SEED)
  write(one, { head: 10, parts: null }, 1)
  const { block } = one
  expect(new Batch(pool, SEED).block).not.toBe(block)
  one.release()
  expect(new Batch(pool, SEED).block).toBe(block)
})

test('a block that was made for one large record is not kept', () => {
  const pool: Buffer[] = []
  const batch = new Batch(pool, SEED)
  write(batch, { head: 1_000_000, parts: null }, 1)
  batch.release()
  expect(pool.every((block) => block.length < 1_000_000)).toBe(true)
  expect(pool.length).toBe(1)
})

test('parts may be asked for again, for another attempt', () => {
  const batch = new Batch([], SEED)
  write(batch, { head: 10, parts: [3, 4] }, 1)
  const first = Buffer.concat(batch.parts())
  expect(Buffer.concat(batch.parts()).equals(first)).toBe(true)
})

test('a batch of thousands of large bodies is one list of parts', () => {
  const batch = new Batch([], SEED)
  for (let i = 0; i < 5000; i++) write(batch, { head: 20, parts: [50] }, i % 256)
  const { records, holes } = scanned(logOf(batch))
  expect(holes).toEqual([])
  expect(records).toHaveLength(5000)
})

function write(batch: Batch, { head, parts }: Wish, fill: number): number {
  const begin = batch.begin(head)
  batch.block.fill(fill, batch.at, batch.at + head)
  batch.at += head
  batch.end(RECORD.PUBLISH, parts?.map((length) => Buffer.alloc(length, fill)) ?? null)
  return begin
}

function sizeOf({ head, parts }: Wish): number {
  return (parts ?? []).reduce((sum, length) => sum + length, head)
}

function logOf(batch: Batch): Buffer {
  return Buffer.concat([Buffer.alloc(HEADER_SIZE), ...batch.parts()])
}
