import type { Administration } from './administration.ts'
import { BrokerError, type ManagementOptions } from './broker-options.ts'
import { type Address, addressIn, type Listening, listen } from './listening.ts'
import type { ManagedListener } from './management/managed-broker.ts'
import { Management } from './management/server.ts'
import { managedBroker } from './management-host.ts'
import type { Services } from './protocol/services.ts'
import type { Listener } from './server/listener.ts'

/** The management of a running broker, and where it is served. */
export class Managing {
  readonly listeners: readonly Listener[]
  private readonly server: Management

  private constructor(server: Management, listeners: readonly Listener[]) {
    this.server = server
    this.listeners = listeners
  }

  /**
   * Serves it as the options want it. Rejects with a BrokerError when the address cannot be had; null when that does not
   * matter.
   */
  static async open(parts: ManagedParts, options: ManagementOptions): Promise<Managing | null> {
    const { services, administration, directory } = parts
    const address: Address = addressIn('management', options)
    let listeners: readonly Listener[] = []
    const server = new Management(
      managedBroker(services, administration, directory, () => [
        ...parts.listening.plain.map(shown('amqp', false)),
        ...parts.listening.tls.map(shown('amqp/ssl', true)),
        ...listeners.map(shown('http', false)),
      ]),
    )
    try {
      listeners = await listen(services.log, address, (socket) => server.accept(socket))
      return new Managing(server, listeners)
    } catch (error) {
      server.close()
      if (!options.isOptional || !(error instanceof BrokerError)) throw error
      services.log.error(`the management is not served: ${error.message}`)
      return null
    }
  }

  /** Lets go of everything; resolves when no connection is left. */
  async close(): Promise<void> {
    this.server.close()
    await Promise.all(this.listeners.map((listener) => listener.close()))
  }
}

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
