import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader, KEEPABLE_SIZE, PART_SIZE } from '../../src/wire/frame-reader.ts'
import { FrameRecorder } from '../support/frame-recorder.ts'
import { frameBytes } from '../support/frames.ts'

const FRAME_MAX = 131_072

/** A little of everything: methods, a heartbeat, headers, empty and small bodies on several channels. */
const SMALL_FRAMES = Buffer.concat([
  frameBytes(1, 0, '\x00\x0a\x00\x0b-arguments'),
  frameBytes(8, 0, ''),
  frameBytes(1, 1, '\x00\x3c\x00\x28'),
  frameBytes(2, 1, Buffer.alloc(14, 7)),
  frameBytes(3, 1, 'body'),
  frameBytes(3, 1, ''),
  frameBytes(99, 65_535, Buffer.from([0xce, 0xce, 0xce])),
  frameBytes(3, 258, Buffer.alloc(300, 0xce)),
])

/** Bodies around the size from which they come in parts, and a method as large. */
const LARGE_FRAMES = Buffer.concat([
  frameBytes(3, 1, patterned(PART_SIZE - 1, 1)),
  frameBytes(3, 2, patterned(PART_SIZE, 2)),
  frameBytes(3, 3, patterned(PART_SIZE + 1, 3)),
  frameBytes(1, 4, patterned(PART_SIZE + 1, 4)),
  frameBytes(3, 5, patterned(3 * PART_SIZE, 5)),
  frameBytes(8, 0, ''),
])

describe('the same frames come out', () => {
  test('wherever a stream is cut in two', () => {
    const whole = read([SMALL_FRAMES])
    expect(whole).toHaveLength(8)
    expect(whole[4]).toBe(`3/1/${Buffer.from('body').toString('hex')}`)
    expect(whole[5]).toBe('3/1/')
    for (let cut = 0; cut <= SMALL_FRAMES.length; cut++) {
      const pieces = [SMALL_FRAMES.subarray(0, cut), SMALL_FRAMES.subarray(cut)]
      assert.deepEqual(read(pieces), whole, `cut at ${cut}`)
    }
  })

  test('wherever it is cut in three', () => {
    const bytes = SMALL_FRAMES.subarray(0, 80)
    const whole = read([bytes])
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const pieces = [
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ]
        assert.deepEqual(read(pieces), whole, `cuts at ${first} and ${second}`)
      }
    }
  })

  test('octet by octet', () => {
    expect(read(inPieces(SMALL_FRAMES, 1))).toEqual(read([SMALL_FRAMES]))
    expect(read(inPieces(LARGE_FRAMES, 1))).toEqual(read([LARGE_FRAMES]))
  })

  test('when large bodies are cut anywhere, also within the octets around them', () => {
    const whole = read([LARGE_FRAMES])
    expect(whole).toHaveLength(6)
    let at = 0
    for (const size of [PART_SIZE - 1, PART_SIZE, PART_SIZE + 1, PART_SIZE + 1]) {
      for (let near = 0; near <= 10; near++) {
        for (const cut of [at + near, at + 7 + size - 4 + near]) {
          const pieces = [LARGE_FRAMES.subarray(0, cut), LARGE_FRAMES.subarray(cut)]
          assert.deepEqual(read(pieces), whole, `cut at ${cut}`)
        }
      }
      at += size + 8
    }
  })

  test('however often it is cut', () => {
    const cuts = fc.array(fc.nat(SMALL_FRAMES.length), { maxLength: 30 })
    const whole = read([SMALL_FRAMES])
    fc.assert(
      fc.property(cuts, (at) => assert.deepEqual(read(cutAt(SMALL_FRAMES, at)), whole)),
      { numRuns: 500 },
    )
    const largeCuts = fc.array(fc.nat(LARGE_FRAMES.length), { maxLength: 30 })
    const wholeLarge = read([LARGE_FRAMES])
    fc.assert(
      fc.property(largeCuts, (at) => assert.deepEqual(read(cutAt(LARGE_FRAMES, at)), wholeLarge)),
    )
  })

  test('any frames, cut in any way, each once and in order', () => {
    const frames = fc.array(
      fc.record({
        type: fc.constantFrom(1, 2, 3, 8, 77),
        channel: fc.nat(0xffff),
        payload: fc.uint8Array({ maxLength: 40 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(frames, fc.array(fc.nat(1000), { maxLength: 12 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map((f) => frameBytes(f.type, f.channel, f.payload)))
        const expected = sent.map((f) => `${f.type}/${f.channel}/${hex(f.payload)}`)
        const at = cuts.map((cut) => cut % (bytes.length + 1))
        assert.deepEqual(read(cutAt(bytes, at)), expected)
      }),
    )
  })
})

describe('a large body', () => {
  test('is passed on in parts as it comes, without waiting for its end', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    const bytes = frameBytes(3, 1, patterned(100_000, 1))
    reader.push(bytes.subarray(0, 5000))
    reader.push(bytes.subarray(5000, 50_000))
    reader.push(bytes.subarray(50_000))
    expect(sink.partSizes).toEqual([4993, 45_000, 50_007])
    expect(sink.finish()).toEqual([`3/1/${hex(patterned(100_000, 1))}`])
  })

  test('that lies whole in a chunk comes as one frame', () => {
    const sink = new FrameRecorder()
    new FrameReader(sink, FRAME_MAX).push(frameBytes(3, 1, patterned(100_000, 1)))
    expect(sink.partSizes).toEqual([])
    expect(sink.finish()).toEqual([`3/1/${hex(patterned(100_000, 1))}`])
  })

  test('stays as it is in what may be kept of it, whatever is read afterwards', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    reader.push(LARGE_FRAMES)
    for (const piece of cutAt(LARGE_FRAMES, [10, 30_000, 60_000, 90_000])) reader.push(piece)
    for (const piece of inPieces(LARGE_FRAMES, 7000)) reader.push(piece)
    reader.push(SMALL_FRAMES)
    expect(sink.kept.length).toBeGreaterThan(5) // each large body, and the small one
    for (const { slice, copy } of sink.kept) expect(slice.equals(copy)).toBe(true)
  })
})

