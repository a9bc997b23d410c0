import { EMPTY_TABLE, longstr } from '../../src/common/table.ts'
import type { DefinitionChange } from '../../src/core/ports.ts'
import type { Random } from './simulated-disk-random.ts'

/** A change of a definition, among so few names that changes meet each other. */
export function anyDefinition(random: Random): DefinitionChange {
  const vhost = random.pick(['/', 'v1'])
  const name = `n${random.below(5)}`
  const durable = { durable: true, autoDelete: false }
  switch (random.below(12)) {
    case 0:
      return { kind: 'vhost-added', vhost }
    case 1:
      return random.chance(0.3)
        ? { kind: 'vhost-deleted', vhost: 'v1' }
        : { kind: 'vhost-limited', limits: { vhost, maxQueues: 7, maxConnections: null } }
    case 2: {
      const tags = [`t${random.below(9)}`]
      const limits = { maxConnections: null, maxChannels: random.below(9) }
      return { kind: 'user-set', user: { name, passwordHash: 'h'.repeat(300), tags, ...limits } }
    }
    case 3:
      return { kind: 'user-deleted', user: name }
    case 4: {
      const patterns = { configure: `c${random.below(9)}`, write: '.*', read: '' }
      return { kind: 'permissions-set', permissions: { user: name, vhost, ...patterns } }
    }
    case 5: {
      const rest = { type: 'topic', internal: false, arguments: EMPTY_TABLE }
      return { kind: 'exchange-declared', exchange: { vhost, name, ...durable, ...rest } }
    }
    case 6:
      return { kind: 'exchange-deleted', vhost, name }
    case 7:
    case 8: {
      const args = new Map([['x-queue-type', longstr('quorum')]])
      return { kind: 'queue-declared', queue: { vhost, name, ...durable, arguments: args } }
    }
    case 9:
      return { kind: 'queue-deleted', vhost, name }
    default: {
      const source = `n${random.below(5)}`
      const rest = { routingKey: `k${random.below(3)}`, arguments: EMPTY_TABLE }
      const binding = {
        vhost,
        source,
        destination: name,
        destinationKind: 'queue',
        ...rest,
      } as const
      return { kind: random.chance(0.7) ? 'bound' : 'unbound', binding }
    }
  }
}
