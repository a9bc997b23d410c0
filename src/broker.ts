import { statfsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { Administration } from './administration.ts'
import { AuthAttempts } from './auth/auth-attempts.ts'
import { LoginDelays } from './auth/login-delays.ts'
import { Users } from './auth/users.ts'
import {
  assertBounds,
  assertLimit,
  assertWord,
  BrokerError,
  type BrokerOptions,
} from './broker-options.ts'
import { SystemClock } from './common/clock.ts'
import { COMPATS } from './common/compat.ts'
import { Deadlines } from './common/deadlines.ts'
import { SILENT } from './common/log.ts'
import { memoryThere } from './common/memory-there.ts'
import { RunQueue } from './common/run-queue.ts'
import { Slab } from './common/slab.ts'
import { Churn } from './core/counters.ts'
import { NO_LIMITS, NodeLimits } from './core/node-limits.ts'
import { Parameters } from './core/parameters.ts'
import { ReadyMemory } from './core/queue/ready-memory.ts'
import { assertVhostDefaults, type VhostDefaults } from './core/vhost-defaults.ts'
import { Vhosts } from './core/vhosts.ts'
import { addressesOf, Listening } from './listening.ts'
import { Managing } from './managing.ts'
import { Alarms } from './protocol/alarms.ts'
import { forceClose } from './protocol/force-close.ts'
import { ReplyTo } from './protocol/reply-to.ts'
import { ResourceWatch } from './protocol/resource-watch.ts'
import type { Services, Settings } from './protocol/services.ts'
import { StartFrames } from './protocol/start-frames.ts'
import { restore } from './restoring.ts'
import { type Seeds, seed, seedsOf } from './seeding.ts'
import type { Listener } from './server/listener.ts'
import { openStorage, type Storage } from './storage.ts'
import { BlockPool } from './wire/output.ts'

/** A running broker. */
export interface Broker {
  /** Where AMQP clients are accepted: the first address and the port. */
  readonly amqp: { readonly host: string; readonly port: number }
  /** The same for AMQP over TLS; null without it. */
  readonly amqps: { readonly host: string; readonly port: number } | null
  /** Where the management HTTP API is served; null where it is not. */
  readonly management: { readonly host: string; readonly port: number } | null
  /** The same over TLS; null without it. */
  readonly managementTls: { readonly host: string; readonly port: number } | null
  /** Where metrics are given to Prometheus; null where they are not. */
  readonly prometheus: { readonly host: string; readonly port: number } | null
  /** The same over TLS; null without it. */
  readonly prometheusTls: { readonly host: string; readonly port: number } | null
  /** RabbitMQ's name of the node: `rabbit@` and the host's name, unless it was given another. */
  readonly nodeName: string
  /** For clients on this machine, with the first user: `amqp://guest:guest@127.0.0.1:PORT`. */
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
  /**
   * Answers a request of the management HTTP API with all rights, whoever sends it: for a server that only the operator
   * can reach, such as a socket in the file system.
   */
  answerOperator(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/**
 * Starts a broker in this process, by default on loopback and any free port, with what its data directory holds if it
 * has one. Rejects with a BrokerError when it cannot start; then nothing is left open.
 */
export async function createBroker(options: BrokerOptions = {}): Promise<Broker> {
  const settings = settingsOf(options)
  const addresses = addressesOf(options)
  const seeds = seedsOf(options)
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
    const administration = new Administration(services)
    await seed(services, administration, restore(services), seeds)
    nameCluster(services, administration, options.clusterName)
    const { memoryLimit: memory = null, diskFreeLimit: diskFree = null } = options
    services.watch.setLimits({ memory, diskFree })
    const listening = await Listening.open(services, addresses, options.amqps)
    const parts = { services, administration, storage, listening, seeds }
    return new RunningBroker({ ...parts, managing: await manage(parts, options) })
  } catch (error) {
    deadlines.close()
    await storage.close().catch(() => {}) // the first error is the one to tell
    throw error
  }
}

/** A name that is given counts more than the one that was kept, as in RabbitMQ. */
function nameCluster(
  { parameters }: Services,
  administration: Administration,
  name: string | undefined,
): void {
  if (name === undefined || parameters.global.get('cluster_name') === name) return
  administration.setGlobalParameter('cluster_name', name)
}

/** Serves management and metrics as the options want it. When they cannot be, and have to be, nobody listens any more. */
async function manage(parts: Omit<Parts, 'managing'>, options: BrokerOptions): Promise<Managing> {
  try {
    return await Managing.open(parts, options)
  } catch (error) {
    for (const connection of parts.services.connections) connection.destroy()
    await parts.listening.close()
    throw error
  }
}

type FirstServices = Pick<Services, 'settings' | 'alarms' | 'clock' | 'deadlines' | 'store' | 'log'>

function createServices(first: FirstServices, options: BrokerOptions): Services {
  const { settings, clock, deadlines, store, log } = first
  const { compat } = settings
  const turn = new RunQueue(setImmediate, clock)
  const limits = new NodeLimits({ ...NO_LIMITS, ...options.limits })
  const churn = new Churn()
  const readyMemory = new ReadyMemory()
  const shared = { compat, limits, churn, turn, clock, deadlines, store, readyMemory, log }
  const vhosts = new Vhosts(shared)
  return {
    ...first,
    watch: resourceWatch(first, options.dataDir),
    limits,
    churn,
    vhosts,
    replyTo: new ReplyTo(),
    connections: new Set(),
    users: new Users(),
    loginDelays: new LoginDelays(),
    authAttempts: new AuthAttempts(),
    parameters: new Parameters(),
    turn,
    blocks: new BlockPool(),
    slab: new Slab(),
    closing: new AbortController(),
  }
}

function resourceWatch(
  { alarms, deadlines, log, settings }: FirstServices,
  dataDir: string | undefined,
): ResourceWatch {
  const resources = {
    memoryUsed: () => process.memoryUsage.rss(),
    memoryThere,
    diskFree: () => (dataDir === undefined ? Number.POSITIVE_INFINITY : freeIn(dataDir)),
  }
  return new ResourceWatch({ resources, alarms, deadlines, log, nodeName: settings.nodeName })
}

function freeIn(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}

function settingsOf(options: BrokerOptions): Settings {
  const nodeName = options.nodeName ?? `rabbit@${hostname()}`
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
    startFrames: new StartFrames(compat.version),
    mechanisms: options.authMechanisms ?? ['PLAIN', 'AMQPLAIN', 'EXTERNAL'],
    anonymousLogin: options.anonymousLogin === undefined ? GUEST : options.anonymousLogin,
    defaultQueueType: options.defaultQueueType ?? 'classic',
    vhostDefaults: vhostDefaultsOf(options),
  }
  assertBounds('frameMax', settings.frameMax, 8192, 16_777_216)
  assertBounds('channelMax', settings.channelMax, 1, 65_535)
  assertBounds('heartbeatSeconds', settings.heartbeatSeconds, 0, 65_535)
  assertBounds('maxMessageSize', settings.maxMessageSize, 1, 536_870_912)
  assertLimit('memoryLimit', options.memoryLimit ?? 0)
  assertLimit('diskFreeLimit', options.diskFreeLimit ?? 0)
  assertBounds('handshakeTimeoutMs', settings.handshakeTimeoutMs, 1, 3_600_000)
  assertBounds('consumerTimeoutMs', settings.consumerTimeoutMs ?? 1, 1, Number.MAX_SAFE_INTEGER)
  for (const [name, limit] of Object.entries(options.limits ?? {})) {
    assertBounds(`limits.${name}`, limit ?? 0, 0, Number.MAX_SAFE_INTEGER)
  }
  return settings
}

const GUEST = { user: 'guest', password: 'guest' }

function vhostDefaultsOf({ vhostDefaults = {} }: BrokerOptions): VhostDefaults {
  try {
    assertVhostDefaults(vhostDefaults)
    return vhostDefaults
  } catch (error) {
    throw notForVhosts(error)
  }
}

function notForVhosts(error: unknown): BrokerError {
  const reason = error instanceof Error ? error.message : String(error)
  return new BrokerError('INVALID_OPTION', `vhostDefaults: ${reason}`, { cause: error })
}

interface Parts {
  readonly services: Services
  readonly administration: Administration
  readonly storage: Storage
  readonly listening: Listening
  readonly seeds: Seeds
  readonly managing: Managing
}

class RunningBroker implements Broker {
  readonly amqp: { readonly host: string; readonly port: number }
  readonly amqps: { readonly host: string; readonly port: number } | null
  readonly management: { readonly host: string; readonly port: number } | null
  readonly managementTls: { readonly host: string; readonly port: number } | null
  readonly prometheus: { readonly host: string; readonly port: number } | null
  readonly prometheusTls: { readonly host: string; readonly port: number } | null
  readonly nodeName: string
  readonly administration: Administration
  private readonly services: Services
  private readonly storage: Storage
  private readonly listening: Listening
  private readonly seeds: Seeds
  private readonly managing: Managing
  private closing: Promise<void> | null = null

  constructor({ services, administration, storage, listening, seeds, managing }: Parts) {
    this.services = services
    this.storage = storage
    this.listening = listening
    this.seeds = seeds
    this.managing = managing
    this.management = addressOf(managing.listenersOf('http')[0])
    this.managementTls = addressOf(managing.listenersOf('https')[0])
    this.prometheus = addressOf(managing.listenersOf('http/prometheus')[0])
    this.prometheusTls = addressOf(managing.listenersOf('https/prometheus')[0])
    this.nodeName = services.settings.nodeName
    this.administration = administration
    this.amqp = addressOf(listening.plain[0]) ?? { host: '', port: 0 }
    this.amqps = addressOf(listening.tls[0])
  }

  get url(): string {
    const { user, password, vhost } = this.seeds.defaults
    const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
    const path = vhost === '/' ? '' : `/${encodeURIComponent(vhost)}`
    return `amqp://${login}@${reachable(this.amqp.host)}:${this.amqp.port}${path}`
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  answerOperator(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.managing.answerOperator(request, response)
  }

  private async shutDown(): Promise<void> {
    const { connections, deadlines, turn, closing } = this.services
    closing.abort()
    const gone = Promise.all([this.listening.close(), this.managing.close()])
    forceClose(connections, "broker forced connection closure with reason 'shutdown'")
    deadlines.after(GOODBYE_MS, () => {
      for (const connection of connections) connection.destroy()
    })
    await gone
    deadlines.close()
    turn.finish() // what the connections have left to do may be to be recorded
    await this.storage.close()
  }
}

/** Time that clients have to answer when the broker closes their connections. */
const GOODBYE_MS = 1000

function addressOf(listener: Listener | undefined): { host: string; port: number } | null {
  return listener === undefined ? null : { host: listener.host, port: listener.port }
}

/** An address that a client on this machine can connect to. */
function reachable(host: string): string {
  if (host === '::' || host === '0.0.0.0') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
