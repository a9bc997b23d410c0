import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import { Administration } from './administration.ts'
import { Users } from './auth/users.ts'
import { assertBounds, assertWord, BrokerError, type BrokerOptions } from './broker-options.ts'
import { SystemClock } from './common/clock.ts'
import { COMPATS } from './common/compat.ts'
import { Deadlines } from './common/deadlines.ts'
import { SILENT } from './common/log.ts'
import { RunQueue } from './common/run-queue.ts'
import { Slab } from './common/slab.ts'
import { NO_LIMITS, NodeLimits } from './core/node-limits.ts'
import { Parameters } from './core/parameters.ts'
import { ReadyMemory } from './core/queue/ready-memory.ts'
import { Vhosts } from './core/vhosts.ts'
import { Alarms } from './protocol/alarms.ts'
import { Connection } from './protocol/connection.ts'
import { forceClose } from './protocol/force-close.ts'
import { ReplyTo } from './protocol/reply-to.ts'
import { serverProperties } from './protocol/server-properties.ts'
import type { Services, Settings } from './protocol/services.ts'
import { startFrame } from './protocol/start-frame.ts'
import { restore } from './restoring.ts'
import type { Listener } from './server/listener.ts'
import { codeOf, openListeners } from './server/listeners.ts'
import { SocketTransport } from './server/socket-transport.ts'
import { openStorage, type Storage } from './storage.ts'
import { BlockPool } from './wire/output.ts'

/** A running broker. */
export interface Broker {
  /** Where AMQP clients are accepted: the first address and the port. */
  readonly amqp: { readonly host: string; readonly port: number }
  /** For clients on this machine: `amqp://guest:guest@127.0.0.1:PORT`. */
  readonly url: string
  /** Vhosts, users, permissions, limits and policies. */
  readonly administration: Administration
  /**
   * Tells every client (320, CONNECTION_FORCED), waits a moment for their answers, writes what is left to be written,
   * and lets go of everything: when it resolves, no socket, timer or handle is left. Calling it again does no harm.
   * Rejects with the error of the system when the disk does not take what is left, of which nothing was confirmed; then
   * everything is let go of all the same.
   */
  close(): Promise<void>
}

/**
 * Starts a broker in this process, by default on loopback and any free port, with what its data directory holds if it
 * has one. Rejects with a BrokerError when it cannot start; then nothing is left open.
 */
export async function createBroker(options: BrokerOptions = {}): Promise<Broker> {
  const settings = settingsOf(options)
  const { host = ['127.0.0.1', '::1'], port = 0 } = options.amqp ?? {}
  assertBounds('amqp.port', port, 0, 65_535)
  const hosts = typeof host === 'string' ? [host] : host
  // to Node, an empty address is all of them: not what anyone meant who left it empty
  if (hosts.length === 0 || hosts.includes('')) {
    throw new BrokerError('INVALID_OPTION', 'amqp.host names no address')
  }
  const { dataDir } = options
  if (dataDir !== undefined && (typeof dataDir !== 'string' || dataDir === '')) {
    throw new BrokerError('INVALID_OPTION', 'dataDir is no path of a directory')
  }
  const clock = new SystemClock()
  const log = options.logger ?? SILENT
  const alarms = new Alarms()
  const deadlines = new Deadlines(clock)
  const storage = await openStorage(dataDir, { alarms, clock, log })
  try {
    const { store } = storage
    const services = createServices({ settings, alarms, clock, deadlines, store, log }, options)
    restore(services)
    const listeners = await listen(services, hosts, port)
    return new RunningBroker(services, storage, listeners)
  } catch (error) {
    deadlines.close()
    await storage.close().catch(() => {}) // the first error is the one to tell
    throw error
  }
}

type FirstServices = Pick<Services, 'settings' | 'alarms' | 'clock' | 'deadlines' | 'store' | 'log'>

function createServices(first: FirstServices, options: BrokerOptions): Services {
  const { settings, clock, deadlines, store, log } = first
  const { compat } = settings
  const turn = new RunQueue(setImmediate, clock)
  const limits = new NodeLimits({ ...NO_LIMITS, ...options.limits })
  const readyMemory = new ReadyMemory()
  const vhosts = new Vhosts({ compat, limits, turn, clock, deadlines, store, readyMemory, log })
  return {
    ...first,
    limits,
    vhosts,
    replyTo: new ReplyTo(),
    connections: new Set(),
    users: new Users(),
    parameters: new Parameters(),
    turn,
    blocks: new BlockPool(),
    slab: new Slab(),
  }
}

