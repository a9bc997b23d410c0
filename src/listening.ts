import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import {
  type AmqpOptions,
  type AmqpsOptions,
  assertBounds,
  BrokerError,
  type BrokerOptions,
} from './broker-options.ts'
import type { Logger } from './common/log.ts'
import { Connection } from './protocol/connection.ts'
import type { Services } from './protocol/services.ts'
import type { TlsSession } from './protocol/transport.ts'
import type { Listener } from './server/listener.ts'
import { codeOf, openListeners } from './server/listeners.ts'
import { SocketTransport } from './server/socket-transport.ts'
import { TlsAcceptor } from './server/tls-acceptor.ts'
import type { TlsOptions } from './server/tls-files.ts'
import { sessionOf } from './server/tls-session.ts'

/** Where to listen: some hosts with one port. */
export interface Address {
  readonly hosts: readonly string[]
  readonly port: number
}

/** Where the options want AMQP, without TLS and with it. Throws INVALID_OPTION. */
export function addressesOf({ amqp = {}, amqps }: BrokerOptions): Addresses {
  return {
    plain: addressesIn('amqp', amqp),
    tls: amqps === undefined ? [] : addressesIn('amqps', amqps),
  }
}

export interface Addresses {
  readonly plain: readonly Address[]
  readonly tls: readonly Address[]
}

/** One address of all the hosts. Throws INVALID_OPTION. */
export function addressIn(
  name: string,
  { host = ['127.0.0.1', '::1'], port = 0 }: Pick<AmqpOptions, 'host' | 'port'>,
): Address {
  assertBounds(`${name}.port`, port, 0, 65_535)
  const hosts = typeof host === 'string' ? [host] : host
  // to Node, an empty address is all of them: not what anyone meant who left it empty
  if (hosts.length === 0 || hosts.includes('')) {
    throw new BrokerError('INVALID_OPTION', `${name}.host names no address`)
  }
  return { hosts, port }
}

function addressesIn(name: string, options: AmqpOptions): readonly Address[] {
  const { hosts, port } = addressIn(name, options)
  const { listeners } = options
  if (listeners === undefined) return [{ hosts, port }]
  return listeners.map((listener) => {
    assertBounds(`${name}.listeners.port`, listener.port, 0, 65_535)
    return { hosts: listener.host === undefined ? hosts : [listener.host], port: listener.port }
  })
}

/** All that a broker listens with. */
export class Listening {
  readonly plain: readonly Listener[]
  readonly tls: readonly Listener[]
  private readonly acceptor: TlsAcceptor | null

  private constructor(
    plain: readonly Listener[],
    tls: readonly Listener[],
    acceptor: TlsAcceptor | null,
  ) {
    this.plain = plain
    this.tls = tls
    this.acceptor = acceptor
  }

  /** Rejects with a BrokerError when one address cannot be had; then none is kept. */
  static async open(
    services: Services,
    addresses: Addresses,
    amqps: AmqpsOptions | undefined,
  ): Promise<Listening> {
    const acceptor = amqps === undefined ? null : amqpsAcceptor(services, amqps)
    services.log.info('Ready to start client connection listeners')
    const plain: Listener[] = []
    const tls: Listener[] = []
    const listening = new Listening(plain, tls, acceptor)
    try {
      for (const address of addresses.plain) {
        plain.push(...(await listen(services.log, address, (socket) => accept(services, socket))))
      }
      tell(services, 'TCP', plain)
      if (acceptor === null) return listening
      for (const address of addresses.tls) {
        tls.push(...(await listen(services.log, address, (socket) => acceptor.take(socket))))
      }
      tell(services, 'TLS (SSL)', tls)
      return listening
    } catch (error) {
      for (const connection of services.connections) connection.destroy() // closing waits for them
      await listening.close()
      throw error
    }
  }

  /** Accepts no more; resolves when every connection is gone. */
  async close(): Promise<void> {
    this.acceptor?.close()
    await Promise.all([...this.plain, ...this.tls].map((listener) => listener.close()))
  }
}

/** In RabbitMQ's words: test tools wait for these lines. */
function tell({ log }: Services, protocol: string, listeners: readonly Listener[]): void {
  for (const { host, port } of listeners) {
    const shown = host.includes(':') ? `[${host}]` : host
    log.info(`started ${protocol} listener on ${shown}:${port}`)
  }
}

function amqpsAcceptor(services: Services, amqps: AmqpsOptions): TlsAcceptor {
  const { loginFrom = { field: 'distinguished_name' } } = amqps
  return tlsAcceptor(services, amqps, (socket) =>
    accept(services, socket, sessionOf(socket, loginFrom)),
  )
}

/** Hands over those who have shown what is asked of them. Throws a BrokerError for files that are of no use. */
export function tlsAcceptor(
  { log, settings: { handshakeTimeoutMs } }: Services,
  options: TlsOptions,
  take: (socket: TLSSocket) => void,
): TlsAcceptor {
  try {
    return new TlsAcceptor(options, { handshakeTimeoutMs, log, accept: take })
  } catch (error) {
    throw cannotSpeakTls(error, options)
  }
}

function cannotSpeakTls(error: unknown, { cert, key }: TlsOptions): BrokerError {
  const reason = error instanceof Error ? error.message : String(error)
  const message =
    cert === '' || key === ''
      ? `cannot speak TLS without a ${cert === '' ? 'certificate' : 'private key'}`
      : `cannot speak TLS with the certificate in ${cert}: ${reason}`
  return new BrokerError('TLS_INVALID', message, { cause: error })
}

/** Rejects with a BrokerError when the address cannot be had. */
export async function listen(
  log: Logger,
  { hosts, port }: Address,
  accept: (socket: Socket) => void,
): Promise<readonly Listener[]> {
  try {
    return await openListeners(hosts, port, accept, (error) =>
      log.error(`cannot accept a connection: ${error.message}`),
    )
  } catch (error) {
    throw cannotListen(error, hosts, port)
  }
}

function accept(services: Services, socket: Socket, tls?: TlsSession): void {
  const transport = new SocketTransport(socket, services.blocks, tls)
  const connection = new Connection(services, transport)
  services.connections.add(connection)
  transport.attach(connection)
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
