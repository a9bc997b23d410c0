import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, connect as dial } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A RabbitMQ of its own: own node name, ports, cookie and data directory, loopback only. */
export type RabbitMqNode = {
  readonly url: string
  /** Where its HTTP API listens; null without the plug-in. */
  readonly management: { readonly host: string; readonly port: number } | null
  readonly directory: string
  readonly nodeName: string
  /** What it calls its cluster, unless told otherwise. */
  readonly clusterName: string
  /** The roots of its processes: the node itself, and its port mapper. */
  readonly pids: readonly number[]
  /** Kills the node as a loss of power would. */
  kill(): Promise<void>
  /** Starts it on the data that it left. */
  startAgain(): Promise<void>
  /** Runs its rabbitmqctl. Rejects with what that printed when it fails. */
  control(...words: string[]): Promise<string>
  /** Ends the node and removes its data. */
  stop(): Promise<void>
}

/** What a node is to have beside what every one has. */
export interface RabbitMqWish {
  /** The HTTP API, and metrics for Prometheus. */
  readonly hasManagement?: boolean
  readonly plugins?: readonly string[]
  /** Lines of rabbitmq.conf. */
  readonly config?: readonly string[]
}

const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl'
const START_TIMEOUT_MS = 90_000
const STOP_TIMEOUT_MS = 20_000
/** The exchange types that RabbitMQ ships with but does not enable by itself. */
const PLUGINS = [
  'rabbitmq_consistent_hash_exchange',
  'rabbitmq_random_exchange',
  'rabbitmq_recent_history_exchange',
  'rabbitmq_sharding',
]
const MANAGEMENT_PLUGINS = ['rabbitmq_management', 'rabbitmq_prometheus']

/** True where Debian's package rabbitmq-server is installed. */
export function isRabbitMqInstalled(): boolean {
  return existsSync(SERVER)
}

/**
 * Starts Debian's rabbitmq-server and waits until it speaks AMQP.
 * @throws Error with the node's output if it ends or does not listen in time.
 */
export async function startRabbitMq(wish: RabbitMqWish = {}): Promise<RabbitMqNode> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-rabbitmq-'))
  const port = await freePort()
  const { hasManagement = false, config = [] } = wish
  const management = hasManagement ? { host: '127.0.0.1', port: await freePort() } : null
  await writeFile(join(directory, '.erlang.cookie'), randomBytes(16).toString('hex'), {
    mode: 0o400,
  })
  const plugins = [
    ...PLUGINS,
    ...(hasManagement ? MANAGEMENT_PLUGINS : []),
    ...(wish.plugins ?? []),
  ]
  await writeFile(join(directory, 'enabled_plugins'), `[${plugins.join(',')}].\n`)
  const lines = [...config, ...(await placesOf(management))]
  await writeFile(join(directory, 'rabbitmq.conf'), lines.map((line) => `${line}\n`).join(''))
  const env = await environment(directory, port)
  const mapper = await startPortMapper(env)
  let server = await startServer(env, port).catch(async (error: unknown) => {
    await end(mapper)
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    throw error
  })
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    management,
    directory,
    nodeName: nodeNameOf(port),
    clusterName: `${nodeNameOf(port).split('@')[0]}@${hostname()}`,
    get pids() {
      return [server.pid ?? 0, mapper.pid ?? 0]
    },
    kill: () => killGroup(server),
    startAgain: async () => {
      server = await startServer(env, port)
    },
    control: (...words) => control(env, words),
    stop: async () => {
      await end(server)
      await end(mapper)
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Where the plug-ins listen, for rabbitmq.conf. */
async function placesOf(management: RabbitMqNode['management']): Promise<readonly string[]> {
  if (management === null) return []
  const { host, port } = management
  return [
    `management.tcp.ip = ${host}`,
    `management.tcp.port = ${port}`,
    `prometheus.tcp.ip = ${host}`,
    `prometheus.tcp.port = ${await freePort()}`,
  ]
}

function control(env: NodeJS.ProcessEnv, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(CONTROL, words, { env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`rabbitmqctl ${words.join(' ')}: ${stderr}${stdout}`, { cause: error }))
    })
  })
}

async function startServer(env: NodeJS.ProcessEnv, port: number): Promise<ChildProcess> {
  const child = spawn(SERVER, [], {
    detached: true, // a group of its own, so that it can be ended whole
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  try {
    await untilItSpeaks(child, port)
  } catch (error) {
    await end(child)
    throw new Error(`rabbitmq-server did not start\n${Buffer.concat(output)}`, { cause: error })
  }
  return child
}

async function environment(directory: string, port: number): Promise<NodeJS.ProcessEnv> {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: directory,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(await freePort()),
    RABBITMQ_NODENAME: nodeNameOf(port),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
  }
}

function nodeNameOf(port: number): string {
  return `conformance${port}@localhost`
}

async function untilItSpeaks(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`)
    if (await answers(port)) return
    await delay(250)
  }
  throw new Error(`no answer on port ${port} within ${START_TIMEOUT_MS} ms`)
}

/** A node listens before it serves, so only connection.start counts. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1')
    const done = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(2000, () => done(false))
    socket.on('error', () => done(false))
    socket.on('close', () => done(false))
    socket.on('data', () => done(true))
    socket.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1'))
  })
}

/** Erlang's port mapper. Left to itself the node starts one as a daemon, which would outlive it. */
async function startPortMapper(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn('epmd', [], { detached: true, env, stdio: 'ignore' })
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return child
}

async function killGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGKILL')
  await ended
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const inTime = await Promise.race([
      ended.then(() => true),
      delay(STOP_TIMEOUT_MS, false, { ref: false }),
    ])
    if (!inTime) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}
