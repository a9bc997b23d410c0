import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../support/case.ts'
import { channelError, nextFailure } from '../../support/failure.ts'
import { describe, type RawConnection } from '../../support/raw-connection.ts'
import type { Session } from '../../support/session.ts'
import type { Api, Contents } from '../api.ts'
import {
  ALL,
  allBut,
  describeRight,
  exactly,
  GENERATED,
  type Grant,
  NONE,
  type Right,
  refusalText,
} from './right.ts'
import type { Names, Row, Step } from './row.ts'

const SOURCE = 'core-semantics.md 10, errors.md 6'

/** A use of a method tried with exactly its rights, without each of them, and with nothing. */
export function casesOf(row: Row, api: Api): readonly ConformanceCase[] {
  const name = row.use === '' ? row.method : `${row.method} ${row.use}`
  const rights = row.rights(NO_NAMES)
  const make = (what: string, run: (t: Session) => Promise<void>) => ({
    name: `${name}: ${what}`,
    source: SOURCE,
    run,
  })
  if (rights.length === 0) {
    return [make('needs no right', (t) => play(t, api, row, NONE, null))]
  }
  const all = rights.map(describeRight).join(', ')
  return [
    make(`works with ${all} and nothing else`, (t) => play(t, api, row, null, null)),
    ...rights.map((right, at) => ({
      ...make(`refused without ${ordinal(rights, at)}${describeRight(right)}, whatever else`, (t) =>
        play(t, api, row, 'all-but', at),
      ),
      ...(row.laxer?.at === at ? { onRabbitMq: row.laxer } : {}),
    })),
    make('refused with nothing', (t) => play(t, api, row, NONE, 0)),
  ]
}

const NO_NAMES: Names = { vhost: '', user: '', queue: 'q', exchange: 'x', other: 'o' }

/** Says which of several alike. */
function ordinal(rights: readonly Right[], at: number): string {
  const alike = rights.slice(0, at).filter((one) => sameKind(one, rights[at]))
  return alike.length === 0 ? '' : 'another '
}

function sameKind(a: Right, b: Right | undefined): boolean {
  return b !== undefined && describeRight(a) === describeRight(b)
}

/**
 * Has a user try it who was granted something; null for exactly what it takes, `all-but` for everything but the right at a
 * place. `missing` is the right that is named in the refusal; null where it is to work.
 */
async function play(
  t: Session,
  api: Api,
  row: Row,
  granted: Grant | 'all-but' | null,
  missing: number | null,
): Promise<void> {
  const names = namesFor(t)
  const rights = row.rights(names)
  const right = missing === null ? undefined : rights[missing]
  const grant =
    granted === null
      ? exactly(rights)
      : granted === 'all-but'
        ? allBut(right === undefined ? [] : [right])
        : granted
  const operator = await t.raw()
  for (const step of row.before?.(names) ?? []) await make(operator, step)
  await withUser(api, names, async (set) => {
    if (row.prepare !== undefined) await set(ALL)
    else await set(grant)
    const client = await t.raw({ response: `\0${names.user}\0${names.user}` })
    await row.prepare?.(client, names)
    if (row.prepare !== undefined) await set(grant)
    const before = await state(api, operator, names)
    row.act(client, names)
    if (right === undefined) await expectAnswer(client, row.answer)
    else {
      const text = refusalText(right, t, names.user)
      const failure = await nextFailure(client)
      const given = { ...failure, text: withoutGenerated(failure.text) }
      assert.deepEqual(given, channelError(403, text, row.method))
      await client.call(7, 'channel.open')
      assert.deepEqual(await state(api, operator, names), before, 'something has changed')
    }
    client.destroy()
  })
}

function namesFor(t: Session): Names {
  return {
    vhost: t.target.vhost,
    user: t.name('user'),
    queue: t.name('queue'),
    exchange: t.name('exchange'),
    other: t.name('other'),
  }
}

/** Does it with a user who is there only meanwhile, and whose rights can be set. */
export async function withUser(
  api: Api,
  { user, vhost }: Pick<Names, 'user' | 'vhost'>,
  work: (set: (grant: Grant) => Promise<void>) => Promise<void>,
): Promise<void> {
  await api.addUser(user)
  try {
    await work(async ({ patterns, topics }) => {
      await api.setPermissions(user, vhost, patterns)
      for (const [exchange, keys] of topics) {
        await api.setTopicPermissions(user, vhost, exchange, keys)
      }
    })
  } finally {
    await api.deleteUser(user)
  }
}

/** Messages are confirmed: they are where they are to be. */
async function make(operator: RawConnection, [method, args]: Step): Promise<void> {
  if (method !== 'basic.publish') {
    await operator.call(1, method, args)
    return
  }
  await operator.call(1, 'confirm.select')
  operator.publish(1, args, 'm')
  await operator.expect(1, 'basic.ack')
}

async function expectAnswer(client: RawConnection, name: string): Promise<void> {
  const item = await client.next(name)
  if (item.kind === 'method' && item.name === name) return
  throw new Error(`expected ${name}\nreceived ${describe(item)}`)
}

interface State extends Contents {
  /** Messages and consumers of the queue; null where there is none. */
  readonly queue: readonly [messages: unknown, consumers: unknown] | null
}

/** All that a refused method could have changed. */
async function state(api: Api, operator: RawConnection, { vhost, queue }: Names): Promise<State> {
  const contents = await api.contents(vhost)
  if (!contents.queues.includes(queue)) return { ...contents, queue: null }
  const declared = await operator.call(1, 'queue.declare', { queue, passive: true })
  return { ...contents, queue: [declared.messageCount, declared.consumerCount] }
}

function withoutGenerated(text: string): string {
  return text.replace(/amq\.gen-[\w-]{22}/, GENERATED)
}
