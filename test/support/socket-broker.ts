import { once } from 'node:events'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { SystemClock } from '../../src/common/clock.ts'
import type { Vhost } from '../../src/core/vhost.ts'
import { Connection } from '../../src/protocol/connection.ts'
import type { Services, Settings } from '../../src/protocol/services.ts'
import type { Listener } from '../../src/server/listener.ts'
import { openListeners } from '../../src/server/listeners.ts'
import { SocketTransport } from '../../src/server/socket-transport.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { type Frame, FrameSplitter } from './frames.ts'
import { leftovers, testServices } from './test-services.ts'

/** A broker behind a real socket, whose inside a test can see. */
export class SocketBroker {
  readonly services: Services
  readonly vhost: Vhost
  private readonly listeners: readonly Listener[]
  private readonly transports: WeakMap<Connection, SocketTransport>

  private constructor(
    services: Services,
    vhost: Vhost,
    listeners: readonly Listener[],
    transports: WeakMap<Connection, SocketTransport>,
  ) {
    this.transports = transports
    this.services = services
    this.vhost = vhost
    this.listeners = listeners
  }

  static async start(settings: Partial<Settings> = {}): Promise<SocketBroker> {
    const { services, vhost } = testServices({
      settings,
      store: new MemoryStore(),
      clock: new SystemClock(),
      defer: setImmediate,
    })
    const transports = new WeakMap<Connection, SocketTransport>()
    const listeners = await openListeners(
      ['127.0.0.1'],
      0,
      (socket) => {
        const transport = new SocketTransport(socket, services.blocks)
        const connection = new Connection(services, transport)
        services.connections.add(connection)
        transports.set(connection, transport)
        transport.attach(connection)
      },
      unexpected,
    )
    return new SocketBroker(services, vhost, listeners, transports)
  }

  async connect(options: Partial<NetConnectOpts> = {}): Promise<SocketClient> {
    const port = this.listeners[0]?.port ?? 0
    const socket = connect({ host: '127.0.0.1', port, ...options })
    await once(socket, 'connect')
    return new SocketClient(socket)
  }

  /** What is on its way to each client, in bytes: written in this turn, and not yet taken by the system. */
  connections(): { output: { readonly size: number }; unsentSize: number }[] {
    return [...this.services.connections].map((connection) => ({
      output: connection.output,
      unsentSize: this.transports.get(connection)?.unsentSize ?? 0,
    }))
  }

  leftovers(): Record<string, number> {
    return leftovers(this.services, this.vhost)
  }

  /** Resolves when at most `count` connections are left, and their last turn is over. */
  async waitForConnections(count: number): Promise<void> {
    while (this.services.connections.size > count) await nextTurn()
    await nextTurn()
  }

  async close(): Promise<void> {
    const gone = this.listeners.map((listener) => listener.close())
    for (const connection of this.services.connections) connection.destroy()
    this.services.deadlines.close()
    await Promise.all(gone)
  }
}

/** The client's end of a socket. */
export class SocketClient {
  readonly socket: Socket
  readonly closed: Promise<unknown>
  private readonly splitter = new FrameSplitter()
  private readonly frames: Frame[] = []
  private onFrames: () => void = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {}) // a reset is what some tests are about
    socket.on('data', (chunk) => {
      this.frames.push(...this.splitter.push(chunk))
      this.onFrames()
    })
  }

  send(...pieces: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(pieces))
  }

  /** The next `count` frames; waits until they have come. */
  async take(count: number): Promise<Frame[]> {
    while (this.frames.length < count) {
      await new Promise<void>((resolve) => {
        this.onFrames = resolve
      })
    }
    return this.frames.splice(0, count)
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function unexpected(error: Error): void {
  throw error
}
