import assert from 'node:assert/strict'

/** One frame as it is on the wire, taken apart without any of our own code. */
export interface Frame {
  readonly type: number
  readonly channel: number
  readonly payload: Buffer
}

/** The bytes of a frame: type u8, channel u16, size u32, payload, 0xCE. */
export function frameBytes(type: number, channel: number, payload: Uint8Array | string): Buffer {
  const body = Buffer.from(payload)
  const bytes = Buffer.alloc(8 + body.length)
  bytes.writeUInt8(type, 0)
  bytes.writeUInt16BE(channel, 1)
  bytes.writeUInt32BE(body.length, 3)
  body.copy(bytes, 7)
  bytes.writeUInt8(0xce, 7 + body.length)
  return bytes
}

/** Cuts a stream into frames as they become complete; fails on a stream that no peer may send. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0)

  /** Bytes of a frame that is not complete. */
  get restSize(): number {
    return this.rest.length
  }

  push(bytes: Uint8Array): Frame[] {
    let rest = Buffer.concat([this.rest, bytes])
    const frames: Frame[] = []
    while (rest.length >= 7) {
      const end = 7 + rest.readUInt32BE(3)
      if (rest.length <= end) break
      assert.equal(rest[end], 0xce, 'a frame ends in 0xCE')
      frames.push({
        type: rest.readUInt8(0),
        channel: rest.readUInt16BE(1),
        payload: rest.subarray(7, end),
      })
      rest = rest.subarray(end + 1)
    }
    this.rest = rest
    return frames
  }
}

/** All frames of a stream, which must end where a frame does. */
export function splitFrames(bytes: Uint8Array): Frame[] {
  const splitter = new FrameSplitter()
  const frames = splitter.push(bytes)
  assert.equal(splitter.restSize, 0, 'the stream ends where a frame does')
  return frames
}
