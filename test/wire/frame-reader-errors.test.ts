import { describe, expect, test } from 'vitest'
import { FrameError, FrameReader, PART_SIZE } from '../../src/wire/frame-reader.ts'
import { FrameRecorder } from '../support/frame-recorder.ts'
import { frameBytes } from '../support/frames.ts'

describe('a payload', () => {
  test.each([
    [8192, 'method', 1],
    [8192, 'body', 3],
    [131_072, 'method', 1],
    [131_072, 'body', 3],
  ])('of frame-max octets (%i, %s) passes, one more does not', (frameMax, _name, type) => {
    const sink = new FrameRecorder()
    new FrameReader(sink, frameMax).push(frameBytes(type, 1, Buffer.alloc(frameMax)))
    expect(sink.finish()).toHaveLength(1)
    const message =
      `type ${type}, all octets = <<>>: ` + `{frame_too_large,${frameMax + 1},${frameMax - 8}}`
    expect(errorOf(frameBytes(type, 1, Buffer.alloc(frameMax + 1)), frameMax)).toBe(message)
  })

  test('is refused for its size before any of it has come', () => {
    const header = Buffer.from('01 0001 ffffffff'.replaceAll(' ', ''), 'hex')
    const message = 'type 1, all octets = <<>>: {frame_too_large,4294967295,131064}'
    expect(errorOf(header, 131_072)).toBe(message)
    expect(errorOctetByOctet(header, 131_072)).toBe(message)
    expect(errorOf(header.subarray(0, 6), 131_072)).toBe(null)
  })

  test('is measured by the frame-max of the moment its frame begins', () => {
    const sink = new FrameRecorder()
    const reader = new FrameReader(sink, 8192)
    expect(() => reader.push(frameBytes(1, 1, Buffer.alloc(8193)))).toThrow(FrameError)
    const wider = new FrameReader(sink, 8192)
    sink.afterEach = () => {
      wider.frameMax = 9000
    }
    wider.push(Buffer.concat([frameBytes(8, 0, ''), frameBytes(1, 1, Buffer.alloc(9000))]))
    expect(sink.finish()).toHaveLength(2)
  })
})

describe('a wrong end octet', () => {
  test.each([
    ['', 0, 'type 1, all octets = <<>>: {invalid_frame_end_marker,0}'],
    ['hi', 1, 'type 1, all octets = <<"hi">>: {invalid_frame_end_marker,1}'],
    ['\x00\x0a\x00\x0b', 205, 'type 1, all octets = <<0,10,0,11>>: {invalid_frame_end_marker,205}'],
    [
      'sixteen octets..',
      9,
      'type 1, all octets = <<"sixteen octets..">>: {invalid_frame_end_marker,9}',
    ],
    [
      'seventeen octets.',
      9,
      'type 1, first 16 octets = <<"seventeen octets">>: {invalid_frame_end_marker,9}',
    ],
    // a term that would end beyond column 80 is broken before its last element, as observed
    [
      '\x00\x3c\x00\x28\x00\x00\x00\x04nope\x00abcdefghijklm',
      205,
      'type 1, first 16 octets = <<0,60,0,40,0,0,0,4,110,111,112,101,0,97,98,99>>: ' +
        `{invalid_frame_end_marker,\n${' '.repeat(77)}205}`,
    ],
  ])('behind %j is shown as %i', (payload, octet, message) => {
    const bytes = withEnd(frameBytes(1, 1, Buffer.from(payload, 'latin1')), octet)
    expect(errorOf(bytes, 8192)).toBe(message)
    expect(errorOctetByOctet(bytes, 8192)).toBe(message)
  })

  test('behind a large body shows its first octets, however it was cut', () => {
    const bytes = withEnd(frameBytes(3, 1, Buffer.alloc(PART_SIZE, 65)), 0)
    const message = `type 3, first 16 octets = <<"${'A'.repeat(16)}">>: {invalid_frame_end_marker,0}`
    expect(errorOf(bytes, 131_072)).toBe(message)
    expect(errorOctetByOctet(bytes, 131_072)).toBe(message)
    for (const cut of [7, 8, 22, 23, 24, 25, PART_SIZE + 6, PART_SIZE + 7]) {
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)]
      expect(errorIn(pieces, 131_072)).toBe(message)
    }
  })

  test('keeps the frame from the sink, and what came before it passes', () => {
    const small = withEnd(frameBytes(1, 2, 'bad'), 0)
    const large = withEnd(frameBytes(3, 2, Buffer.alloc(PART_SIZE)), 0)
    for (const bad of [small, large]) {
      const sink = new FrameRecorder()
      const reader = new FrameReader(sink, 131_072)
      expect(() => reader.push(Buffer.concat([frameBytes(1, 1, 'good'), bad]))).toThrow(FrameError)
      expect(sink.finish()).toEqual([`1/1/${Buffer.from('good').toString('hex')}`])
    }
  })
})

/** The text of the error that these bytes cause; null when they cause none. */
function errorOf(bytes: Buffer, frameMax: number): string | null {
  return errorIn([bytes], frameMax)
}

function errorOctetByOctet(bytes: Buffer, frameMax: number): string | null {
  const octets = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
  return errorIn(octets, frameMax)
}

function errorIn(pieces: readonly Buffer[], frameMax: number): string | null {
  const reader = new FrameReader(new FrameRecorder(), frameMax)
  try {
    for (const piece of pieces) reader.push(piece)
    return null
  } catch (error) {
    if (error instanceof FrameError) return error.message
    throw error
  }
}

function withEnd(frame: Buffer, octet: number): Buffer {
  const changed = Buffer.from(frame)
  changed[frame.length - 1] = octet
  return changed
}
