import { describe, expect, test } from 'vitest'
import {
  erlangBinary,
  erlangString,
  erlangTerm,
  erlangTuple,
} from '../../src/common/erlang-term.ts'
import { type FieldValue, longstr } from '../../src/common/table.ts'

describe('binaries are printed as text when all of it is printable', () => {
  test.each([
    ['<<>>', []],
    ['<<"abc">>', [97, 98, 99]],
    ['<<0,10>>', [0, 10]],
    ['<<0,60,0,40,0,0,0,4,110,111,112,101,0,97,98,99>>', [...publishOctets()]],
    ['<<97,0>>', [97, 0]],
    ['<<127>>', [127]],
    ['<<128>>', [128]],
    ['<<"é">>', [0xe9]],
    ['<<"a\\nb">>', [97, 10, 98]],
    ['<<"say \\"a\\\\b\\"">>', [...Buffer.from('say "a\\b"')]],
    ['<<" ~">>', [0x20, 0x7e]],
  ])('%s', (text, octets) => {
    expect(erlangBinary(Buffer.from(octets))).toBe(text)
  })
})

describe('lists of octets are printed as text when all of it is printable', () => {
  test.each([
    ['[]', ''],
    ['"ms"', 'ms'],
    ['"\\"\\\\"', '"\\'],
    ['[0,1]', '\0\x01'],
    ['[97,128]', 'a\x80'],
  ])('%s', (text, characters) => {
    expect(erlangString(Buffer.from(characters, 'latin1'))).toBe(text)
  })
})

describe('values of fields are printed as RabbitMQ holds them', () => {
  const CASES: readonly [string, FieldValue][] = [
    ['true', { type: 'bool', value: true }],
    ['undefined', { type: 'void' }],
    ['-1', { type: 'signedint', value: -1 }],
    ['4611686018427387904', { type: 'long', value: 2n ** 62n }],
    ['1.5', { type: 'double', value: 1.5 }],
    ['10.0', { type: 'float', value: 10 }],
    ['{0,100}', { type: 'decimal', scale: 0, value: 100 }],
    ['<<"foo">>', longstr('foo')],
    ['<<>>', longstr('')],
    ['<<"any">>', { type: 'binary', value: Buffer.from('any') }],
    ['[{longstr,<<"a">>}]', { type: 'array', value: [longstr('a')] }],
    [
      '[{<<"a">>,signedint,1},{<<"b">>,void,undefined}]',
      {
        type: 'table',
        value: new Map<string, FieldValue>([
          ['a', { type: 'signedint', value: 1 }],
          ['b', { type: 'void' }],
        ]),
      },
    ],
  ]
  test.each(CASES)('%s', (text, value) => {
    expect(erlangTerm(value)).toBe(text)
  })
})

describe('a tuple that goes past column 80 is wrapped', () => {
  test('as the refusal of an expiration was seen', () => {
    const before = "invalid expiration '99999999999999999999': "
    const term = erlangTuple(['value_too_large', '99999999999999999999'], before.length)
    expect(before + term).toBe(
      "invalid expiration '99999999999999999999': {value_too_large,\n" +
        `${' '.repeat(44)}99999999999999999999}`,
    )
  })

  test('as the refusal of a frame was seen', () => {
    const before = `type 1, first 16 octets = ${erlangBinary(publishOctets())}: `
    const term = erlangTuple(['invalid_frame_end_marker', '205'], before.length)
    expect(before + term).toBe(
      'type 1, first 16 octets = <<0,60,0,40,0,0,0,4,110,111,112,101,0,97,98,99>>: ' +
        `{invalid_frame_end_marker,\n${' '.repeat(77)}205}`,
    )
  })

  test('and one that ends there is not', () => {
    expect(erlangTuple(['a', 'b'], 75)).toBe('{a,b}')
    expect(erlangTuple(['a', 'b'], 76)).toBe(`{a,\n${' '.repeat(77)}b}`)
  })
})

function publishOctets(): Buffer {
  return Buffer.from([0, 60, 0, 40, 0, 0, 0, 4, 110, 111, 112, 101, 0, 97, 98, 99])
}
