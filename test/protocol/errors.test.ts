import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal, type RefusalKind } from '../../src/core/refusal.ts'
import { closeOf, consequenceOf, REPLY_NAMES, replyText } from '../../src/protocol/errors.ts'

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
    const { code, closes } = consequenceOf(new Refusal(kind, ''))
    expect(`${code} ${closes}`).toBe(expected)
    expect(REPLY_NAMES.get(code)).toBe(kind.replaceAll('-', '_').toUpperCase())
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
