import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A RabbitMQ of its own: own node name, ports, cookie and data directory, loopback only. */
export type RabbitMqNode = {
  readonly url: string
  /** Where its management listens; null where it has none. */
  readonly managementPort: number | null
  readonly directory: string
  /** The roots of its processes: the node itself, and its port mapper. */
  readonly pids: readonly number[]
  /** Kills the node as a loss of power would. */
  kill(): Promise<void>
  /** Starts it on the data that it left. */
  startAgain(): Promise<void>
  /** Ends the node and removes its data. */
  stop(): Promise<void>
}

const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const START_TIMEOUT_MS = 90_000
const STOP_TIMEOUT_MS = 20_000
/** The exchange types that RabbitMQ ships with but does not enable by itself. */
const PLUGINS = [
  'rabbitmq_consistent_hash_exchange',
  'rabbitmq_random_exchange',
  'rabbitmq_recent_history_exchange',
  'rabbitmq_sharding',
]

/** True where Debian's package rabbitmq-server is installed. */
export function isRabbitMqInstalled(): boolean {
  return existsSync(SERVER)
}

/**
 * Starts Debian's rabbitmq-server and waits until it speaks AMQP.
 * @throws Error with the node's output if it ends or does not listen in time.
 */
export async function startRabbitMq(
  wantedPort?: number,
  { hasManagement = false } = {},
): Promise<RabbitMqNode> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-rabbitmq-'))
  const port = wantedPort ?? (await freePort())
  await writeFile(join(directory, '.erlang.cookie'), randomBytes(16).toString('hex'), {
    mode: 0o400,
  })
  const plugins = hasManagement ? [...PLUGINS, 'rabbitmq_management'] : PLUGINS
  await writeFile(join(directory, 'enabled_plugins'), `[${plugins.join(',')}].\n`)
  const managementPort = hasManagement ? await freePort() : null
  if (managementPort !== null) await writeSettings(directory, managementPort)
  const env = await environment(directory, port)
  const mapper = await startPortMapper(env)
  let server = await startServer(env, port).catch(async (error: unknown) => {
    await end(mapper)
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    throw error
  })
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    managementPort,
    directory,
    get pids() {
      return [server.pid ?? 0, mapper.pid ?? 0]
    },
    kill: () => killGroup(server),
    startAgain: async () => {
      server = await startServer(env, port)
    },
    stop: async () => {
      await end(server)
      await end(mapper)
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
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

/** Without this file the node takes its defaults. */
async function writeSettings(directory: string, managementPort: number): Promise<void> {
  const lines = ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${managementPort}`, '']
  await writeFile(join(directory, SETTINGS), lines.join('\n'))
}

const SETTINGS = 'rabbitmq.conf'

async function environment(directory: string, port: number): Promise<NodeJS.ProcessEnv> {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: directory,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(await freePort()),
    RABBITMQ_NODENAME: `conformance${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_CONFIG_FILE: join(directory, SETTINGS),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
  }
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
