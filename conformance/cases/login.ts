import assert from 'node:assert/strict'
import amqplib from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { connectionError, expectEndOfConnection, expectFailure } from '../support/failure.ts'
import type { Table } from '../support/field-table.ts'
import { encodeTable } from '../support/field-table.ts'
import type { Handshake } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'amqp-0-9-1.md 5 (SASL)'

export const area: Area = {
  name: 'login',
  cases: [
    fact('PLAIN logs in', SOURCE, async (t) => {
      await (await t.dial()).handshake({ ...t.credentials(), mechanism: 'PLAIN' })
    }),
    fact('AMQPLAIN logs in with long strings', SOURCE, async (t) => {
      await (await t.dial()).handshake({ ...amqplain(t, 'S'), vhost: t.target.vhost })
    }),
    fact('AMQPLAIN of amqplib logs in', SOURCE, async (t) => {
      const { username, password } = t.target
      const credentials = amqplib.credentials.amqplain(username, password)
      const connection = await t.connect({}, { credentials })
      await t.channel(connection)
    }),
    fact('a wrong password is refused with 403', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login({ response: `\0${t.target.username}\0not-the-password` })
      await expectFailure(raw, refused('PLAIN'))
    }),
    fact('an unknown user is refused in the same words', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login({ response: `\0${t.name('user')}\0guest` })
      await expectFailure(raw, refused('PLAIN'))
    }),
    fact('a wrong password in AMQPLAIN names that mechanism', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login(amqplain(t, 'S', 'not-the-password'))
      await expectFailure(raw, refused('AMQPLAIN'))
    }),
    fact(
      'without authentication_failure_close the socket is dropped in silence',
      SOURCE,
      async (t) => {
        const raw = await t.dial()
        await raw.login({
          response: `\0${t.target.username}\0not-the-password`,
          clientProperties: [['capabilities', 'F', [['basic.nack', 't', true]]]],
        })
        assert.deepEqual(await raw.untilEnd(), [])
      },
    ),
    fact('a mechanism that is not offered ends the connection', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login({ mechanism: 'NO-SUCH', response: '' })
      await expectEndOfConnection(raw)
    }),
    fact('a PLAIN response without separators ends the connection', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login({ response: 'guest' })
      await expectEndOfConnection(raw)
    }),
    fact('amqplib is told why the login failed', SOURCE, async (t) => {
      const connecting = t.connect({ username: t.target.username, password: 'not-the-password' })
      await assert.rejects(
        connecting,
        /403 \(ACCESS.REFUSED\) with message "ACCESS_REFUSED - Login/,
      )
    }),
    fact('update-secret is answered by update-secret-ok', 'amqp-0-9-1.md 5', async (t) => {
      const raw = await t.raw()
      const args = { newSecret: t.target.password, reason: 'rotation' }
      assert.deepEqual(await raw.call(0, 'connection.update-secret', args), {})
      await raw.call(2, 'channel.open')
    }),
    fact('update-secret of amqplib resolves', 'amqp-0-9-1.md 5', async (t) => {
      const connection = await t.connect()
      await connection.updateSecret(Buffer.from(t.target.password), 'rotation')
      await t.channel(connection)
    }),
  ],
}

function refused(mechanism: string) {
  return connectionError(
    403,
    `ACCESS_REFUSED - Login was refused using authentication mechanism ${mechanism}. For details see the broker logfile.`,
  )
}

/** AMQPLAIN sends a table without its length. */
function amqplain(t: Session, tag: string, password = t.target.password): Handshake {
  const table: Table = [
    ['LOGIN', tag, t.target.username],
    ['PASSWORD', tag, password],
  ]
  return { mechanism: 'AMQPLAIN', response: encodeTable(table).subarray(4) }
}
