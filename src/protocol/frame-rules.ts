import { HEADER_FIXED_SIZE } from '../wire/content-writer.ts'
import { Cursor } from '../wire/cursor.ts'
import {
  describePayload,
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  FrameError,
} from '../wire/frame-reader.ts'
import { decodeMethod, METHODS, type Method, type MethodInfo } from '../wire/methods.ts'
import { ConnectionError } from './errors.ts'

/** Throws for a frame that is none: of an unknown type, too short for its type, or a heartbeat that says something. */
export function assertWellFormed(
  type: number,
  channel: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const size = end - start
  switch (type) {
    case FRAME_METHOD:
      if (size >= METHOD_ID_SIZE) return
      break
    case FRAME_HEADER:
      if (size >= HEADER_FIXED_SIZE) return
      break
    case FRAME_BODY:
      return
    case FRAME_HEARTBEAT:
      if (channel !== 0) throw unexpectedFrame(type, bytes, start, end)
      if (size === 0) return
  }
  throw new FrameError(type, bytes.subarray(start, end), ['unknown_frame'])
}

/** A frame of a type that cannot be on this channel, or not now. */
export function unexpectedFrame(
  type: number,
  bytes: Buffer,
  start: number,
  end: number,
): ConnectionError {
  return new ConnectionError(505, describePayload(type, bytes.subarray(start, end)), 0)
}

/** Decodes the method in the payload of a frame. */
export function decodeKnown(methodId: number, bytes: Buffer, start: number, end: number): Method {
  methodNamed(methodId)
  return decodeMethod(cursor.reset(bytes, start + METHOD_ID_SIZE, end), methodId)
}

/** What is known of a method. RabbitMQ drops the connection without a word for an unknown one; a reason is kinder. */
export function methodNamed(methodId: number): MethodInfo {
  const method = METHODS.get(methodId)
  if (method === undefined) throw new ConnectionError(503, 'unknown method', methodId)
  return method
}

/** Bytes of the class and method ids before the arguments. */
export const METHOD_ID_SIZE = 4

const cursor = new Cursor()
