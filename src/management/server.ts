import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Slices } from '../common/slices.ts'
import { Sampler } from '../metrics/sampler.ts'
import type { ManagedBroker } from './managed-broker.ts'

/**
 * The management of a broker over HTTP. It is there at once: what answers is loaded with the first request, so that it
 * costs the start no time, and a broker nobody asks no memory.
 */
export class Management {
  readonly broker: ManagedBroker
  readonly sampler: Sampler
  private readonly server: Server
  private readonly scrapes: Server
  private readonly sockets = new Set<Socket>()
  private app: Promise<RequestHandler> | null = null

  constructor(broker: ManagedBroker) {
    this.broker = broker
    this.sampler = new Sampler(broker)
    this.server = createServer((request, response) => void this.handle(request, response))
    this.server.timeout = IDLE_TIMEOUT_MS
    this.scrapes = createServer((request, response) => void this.scrape(request, response))
    this.scrapes.timeout = IDLE_TIMEOUT_MS
    this.sampler.start()
  }

  /** Takes over a socket on which a client has connected. */
  accept(socket: Socket): void {
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
    this.server.emit('connection', socket)
  }

  /** Takes over a socket on which a scraper of metrics has connected; it needs no login. */
  acceptScraper(socket: Socket): void {
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
    this.scrapes.emit('connection', socket)
  }

  /** Answers who has been let in already: with all rights, and at once. */
  async answerOperator(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { answerDirectly } = await import('./direct.ts')
    await answerDirectly(this, request, response)
  }

  /** Lets go of everything; what is being answered is cut off. */
  close(): void {
    this.sampler.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/metrics') === true) return this.scrape(request, response, true)
    try {
      this.app ??= this.load()
      const app = await this.app
      app(request, response)
    } catch (error) {
      this.broker.log.error({ err: error }, 'cannot answer a request over HTTP')
      fail(response)
    }
  }

  /** On the port of the management it takes a login of somebody who may look at the node. */
  private async scrape(
    request: IncomingMessage,
    response: ServerResponse,
    isGuarded = false,
  ): Promise<void> {
    try {
      const { answerScrape } = await import('./scrape.ts')
      await answerScrape(this, request, response, isGuarded)
    } catch (error) {
      this.broker.log.error({ err: error }, 'cannot answer who scrapes metrics')
      fail(response)
    }
  }

  /** In steps: to read, compile and set up all of it at once would stop the broker for a third of a second. */
  private async load(): Promise<RequestHandler> {
    const slices = new Slices()
    await import('fastify')
    await slices.pause()
    const { createApp } = await import('./app.ts')
    await slices.pause()
    return createApp(this)
  }
}

/** Says that something has gone wrong; in the middle of an answer the only way is to break it off. */
function fail(response: ServerResponse): void {
  if (response.headersSent) response.destroy()
  else response.writeHead(500).end()
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

/** A socket on which nothing happens is closed. */
const IDLE_TIMEOUT_MS = 120_000
