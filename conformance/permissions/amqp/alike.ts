import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../support/case.ts'
import type { Incoming, RawConnection } from '../../support/raw-connection.ts'
import type { Session } from '../../support/session.ts'
import type { Api } from '../api.ts'
import { withUser } from './play.ts'
import { NONE } from './right.ts'

/** Methods that have no business on an open connection, or none at all: rights do not come into it. */
export const ALIKE = [
  'connection.start-ok',
  'connection.secure-ok',
  'connection.tune-ok',
  'connection.open',
  'connection.close',
  'connection.close-ok',
  'channel.flow-ok',
  'channel.close-ok',
  'basic.cancel-ok',
  'basic.credit',
] as const

export function alikeCases(api: Api): readonly ConformanceCase[] {
  return ALIKE.map((method) => ({
    name: `${method}: answered alike with every right and with none`,
    source: 'core-semantics.md 10',
    run: async (t: Session) => {
      const user = t.name('user')
      const { vhost } = t.target
      const withAll = await answer(await t.raw(), method)
      await withUser(api, { user, vhost }, async (set) => {
        await set(NONE)
        const client = await t.raw({ response: `\0${user}\0${user}` })
        assert.deepEqual(await answer(client, method), withAll)
        client.destroy()
      })
    },
  }))
}

/** What comes, or the answer to a question behind it. */
async function answer(client: RawConnection, method: string): Promise<Incoming> {
  client.send(method.startsWith('connection.') ? 0 : 1, method)
  client.send(1, 'channel.flow', { active: true })
  return client.next()
}
