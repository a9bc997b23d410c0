import { AuthAttempts } from '../../src/auth/auth-attempts.ts'
import { LoginDelays } from '../../src/auth/login-delays.ts'
import { hashPassword } from '../../src/auth/password.ts'
import { Permissions } from '../../src/auth/permissions.ts'
import { type UserSettings, Users } from '../../src/auth/users.ts'
import type { Clock } from '../../src/common/clock.ts'
import { COMPATS } from '../../src/common/compat.ts'
import { Deadlines } from '../../src/common/deadlines.ts'
import { SILENT } from '../../src/common/log.ts'
import { RunQueue } from '../../src/common/run-queue.ts'
import { Slab } from '../../src/common/slab.ts'
import { Churn } from '../../src/core/counters.ts'
import { NO_LIMITS, NodeLimits } from '../../src/core/node-limits.ts'
import { Parameters } from '../../src/core/parameters.ts'
import type { Store } from '../../src/core/ports.ts'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import type { Vhost } from '../../src/core/vhost.ts'
import { Vhosts } from '../../src/core/vhosts.ts'
import { Alarms } from '../../src/protocol/alarms.ts'
import type { Connection } from '../../src/protocol/connection.ts'
import { ReplyTo } from '../../src/protocol/reply-to.ts'
import { ResourceWatch } from '../../src/protocol/resource-watch.ts'
import type { Services, Settings } from '../../src/protocol/services.ts'
import { StartFrames } from '../../src/protocol/start-frames.ts'
import { BlockPool } from '../../src/wire/output.ts'

/** What a test leaves to the machine, or does itself. */
export interface TestParts {
  readonly settings: Partial<Settings>
  readonly store: Store
  readonly clock: Clock
  readonly defer: (work: () => void) => void
  /** What turns measure their work by; without it nothing is left for later turns. */
  readonly turnClock?: Clock | null
}

/** The services of a broker with the vhost `/`, the user `guest`, and `nobody`, who may do nothing. */
export function testServices({ settings, store, clock, defer, turnClock = null }: TestParts): {
  services: Services
  vhost: Vhost
} {
  const turn = new RunQueue(defer, turnClock)
  const compat = settings.compat ?? COMPATS['4.2']
  const limits = new NodeLimits(NO_LIMITS)
  const churn = new Churn()
  const deadlines = new Deadlines(clock)
  const log = SILENT
  const alarms = new Alarms()
  const readyMemory = new ReadyMemory()
  const shared = { compat, limits, churn, turn, clock, deadlines, store, readyMemory, log }
  const vhosts = new Vhosts(shared)
  const vhost = vhosts.add('/')
  const users = new Users()
  users.setPermissions(users.set(userOf('guest')), '/', new Permissions('.*', '.*', '.*'))
  users.set(userOf('nobody'))
  const services = {
    settings: { ...DEFAULTS, ...settings },
    limits,
    churn,
    vhosts,
    replyTo: new ReplyTo(),
    alarms,
    watch: new ResourceWatch({ resources: PLENTY, alarms, deadlines, log, nodeName: NODE_NAME }),
    connections: new Set<Connection>(),
    users,
    loginDelays: new LoginDelays(),
    authAttempts: new AuthAttempts(),
    parameters: new Parameters(),
    store,
    turn,
    clock,
    deadlines,
    blocks: new BlockPool(),
    slab: new Slab(),
    closing: new AbortController(),
    log,
  }
  return { services, vhost }
}

/** A user whose password is the name. */
function userOf(name: string): UserSettings {
  const passwordHash = hashPassword(name)
  return { name, passwordHash, tags: [], maxConnections: null, maxChannels: null }
}

/** What is left of connections that are gone: of each kind how many. Nothing should be. */
export function leftovers(services: Services, vhost: Vhost): Record<string, number> {
  const queues = [...vhost.queues]
  return {
    connections: services.connections.size,
    exclusiveQueues: queues.filter((queue) => queue.exclusiveOwner !== null).length,
    consumers: queues.reduce((sum, queue) => sum + queue.consumerCount, 0),
    unacked: queues.reduce((sum, queue) => sum + queue.unackedCount, 0),
  }
}

/** What `leftovers` gives when all is well. */
export const NOTHING_LEFT = { connections: 0, exclusiveQueues: 0, consumers: 0, unacked: 0 }

const NODE_NAME = 'rabbit@test'

const PLENTY = { memoryUsed: () => 0, memoryThere: () => 1e9, diskFree: () => Infinity }

const DEFAULTS: Settings = {
  compat: COMPATS['4.2'],
  frameMax: 131_072,
  channelMax: 2047,
  heartbeatSeconds: 60,
  maxMessageSize: 16_777_216,
  handshakeTimeoutMs: 10_000,
  consumerTimeoutMs: 1_800_000,
  nodeName: NODE_NAME,
  loopbackUsers: new Set(['guest']),
  startFrames: new StartFrames('4.2.2'),
  mechanisms: ['PLAIN', 'AMQPLAIN', 'EXTERNAL'],
  anonymousLogin: null,
  defaultQueueType: 'classic',
  vhostDefaults: {},
}
