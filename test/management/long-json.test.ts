import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Slices } from '../../src/common/slices.ts'
import { parsedInSlices } from '../../src/management/long-json.ts'

function parsed(text: string, batchSize: number): Promise<unknown> {
  return parsedInSlices(Buffer.from(text), new Slices(), batchSize)
}

/** What JSON.parse says, or that it throws. */
function outcome(text: string): unknown {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return 'no JSON'
  }
}

describe('JSON that is read in slices', () => {
  test('is what JSON.parse makes of it, wherever it is cut', async () => {
    const member = fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue())
    const document = fc.oneof(fc.dictionary(fc.string(), member), fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(document, fc.nat(60), fc.nat(3), async (json, batchSize, indent) => {
        const text = JSON.stringify(json, null, indent)
        expect(await parsed(text, batchSize)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('is refused where JSON.parse refuses it', async () => {
    const member = fc.array(fc.jsonValue(), { minLength: 1 })
    const place = fc.nat({ max: 10_000 })
    const sign = fc.constantFrom(...'[]{},:"\\ 0a', '')
    const document = fc.dictionary(fc.string(), member, { minKeys: 1 })
    await fc.assert(
      fc.asyncProperty(document, place, sign, fc.nat(60), async (json, at, inserted, batchSize) => {
        const whole = JSON.stringify(json)
        const cut = at % whole.length
        const text = whole.slice(0, cut) + inserted + whole.slice(inserted === '' ? cut + 1 : cut)
        const found = await parsed(text, batchSize).then(
          (value) => ({ value }),
          (error: unknown) => (error instanceof SyntaxError ? 'no JSON' : error),
        )
        expect(found).toEqual(outcome(text))
      }),
    )
  })

  test.each([
    '',
    '{',
    '{}x',
    '{"a":[1,]}',
    '{"a":[1,2,]}',
    '{"a":[,1]}',
    '{"a":[1 2]}',
    '{"a":1,}',
    '{"a":[1}',
    '{"a" [1]}',
    '{a:[1]}',
  ])('is refused when it is %j', async (text) => {
    for (const batchSize of [1, 2, 100]) {
      await expect(parsed(text, batchSize)).rejects.toThrow(SyntaxError)
    }
  })

  test.each([
    '{"a":[1],"b":2,"a":[3]}',
    '{"__proto__":[1]}',
    '{"a":["\\"]","\\\\"],"b":[[],{"c":"}"}]}',
    ' { "a" : [ 1 , "é" ] } ',
  ])('may be %s', async (text) => {
    for (const batchSize of [1, 2, 100]) {
      const value = await parsed(text, batchSize)
      expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)))
    }
  })
})
