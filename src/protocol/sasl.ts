import { textOf } from '../common/table.ts'
import { Cursor, DecodeError } from '../wire/cursor.ts'
import { readTable } from '../wire/field-table.ts'
import type { Endpoints } from './transport.ts'

/** Of these mechanisms those that a client is offered: EXTERNAL needs TLS, ANONYMOUS somebody to be. */
export function offeredMechanisms(
  wanted: readonly string[],
  { tls }: Endpoints,
  anonymous: Credentials | null,
): readonly string[] {
  const isOffered = new Map([
    ['PLAIN', true],
    ['AMQPLAIN', true],
    ['EXTERNAL', tls !== undefined],
    ['ANONYMOUS', anonymous !== null],
  ])
  return wanted.filter((name) => isOffered.get(name) === true)
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** What the response of a mechanism says; null when it says nothing that can be understood. */
export function readCredentials(mechanism: string, response: Buffer): Credentials | null {
  switch (mechanism) {
    case 'PLAIN':
      return readPlain(response)
    case 'AMQPLAIN':
      return readAmqplain(response)
    default:
      return null
  }
}

/** RFC 4616 without an authorization identity: NUL user NUL password. */
function readPlain(response: Buffer): Credentials | null {
  const parts = response.toString().split('\0')
  const [authorization, user, password] = parts
  if (parts.length !== 3 || authorization !== '') return null
  return user === undefined || password === undefined ? null : { user, password }
}

/** A field table without its length, with LOGIN and PASSWORD. */
function readAmqplain(response: Buffer): Credentials | null {
  const table = Buffer.alloc(4 + response.length)
  table.writeUInt32BE(response.length)
  response.copy(table, 4)
  try {
    const fields = readTable(new Cursor().reset(table, 0, table.length))
    const user = textOf(fields.get('LOGIN'))
    const password = textOf(fields.get('PASSWORD'))
    return user === null || password === null ? null : { user, password }
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}
