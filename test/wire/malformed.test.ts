import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import { Cursor, DecodeError } from '../../src/wire/cursor.ts'
import { decodeMethod, type Method } from '../../src/wire/methods.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { METHOD_SPECS, sampleArguments } from '../support/method-specs.ts'

const FRAME_PREFIX_SIZE = 11
const METHODS_WITH_ARGUMENTS = METHOD_SPECS.filter((method) => method.arguments.length > 0)

/** What lies behind a frame in memory: it must never be read. */
const BEHIND = Buffer.alloc(300, 0x01)

describe('arguments of a method', () => {
  test.each(METHOD_SPECS)('$name is decoded from its sample', (method) => {
    const bytes = sampleArguments(method)
    const decoded = decode(method.id, bytes, bytes.length)
    expect(decoded?.id).toBe(method.id)
    const fields = method.arguments.filter((argument) => !argument.isReserved)
    expect(Object.keys(decoded ?? {})).toEqual(['id', ...fields.map((field) => field.key)])
  })

  test.each(METHODS_WITH_ARGUMENTS)('$name cut off anywhere is refused', (method) => {
    const bytes = sampleArguments(method)
    for (let end = 0; end < bytes.length; end++) {
      expect(decode(method.id, bytes, end), `first ${end} bytes`).toBe(null)
    }
  })

  test.each(METHOD_SPECS)('$name with a surplus octet is refused', (method) => {
    const bytes = Buffer.concat([sampleArguments(method), Buffer.alloc(1)])
    expect(decode(method.id, bytes, bytes.length)).toBe(null)
  })

  test.each(METHODS_WITH_ARGUMENTS)(
    '$name with any octet changed decodes or is refused',
    (method) => {
      const sample = sampleArguments(method)
      for (let at = 0; at < sample.length; at++) {
        for (let octet = 0; octet < 0x100; octet++) {
          const bytes = Buffer.from(sample)
          bytes[at] = octet
          const decoded = decode(method.id, bytes, bytes.length)
          if (decoded !== null) assert.deepStrictEqual(reencoded(decoded), decoded)
        }
      }
    },
  )
})

describe('a length that no frame can hold', () => {
  const LENGTHS = [0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 0x4000_0000]
  const METHODS_WITH_LENGTHS = METHOD_SPECS.filter((method) =>
    method.arguments.some(({ type }) => type === 'table' || type === 'longstr'),
  )

  test.each(METHODS_WITH_LENGTHS)('$name is refused without memory for it', (method) => {
    const sample = sampleArguments(method)
    const before = process.memoryUsage().arrayBuffers
    let refused = 0
    for (let at = 0; at + 4 <= sample.length; at++) {
      for (const length of LENGTHS) {
        const bytes = Buffer.from(sample)
        bytes.writeUInt32BE(length, at)
        if (decode(method.id, bytes, bytes.length) === null) refused++
      }
    }
    expect(refused).toBeGreaterThan(0)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(0x1000_0000)
  })
})

/** Null if the bytes are refused; any other failure is one of the test. */
function decode(id: number, bytes: Buffer, end: number): Method | null {
  const memory = Buffer.concat([bytes, BEHIND])
  try {
    return decodeMethod(new Cursor().reset(memory, 0, end), id)
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}

function reencoded(method: Method): Method | null {
  const args = encodeMethod(1, method).subarray(FRAME_PREFIX_SIZE, -1)
  return decode(method.id, args, args.length)
}
