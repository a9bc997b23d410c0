import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { frameBytes } from '../support/frames.ts'
import { TestBroker } from '../support/test-broker.ts'
import { headerFrame, openVhost, publishMethod, startOk, tuneOk } from '../support/test-client.ts'

const METHOD_DUE = 'UNEXPECTED_FRAME - expected method frame, got non method frame instead'
const HEADER_DUE =
  'UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead'
const BODY_DUE = 'UNEXPECTED_FRAME - expected content body, got non content body frame instead'
const NOT_NOW = 'CHANNEL_ERROR - unexpected method in connection state running'
const UNIMPLEMENTED = 'COMMAND_INVALID - unimplemented method'

const PUBLISH = publishMethod(1, 'none')
const ACCESS = method(1, '001e000a 00 00')
const CUT_DECLARE = method(1, '0032000a 0000 05 6162')

/** What, the frames of it, and the reply: code, text, class and method; as observed on RabbitMQ. */
type Fault = readonly [string, readonly Buffer[], number, string, number, number]

const CONTENT_FAULTS: readonly Fault[] = [
  ['header without method', [frame(2, 1, '003c')], 501, shown(2, '<<0,60>>'), 0, 0],
  ['whole header without method', [headerFrame(1, 1)], 505, METHOD_DUE, 0, 0],
  ['body without method', [frameBytes(3, 1, 'a')], 505, METHOD_DUE, 0, 0],
  ['method instead of header', [PUBLISH, ACCESS], 505, HEADER_DUE, 60, 40],
  ['body instead of header', [PUBLISH, frameBytes(3, 1, 'a')], 505, HEADER_DUE, 60, 40],
  ['header of another class', [PUBLISH, header(50, 0, 1)], 505, otherClass(50), 60, 40],
  ['header of no class', [PUBLISH, header(99, 0, 1)], 505, otherClass(99), 60, 40],
  ['header with weight', [PUBLISH, header(60, 1, 1)], 505, HEADER_DUE, 60, 40],
  ['method instead of body', [PUBLISH, headerFrame(1, 1), ACCESS], 505, BODY_DUE, 60, 40],
  [
    'header instead of body',
    [PUBLISH, headerFrame(1, 1), headerFrame(1, 1)],
    505,
    BODY_DUE,
    60,
    40,
  ],
  [
    'body too long',
    [PUBLISH, headerFrame(1, 1), frameBytes(3, 1, 'ab')],
    501,
    'FRAME_ERROR - content body frame exceeds remaining content size',
    60,
    40,
  ],
  ['body for nothing', [PUBLISH, headerFrame(1, 0), frameBytes(3, 1, 'a')], 505, METHOD_DUE, 0, 0],
  [
    'body of 512 MiB and one',
    [PUBLISH, header(60, 0, 536_870_913)],
    501,
    'FRAME_ERROR - content body size 536870913 exceeds maximum allowed size 536870912',
    60,
    40,
  ],
  ['cut properties', [PUBLISH, properties('8000')], 541, 'INTERNAL_ERROR', 0, 0],
  ['properties and more', [PUBLISH, properties('0000 ff')], 541, 'INTERNAL_ERROR', 0, 0],
  [
    'a header table with an unknown tag',
    [PUBLISH, properties('2000 00000004 0161 5a 00')],
    541,
    'INTERNAL_ERROR',
    0,
    0,
  ],
]

const FRAME_FAULTS: readonly Fault[] = [
  ['body on channel 0', [frameBytes(3, 0, 'a')], 505, unexpected(3, '<<"a">>'), 0, 0],
  [
    'header on channel 0',
    [frame(2, 0, '003c 0000 0000000000000001 0000')],
    505,
    unexpected(2, '<<0,60,0,0,0,0,0,0,0,0,0,1,0,0>>'),
    0,
    0,
  ],
  ['heartbeat on channel 1', [frameBytes(8, 1, '')], 505, unexpected(8, '<<>>'), 0, 0],
  ['heartbeat on channel 7', [frameBytes(8, 7, '')], 505, unexpected(8, '<<>>'), 0, 0],
  ['heartbeat that speaks', [frameBytes(8, 0, 'a')], 501, shown(8, '<<"a">>'), 0, 0],
  ...[0, 4, 5, 9, 255].map(
    (type): Fault => [
      `frame of type ${type}`,
      [frameBytes(type, 1, '')],
      501,
      shown(type, '<<>>'),
      0,
      0,
    ],
  ),
  ['frame of type 5 on channel 0', [frameBytes(5, 0, 'abc')], 501, shown(5, '<<"abc">>'), 0, 0],
  ['method of two octets', [frame(1, 1, '003c')], 501, shown(1, '<<0,60>>'), 0, 0],
  ['method of no octets', [frameBytes(1, 1, '')], 501, shown(1, '<<>>'), 0, 0],
]

