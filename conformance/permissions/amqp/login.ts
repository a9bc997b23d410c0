import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../support/case.ts'
import { connectionError, nextFailure } from '../../support/failure.ts'
import { encodeTable, type Table } from '../../support/field-table.ts'
import type { Handshake, RawConnection } from '../../support/raw-connection.ts'
import type { Session } from '../../support/session.ts'
import { type Api, EVERYTHING, NOTHING, path } from '../api.ts'

const SOURCE = 'errors.md 5.1, captures/errors-4.3.6.json (login)'

/** Who is let in, and into which vhost. */
export function loginCases(api: Api): readonly ConformanceCase[] {
  return [...startCases(api), ...openCases(api), ...secretCases(api)]
}

function startCases(api: Api): readonly ConformanceCase[] {
  const known = (password: (user: string) => string) => async (t: Session) => {
    const user = t.name('user')
    return withUser(api, user, () => expectNoLogin(t, user, password(user)))
  }
  return [
    fact('connection.start-ok: an unknown user is refused', (t) =>
      expectNoLogin(t, t.name('nobody'), 'nothing'),
    ),
    fact(
      'connection.start-ok: a wrong password is refused',
      known((user) => `${user}!`),
    ),
    fact(
      'connection.start-ok: a password in other letters is refused',
      known((user) => user.toUpperCase()),
    ),
    fact(
      'connection.start-ok: no password is refused',
      known(() => ''),
    ),
    fact('connection.start-ok: a user who has no password is refused', async (t) => {
      const user = t.name('user')
      await withUser(api, user, async () => {
        await api.command('PUT', path`users/${user}`, { password_hash: '', tags: '' })
        await expectNoLogin(t, user, '')
        await expectNoLogin(t, user, user)
      })
    }),
    fact('connection.start-ok: a user who was deleted is refused', async (t) => {
      const user = t.name('user')
      await withUser(api, user, async () => {})
      await expectNoLogin(t, user, user)
    }),
    fact('connection.start-ok: who cannot be told why is hung up on', async (t) => {
      const raw = await t.dial()
      const clientProperties: Table = [
        ['capabilities', 'F', [['authentication_failure_close', 't', false]]],
      ]
      await raw.login({ response: `\0${t.name('nobody')}\0nothing`, clientProperties })
      assert.deepEqual(await raw.untilEnd(), [])
    }),
    fact('connection.start-ok: a right password takes no right, nor a tag', async (t) => {
      const user = t.name('user')
      await withUser(api, user, async () => {
        for (const login of logins(user, user)) {
          const raw = await t.dial()
          await raw.login(login)
          await raw.expect(0, 'connection.tune')
          raw.destroy()
        }
      })
    }),
  ]
}

function openCases(api: Api): readonly ConformanceCase[] {
  return [
    fact('connection.open: a vhost without permissions is refused', async (t) => {
      const user = t.name('user')
      const { vhost } = t.target
      await withUser(api, user, () =>
        expectNoVhost(t, user, vhost, `access to vhost '${vhost}' refused for user '${user}'`),
      )
    }),
    fact('connection.open: an administrator needs permissions as well', async (t) => {
      const user = t.name('user')
      const { vhost } = t.target
      const work = () =>
        expectNoVhost(t, user, vhost, `access to vhost '${vhost}' refused for user '${user}'`)
      await withUser(api, user, work, 'administrator')
    }),
    fact('connection.open: permissions that were taken back are none', async (t) => {
      const user = t.name('user')
      const { vhost } = t.target
      await withUser(api, user, async () => {
        await api.setPermissions(user, vhost, EVERYTHING)
        await api.command('DELETE', path`permissions/${vhost}/${user}`)
        const text = `access to vhost '${vhost}' refused for user '${user}'`
        await expectNoVhost(t, user, vhost, text)
      })
    }),
    fact('connection.open: a vhost that is missing is refused', async (t) => {
      const user = t.name('user')
      await withUser(api, user, () => expectNoVhost(t, user, 'nope', 'vhost nope not found'))
    }),
    fact('connection.open: permissions that permit nothing open the vhost', async (t) => {
      const { vhost } = t.target
      for (const patterns of [NOTHING, { configure: '', write: '', read: '' }]) {
        const user = t.name('user')
        await withUser(api, user, async () => {
          await api.setPermissions(user, vhost, patterns)
          const raw = await t.raw({ response: `\0${user}\0${user}` })
          await raw.close()
        })
      }
    }),
  ]
}

function secretCases(api: Api): readonly ConformanceCase[] {
  return [
    fact('connection.update-secret: takes no right', async (t) => {
      const user = t.name('user')
      await withUser(api, user, async () => {
        await api.setPermissions(user, t.target.vhost, NOTHING)
        const raw = await t.raw({ response: `\0${user}\0${user}` })
        await raw.call(0, 'connection.update-secret', { newSecret: user, reason: 'renewed' })
        raw.destroy()
      })
    }),
  ]
}

function fact(name: string, run: (t: Session) => Promise<void>): ConformanceCase {
  return { name, source: SOURCE, run }
}

async function withUser(
  api: Api,
  user: string,
  work: () => Promise<void>,
  tags = '',
): Promise<void> {
  await api.addUser(user, tags)
  try {
    await work()
  } finally {
    await api.deleteUser(user)
  }
}

/** The same for all of them, so that nobody learns which users there are. */
async function expectNoLogin(t: Session, user: string, password: string): Promise<void> {
  for (const login of logins(user, password)) {
    const raw = await t.dial()
    await raw.login(login)
    const text =
      `ACCESS_REFUSED - Login was refused using authentication mechanism ${login.mechanism}. ` +
      'For details see the broker logfile.'
    assert.deepEqual(await refused(raw), connectionError(403, text))
  }
}

/** Who failed to log in is kept waiting before the socket is closed: that is not waited for. */
async function refused(raw: RawConnection) {
  const item = await raw.peek('a close from the broker')
  if (item.kind !== 'method' || item.name !== 'connection.close') return nextFailure(raw)
  const { replyCode, replyText } = item.args
  raw.destroy()
  return connectionError(Number(replyCode), String(replyText))
}

function logins(user: string, password: string): readonly (Handshake & { mechanism: string })[] {
  const fields: Table = [
    ['LOGIN', 'S', user],
    ['PASSWORD', 'S', password],
  ]
  return [
    { mechanism: 'PLAIN', response: `\0${user}\0${password}` },
    { mechanism: 'AMQPLAIN', response: encodeTable(fields).subarray(4) },
  ]
}

async function expectNoVhost(
  t: Session,
  user: string,
  virtualHost: string,
  text: string,
): Promise<void> {
  const raw = await t.dial()
  await raw.login({ response: `\0${user}\0${user}` })
  const tune = await raw.expect(0, 'connection.tune')
  raw.send(0, 'connection.tune-ok', { ...tune, heartbeat: 0 })
  raw.send(0, 'connection.open', { virtualHost })
  const expected = connectionError(530, `NOT_ALLOWED - ${text}`, 'connection.open')
  assert.deepEqual(await nextFailure(raw), expected)
}
