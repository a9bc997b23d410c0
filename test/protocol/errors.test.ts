import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal, type RefusalKind } from '../../src/core/refusal.ts'
import {
  ConnectionError,
  closeOf,
  consequenceOf,
  REPLY_NAMES,
  replyText,
} from '../../src/protocol/errors.ts'
import { DecodeError, MalformedUtf8Error } from '../../src/wire/cursor.ts'
import { FrameError } from '../../src/wire/frame-reader.ts'
import { QUEUE_DECLARE } from '../../src/wire/methods.ts'

const NO_ARGUMENTS = Buffer.alloc(0)

describe('a refusal costs', () => {
  const CONSEQUENCES: readonly [RefusalKind, string][] = [
    ['access-refused', '403 channel'],
    ['not-found', '404 channel'],
    ['resource-locked', '405 channel'],
    ['precondition-failed', '406 channel'],
    ['command-invalid', '503 connection'],
    ['resource-error', '506 connection'],
    ['not-allowed', '530 connection'],
    ['not-implemented', '540 connection'],
    ['internal-error', '541 connection'],
  ]
  test.each(CONSEQUENCES)('%s: %s', (kind, expected) => {
    const { code, closes } = consequenceOf(new Refusal(kind, ''), QUEUE_DECLARE, NO_ARGUMENTS)
    expect(`${code} ${closes}`).toBe(expected)
    expect(REPLY_NAMES.get(code)).toBe(kind.replaceAll('-', '_').toUpperCase())
  })
})

describe('an error', () => {
  test('of core names the method that it came of', () => {
    const refusal = new Refusal('not-found', "no queue 'q' in vhost '/'")
    expect(consequenceOf(refusal, QUEUE_DECLARE, NO_ARGUMENTS)).toEqual({
      closes: 'channel',
      code: 404,
      explanation: "no queue 'q' in vhost '/'",
      methodId: QUEUE_DECLARE,
    })
  })

  test('of the protocol names its own', () => {
    const error = new ConnectionError(503, 'unknown method', 0)
    expect(consequenceOf(error, QUEUE_DECLARE, NO_ARGUMENTS)).toEqual({
      closes: 'connection',
      code: 503,
      explanation: 'unknown method',
      methodId: 0,
    })
  })

  test('in arguments shows them as octets', () => {
    expect(consequenceOf(new DecodeError(), QUEUE_DECLARE, Buffer.from([0, 255]))).toEqual({
      closes: 'connection',
      code: 501,
      explanation: 'cannot decode <<0,255>>',
      methodId: QUEUE_DECLARE,
    })
  })

  test('in a name that is not UTF-8 says so, and names no method', () => {
    expect(consequenceOf(new MalformedUtf8Error(), QUEUE_DECLARE, NO_ARGUMENTS)).toEqual({
      closes: 'connection',
      code: 501,
      explanation: 'Malformed UTF-8 in shortstr',
      methodId: 0,
    })
  })

  test('in the frames themselves ends the stream', () => {
    const error = new FrameError(9, NO_ARGUMENTS, ['unknown_frame'])
    const { closes, code, methodId } = consequenceOf(error, QUEUE_DECLARE, NO_ARGUMENTS)
    expect({ closes, code, methodId }).toEqual({ closes: 'stream', code: 501, methodId: 0 })
  })

  test('of ours is thrown on', () => {
    const bug = new TypeError('a bug')
    expect(() => consequenceOf(bug, QUEUE_DECLARE, NO_ARGUMENTS)).toThrow(bug)
  })
})

describe('a reply text', () => {
  test('begins with the name of the code', () => {
    expect(replyText(404, "no queue 'q' in vhost '/'")).toBe(
      "NOT_FOUND - no queue 'q' in vhost '/'",
    )
  })

  test('is the name alone when there is nothing to explain', () => {
    expect(replyText(541, '')).toBe('INTERNAL_ERROR')
  })

  test('of 255 bytes is left as it is, of 256 is cut', () => {
    const room = 255 - 'NOT_FOUND - '.length
    expect(replyText(404, 'x'.repeat(room))).toBe(`NOT_FOUND - ${'x'.repeat(room)}`)
    expect(replyText(404, 'x'.repeat(room + 1))).toBe(`NOT_FOUND - ${'x'.repeat(room - 3)}...`)
  })

  test('is never cut inside a character, and never shorter than it must be', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 50, maxLength: 300, size: 'max' }),
        (explanation) => {
          const whole = `NOT_FOUND - ${explanation}`
          const text = replyText(404, explanation)
          const size = Buffer.byteLength(text)
          expect(size).toBeLessThanOrEqual(255)
          if (text === whole) return
          expect(Buffer.byteLength(whole)).toBeGreaterThan(255)
          expect(text.endsWith('...')).toBe(true)
          expect(whole.startsWith(text.slice(0, -3))).toBe(true)
          expect(size).toBeGreaterThan(251)
        },
      ),
    )
  })
})

test('a close names class and method of the method that failed', () => {
  expect(closeOf(406, 'unknown delivery tag 1', (60 << 16) | 80)).toEqual({
    replyCode: 406,
    replyText: 'PRECONDITION_FAILED - unknown delivery tag 1',
    classId: 60,
    methodId: 80,
  })
})