const METHOD_FAULTS: readonly Fault[] = [
  ['cut arguments', [CUT_DECLARE], 501, 'FRAME_ERROR - cannot decode <<0,0,5,97,98>>', 50, 10],
  [
    'arguments and more',
    [method(1, '00140014 01 7a7a7a')],
    501,
    'FRAME_ERROR - cannot decode <<1,122,122,122>>',
    20,
    20,
  ],
  [
    'a table of a wrong length',
    [method(1, '0032000a 0000 0171 00 00000063')],
    501,
    'FRAME_ERROR - cannot decode <<0,0,1,113,0,0,0,0,99>>',
    50,
    10,
  ],
  [
    'a name that is not UTF-8',
    [method(1, '0032000a 0000 01ff 00 00000000')],
    501,
    'FRAME_ERROR - Malformed UTF-8 in shortstr',
    0,
    0,
  ],
  [
    'basic.credit',
    [method(1, '003c00c8 0174 00000001 0000000000')],
    501,
    'FRAME_ERROR - cannot decode <<1,116,0,0,0,1,0,0,0,0,0>>',
    60,
    200,
  ],
  ['basic.deliver and no header', [method(1, '003c003c'), ACCESS], 505, HEADER_DUE, 60, 60],
  ['queue.declare-ok', [method(1, '0032000b 0171 00000000 00000000')], 503, UNIMPLEMENTED, 50, 11],
  ['channel.flow-ok', [method(1, '00140015 01')], 503, UNIMPLEMENTED, 20, 21],
  ['basic.cancel-ok', [method(1, '003c001f 0174')], 503, UNIMPLEMENTED, 60, 31],
  ['channel.open-ok', [method(1, '0014000b 00000000')], 503, UNIMPLEMENTED, 20, 11],
  ['channel.close-ok', [method(1, '00140029')], 503, UNIMPLEMENTED, 20, 41],
  ['connection.open on a channel', [method(1, '000a0028 012f 00 00')], 503, UNIMPLEMENTED, 10, 40],
  [
    'connection.close on a channel',
    [method(1, '000a0032 00c8 00 0000 0000')],
    503,
    UNIMPLEMENTED,
    10,
    50,
  ],
  ['connection.open again', [openVhost('/')], 504, NOT_NOW, 10, 40],
  ['connection.tune-ok again', [tuneOk()], 504, NOT_NOW, 10, 31],
  ['connection.start-ok again', [startOk()], 504, NOT_NOW, 10, 11],
  ['connection.secure-ok', [method(0, '000a0015 00000000')], 504, NOT_NOW, 10, 21],
  ['connection.close-ok', [method(0, '000a0033')], 504, NOT_NOW, 10, 51],
  ['channel.open on channel 0', [method(0, '0014000a 00')], 504, NOT_NOW, 20, 10],
  [
    'a method on a channel that is not open',
    [method(7, '001e000a 00 00')],
    504,
    "CHANNEL_ERROR - expected 'channel.open'",
    30,
    10,
  ],
]

describe.each([
  ['contents', CONTENT_FAULTS],
  ['frames', FRAME_FAULTS],
  ['methods', METHOD_FAULTS],
])('a fault in %s costs the connection', (_kind, faults) => {
  test.each(faults)('%s', (_name, sent, replyCode, replyText, classId, methodId) => {
    const expected = {
      id: wire.CONNECTION_CLOSE,
      channel: 0,
      replyCode,
      replyText,
      classId,
      methodId,
    }
    const client = new TestBroker().connect({ channels: [1] })
    expect(client.call(...sent)).toEqual([expected])
    const slow = new TestBroker().connect({ channels: [1] })
    for (const octet of Buffer.concat(sent)) slow.send(Buffer.from([octet]))
    expect(slow.receive()).toEqual([expected])
  })
})

describe('what looks like a fault and is none', () => {
  test.each([
    [
      'empty body frames',
      [PUBLISH, headerFrame(1, 1), frameBytes(3, 1, ''), frameBytes(3, 1, 'a')],
    ],
    [
      'a body frame of frame-max',
      [PUBLISH, headerFrame(1, 131_072), frameBytes(3, 1, Buffer.alloc(131_072))],
    ],
    ['a routing key that is not UTF-8', [method(1, '003c0028 0000 00 01ff 00'), headerFrame(1, 0)]],
    ['a close-ok on a channel that is not open', [method(7, '00140029')]],
  ])('%s', (_name, sent) => {
    const client = new TestBroker().connect({ channels: [1] })
    expect(client.call(...sent)).toEqual([])
    expect(client.call(ACCESS)).toEqual([{ id: wire.ACCESS_REQUEST_OK, channel: 1, ticket: 1 }])
  })
})

function frame(type: number, channel: number, hex: string): Buffer {
  return frameBytes(type, channel, Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function method(channel: number, hex: string): Buffer {
  return frame(1, channel, hex)
}

/** A content header without properties. */
function header(classId: number, weight: number, bodySize: number): Buffer {
  const payload = Buffer.alloc(14)
  payload.writeUInt16BE(classId, 0)
  payload.writeUInt16BE(weight, 2)
  payload.writeBigUInt64BE(BigInt(bodySize), 4)
  return frameBytes(2, 1, payload)
}

function properties(hex: string): Buffer {
  return frame(2, 1, `003c 0000 0000000000000000 ${hex}`)
}

function shown(type: number, octets: string): string {
  return `FRAME_ERROR - type ${type}, all octets = ${octets}: unknown_frame`
}

function unexpected(type: number, octets: string): string {
  return `UNEXPECTED_FRAME - type ${type}, all octets = ${octets}`
}

function otherClass(classId: number): string {
  return `UNEXPECTED_FRAME - expected content header for class 60, got one for class ${classId} instead`
}
