import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Administration } from './administration.ts'
import { BrokerError, type BrokerOptions, type ManagementOptions } from './broker-options.ts'
import { type Address, addressIn, type Listening, listen } from './listening.ts'
import type { ManagedListener } from './management/managed-broker.ts'
import { Management } from './management/server.ts'
import { managedBroker } from './management-host.ts'
import type { Services } from './protocol/services.ts'
import type { Listener } from './server/listener.ts'

/** The management of a running broker, and where it and the metrics are served. */
export class Managing {
  /** Of the pages and the HTTP API; empty where they are not served. */
  pages: readonly Listener[] = []
  /** Of the metrics; empty where they are not served. */
  metrics: readonly Listener[] = []
  private readonly parts: ManagedParts
  private made: Management | null = null

  private constructor(parts: ManagedParts) {
    this.parts = parts
  }

  /** Serves what the options want. Rejects with a BrokerError when an address cannot be had and has to be. */
  static async open(parts: ManagedParts, options: BrokerOptions): Promise<Managing> {
    const managing = new Managing(parts)
    const { management, prometheus } = options
    try {
      if (management !== undefined) {
        managing.pages = await managing.listen('management', management, (socket) =>
          managing.server.accept(socket),
        )
      }
      if (prometheus !== undefined) {
        managing.metrics = await managing.listen('prometheus', prometheus, (socket) =>
          managing.server.acceptScraper(socket),
        )
      }
      return managing
    } catch (error) {
      await managing.close()
      throw error
    }
  }

  /** Answers who has been let in already. */
  answerOperator(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.server.answerOperator(request, response)
  }

  /** Lets go of everything; resolves when no connection is left. */
  async close(): Promise<void> {
    this.made?.close()
    await Promise.all([...this.pages, ...this.metrics].map((listener) => listener.close()))
  }

  /** Made when somebody listens, or an operator asks: a broker without it samples nothing. */
  private get server(): Management {
    const { services, administration, directory, listening } = this.parts
    this.made ??= new Management(
      managedBroker(services, administration, directory, () => [
        ...listening.plain.map(shown('amqp', false)),
        ...listening.tls.map(shown('amqp/ssl', true)),
        ...this.pages.map(shown('http', false)),
        ...this.metrics.map(shown('http/prometheus', false)),
      ]),
    )
    return this.made
  }

  private async listen(
    name: 'management' | 'prometheus',
    options: ManagementOptions,
    take: (socket: Socket) => void,
  ): Promise<readonly Listener[]> {
    const { log } = this.parts.services
    const address: Address = addressIn(name, options)
    void this.server // samples from now on
    try {
      const listeners = await listen(log, address, take)
      log.info(`${WORDS[name]}: HTTP (non-TLS) listener started on port ${listeners[0]?.port}`)
      return listeners
    } catch (error) {
      if (!options.isOptional || !(error instanceof BrokerError)) throw error
      log.error(`the ${NAMES[name]} not served: ${error.message}`)
      return []
    }
  }
}

/** RabbitMQ's, which tools wait for. */
const WORDS = { management: 'Management plugin', prometheus: 'Prometheus metrics' }
const NAMES = { management: 'management is', prometheus: 'metrics are' }

interface ManagedParts {
  readonly services: Services
  readonly administration: Administration
  readonly listening: Listening
  /** The data directory, or any other on the same disk. */
  readonly directory: string
}

function shown(protocol: string, isTls: boolean): (listener: Listener) => ManagedListener {
  return ({ host, port }) => ({ protocol, host, port, isTls })
}
