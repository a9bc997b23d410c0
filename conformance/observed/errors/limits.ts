import { byCase } from '../family.ts'
import type { NodeLimit } from '../operator.ts'
import { plain, type Scenario, type Scene } from '../scene.ts'
import { exchange, queue, steps, take } from '../steps.ts'
import { logIn } from './login.ts'

const LIM = plain('lim', 'lim')

export const limits = byCase('limits', {
  'vhost connection limit': async (t) => {
    await addVhost(t)
    await t.operator.setVhostLimit('lv', 'max-connections', 1)
    await t.peer({ vhost: 'lv' })
    return logIn({ vhost: 'lv' })(t)
  },
  'vhost queue limit': async (t) => {
    await addVhost(t)
    await t.operator.setVhostLimit('lv', 'max-queues', 1)
    return take(await t.peer({ vhost: 'lv' }), queue('lq1'), queue('lq2'))
  },
  'user connection limit': async (t) => {
    await addUser(t)
    await t.operator.setUserLimit('lim', 'max-connections', 1)
    await t.peer({ response: LIM })
    return logIn({ response: LIM })(t)
  },
  'user channel limit': async (t) => {
    await addUser(t)
    await t.operator.setUserLimit('lim', 'max-channels', 2)
    const peer = await t.peer({ response: LIM })
    await peer.do('channel.open', {}, 2)
    return peer.ask('channel.open', {}, 3)
  },
  'node connection limit': withNodeLimit('connection_max', 1, async (t) => {
    await t.peer()
    return logIn({})(t)
  }),
  'node channel limit': withNodeLimit('channel_max_per_node', 1, async (t) =>
    (await t.peer()).ask('channel.open', {}, 2),
  ),
  'consumer limit': withNodeLimit(
    'consumer_max_per_channel',
    1,
    steps(queue(), ['basic.consume', { queue: 'q' }], ['basic.consume', { queue: 'q' }]),
  ),
  'exchange limit': withNodeLimit('cluster_exchange_limit', 1, steps(exchange('direct'))),
  'cluster queue limit': withNodeLimit('cluster_queue_limit', 0, steps(queue())),
})

/** What ends a connection from outside. */
export const operatorCloses = byCase('closed by the operator', {
  'rabbitmqctl close_all_connections': async (t) => {
    const peer = await t.peer()
    await t.operator.closeAllConnections('my reason')
    return peer.answer()
  },
  'management DELETE connection': async (t) => {
    const peer = await t.peer()
    await t.operator.deleteConnections()
    return peer.answer()
  },
  'broker shutdown': async (t) => {
    const peer = await t.peer()
    t.shutDown()
    return peer.answer()
  },
})

function withNodeLimit(limit: NodeLimit, value: number, scenario: Scenario): Scenario {
  return async (t) => {
    await t.operator.setNodeLimit(limit, value)
    return scenario(t)
  }
}

async function addVhost(t: Scene): Promise<void> {
  await t.operator.addVhost('lv')
  const patterns = { configure: '.*', write: '.*', read: '.*' }
  await t.operator.setPermissions(t.target.username, 'lv', patterns)
}

async function addUser(t: Scene): Promise<void> {
  await t.operator.addUser('lim', 'lim')
  const patterns = { configure: '.*', write: '.*', read: '.*' }
  await t.operator.setPermissions('lim', t.target.vhost, patterns)
}
