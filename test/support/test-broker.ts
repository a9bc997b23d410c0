import { Permissions } from '../../src/auth/permissions.ts'
import { Users } from '../../src/auth/users.ts'
import { COMPATS } from '../../src/common/compat.ts'
import { Deadlines } from '../../src/common/deadlines.ts'
import { SILENT } from '../../src/common/log.ts'
import { RunQueue } from '../../src/common/run-queue.ts'
import { Slab } from '../../src/common/slab.ts'
import type { Store } from '../../src/core/ports.ts'
import { Vhost } from '../../src/core/vhost.ts'
import { Connection } from '../../src/protocol/connection.ts'
import { serverProperties } from '../../src/protocol/server-properties.ts'
import type { Services, Settings } from '../../src/protocol/services.ts'
import type { Endpoints } from '../../src/protocol/transport.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { BlockPool } from '../../src/wire/output.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryTransport } from './memory-transport.ts'
import { TestClient, type TestSession } from './test-client.ts'

/**
 * A broker without sockets, timers and event loop: clients are connected by memory, the clock stands still, and what
 * is to be done at the end of a turn waits for `settle`.
 */
export class TestBroker {
  readonly clock = new ManualClock()
  readonly services: Services
  readonly vhost: Vhost
  private due: (() => void)[] = []

  constructor(settings: Partial<Settings> = {}, store: Store = new MemoryStore()) {
    const turn = new RunQueue(this.defer)
    const compat = settings.compat ?? COMPATS['4.2']
    this.vhost = new Vhost('/', compat, turn, store)
    const users = new Users()
    users.grant(users.add('guest', 'guest', []), '/', new Permissions('.*', '.*', '.*'))
    users.add('nobody', 'nobody', [])
    this.services = {
      settings: { ...DEFAULTS, ...settings },
      vhosts: new Map([['/', this.vhost]]),
      connections: new Set(),
      users,
      store,
      turn,
      clock: this.clock,
      deadlines: new Deadlines(this.clock),
      blocks: new BlockPool(),
      slab: new Slab(),
      log: SILENT,
    }
  }

  /** A client that has connected and not said anything. */
  accept(endpoints: Endpoints = LOOPBACK): TestClient {
    const transport = new MemoryTransport(endpoints, this.services.blocks, this.defer)
    const connection = new Connection(this.services, transport)
    this.services.connections.add(connection)
    transport.attach(connection)
    return new TestClient(this, connection, transport)
  }

  /** A client whose connection is open, with the channels asked for. */
  connect(session: TestSession = {}): TestClient {
    const client = this.accept()
    client.open(session)
    return client
  }

  /** Ends the turn, and all that follow from it, until there is nothing left to do. */
  settle(): void {
    for (let turns = 0; this.due.length > 0; turns++) {
      if (turns > MAX_TURNS) throw new Error('the broker does not come to rest')
      const works = this.due
      this.due = []
      for (const work of works) work()
    }
  }

  /** Moves the clock, and lets the broker do what is due. */
  advance(byMs: number): void {
    this.clock.advance(byMs)
    this.settle()
  }

  /** What is left of connections that are gone: of each kind how many. Nothing should be. */
  leftovers(): Record<string, number> {
    const queues = [...this.vhost.queues]
    return {
      connections: this.services.connections.size,
      exclusiveQueues: queues.filter((queue) => queue.exclusiveOwner !== null).length,
      consumers: queues.reduce((sum, queue) => sum + queue.consumerCount, 0),
      unacked: queues.reduce((sum, queue) => sum + queue.unackedCount, 0),
    }
  }

  private readonly defer = (work: () => void): void => {
    this.due.push(work)
  }
}

/** What `leftovers` gives when all is well. */
export const NOTHING_LEFT = { connections: 0, exclusiveQueues: 0, consumers: 0, unacked: 0 }

export const LOOPBACK: Endpoints = {
  peerHost: '127.0.0.1',
  peerPort: 50_000,
  host: '127.0.0.1',
  port: 5672,
}

const MAX_TURNS = 100_000

const DEFAULTS: Settings = {
  compat: COMPATS['4.2'],
  frameMax: 131_072,
  channelMax: 2047,
  heartbeatSeconds: 60,
  maxMessageSize: 16_777_216,
  handshakeTimeoutMs: 10_000,
  loopbackUsers: new Set(['guest']),
  serverProperties: serverProperties('4.2.2', 'rabbit@test'),
}
