import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader, PART_SIZE } from '../../src/wire/frame-reader.ts'
import { FrameRecorder } from '../support/frame-recorder.ts'
import { frameBytes } from '../support/frames.ts'

const FRAME_MAX = 131_072

/** Ten frames: small ones, and two bodies that come in parts when they are cut. */
const FRAMES = [
  ...Array.from({ length: 4 }, (_, i) => frameBytes(1, i, `method ${i}`)),
  frameBytes(3, 1, Buffer.alloc(PART_SIZE, 1)),
  frameBytes(8, 0, ''),
  frameBytes(3, 2, Buffer.alloc(PART_SIZE + 5000, 2)),
  ...Array.from({ length: 3 }, (_, i) => frameBytes(2, i, `header ${i} of a body`)),
]
const BYTES = Buffer.concat(FRAMES)
const EXPECTED = FRAMES.map(
  (frame) =>
    `${frame[0]}/${frame.readUInt16BE(1)}/${frame.subarray(7, frame.length - 1).toString('hex')}`,
)

describe('a paused reader', () => {
  test('passes nothing on, and everything once it is resumed', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    reader.pause()
    for (const frame of FRAMES) reader.push(frame)
    expect(sink.finish()).toEqual([])
    reader.resume()
    expect(sink.finish()).toEqual(EXPECTED)
  })

  test('stops behind the frame that paused it, in the middle of a chunk', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    sink.afterEach = () => {
      if (sink.frames.length === 2) reader.pause()
    }
    reader.push(BYTES)
    expect(sink.finish()).toEqual(EXPECTED.slice(0, 2))
    reader.push(frameBytes(1, 7, 'later'))
    expect(sink.finish()).toHaveLength(2)
    reader.resume()
    expect(sink.finish()).toEqual([...EXPECTED, `1/7/${Buffer.from('later').toString('hex')}`])
  })

  test('stops between the parts of a large body', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    const body = frameBytes(3, 1, Buffer.alloc(PART_SIZE, 5))
    reader.push(body.subarray(0, 1000))
    reader.pause()
    reader.push(body.subarray(1000, 2000))
    reader.push(body.subarray(2000))
    expect(sink.partSizes).toEqual([993])
    reader.resume()
    expect(sink.partSizes).toEqual([993, 1000, PART_SIZE - 1993])
  })

  test('loses and repeats nothing, whatever pauses it wherever the stream is cut', () => {
    const cuts = fc.array(fc.nat(BYTES.length), { maxLength: 20 })
    const pauses = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(cuts, pauses, (at, plan) => {
        const sink = new FrameRecorder()
        const reader = new FrameReader(sink, FRAME_MAX)
        let step = 0
        let isPaused = false
        sink.afterEach = () => {
          assert.ok(!isPaused, 'nothing comes while the reader is paused')
          if (!plan[step++ % plan.length]) return
          isPaused = true
          reader.pause()
        }
        for (const piece of cutAt(BYTES, at)) reader.push(piece)
        for (let tries = 0; isPaused && tries < 100; tries++) {
          isPaused = false
          reader.resume()
        }
        assert.deepEqual(sink.finish(), EXPECTED)
      }),
    )
  })
})

describe('a sink that throws', () => {
  test('gets the next frame after resume, none twice and none left out', () => {
    for (const pieces of [[BYTES], FRAMES, octets(BYTES.subarray(0, 60))]) {
      const sink = new FrameRecorder()
      const reader = new FrameReader(sink, FRAME_MAX)
      sink.afterEach = () => {
        throw new Refused()
      }
      for (const piece of pieces) untilQuiet(() => reader.push(piece), reader)
      const whole = new FrameRecorder()
      const calm = new FrameReader(whole, FRAME_MAX)
      for (const piece of pieces) calm.push(piece)
      expect(sink.finish()).toEqual(whole.finish())
    }
  })

  test('may leave a reader with chunks that wait: a later one does not overtake them', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    reader.pause()
    reader.push(frameBytes(1, 1, 'a'))
    reader.push(frameBytes(1, 2, 'b'))
    sink.afterEach = () => {
      throw new Refused()
    }
    expect(() => reader.resume()).toThrow(Refused)
    sink.afterEach = () => {}
    reader.push(frameBytes(1, 3, 'c'))
    reader.resume()
    expect(sink.finish()).toEqual(['1/1/61', '1/2/62', '1/3/63'])
  })

  test('may pause as well', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, FRAME_MAX)
    sink.afterEach = () => {
      if (sink.frames.length !== 3) return
      reader.pause()
      throw new Refused()
    }
    expect(() => reader.push(BYTES)).toThrow(Refused)
    reader.push(frameBytes(1, 9, ''))
    expect(sink.frames).toEqual(EXPECTED.slice(0, 3))
    reader.resume()
    expect(sink.finish()).toEqual([...EXPECTED, '1/9/'])
  })
})

class Refused extends Error {}

/** Does it, and resumes the reader as long as its sink throws. */
function untilQuiet(push: () => void, reader: FrameReader): void {
  let next = push
  for (;;) {
    try {
      next()
      return
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      next = () => reader.resume()
    }
  }
}

function octets(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge))
}
