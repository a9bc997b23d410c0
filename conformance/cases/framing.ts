import assert from 'node:assert/strict'
import { bytes } from '../support/bytes.ts'
import type { Area } from '../support/case.ts'
import { encodeContentHeader } from '../support/content-header.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { connectionError, expectEndOfConnection } from '../support/failure.ts'
import {
  bodyFrame,
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  frame,
  headerFrame,
  methodFrame,
} from '../support/frames.ts'
import { encodeMethod } from '../support/methods.ts'

const NO_METHOD = connectionError(
  505,
  'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
)
const NO_HEADER = publishError(
  505,
  'UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead',
)
const NO_BODY = publishError(
  505,
  'UNEXPECTED_FRAME - expected content body, got non content body frame instead',
)
const MALFORMED = connectionError(541, 'INTERNAL_ERROR')

export const area: Area = {
  name: 'framing errors',
  cases: [
    ...[
      row505('a header without a method', NO_METHOD, headerFrame(1, 1)),
      row505('a body without a method', NO_METHOD, bodyFrame(1, 'a')),
      row505('a header on a channel that is not open', NO_METHOD, headerFrame(7, 1)),
      row505(
        'a body for a message of no bytes',
        NO_METHOD,
        publish(),
        headerFrame(1, 0),
        bodyFrame(1, 'a'),
      ),
      row505('a method where a header is due', NO_HEADER, publish(), methodFrame(1, 'tx.select')),
      row505('a body where a header is due', NO_HEADER, publish(), bodyFrame(1, 'a')),
      row505(
        'a header whose weight is not 0',
        NO_HEADER,
        publish(),
        frame(FRAME_HEADER, 1, encodeContentHeader(1, {}, { weight: 1 })),
      ),
      row505(
        'a method where a body is due',
        NO_BODY,
        publish(),
        headerFrame(1, 1),
        methodFrame(1, 'tx.select'),
      ),
      row505(
        'a header where a body is due',
        NO_BODY,
        publish(),
        headerFrame(1, 1),
        headerFrame(1, 1),
      ),
      row505(
        'a header of class 50',
        wrongClass(50),
        publish(),
        frame(FRAME_HEADER, 1, encodeContentHeader(1, {}, { classId: 50 })),
      ),
      row505(
        'a header of class 99',
        wrongClass(99),
        publish(),
        frame(FRAME_HEADER, 1, encodeContentHeader(1, {}, { classId: 99 })),
      ),
      row505(
        'a heartbeat on a channel',
        unexpected(8, 'all octets = <<>>'),
        frame(FRAME_HEARTBEAT, 1, Buffer.alloc(0)),
      ),
      row505('a body on channel 0', unexpected(3, 'all octets = <<"a">>'), bodyFrame(0, 'a')),
      row505(
        'a header on channel 0',
        unexpected(2, 'all octets = <<0,60,0,0,0,0,0,0,0,0,0,1,0,0>>'),
        headerFrame(0, 1),
      ),
      row505(
        'a long body on channel 0',
        unexpected(3, 'first 16 octets = <<"aaaaaaaaaaaaaaaa">>'),
        bodyFrame(0, 'a'.repeat(20)),
      ),
    ],
    ...[0, 4, 5, 9, 255].map((type) =>
      row501(
        `a frame of type ${type}`,
        `type ${type}, all octets = <<>>: unknown_frame`,
        frame(type, 1, Buffer.alloc(0)),
      ),
    ),
    row501(
      'a frame of unknown type with a payload',
      'type 5, all octets = <<"abc">>: unknown_frame',
      frame(5, 1, Buffer.from('abc')),
    ),
    row501(
      'a heartbeat with a payload',
      'type 8, all octets = <<"a">>: unknown_frame',
      frame(FRAME_HEARTBEAT, 0, Buffer.from('a')),
    ),
    row501(
      'a method frame of no octets',
      'type 1, all octets = <<>>: unknown_frame',
      frame(FRAME_METHOD, 1, Buffer.alloc(0)),
    ),
    row501(
      'a method frame of two octets',
      'type 1, all octets = <<0,60>>: unknown_frame',
      frame(FRAME_METHOD, 1, bytes.u16(60)),
    ),
    row501(
      'a header frame of two octets',
      'type 2, all octets = <<0,60>>: unknown_frame',
      publish(),
      frame(FRAME_HEADER, 1, bytes.u16(60)),
    ),
    row501(
      'a wrong end octet',
      'type 1, all octets = <<0,20,0,20,1>>: {invalid_frame_end_marker,0}',
      frame(FRAME_METHOD, 1, encodeMethod('channel.flow', { active: true }), 0),
    ),
    refusal('a frame above frame-max is refused', 'errors.md 8.5', (raw) => {
      raw.sendFrame(FRAME_BODY, 1, Buffer.alloc(131073))
      return connectionError(
        501,
        'FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,131073,131064}',
      )
    }),
    refusal('a frame above frame-max is refused before it is complete', 'errors.md 8.5', (raw) => {
      raw.sendBytes(Buffer.concat([bytes.u8(FRAME_BODY), bytes.u16(1), bytes.u32(131073)]))
      return connectionError(
        501,
        'FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,131073,131064}',
      )
    }),
    fact('a payload of exactly frame-max passes', 'amqp-0-9-1.md 2', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.send(1, 'basic.publish', { routingKey: queue })
      raw.sendBytes(headerFrame(1, 131072))
      raw.sendFrame(FRAME_BODY, 1, Buffer.alloc(131072, 'x'))
      raw.send(1, 'basic.get', { queue, noAck: true })
      const { body, frames } = await raw.message(1, 'basic.get-ok')
      assert.equal(body.length, 131072)
      assert.deepEqual(frames, [131064, 8])
    }),
    refusal('arguments that are cut short are refused', 'errors.md 8.5', (raw) => {
      raw.sendFrame(FRAME_METHOD, 1, method(50, 10, bytes.u16(0), bytes.u8(5), Buffer.from('ab')))
      return connectionError(501, 'FRAME_ERROR - cannot decode <<0,0,5,97,98>>', 'queue.declare')
    }),
    refusal('octets after the arguments are refused', 'errors.md 8.5', (raw) => {
      raw.sendFrame(FRAME_METHOD, 1, method(20, 20, bytes.u8(1), Buffer.from('zzz')))
      return connectionError(501, 'FRAME_ERROR - cannot decode <<1,122,122,122>>', 'channel.flow')
    }),
    refusal('a table longer than the frame is refused', 'errors.md 8.5', (raw) => {
      const args = [bytes.u16(0), bytes.shortstr('q'), bytes.u8(0), bytes.u32(99)]
      raw.sendFrame(FRAME_METHOD, 1, method(50, 10, ...args))
      const text = 'FRAME_ERROR - cannot decode <<0,0,1,113,0,0,0,0,99>>'
      return connectionError(501, text, 'queue.declare')
    }),
    fact('an unknown tag in a table argument ends the connection', 'errors.md 8.5', async (t) => {
      const raw = await t.raw()
      const table = Buffer.concat([bytes.shortstr('a'), Buffer.from('Z')])
      const args = [bytes.u16(0), bytes.shortstr('q'), bytes.u8(0), bytes.longstr(table)]
      raw.sendFrame(FRAME_METHOD, 1, method(50, 10, ...args))
      await expectEndOfConnection(raw)
    }),
    fact('an unknown class ends the connection', 'errors.md 8.5', async (t) => {
      const raw = await t.raw()
      raw.sendFrame(FRAME_METHOD, 1, method(70, 10))
      await expectEndOfConnection(raw)
    }),
    fact('an unknown method ends the connection', 'errors.md 8.5', async (t) => {
      const raw = await t.raw()
      raw.sendFrame(FRAME_METHOD, 1, method(20, 99))
      await expectEndOfConnection(raw)
    }),
    refusal('a queue name that is not UTF-8 is refused', 'errors.md 8.5', (raw) => {
      raw.send(1, 'queue.declare', { queue: Buffer.from([0xff]) })
      return connectionError(501, 'FRAME_ERROR - Malformed UTF-8 in shortstr')
    }),
    fact('a routing key that is not UTF-8 is accepted', 'errors.md 5.9', async (t) => {
      const raw = await t.raw()
      raw.publish(1, { exchange: 'amq.direct', routingKey: Buffer.from([0xff]) }, 'a')
      await raw.call(2, 'channel.open')
      await raw.call(1, 'tx.select')
    }),
    refusal(
      'more body than announced is refused',
      'errors.md 8.5',
      (raw) => {
        raw.sendBytes(Buffer.concat([publish(), headerFrame(1, 1), bodyFrame(1, 'ab')]))
        raw.send(1, 'channel.flow', { active: true })
        return publishError(501, 'FRAME_ERROR - content body frame exceeds remaining content size')
      },
      on310('3.10 answers 505, and only at the next frame'),
    ),
    refusal(
      'a body of more than 512 MiB is refused at its header',
      'errors.md 8.5',
      (raw) => {
        raw.sendBytes(Buffer.concat([publish(), headerFrame(1, 536870913)]))
        raw.send(1, 'channel.flow', { active: true })
        return publishError(
          501,
          'FRAME_ERROR - content body size 536870913 exceeds maximum allowed size 536870912',
        )
      },
      on310('3.10 has no limit at the content header'),
    ),
    refusal('properties that are cut short are refused with 541', 'errors.md 8.5', (raw) => {
      raw.sendBytes(Buffer.concat([publish(), frame(FRAME_HEADER, 1, rawHeader(1 << 15))]))
      raw.sendBytes(bodyFrame(1, 'a'))
      return MALFORMED
    }),
    refusal('octets after the properties are refused with 541', 'errors.md 8.5', (raw) => {
      const payload = Buffer.concat([rawHeader(0), Buffer.from('zz')])
      raw.sendBytes(Buffer.concat([publish(), frame(FRAME_HEADER, 1, payload)]))
      raw.sendBytes(bodyFrame(1, 'a'))
      return MALFORMED
    }),
    refusal('an unknown tag in the headers is refused with 541', 'errors.md 8.5', (raw) => {
      const table = bytes.longstr(Buffer.concat([bytes.shortstr('a'), Buffer.from('Z')]))
      const payload = Buffer.concat([rawHeader(1 << 13), table])
      raw.sendBytes(Buffer.concat([publish(), frame(FRAME_HEADER, 1, payload)]))
      raw.sendBytes(bodyFrame(1, 'a'))
      return MALFORMED
    }),
  ],
}

