import { readdir, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type Broker, type BrokerOptions, createBroker } from '../index.ts'
import { ControlSocket, SOCKET_NAME } from './control-socket.ts'

/** A logger whose level can be changed, as pino's. */
export type LevelledLogger = { level: string }

/**
 * The process around a broker, which commands can stop, start and empty while the process stays: what `rabbitmqctl`
 * calls a node. It can be reached through a socket in the data directory, if the broker has one.
 */
export class Node {
  private readonly options: BrokerOptions
  private readonly logger: LevelledLogger
  private readonly name: string
  private broker: Broker | null
  private changing: Promise<void> = Promise.resolve()
  private socket: ControlSocket | null

  private constructor(options: BrokerOptions, logger: LevelledLogger, broker: Broker) {
    this.options = options
    this.logger = logger
    this.broker = broker
    this.name = broker.nodeName
    this.socket = null
  }

  /** Rejects with a BrokerError when the broker cannot start. */
  static async start(
    options: BrokerOptions,
    logger: LevelledLogger,
  ): Promise<{ readonly node: Node; readonly broker: Broker; close(): Promise<void> }> {
    const broker = await createBroker(options)
    const node = new Node(withPortsOf(options, broker), logger, broker)
    await node.listen()
    return { node, broker, close: () => node.close() }
  }

  private async listen(): Promise<void> {
    const { dataDir, logger } = this.options
    if (dataDir === undefined) return
    this.socket = await ControlSocket.open(
      dataDir,
      (request, response) => this.answer(request, response),
      (problem) => logger?.warn(problem),
    )
  }

  async close(): Promise<void> {
    this.socket?.close()
    await this.changing.catch(() => {}) // whoever asked for the change has been told
    await this.broker?.close()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const command = COMMANDS.get(`${request.method} ${request.url}`)
    if (command !== undefined) {
      response.writeHead(await command(this, request)).end()
    } else if (this.broker !== null) {
      await this.broker.answerOperator(request, response)
    } else if (request.url === '/api/control/node') {
      const json = { name: this.name, state: 'stopped', pid: process.pid }
      response.writeHead(200, JSON_TYPE).end(JSON.stringify(json))
    } else {
      response.writeHead(503, JSON_TYPE).end('{"error":"not_running"}')
    }
  }

  /** One change after another; what is so already is no change. */
  change(work: () => Promise<void>): Promise<void> {
    const done = this.changing.then(work)
    this.changing = done.catch(() => {})
    return done
  }

  async stopBroker(): Promise<void> {
    const { broker } = this
    this.broker = null
    await broker?.close()
  }

  async startBroker(): Promise<void> {
    this.broker ??= await createBroker(this.options)
  }

  /** Deletes all that the broker has kept. False while it runs. */
  async empty(): Promise<boolean> {
    if (this.broker !== null) return false
    const { dataDir } = this.options
    if (dataDir === undefined) return true
    const names = await readdir(dataDir)
    for (const name of names.filter((one) => one !== SOCKET_NAME)) {
      await rm(join(dataDir, name), { recursive: true, force: true })
    }
    return true
  }

  /** False for a level that there is not. */
  setLogLevel(level: string): boolean {
    const own = LEVELS.get(level)
    if (own === undefined) return false
    this.logger.level = own
    return true
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** What only the process can do, by method and path; each gives the status to answer. */
const COMMANDS = new Map<string, (node: Node, request: IncomingMessage) => Promise<number>>([
  ['POST /api/control/stop', async (node) => done(node.change(() => node.stopBroker()))],
  ['POST /api/control/start', async (node) => done(node.change(() => node.startBroker()))],
  ['POST /api/control/reset', async (node) => ((await node.empty()) ? 204 : 409)],
  [
    'POST /api/control/shutdown',
    async () => {
      setImmediate(() => process.kill(process.pid, 'SIGTERM'))
      return 204
    },
  ],
  [
    'PUT /api/control/log-level',
    async (node, request) => (node.setLogLevel(await textOf(request)) ? 204 : 400),
  ],
])

async function done(work: Promise<void>): Promise<number> {
  await work
  return 204
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

/** RabbitMQ's levels and those of the log. */
const LEVELS = new Map([
  ['debug', 'debug'],
  ['info', 'info'],
  ['warning', 'warn'],
  ['error', 'error'],
  ['critical', 'fatal'],
  ['none', 'silent'],
])

/** Ports that any free one was taken for stay the same when the broker starts again. */
function withPortsOf(options: BrokerOptions, broker: Broker): BrokerOptions {
  const { management, managementTls, prometheus, prometheusTls } = options
  return {
    ...options,
    amqp: { ...options.amqp, port: broker.amqp.port },
    ...(management && { management: withPort(management, broker.management) }),
    ...(managementTls && { managementTls: withPort(managementTls, broker.managementTls) }),
    ...(prometheus && { prometheus: withPort(prometheus, broker.prometheus) }),
    ...(prometheusTls && { prometheusTls: withPort(prometheusTls, broker.prometheusTls) }),
  }
}

function withPort<T extends object>(options: T, open: { readonly port: number } | null): T {
  return open === null ? options : { ...options, port: open.port }
}
