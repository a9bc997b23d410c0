import { FRAME_BODY, FRAME_END, FRAME_HEADER, FRAME_OVERHEAD } from './frame-reader.ts'
import { writeBasicDeliver, writeBasicGetOk, writeBasicReturn } from './methods.ts'
import type { Output } from './output.ts'

/** A message's content: its encoded properties, and a body that lies in one place or in parts. */
export interface Content {
  readonly properties: { readonly encoded: Buffer }
  readonly body: Buffer
  readonly bodyStart: number
  readonly bodySize: number
  readonly bodyParts: readonly Buffer[] | null
}

/** Writes basic.get-ok with its content. */
export function writeGetOk(
  output: Output,
  frameMax: number,
  channel: number,
  method: Parameters<typeof writeBasicGetOk>[2],
  content: Content,
): void {
  writeBasicGetOk(output, channel, method)
  writeContent(output, frameMax, channel, content)
}

/** Writes basic.deliver with the content of a direct reply, of which there are few. */
export function writeReply(
  output: Output,
  frameMax: number,
  channel: number,
  method: Parameters<typeof writeBasicDeliver>[2],
  content: Content,
): void {
  writeBasicDeliver(output, channel, method)
  writeContent(output, frameMax, channel, content)
}

/** Writes basic.return with the content that comes back. */
export function writeReturn(
  output: Output,
  frameMax: number,
  channel: number,
  method: Parameters<typeof writeBasicReturn>[2],
  content: Content,
): void {
  writeBasicReturn(output, channel, method)
  writeContent(output, frameMax, channel, content)
}

/** Header frame and as many body frames as frameMax asks for; none for an empty body. */
export function writeContent(
  output: Output,
  frameMax: number,
  channel: number,
  content: Content,
): void {
  const { encoded } = content.properties
  const { bodySize } = content
  output.reserve(HEADER_FIXED_SIZE + encoded.length + FRAME_OVERHEAD)
  output.u8(FRAME_HEADER)
  output.u16(channel)
  output.u32(HEADER_FIXED_SIZE + encoded.length)
  output.u32(CLASS_BASIC_WEIGHT_0)
  output.u64(bodySize)
  output.bytes(encoded)
  output.u8(FRAME_END)
  if (content.bodyParts !== null) {
    writeParts(output, frameMax, channel, bodySize, content.bodyParts)
    return
  }
  const end = content.bodyStart + bodySize
  for (let start = content.bodyStart; start < end; ) {
    const size = Math.min(frameMax - FRAME_OVERHEAD, end - start)
    output.reserve(size + FRAME_OVERHEAD)
    beginBodyFrame(output, channel, size)
    output.range(content.body, start, start + size)
    output.u8(FRAME_END)
    start += size
  }
}

/** A large body is passed on as the slices it came in: what is copied is the octets around them. */
function writeParts(
  output: Output,
  frameMax: number,
  channel: number,
  bodySize: number,
  parts: readonly Buffer[],
): void {
  let bodyLeft = bodySize
  let frameLeft = 0
  for (const part of parts) {
    let at = 0
    while (at < part.length) {
      if (frameLeft === 0) {
        frameLeft = Math.min(frameMax - FRAME_OVERHEAD, bodyLeft)
        output.reserve(FRAME_OVERHEAD)
        beginBodyFrame(output, channel, frameLeft)
      }
      const size = Math.min(part.length - at, frameLeft)
      output.append(size === part.length ? part : part.subarray(at, at + size))
      at += size
      frameLeft -= size
      bodyLeft -= size
      if (frameLeft > 0) continue
      output.reserve(1)
      output.u8(FRAME_END)
    }
  }
}

function beginBodyFrame(output: Output, channel: number, size: number): void {
  output.u8(FRAME_BODY)
  output.u16(channel)
  output.u32(size)
}

/** Class, weight and body size of a content header. */
export const HEADER_FIXED_SIZE = 12
const CLASS_BASIC_WEIGHT_0 = 60 << 16
