import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FieldValue, longstr, type Table } from '../../src/common/table.ts'
import { offeredMechanisms, readCredentials } from '../../src/protocol/sasl.ts'
import { ByteWriter } from '../../src/wire/byte-writer.ts'
import { tableSize, writeTable } from '../../src/wire/field-table.ts'
import { LOOPBACK } from '../support/test-broker.ts'

const words = fc.string({ unit: 'grapheme' })

describe('PLAIN', () => {
  test('carries any user and password', () => {
    fc.assert(
      fc.property(words, words, (user, password) => {
        expect(plain(`\0${user}\0${password}`)).toEqual({ user, password })
      }),
    )
  })

  test('may have an empty password', () => {
    expect(plain('\0guest\0')).toEqual({ user: 'guest', password: '' })
  })

  test.each(['', 'abc', 'guest\0guest', 'x\0guest\0guest', '\0guest', '\0a\0b\0', '\0a\0b\0c'])(
    'does not take %j',
    (response) => {
      expect(plain(response)).toBeNull()
    },
  )
})

describe('AMQPLAIN', () => {
  test('carries any user and password, among other fields, in any order', () => {
    fc.assert(
      fc.property(words, words, (user, password) => {
        const fields: [string, FieldValue][] = [
          ['PASSWORD', longstr(password)],
          ['mechanism', { type: 'bool', value: true }],
          ['LOGIN', longstr(user)],
        ]
        expect(amqplain(new Map(fields))).toEqual({ user, password })
        expect(amqplain(new Map([...fields].reverse()))).toEqual({ user, password })
      }),
    )
  })

  test('does not take a table without the two, or with others in their place', () => {
    expect(amqplain(new Map([['LOGIN', longstr('guest')]]))).toBeNull()
    expect(amqplain(new Map([['PASSWORD', longstr('guest')]]))).toBeNull()
    const wrong: Table = new Map([
      ['LOGIN', { type: 'signedint', value: 1 }],
      ['PASSWORD', longstr('guest')],
    ])
    expect(amqplain(wrong)).toBeNull()
    expect(amqplain(new Map())).toBeNull()
  })

  test('does not take what is no table, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60, size: 'max' }), (bytes) => {
        expect(readCredentials('AMQPLAIN', Buffer.from(bytes))).toBeNull()
      }),
    )
    const table = encoded(
      new Map([
        ['LOGIN', longstr('guest')],
        ['PASSWORD', longstr('guest')],
      ]),
    )
    for (let cut = 0; cut < table.length; cut++) {
      expect(readCredentials('AMQPLAIN', table.subarray(0, cut))).toBeNull()
    }
  })
})

test('known mechanisms are offered under their exact names, EXTERNAL over TLS alone', () => {
  const wanted = ['PLAIN', 'AMQPLAIN', 'EXTERNAL', 'plain', 'ANONYMOUS']
  const suite = { keyExchange: 'any', cipher: 'aes_256_gcm', hash: 'aead' }
  const tls = { protocol: 'tlsv1.3', suite, peer: null }
  expect(offeredMechanisms(wanted, LOOPBACK, null)).toEqual(['PLAIN', 'AMQPLAIN'])
  expect(offeredMechanisms(wanted, { ...LOOPBACK, tls }, null)).toEqual([
    'PLAIN',
    'AMQPLAIN',
    'EXTERNAL',
  ])
  expect(offeredMechanisms(['AMQPLAIN'], LOOPBACK, null)).toEqual(['AMQPLAIN'])
  expect(readCredentials('EXTERNAL', Buffer.from('\0guest\0guest'))).toBeNull()
})

function plain(response: string) {
  return readCredentials('PLAIN', Buffer.from(response))
}

function amqplain(fields: Table) {
  return readCredentials('AMQPLAIN', encoded(fields))
}

/** The table as this mechanism has it: without its length. */
function encoded(fields: Table): Buffer {
  const writer = new ByteWriter(Buffer.alloc(tableSize(fields)))
  writeTable(writer, fields)
  return writer.block.subarray(4)
}
