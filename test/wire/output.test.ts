import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Batch, BLOCK_SIZE, BlockPool, Output } from '../../src/wire/output.ts'

describe('output', () => {
  test('holds no block while there is nothing to send', () => {
    const output = new Output(new BlockPool())
    expect(output.size).toBe(0)
    expect(output.take()).toEqual({ pieces: [], size: 0, blocks: [] })
  })

  test('is empty once it was taken', () => {
    const output = new Output(new BlockPool())
    write(output, Buffer.from('one'))
    expect(output.take().size).toBe(3)
    expect(output.size).toBe(0)
    expect(output.take().blocks).toEqual([])
  })

  test('gathers small writes in one piece', () => {
    const output = new Output(new BlockPool())
    for (const text of ['one', 'two', 'three']) write(output, Buffer.from(text))
    const { pieces } = output.take()
    expect(pieces.map(String)).toEqual(['onetwothree'])
  })

  test('keeps appended bytes as they are, between what was written before and after', () => {
    const output = new Output(new BlockPool())
    const body = Buffer.from('body')
    write(output, Buffer.from('before'))
    output.append(body)
    write(output, Buffer.from('after'))
    const { pieces, blocks } = output.take()
    expect(pieces.map(String)).toEqual(['before', 'body', 'after'])
    expect(pieces[1]).toBe(body)
    expect(blocks.length).toBe(1)
  })

  test('opens a block of its own for a write larger than a block', () => {
    const output = new Output(new BlockPool())
    const large = Buffer.alloc(BLOCK_SIZE + 1, 7)
    write(output, Buffer.from('small'))
    write(output, large)
    const batch = output.take()
    expect(joined(batch)).toEqual(Buffer.concat([Buffer.from('small'), large]))
    expect(batch.blocks.map((block) => block.length)).toEqual([BLOCK_SIZE, BLOCK_SIZE + 1])
  })

  test('sends everything in order, and tells its size at any time', () => {
    const sizes = fc.oneof(fc.nat(300), fc.nat(2 * BLOCK_SIZE))
    const steps = fc.array(fc.tuple(fc.constantFrom('write', 'append', 'take'), sizes), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(steps, (plan) => {
        const pool = new BlockPool()
        const output = new Output(pool)
        const expected: Buffer[] = []
        const taken: Buffer[] = []
        plan.forEach(([step, size], index) => {
          const bytes = Buffer.alloc(size, index + 1)
          if (step === 'write') write(output, bytes)
          else if (step === 'append') output.append(bytes)
          else taken.push(takeJoined(output, pool))
          if (step !== 'take') expected.push(bytes)
          const total = Buffer.concat(taken).length + output.size
          assert.equal(total, Buffer.concat(expected).length)
        })
        taken.push(takeJoined(output, pool))
        assert.ok(Buffer.concat(taken).equals(Buffer.concat(expected)))
      }),
    )
  })
})

describe('block pool', () => {
  test('hands out the block that came back last', () => {
    const pool = new BlockPool()
    const first = pool.take()
    const second = pool.take()
    expect(first).not.toBe(second)
    pool.giveBack([first, second])
    expect(pool.take()).toBe(second)
    expect(pool.take()).toBe(first)
  })

  test('blocks of a batch serve the next output', () => {
    const pool = new BlockPool()
    const output = new Output(pool)
    write(output, Buffer.from('one'))
    const { blocks } = output.take()
    pool.giveBack(blocks)
    write(output, Buffer.from('two'))
    expect(output.take().blocks).toEqual(blocks)
  })

  test('keeps no block of another size', () => {
    const pool = new BlockPool()
    const large = Buffer.alloc(BLOCK_SIZE + 1)
    pool.giveBack([large])
    expect(pool.take()).not.toBe(large)
  })

  test('keeps a bounded number of blocks', () => {
    const pool = new BlockPool()
    const blocks = Array.from({ length: 100 }, () => pool.take())
    pool.giveBack(blocks)
    const again = new Set(Array.from({ length: 100 }, () => pool.take()))
    expect(blocks.filter((block) => again.has(block)).length).toBe(64)
  })
})

function write(output: Output, bytes: Buffer): void {
  output.reserve(bytes.length)
  output.bytes(bytes)
}

function joined(batch: Batch): Buffer {
  const bytes = Buffer.concat(batch.pieces)
  assert.equal(bytes.length, batch.size)
  return bytes
}

function takeJoined(output: Output, pool: BlockPool): Buffer {
  const batch = output.take()
  const bytes = joined(batch)
  pool.giveBack(batch.blocks)
  return bytes
}
