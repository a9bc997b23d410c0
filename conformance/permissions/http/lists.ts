import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../support/case.ts'
import { rows } from '../api.ts'
import { CALLERS, type Caller } from './callers.ts'
import { CONNECTED } from './crowd.ts'
import type { Scene } from './scene.ts'

/** A list, and what somebody is to see of it. */
interface List {
  readonly path: string
  /** Of an item, what tells whether it may be seen: the end of a vhost's or a user's name. */
  of(row: Row): unknown
  /** Null for who may not see the list at all. */
  sees(caller: Caller): readonly string[] | null
  /** RabbitMQ 3.10 lacks it. */
  readonly isNew?: boolean
}

type Row = Readonly<Record<string, unknown>>

const OPEN = ''
const ELSEWHERE = '-elsewhere'
const CLOSED = '-closed'
const ALL = [OPEN, CLOSED, ELSEWHERE]

const LISTS: readonly List[] = [
  ...['queues', 'exchanges', 'bindings', 'policies', 'operator-policies'].map(ofVhosts),
  { ...ofVhosts('queues/detailed'), isNew: true },
  {
    path: 'parameters/vhost-limits',
    of: ({ vhost }) => vhost,
    sees: (caller) => (isPolicymaker(caller) ? permitted(caller) : null),
  },
  { path: 'vhosts', of: ({ name }) => name, sees: known },
  { path: 'vhost-limits', of: ({ vhost }) => vhost, sees: known },
  ofUsers('connections', ({ user }) => user),
  ofUsers('channels', ({ user }) => user),
  ofUsers('consumers', consumerOf),
  ofUsers('consumers/VHOST', consumerOf),
  { ...ofUsers('vhosts/VHOST/connections', ({ user }) => user), sees: inVhost },
  { ...ofUsers('vhosts/VHOST/channels', ({ user }) => user), sees: inVhost },
  ...CONNECTED.map((name): List => {
    const isSelf = (caller: Caller) => caller.name === name
    return {
      path: `connections/username/VHOST-${name}`,
      of: ({ user }) => user,
      sees: (caller) => (isMonitor(caller) || isSelf(caller) ? [`-${name}`] : null),
    }
  }),
]

/** Nobody sees what is not theirs to see: objects by vhost, connections by user. */
export function listCases(scene: Scene, isOld: boolean): readonly ConformanceCase[] {
  return LISTS.filter(({ isNew }) => !(isOld && isNew === true)).flatMap((list) =>
    CALLERS.filter(({ tag }) => tag !== '' && tag !== 'impersonator').flatMap((caller) => {
      const expected = list.sees(caller)
      if (expected === null) return []
      return [
        {
          name: `${list.path} by ${caller.name}: ${expected.length} of them`,
          source: 'http-api.md 2',
          run: async () => assert.deepEqual(await seen(scene, list, caller), expected),
          ...(list.path.startsWith('connections/username/') && !isMonitor(caller)
            ? { onRabbitMq: { versions: '3.10', reason: '3.10 fails inside (500)' } }
            : {}),
        },
      ]
    }),
  )
}

async function seen(
  scene: Scene,
  { path, of }: List,
  { name }: Caller,
): Promise<readonly string[]> {
  const answer = await scene.ask(name, 'GET', `/${path}`)
  const text = answer.body.toString()
  assert.equal(answer.status, 200, text)
  const owners = rows(JSON.parse(text)).map((row) => String(of(row)))
  const ours = owners.filter((owner) => owner.startsWith(scene.vhost))
  return [...new Set(ours.map((owner) => owner.slice(scene.vhost.length)))].sort()
}

function ofVhosts(path: string): List {
  return { path, of: ({ vhost }) => vhost, sees: permitted }
}

function ofUsers(path: string, of: List['of']): List {
  return {
    path,
    of,
    sees: (caller) => {
      if (isMonitor(caller)) return CONNECTED.map((name) => `-${name}`).sort()
      return CONNECTED.some((name) => name === caller.name) ? [`-${caller.name}`] : []
    },
  }
}

function inVhost(caller: Caller): readonly string[] | null {
  if (caller.patterns === null && caller.tag !== 'administrator') return null
  return ofUsers('', () => '').sees(caller)
}

function consumerOf({ channel_details: details }: Row): unknown {
  return rows([details])[0]?.user
}

/** The vhosts that somebody has permissions for; all for an administrator. */
function permitted({ tag, patterns }: Caller): readonly string[] {
  if (tag === 'administrator') return ALL
  return patterns === null ? [ELSEWHERE] : [OPEN, ELSEWHERE]
}

/** The vhosts that somebody may know of. */
function known(caller: Caller): readonly string[] {
  return isMonitor(caller) ? ALL : permitted(caller)
}

function isMonitor({ tag }: Caller): boolean {
  return tag === 'monitoring' || tag === 'administrator'
}

function isPolicymaker({ tag }: Caller): boolean {
  return tag === 'policymaker' || tag === 'administrator'
}