async function listen(
  services: Services,
  hosts: readonly string[],
  port: number,
): Promise<readonly Listener[]> {
  try {
    return await openListeners(
      hosts,
      port,
      (socket) => accept(services, socket),
      (error) => services.log.error(`cannot accept a connection: ${error.message}`),
    )
  } catch (error) {
    throw cannotListen(error, hosts, port)
  }
}

function settingsOf(options: BrokerOptions): Settings {
  const nodeName = `rabbit@${hostname()}`
  const { compat: compatName = '4.2' } = options
  assertWord('compat', compatName, Object.keys(COMPATS))
  const compat = COMPATS[compatName]
  const settings: Settings = {
    compat,
    frameMax: options.frameMax ?? 131_072,
    channelMax: options.channelMax ?? 2047,
    heartbeatSeconds: options.heartbeatSeconds ?? 60,
    maxMessageSize: options.maxMessageSize ?? compat.maxMessageSize,
    handshakeTimeoutMs: options.handshakeTimeoutMs ?? 10_000,
    loopbackUsers: new Set(options.loopbackUsers ?? ['guest']),
    consumerTimeoutMs:
      options.consumerTimeoutMs === undefined ? 1_800_000 : options.consumerTimeoutMs,
    nodeName,
    startFrame: startFrame(serverProperties(compat.version, nodeName)),
  }
  assertBounds('frameMax', settings.frameMax, 8192, 16_777_216)
  assertBounds('channelMax', settings.channelMax, 1, 65_535)
  assertBounds('heartbeatSeconds', settings.heartbeatSeconds, 0, 65_535)
  assertBounds('maxMessageSize', settings.maxMessageSize, 1, 536_870_912)
  assertBounds('handshakeTimeoutMs', settings.handshakeTimeoutMs, 1, 3_600_000)
  assertBounds('consumerTimeoutMs', settings.consumerTimeoutMs ?? 1, 1, Number.MAX_SAFE_INTEGER)
  for (const [name, limit] of Object.entries(options.limits ?? {})) {
    assertBounds(`limits.${name}`, limit ?? 0, 0, Number.MAX_SAFE_INTEGER)
  }
  return settings
}

function accept(services: Services, socket: Socket): void {
  const transport = new SocketTransport(socket, services.blocks)
  const connection = new Connection(services, transport)
  services.connections.add(connection)
  transport.attach(connection)
}

class RunningBroker implements Broker {
  readonly amqp: { readonly host: string; readonly port: number }
  readonly administration: Administration
  private readonly services: Services
  private readonly storage: Storage
  private readonly listeners: readonly Listener[]
  private closing: Promise<void> | null = null

  constructor(services: Services, storage: Storage, listeners: readonly Listener[]) {
    this.services = services
    this.storage = storage
    this.listeners = listeners
    this.administration = new Administration(services)
    this.amqp = { host: listeners[0]?.host ?? '', port: listeners[0]?.port ?? 0 }
  }

  get url(): string {
    return `amqp://guest:guest@${reachable(this.amqp.host)}:${this.amqp.port}`
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    const { connections, deadlines, turn } = this.services
    const gone = this.listeners.map((listener) => listener.close())
    forceClose(connections, "broker forced connection closure with reason 'shutdown'")
    deadlines.after(GOODBYE_MS, () => {
      for (const connection of connections) connection.destroy()
    })
    await Promise.all(gone)
    deadlines.close()
    turn.finish() // what the connections have left to do may be to be recorded
    await this.storage.close()
  }
}

/** Time that clients have to answer when the broker closes their connections. */
const GOODBYE_MS = 1000

/** An address that a client on this machine can connect to. */
function reachable(host: string): string {
  if (host === '::' || host === '0.0.0.0') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function cannotListen(error: unknown, hosts: readonly string[], port: number): unknown {
  const where = `${hosts.join(', ')}, port ${port}`
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new BrokerError('PORT_IN_USE', `port ${port} is in use on ${hosts.join(', ')}`, {
        cause: error,
      })
    case 'EACCES':
      return new BrokerError('PORT_FORBIDDEN', `no permission to listen on ${where}`, {
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new BrokerError('ADDRESS_UNAVAILABLE', `cannot listen on ${where}: no such address`, {
        cause: error,
      })
    default:
      return error
  }
}
