import type { Clock } from '../../src/common/clock.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Vhost } from '../../src/core/vhost.ts'
import { Connection } from '../../src/protocol/connection.ts'
import type { Services, Settings } from '../../src/protocol/services.ts'
import type { Endpoints } from '../../src/protocol/transport.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryTransport } from './memory-transport.ts'
import { TestClient, type TestSession } from './test-client.ts'
import { leftovers, testServices } from './test-services.ts'

/**
 * A broker without sockets, timers and event loop: clients are connected by memory, the clock stands still, and what
 * is to be done at the end of a turn waits for `settle`.
 */
export class TestBroker {
  readonly clock = new ManualClock()
  readonly services: Services
  readonly vhost: Vhost
  private due: (() => void)[] = []

  constructor(
    settings: Partial<Settings> = {},
    store: Store = new MemoryStore(),
    turnClock: Clock | null = null,
  ) {
    const { clock, defer } = this
    const parts = testServices({ settings, store, clock, defer, turnClock })
    this.services = parts.services
    this.vhost = parts.vhost
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
    return leftovers(this.services, this.vhost)
  }

  private readonly defer = (work: () => void): void => {
    this.due.push(work)
  }
}

export const LOOPBACK: Endpoints = {
  peerHost: '127.0.0.1',
  peerPort: 50_000,
  host: '127.0.0.1',
  port: 5672,
}

const MAX_TURNS = 100_000
