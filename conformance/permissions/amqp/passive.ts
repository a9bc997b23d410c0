import type { ConformanceCase } from '../../support/case.ts'
import { channelError, expectFailure } from '../../support/failure.ts'
import type { Session } from '../../support/session.ts'
import type { Api } from '../api.ts'
import { withUser } from './play.ts'
import { exactly, NONE, type ResourceRight, refusalText } from './right.ts'

const SOURCE = 'core-semantics.md 10'
const PERMISSIONS = ['configure', 'write', 'read'] as const

/** To ask whether something is there takes any of the three rights, one is enough. */
export function passiveCases(api: Api): readonly ConformanceCase[] {
  return (['queue', 'exchange'] as const).flatMap((kind) => [
    ...PERMISSIONS.map((permission) => ({
      name: `${kind}.declare, passive: works with ${permission} and nothing else`,
      source: SOURCE,
      run: (t: Session) => ask(t, api, kind, permission),
    })),
    ...[true, false].map((isThere) => ({
      name: `${kind}.declare, passive: refused with nothing, ${isThere ? 'where it is there' : 'where it is missing'}`,
      source: SOURCE,
      run: (t: Session) => askWithNothing(t, api, kind, isThere),
      onRabbitMq: {
        versions: '3.10',
        reason: 'before 4.3.1 everybody could ask whether something is there',
      },
    })),
  ])
}

type Kind = ResourceRight['kind']

async function ask(
  t: Session,
  api: Api,
  kind: Kind,
  permission: ResourceRight['permission'],
): Promise<void> {
  const { user, name, vhost } = await prepared(t, kind, true)
  await withUser(api, { user, vhost }, async (set) => {
    await set(exactly([{ permission, kind, name }]))
    const client = await t.raw({ response: `\0${user}\0${user}` })
    await client.call(1, `${kind}.declare`, { [kind]: name, passive: true })
    client.destroy()
  })
}

async function askWithNothing(t: Session, api: Api, kind: Kind, isThere: boolean): Promise<void> {
  const { user, name, vhost } = await prepared(t, kind, isThere)
  await withUser(api, { user, vhost }, async (set) => {
    await set(NONE)
    const client = await t.raw({ response: `\0${user}\0${user}` })
    client.send(1, `${kind}.declare`, { [kind]: name, passive: true })
    const text = refusalText({ permission: 'configure', kind, name }, t, user)
    await expectFailure(client, channelError(403, text, `${kind}.declare`))
    client.destroy()
  })
}

async function prepared(t: Session, kind: Kind, isThere: boolean) {
  const user = t.name('user')
  const name = t.name(kind)
  if (isThere) {
    const args = kind === 'queue' ? { queue: name } : { exchange: name, type: 'direct' }
    await (await t.raw()).call(1, `${kind}.declare`, args)
  }
  return { user, name, vhost: t.target.vhost }
}