describe('lent bytes', () => {
  test('of a frame whole in its chunk are the chunk itself: nothing is copied', () => {
    const chunk = Buffer.from(SMALL_FRAMES)
    const lenders = new Set<Buffer>()
    const sink = { onFrame: (_t: number, _c: number, bytes: Buffer) => lenders.add(bytes) }
    const reader = new FrameReader({ ...sink, onBodyPart: () => {} }, FRAME_MAX)
    reader.push(chunk)
    expect([...lenders]).toEqual([chunk])
    expect(lenders.has(chunk)).toBe(true)
  })

  test('of joined bodies are not used again from the size on from which they may be kept', () => {
    const sizes = [KEEPABLE_SIZE - 1, KEEPABLE_SIZE, 1000, KEEPABLE_SIZE, KEEPABLE_SIZE - 1]
    const stream = Buffer.concat(sizes.map((size, i) => frameBytes(3, 1, patterned(size, i))))
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    for (const piece of inPieces(stream, 100)) reader.push(piece)
    expect(sink.kept.map(({ slice }) => slice.length)).toEqual([KEEPABLE_SIZE, 1000, KEEPABLE_SIZE])
    for (const { slice, copy } of sink.kept) expect(slice.equals(copy)).toBe(true)
  })

  test('of joined frames share one small buffer, given up after a large frame', () => {
    const lenders: Buffer[] = []
    const sink = {
      onFrame: (_t: number, _c: number, bytes: Buffer) => lenders.push(bytes),
      onBodyPart: () => {},
    }
    const reader = new FrameReader(sink, FRAME_MAX)
    const pushCut = (bytes: Buffer) => {
      reader.push(bytes.subarray(0, 9))
      reader.push(bytes.subarray(9))
    }
    pushCut(frameBytes(1, 1, Buffer.alloc(1000)))
    pushCut(frameBytes(1, 1, Buffer.alloc(900)))
    expect(lenders[1]).toBe(lenders[0])
    pushCut(frameBytes(1, 1, Buffer.alloc(100_000)))
    pushCut(frameBytes(1, 1, Buffer.alloc(800)))
    expect(lenders[2]).not.toBe(lenders[0])
    expect(lenders[3]?.length).toBeLessThan(4096)
  })
})

/** What a reader finds in a stream that comes in these pieces. */
function read(pieces: readonly Buffer[]): readonly string[] {
  const sink = new FrameRecorder()
  const reader = new FrameReader(sink, FRAME_MAX)
  for (const piece of pieces) reader.push(piece)
  return sink.finish()
}

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return pieces
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge))
}

/** Octets that differ from place to place, so that a shift shows. */
function patterned(size: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) + seed) & 0xff))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
