import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Administration } from './administration.ts'
import {
  BrokerError,
  type BrokerOptions,
  type ManagementOptions,
  type ManagementTlsOptions,
} from './broker-options.ts'
import { addressIn, type Listening, listen, tlsAcceptor } from './listening.ts'
import type { ManagedListener } from './management/managed-broker.ts'
import { Management } from './management/server.ts'
import { managedBroker } from './management-host.ts'
import type { Services } from './protocol/services.ts'
import type { Listener } from './server/listener.ts'
import type { TlsAcceptor } from './server/tls-acceptor.ts'

/** The management of a running broker, and where it and the metrics are served. */
export class Managing {
  private readonly parts: ManagedParts
  private readonly options: BrokerOptions
  private readonly served: Served[] = []
  private made: Management | null = null

  private constructor(parts: ManagedParts, options: BrokerOptions) {
    this.parts = parts
    this.options = options
  }

  /** Serves what the options want. Rejects with a BrokerError when an address cannot be had and has to be. */
  static async open(parts: ManagedParts, options: BrokerOptions): Promise<Managing> {
    const managing = new Managing(parts, options)
    try {
      for (const place of PLACES) {
        const wanted = options[place.option]
        if (wanted !== undefined) await managing.serve(place, wanted)
      }
      return managing
    } catch (error) {
      await managing.close()
      throw error
    }
  }

  /** Empty where it is not served. */
  listenersOf(protocol: WebProtocol): readonly Listener[] {
    return this.served.find((one) => one.protocol === protocol)?.listeners ?? []
  }

  /** Answers who has been let in already. */
  answerOperator(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.server.answerOperator(request, response)
  }

  /** Lets go of everything; resolves when no connection is left. */
  async close(): Promise<void> {
    this.made?.close()
    for (const { acceptor } of this.served) acceptor?.close()
    const listeners = this.served.flatMap((one) => one.listeners)
    await Promise.all(listeners.map((listener) => listener.close()))
  }

  /** Made when somebody listens, or an operator asks: a broker without it samples nothing. */
  private get server(): Management {
    const { services, administration } = this.parts
    const { dataDir = '.', process } = this.options
    this.made ??= new Management(
      managedBroker(services, administration, dataDir, () => this.listeners(), process),
    )
    return this.made
  }

  private listeners(): readonly ManagedListener[] {
    const { listening } = this.parts
    return [
      ...listening.plain.map(shown('amqp', null)),
      ...listening.tls.map(shown('amqp/ssl', this.options.amqps ?? null)),
      ...this.served.flatMap(({ protocol, tls, listeners }) => listeners.map(shown(protocol, tls))),
    ]
  }

  private async serve(
    { protocol, option, words }: Place,
    options: ManagementOptions | ManagementTlsOptions,
  ): Promise<void> {
    const { services } = this.parts
    const { log } = services
    const address = addressIn(option, options)
    const { server } = this // samples from now on
    const isScraped = protocol.endsWith('/prometheus')
    const take = (socket: Socket) =>
      isScraped ? server.acceptScraper(socket) : server.accept(socket)
    const tls = 'cert' in options ? options : null
    const acceptor = tls === null ? null : tlsAcceptor(services, tls, take)
    try {
      const accept = acceptor === null ? take : (socket: Socket) => acceptor.take(socket)
      const listeners = await listen(log, address, accept)
      this.served.push({ protocol, tls, listeners, acceptor })
      const form = tls === null ? 'HTTP (non-TLS)' : 'HTTPS'
      log.info(`${words}: ${form} listener started on port ${listeners[0]?.port}`)
    } catch (error) {
      acceptor?.close()
      if (!options.isOptional || !(error instanceof BrokerError)) throw error
      log.error(`the ${isScraped ? 'metrics are' : 'management is'} not served: ${error.message}`)
    }
  }
}

/** RabbitMQ's names. */
type WebProtocol = 'http' | 'https' | 'http/prometheus' | 'https/prometheus'

interface Place {
  readonly protocol: WebProtocol
  readonly option: 'management' | 'managementTls' | 'prometheus' | 'prometheusTls'
  /** RabbitMQ's, which tools wait for. */
  readonly words: string
}

const PLACES: readonly Place[] = [
  { protocol: 'http', option: 'management', words: 'Management plugin' },
  { protocol: 'https', option: 'managementTls', words: 'Management plugin' },
  { protocol: 'http/prometheus', option: 'prometheus', words: 'Prometheus metrics' },
  { protocol: 'https/prometheus', option: 'prometheusTls', words: 'Prometheus metrics' },
]

interface Served {
  readonly protocol: WebProtocol
  readonly tls: ManagementTlsOptions | null
  readonly listeners: readonly Listener[]
  readonly acceptor: TlsAcceptor | null
}

interface ManagedParts {
  readonly services: Services
  readonly administration: Administration
  readonly listening: Listening
}

function shown(
  protocol: string,
  tls: ManagedListener['tls'],
): (listener: Listener) => ManagedListener {
  return ({ host, port }) => ({ protocol, host, port, tls })
}
