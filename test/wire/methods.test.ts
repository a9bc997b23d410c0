import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE } from '../../src/common/table.ts'
import { Cursor, DecodeError, MalformedUtf8Error } from '../../src/wire/cursor.ts'
import {
  BASIC_CREDIT,
  BASIC_CREDIT_DRAINED,
  BASIC_CREDIT_OK,
  BASIC_PUBLISH,
  CHANNEL_CLOSE,
  CHANNEL_OPEN_OK,
  CONFIRM_SELECT,
  CONNECTION_CLOSE_OK,
  decodeMethod,
  EXCHANGE_UNBIND_OK,
  type Method,
  QUEUE_DECLARE,
  QUEUE_UNBIND,
  writeBasicDeliver,
  writeChannelClose,
} from '../../src/wire/methods.ts'
import { BLOCK_SIZE, BlockPool, Output } from '../../src/wire/output.ts'
import { encodeMethod } from '../support/encode-method.ts'

const FRAME_PREFIX_SIZE = 11

const FRAMES: readonly [Method, string][] = [
  [{ id: CONNECTION_CLOSE_OK }, '01 0007 00000004 000a0033 ce'],
  [{ id: CHANNEL_OPEN_OK }, '01 0007 00000008 0014000b 00000000 ce'],
  [{ id: EXCHANGE_UNBIND_OK }, '01 0007 00000004 00280033 ce'],
  [{ id: CONFIRM_SELECT, noWait: true }, '01 0007 00000005 0055000a 01 ce'],
  [
    {
      id: QUEUE_DECLARE,
      queue: 'q',
      passive: false,
      durable: true,
      exclusive: false,
      autoDelete: true,
      noWait: true,
      arguments: EMPTY_TABLE,
    },
    '01 0007 0000000d 0032000a 0000 0171 1a 00000000 ce',
  ],
  [
    { id: QUEUE_UNBIND, queue: 'q', exchange: 'e', routingKey: '', arguments: EMPTY_TABLE },
    '01 0007 0000000f 00320032 0000 0171 0165 00 00000000 ce',
  ],
  [
    { id: BASIC_PUBLISH, exchange: '', routingKey: 'q', mandatory: true, immediate: false },
    '01 0007 0000000a 003c0028 0000 00 0171 01 ce',
  ],
  [
    { id: BASIC_CREDIT, consumerTag: 't', credit: 5, drain: true },
    '01 0007 0000000b 003c00c8 0174 00000005 01 ce',
  ],
  [{ id: BASIC_CREDIT_OK, available: 6 }, '01 0007 00000008 003c00c9 00000006 ce'],
  [
    { id: BASIC_CREDIT_DRAINED, consumerTag: 't', creditDrained: 7 },
    '01 0007 0000000a 003c00ca 0174 00000007 ce',
  ],
]

describe('frames known byte for byte', () => {
  test.each(FRAMES)('%o', (method, hex) => {
    const frame = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    expect(encodeMethod(7, method).toString('hex')).toBe(frame.toString('hex'))
    expect(decodeMethod(cursorOf(frame.subarray(FRAME_PREFIX_SIZE, -1)), method.id)).toEqual(method)
  })
})

test('reserved arguments are dropped whatever is in them', () => {
  const bytes = Buffer.from('ffff 0171 80'.replaceAll(' ', ''), 'hex')
  expect(decodeMethod(cursorOf(bytes), 0x00320028)).toEqual({
    id: 0x00320028,
    queue: 'q',
    ifUnused: false,
    ifEmpty: false,
    noWait: false,
  })
})

test('a name that is not UTF-8 is an error of its own', () => {
  const bytes = Buffer.from('0000 02c328 00 00000000'.replaceAll(' ', ''), 'hex')
  expect(() => decodeMethod(cursorOf(bytes), QUEUE_DECLARE)).toThrow(MalformedUtf8Error)
})

test('names in methods with content need not be UTF-8', () => {
  const bytes = Buffer.from('0000 01ff 02c328 00'.replaceAll(' ', ''), 'hex')
  expect(decodeMethod(cursorOf(bytes), BASIC_PUBLISH)).toEqual({
    id: BASIC_PUBLISH,
    exchange: '\uFFFD',
    routingKey: '\uFFFD(',
    mandatory: false,
    immediate: false,
  })
})

test('an id that is not in the specification is an error', () => {
  expect(() => decodeMethod(cursorOf(Buffer.alloc(0)), 0x003c00cb)).toThrow(DecodeError)
})

test('a text too long for a shortstr is cut and the frame stays valid', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 50, maxLength: 400 }), (replyText) => {
      const fields = { replyCode: 404, replyText, classId: 50, methodId: 10 }
      const frame = encodeMethod(1, { id: CHANNEL_CLOSE, ...fields })
      expect(frame.readUInt32BE(3)).toBe(frame.length - 8)
      const method = decodeMethod(cursorOf(frame.subarray(FRAME_PREFIX_SIZE, -1)), CHANNEL_CLOSE)
      const cut = 'replyText' in method ? method.replyText : ''
      expect(method).toEqual({ id: CHANNEL_CLOSE, ...fields, replyText: cut })
      expect(replyText.startsWith(cut)).toBe(true)
      const next = replyText.slice(cut.length, cut.length + 2)
      const isWhole = next === ''
      expect(isWhole || Buffer.byteLength(cut + firstCharacter(next)) > 255).toBe(true)
    }),
  )
})

test('frames stay whole and in order when they need more than one block', () => {
  const output = new Output(new BlockPool())
  const deliver = {
    consumerTag: 'x'.repeat(255),
    deliveryTag: 1,
    redelivered: true,
    exchange: 'y'.repeat(255),
    routingKey: 'z'.repeat(255),
  }
  const close = { replyCode: 1, replyText: '', classId: 0, methodId: 0 }
  const frames: Buffer[] = []
  while (output.size < 3 * BLOCK_SIZE) {
    writeBasicDeliver(output, 3, deliver)
    frames.push(encodeMethod(3, { id: 0x003c003c, ...deliver }))
    writeChannelClose(output, 3, close)
    frames.push(encodeMethod(3, { id: CHANNEL_CLOSE, ...close }))
  }
  expect(Buffer.concat(output.take().pieces).equals(Buffer.concat(frames))).toBe(true)
})

function firstCharacter(text: string): string {
  const [first = ''] = text
  return first
}

function cursorOf(bytes: Buffer): Cursor {
  return new Cursor().reset(bytes, 0, bytes.length)
}
