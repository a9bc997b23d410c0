import type { Arguments } from '../../support/methods.ts'
import { byCase } from '../family.ts'
import type { Scenario } from '../scene.ts'

const EXQ = 'exq'

/** The queue belongs to one connection; another one sends the method. */
function fromOutside(name: string, args: Arguments, binding?: Arguments): Scenario {
  return async (t) => {
    const owner = await t.peer()
    await owner.do('queue.declare', { queue: EXQ, exclusive: true })
    if (binding !== undefined) await owner.do('queue.bind', { queue: EXQ, ...binding })
    return (await t.peer()).ask(name, args)
  }
}

const BINDING = { exchange: 'amq.direct', routingKey: 'k' }

export const exclusiveQueues = byCase("another's exclusive queue", {
  'exclusive other conn: declare': fromOutside('queue.declare', { queue: EXQ }),
  'exclusive other conn: declare_excl': fromOutside('queue.declare', {
    queue: EXQ,
    exclusive: true,
  }),
  'exclusive other conn: passive': fromOutside('queue.declare', { queue: EXQ, passive: true }),
  'exclusive other conn: consume': fromOutside('basic.consume', { queue: EXQ }),
  'exclusive other conn: get': fromOutside('basic.get', { queue: EXQ }),
  'exclusive other conn: purge': fromOutside('queue.purge', { queue: EXQ }),
  'exclusive other conn: delete': fromOutside('queue.delete', { queue: EXQ }),
  'exclusive other conn: bind': fromOutside('queue.bind', { queue: EXQ, ...BINDING }),
  'exclusive other conn: unbind': fromOutside('queue.unbind', { queue: EXQ, ...BINDING }),
  'exclusive other conn: unbind_missing_x': fromOutside('queue.unbind', {
    queue: EXQ,
    exchange: 'nope',
  }),
  'exclusive other conn: publish': async (t) => {
    const owner = await t.peer()
    await owner.do('queue.declare', { queue: EXQ, exclusive: true })
    return (await t.peer()).publish({ routingKey: EXQ }, 'm')
  },
  'exclusive other conn: declare_diff': fromOutside('queue.declare', {
    queue: EXQ,
    durable: true,
    arguments: [['x-message-ttl', 'I', 1000]],
  }),
  'exclusive other conn: unbind existing binding': fromOutside(
    'queue.unbind',
    { queue: EXQ, ...BINDING },
    BINDING,
  ),
})
