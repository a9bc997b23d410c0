import { bytes } from '../../support/bytes.ts'
import { encodeContentHeader } from '../../support/content-header.ts'
import {
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  frame,
  methodFrame,
} from '../../support/frames.ts'
import { byCase, byForm } from '../family.ts'
import type { Scenario } from '../scene.ts'

/** Octets sent on a connection with channel 1 open, then a method, and the first answer. */
export function octets(...frames: readonly Buffer[]): Scenario {
  return async (t) => {
    const peer = await t.peer()
    for (const octetsOfFrame of frames) peer.raw.sendBytes(octetsOfFrame)
    return peer.settled()
  }
}

const EMPTY = Buffer.alloc(0)
const PUBLISH = methodFrame(1, 'basic.publish', { routingKey: 'nowhere' })
const OTHER_METHOD = methodFrame(1, 'access.request')
const header = (payload: Buffer, channel = 1) => frame(FRAME_HEADER, channel, payload)
const headerFor = (size: number, form: { classId?: number; weight?: number } = {}) =>
  header(encodeContentHeader(size, {}, form))
const body = (payload: Buffer | string, channel = 1) =>
  frame(FRAME_BODY, channel, Buffer.from(payload))
/** A content header for an empty body with these property flags and values. */
const headerWith = (flags: number, values: Buffer) =>
  header(Buffer.concat([encodeContentHeader(0).subarray(0, 12), bytes.u16(flags), values]))

const CONTENT_TYPE = 0x8000
const HEADERS = 0x2000
const FRAME_MAX = 131_072

export const contentFrames = byCase('frames: content', {
  'frame: header without method': octets(headerFor(1)),
  'frame: body without method': octets(body('a')),
  'frame: method instead of header': octets(PUBLISH, OTHER_METHOD),
  'frame: body instead of header': octets(PUBLISH, body('a')),
  'frame: header wrong class': octets(PUBLISH, headerFor(1, { classId: 50 })),
  'frame: header class 99': octets(PUBLISH, headerFor(1, { classId: 99 })),
  'frame: method instead of body': octets(PUBLISH, headerFor(1), OTHER_METHOD),
  'frame: header instead of body': octets(PUBLISH, headerFor(1), headerFor(1)),
  'frame: body too long': octets(PUBLISH, headerFor(1), body('abc')),
  'frame: body for empty': octets(PUBLISH, headerFor(0), body('a')),
  'frame: empty body frames': octets(PUBLISH, headerFor(1), body(''), body('a')),
  'frame: body size 512MiB+1': octets(PUBLISH, headerFor(536_870_913), body('a')),
  'frame: weight 1': octets(PUBLISH, headerFor(1, { weight: 1 })),
  'frame: short header': octets(PUBLISH, header(Buffer.from([0, 60]))),
  'frame: bad property bytes': octets(PUBLISH, headerWith(CONTENT_TYPE, EMPTY)),
  'frame: trailing property bytes': octets(PUBLISH, headerWith(0, Buffer.from('zzz'))),
  'frame: unknown table tag in headers': octets(
    PUBLISH,
    headerWith(HEADERS, bytes.longstr(Buffer.from('\x01aZ'))),
  ),
  'frame: malformed UTF-8 in routing key': octets(
    methodFrame(1, 'basic.publish', { routingKey: Buffer.from([0xff]) }),
    headerFor(0),
  ),
})

/** `frame: body frame 131065 with frame-max 131072` */
export const bodySizes = byForm(
  'frames: content',
  'case',
  /^frame: body frame (\d+) with frame-max 131072$/,
  ([size]) => {
    const payload = Buffer.alloc(Number(size), 'a')
    return octets(PUBLISH, headerFor(payload.length), body(payload))
  },
)

/** `frame: unknown type 5` */
export const unknownTypes = byForm(
  'frames: octets',
  'case',
  /^frame: unknown type (\d+)( channel 0)?( with payload)?$/,
  ([type, channel, payload]) =>
    octets(frame(Number(type), channel === '' ? 1 : 0, Buffer.from(payload === '' ? '' : 'abc'))),
)

const LONG_PUBLISH = Buffer.concat([
  Buffer.from([0, 60, 0, 40, 0, 0, 0, 4]),
  Buffer.from('nope\0abcdefghijklm'),
])

export const frameOctets = byCase('frames: octets', {
  'frame: content on channel 0': octets(body('a', 0)),
  'frame: header on channel 0': octets(header(encodeContentHeader(1), 0)),
  'frame: heartbeat on channel 1': octets(frame(FRAME_HEARTBEAT, 1, EMPTY)),
  'frame: heartbeat with payload': octets(frame(FRAME_HEARTBEAT, 0, Buffer.from('a'))),
  'frame: heartbeat on unopened channel 7': octets(frame(FRAME_HEARTBEAT, 7, EMPTY)),
  'frame: header on unopened channel 7': octets(header(encodeContentHeader(1), 7)),
  'frame: body on unopened channel 7 long': octets(body('a'.repeat(20), 7)),
  'frame: bad end octet 0': octets(frame(FRAME_METHOD, 1, Buffer.from([0, 20, 0, 20, 1]), 0)),
  'frame: bad end octet 205, long payload': octets(frame(FRAME_METHOD, 1, LONG_PUBLISH, 205)),
  'frame: payload frame-max+1': octets(frame(FRAME_METHOD, 1, Buffer.alloc(FRAME_MAX + 1))),
  'frame: payload = frame-max': octets(body(Buffer.alloc(FRAME_MAX))),
  'frame: short method payload': octets(frame(FRAME_METHOD, 1, Buffer.from([0, 60]))),
  'frame: empty method payload': octets(frame(FRAME_METHOD, 1, EMPTY)),
})