function row505(what: string, expected: ReturnType<typeof connectionError>, ...frames: Buffer[]) {
  return refusal(`${what} is refused with 505`, 'errors.md 8.4', (raw) => {
    raw.sendBytes(Buffer.concat(frames))
    return expected
  })
}

function row501(what: string, text: string, ...frames: Buffer[]) {
  return refusal(`${what} is refused with 501`, 'errors.md 8.5', (raw) => {
    raw.sendBytes(Buffer.concat(frames))
    return connectionError(501, `FRAME_ERROR - ${text}`)
  })
}

/** Goes nowhere, which is no error. */
function publish(): Buffer {
  return methodFrame(1, 'basic.publish', { exchange: 'amq.direct', routingKey: 'nowhere' })
}

function publishError(code: number, text: string) {
  return connectionError(code, text, 'basic.publish')
}

function wrongClass(classId: number) {
  const text = `expected content header for class 60, got one for class ${classId} instead`
  return publishError(505, `UNEXPECTED_FRAME - ${text}`)
}

function unexpected(type: number, octets: string) {
  return connectionError(505, `UNEXPECTED_FRAME - type ${type}, ${octets}`)
}

function method(classId: number, methodId: number, ...args: Buffer[]): Buffer {
  return Buffer.concat([bytes.u16(classId), bytes.u16(methodId), ...args])
}

/** A content header for a body of one byte, up to its flags. */
function rawHeader(flags: number): Buffer {
  return Buffer.concat([bytes.u16(60), bytes.u16(0), bytes.u64(1), bytes.u16(flags)])
}
