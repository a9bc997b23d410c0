import type { ConformanceCase } from '../../support/case.ts'
import { channelError, expectFailure } from '../../support/failure.ts'
import type { Session } from '../../support/session.ts'
import { type Api, EVERYTHING } from '../api.ts'

const SOURCE = 'errors.md 5.9'

/** The user-id of a message has to be the name of who publishes it. */
export function identityCases(api: Api): readonly ConformanceCase[] {
  return [
    {
      name: "basic.publish with another's user-id: refused, whatever the rights",
      source: SOURCE,
      run: (t) =>
        publish(t, api, '', async (raw, user) => {
          const text = `PRECONDITION_FAILED - user_id property set to 'other' but authenticated user was '${user}'`
          await expectFailure(raw, channelError(406, text, 'basic.publish'))
        }),
    },
    {
      name: "basic.publish with another's user-id: refused for an administrator too",
      source: SOURCE,
      run: (t) =>
        publish(t, api, 'administrator', async (raw, user) => {
          const text = `PRECONDITION_FAILED - user_id property set to 'other' but authenticated user was '${user}'`
          await expectFailure(raw, channelError(406, text, 'basic.publish'))
        }),
    },
    {
      name: "basic.publish with another's user-id: works with the tag impersonator",
      source: SOURCE,
      run: (t) =>
        publish(t, api, 'impersonator', async (raw) => {
          await raw.expect(1, 'basic.ack')
        }),
    },
    {
      name: 'basic.publish with the own user-id: works',
      source: SOURCE,
      run: (t) =>
        publish(
          t,
          api,
          '',
          async (raw) => {
            await raw.expect(1, 'basic.ack')
          },
          null,
        ),
    },
  ]
}

async function publish(
  t: Session,
  api: Api,
  tags: string,
  expect: (raw: Awaited<ReturnType<Session['raw']>>, user: string) => Promise<void>,
  userId: string | null = 'other',
): Promise<void> {
  const user = t.name('user')
  await api.addUser(user, tags)
  try {
    await api.setPermissions(user, t.target.vhost, EVERYTHING)
    const raw = await t.raw({ response: `\0${user}\0${user}` })
    await raw.call(1, 'confirm.select')
    raw.publish(1, { exchange: 'amq.fanout' }, 'm', { userId: userId ?? user })
    await expect(raw, user)
    raw.destroy()
  } finally {
    await api.deleteUser(user)
  }
}
