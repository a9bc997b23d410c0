import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Table } from '../../src/common/table.ts'
import type { DefinitionChange } from '../../src/core/ports.ts'
import { decodeDefinition, encodeDefinition } from '../../src/store/definitions/definition-codec.ts'
import { anyNames, definitionChanges } from '../support/definition-arbitraries.ts'

const BOUND: DefinitionChange = {
  kind: 'bound',
  binding: {
    vhost: '/',
    source: 'amq.headers',
    destination: 'orders',
    destinationKind: 'queue',
    routingKey: 'ü',
    arguments: new Map([
      ['x-match', { type: 'longstr', value: Buffer.from('all') }],
      ['count', { type: 'signedint', value: 5 }],
    ]),
  },
}

function declared(args: Table): DefinitionChange {
  const names = { vhost: '/', name: 'q' }
  return {
    kind: 'queue-declared',
    queue: { ...names, durable: true, autoDelete: false, arguments: args },
  }
}

function text(change: DefinitionChange): string {
  return Buffer.from(encodeDefinition(change)).toString()
}

describe('a change', () => {
  test('of any kind comes back as it was', () => {
    fc.assert(
      fc.property(definitionChanges(anyNames), (change) => {
        expect(decodeDefinition(encodeDefinition(change))).toStrictEqual(change)
      }),
      { numRuns: 2000 },
    )
  })

  test('is kept as text that people can read', () => {
    expect(text(BOUND)).toBe(
      '{"kind":"bound","vhost":"/","source":"amq.headers","destination":"orders",' +
        '"destinationKind":"queue","routingKey":"ü",' +
        '"arguments":[["x-match","longstr","all"],["count","signedint",5]]}',
    )
  })

  test('keeps what JSON has no number for', () => {
    const args: Table = new Map([
      ['none', { type: 'double', value: Number.NaN }],
      ['most', { type: 'double', value: Infinity }],
      ['least', { type: 'float', value: -Infinity }],
      ['zero', { type: 'double', value: -0 }],
      ['wide', { type: 'long', value: 2n ** 63n - 1n }],
      ['since', { type: 'timestamp', value: 2n ** 64n - 1n }],
    ])
    expect(decodeDefinition(encodeDefinition(declared(args)))).toStrictEqual(declared(args))
  })

  test('says nothing of what core has in its object beyond the definition', () => {
    const owner: { self?: object } = {}
    owner.self = owner
    const queue = { ...queueOf(declared(new Map())), exclusiveOwner: owner, type: 'classic' }
    expect(text({ kind: 'queue-declared', queue })).toBe(text(declared(new Map())))
  })
})

describe('damaged bytes', () => {
  test('of any change are told, or are another change', () => {
    const places = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(definitionChanges(anyNames), places, (change, [place, byte]) => {
        const bytes = Buffer.from(encodeDefinition(change))
        bytes[place % bytes.length] = byte
        const read = outcomeOf(bytes)
        if (typeof read === 'string') expect(read).toMatch(/^damaged definition: ./)
        else expect(outcomeOf(encodeDefinition(read))).toStrictEqual(read)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['', /^damaged definition: Unexpected end of JSON input$/],
    ['{"kind":"vhost-added"', /^damaged definition: ./],
    ['[]', /^damaged definition: no object$/],
    ['null', /^damaged definition: no object$/],
    ['{"kind":"vhost-moved"}', /^damaged definition: 'vhost-moved' is no kind of a change$/],
    ['{"kind":"vhost-added"}', /^damaged definition: vhost: no text$/],
    ['{"kind":"vhost-added","vhost":1}', /^damaged definition: vhost: no text$/],
  ])('%s', (json, message) => {
    expect(outcomeOf(Buffer.from(json))).toMatch(message)
  })

  test('that are not UTF-8 are not taken for other text', () => {
    const bytes = Buffer.from('{"kind":"vhost-added","vhost":"\xff"}', 'latin1')
    expect(outcomeOf(bytes)).toMatch(/^damaged definition: The encoded data was not valid/)
  })

  test.each([
    ['"durable":true', '"durable":1', 'durable: neither true nor false'],
    ['"arguments":[]', '"arguments":{}', 'arguments: no list'],
    ['"arguments":[]', '"arguments":[["a","wide","1"]]', 'arguments: "wide" is no type of a field'],
    ['"arguments":[]', '"arguments":[["a","long","1x"]]', 'arguments: no digits'],
    ['"arguments":[]', '"arguments":[["a","long",""]]', 'arguments: no digits'],
    ['"arguments":[]', '"arguments":[["a","byte",0.5]]', 'arguments: no integer'],
    ['"arguments":[]', '"arguments":[["a","double",null]]', 'arguments: no number'],
    ['"arguments":[]', '"arguments":[["a","longstr","€"]]', 'arguments: text where there should'],
    ['"arguments":[]', '"arguments":[["a","table",[[1,"void"]]]]', 'arguments: no text'],
  ])('%s in place of %s', (right, wrong, message) => {
    const json = text(declared(new Map())).replace(right, wrong)
    expect(json).toContain(wrong)
    expect(outcomeOf(Buffer.from(json))).toContain(`damaged definition: ${message}`)
  })

  test('name neither queue nor exchange', () => {
    const json = text(BOUND).replace('"queue"', '"topic"')
    expect(outcomeOf(Buffer.from(json))).toBe(
      'damaged definition: destinationKind: neither queue nor exchange',
    )
  })
})

function outcomeOf(bytes: Uint8Array): DefinitionChange | string {
  try {
    return decodeDefinition(bytes)
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
}

function queueOf(change: DefinitionChange) {
  if (change.kind !== 'queue-declared') throw new Error('no queue')
  return change.queue
}
