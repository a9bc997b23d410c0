import { bytes } from './bytes.ts'
import { encodeContentHeader, type Properties } from './content-header.ts'
import { type Arguments, encodeMethod } from './methods.ts'

export const FRAME_METHOD = 1
export const FRAME_HEADER = 2
export const FRAME_BODY = 3
export const FRAME_HEARTBEAT = 8
export const FRAME_END = 0xce
/** What a frame adds to its payload: seven octets before, one after. */
export const FRAME_OVERHEAD = 8
export const PROTOCOL_HEADER = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')

/** One frame; `end` other than 0xCE makes a damaged one. */
export function frame(type: number, channel: number, payload: Buffer, end = FRAME_END): Buffer {
  return Buffer.concat([
    bytes.u8(type),
    bytes.u16(channel),
    bytes.u32(payload.length),
    payload,
    bytes.u8(end),
  ])
}

export function methodFrame(channel: number, name: string, args: Arguments = {}): Buffer {
  return frame(FRAME_METHOD, channel, encodeMethod(name, args))
}

export function headerFrame(channel: number, bodySize: number, properties?: Properties): Buffer {
  return frame(FRAME_HEADER, channel, encodeContentHeader(bodySize, properties))
}

export function bodyFrame(channel: number, body: Buffer | string): Buffer {
  return frame(FRAME_BODY, channel, Buffer.from(body))
}

export function heartbeatFrame(): Buffer {
  return frame(FRAME_HEARTBEAT, 0, Buffer.alloc(0))
}

/** basic.publish with its header and body frames, the body cut to fit `frameMax`. */
export function publishFrames(
  channel: number,
  args: Arguments,
  body: Buffer | string,
  properties?: Properties,
  frameMax = 131072,
): Buffer {
  const content = Buffer.from(body)
  const frames = [
    methodFrame(channel, 'basic.publish', args),
    headerFrame(channel, content.length, properties),
  ]
  const step = frameMax - FRAME_OVERHEAD
  for (let at = 0; at < content.length; at += step) {
    frames.push(bodyFrame(channel, content.subarray(at, at + step)))
  }
  return Buffer.concat(frames)
}
