import type { Vhost } from '../../src/core/vhost.ts'
import { Connection } from '../../src/protocol/connection.ts'
import type { Services } from '../../src/protocol/services.ts'
import { Listener } from '../../src/server/listener.ts'
import { SocketTransport } from '../../src/server/socket-transport.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { ManualClock } from './manual-clock.ts'
import { testServices } from './test-services.ts'

/** A broker behind a real socket on loopback, whose clock moves when the test says so. */
export class ClockedBroker {
  readonly clock: ManualClock
  readonly services: Services
  readonly vhost: Vhost
  private readonly listener: Listener

  private constructor(
    clock: ManualClock,
    parts: { services: Services; vhost: Vhost },
    listener: Listener,
  ) {
    this.clock = clock
    this.services = parts.services
    this.vhost = parts.vhost
    this.listener = listener
  }

  static async start(): Promise<ClockedBroker> {
    const clock = new ManualClock()
    const settings = { consumerTimeoutMs: null }
    const store = new MemoryStore()
    const parts = testServices({ settings, store, clock, defer: setImmediate })
    const { services } = parts
    const listener = await Listener.open(
      '127.0.0.1',
      0,
      (socket) => {
        const transport = new SocketTransport(socket, services.blocks)
        const connection = new Connection(services, transport)
        services.connections.add(connection)
        transport.attach(connection)
      },
      unexpected,
    )
    return new ClockedBroker(clock, parts, listener)
  }

  get port(): number {
    return this.listener.port
  }

  async close(): Promise<void> {
    for (const connection of this.services.connections) connection.destroy()
    await this.listener.close()
    this.services.deadlines.close()
  }
}

function unexpected(error: Error): void {
  throw error
}
