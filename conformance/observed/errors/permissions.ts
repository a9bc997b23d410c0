import type { Table } from '../../support/field-table.ts'
import { byCase, byForm } from '../family.ts'
import { plain, type Scenario, type Scene } from '../scene.ts'
import { exchange, type Publication, prepare, queue, type Step, take } from '../steps.ts'

const NOTHING = '^$'
const EVERYTHING = '.*'

const USERS: Record<string, { configure: string; write: string; read: string }> = {
  none: { configure: NOTHING, write: NOTHING, read: NOTHING },
  ro: { configure: NOTHING, write: NOTHING, read: EVERYTHING },
  cfg: { configure: EVERYTHING, write: NOTHING, read: NOTHING },
}

const BINDING = { queue: 'pgq', exchange: 'amq.direct', routingKey: 'k' }
const DEAD_LETTERS: Table = [['x-dead-letter-exchange', 'S', 'amq.fanout']]
const ALTERNATE: Table = [['alternate-exchange', 'S', 'amq.fanout']]

const ACTIONS: Record<string, Step> = {
  queue_declare: queue('pq'),
  queue_passive: ['queue.declare', { queue: 'pgq', passive: true }],
  exchange_declare: exchange('direct', [], 'px'),
  exchange_passive: ['exchange.declare', { exchange: 'amq.direct', passive: true }],
  exchange_delete: ['exchange.delete', { exchange: 'pgx' }],
  queue_delete: ['queue.delete', { queue: 'pgq2' }],
  publish_default: { publish: { routingKey: 'pgq' } },
  publish: { publish: { exchange: 'amq.direct' } },
  publish_missing: { publish: { exchange: 'nope' } },
  get: ['basic.get', { queue: 'pgq' }],
  consume: ['basic.consume', { queue: 'pgq' }],
  purge: ['queue.purge', { queue: 'pgq' }],
  bind: ['queue.bind', BINDING],
  unbind: ['queue.unbind', BINDING],
  e2e: ['exchange.bind', { destination: 'amq.fanout', source: 'amq.direct' }],
  get_missing: ['basic.get', { queue: 'nope' }],
  declare_dlx: queue('pq3', DEAD_LETTERS),
  declare_ae: exchange('direct', ALTERNATE, 'px3'),
  declare_server_named: ['queue.declare', { exclusive: true }],
  consume_replyto: [
    'basic.consume',
    { queue: 'amq.rabbitmq.reply-to', consumerTag: 't', noAck: true },
  ],
  passive_missing: ['queue.declare', { queue: 'nope', passive: true }],
}

/** `perm user ro: queue_declare` */
export const permissions = byForm(
  'permissions',
  'case',
  /^perm user (none|ro|cfg): (\w+)$/,
  ([user = '', action = '']) =>
    async (t) => {
      await t.operator.addUser(user, user)
      await t.operator.setPermissions(user, t.target.vhost, USERS[user]!)
      await prepare(await t.peer(), queue('pgq'), queue('pgq2'), exchange('direct', [], 'pgx'))
      const peer = await t.peer({ response: plain(user, user) })
      const step = ACTIONS[action]
      if (step === undefined) throw new Error(`no action ${action}`)
      const outcome = await take(peer, step)
      // The observation of a generated name has only the counts.
      return action === 'declare_server_named'
        ? outcome.replace(/^none \["amq\.gen-[^"]{22}",/, 'none [')
        : outcome
    },
)

const TP = { write: '^tp\\.', read: '^b\\.' }

/** A user who may do everything, but not with every routing key of amq.topic. */
function withTopicPermissions(...all: readonly Step[]): Scenario {
  return async (t) => {
    await t.operator.addUser('tp', 'tp')
    await allowEverything(t, 'tp')
    await t.operator.setTopicPermissions('tp', t.target.vhost, 'amq.topic', TP)
    await prepare(await t.peer(), queue())
    return take(await t.peer({ response: plain('tp', 'tp') }), ...all)
  }
}

async function allowEverything(t: Scene, user: string): Promise<void> {
  const patterns = { configure: EVERYTHING, write: EVERYTHING, read: EVERYTHING }
  await t.operator.setPermissions(user, t.target.vhost, patterns)
}

const publish = (routingKey: string, properties = {}): Publication => ({
  publish: { exchange: 'amq.topic', routingKey },
  properties,
})
const onTopic = (name: string, routingKey: string): Step => [
  name,
  { queue: 'q', exchange: 'amq.topic', routingKey },
]

export const topicPermissions = byCase('permissions', {
  'topic perm write refused': withTopicPermissions(publish('other.k')),
  'topic perm write allowed': withTopicPermissions(publish('tp.k')),
  'topic perm read refused': withTopicPermissions(onTopic('queue.bind', 'a.b')),
  'topic perm read allowed': withTopicPermissions(onTopic('queue.bind', 'b.b')),
  'topic perm unbind refused': withTopicPermissions(onTopic('queue.unbind', 'a.b')),
  'topic perm e2e read refused': withTopicPermissions([
    'exchange.bind',
    { destination: 'amq.fanout', source: 'amq.topic', routingKey: 'a.b' },
  ]),
  'topic perm with CC': withTopicPermissions(
    publish('tp.k', { headers: [['CC', 'A', [['S', 'other']]]] }),
  ),
  'order: user-id vs topic': withTopicPermissions(publish('other', { userId: 'z' })),
  impersonator: async (t) => {
    await t.operator.addUser('imp', 'imp', ['impersonator'])
    await allowEverything(t, 'imp')
    const peer = await t.peer({ response: plain('imp', 'imp') })
    return peer.publish({ routingKey: 'q' }, 'm', { userId: 'other' })
  },
})
