import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Logger } from '../common/log.ts'
import { readTlsFiles, type TlsOptions, watchTlsFiles } from './tls-files.ts'
import { peerError } from './tls-session.ts'

/** What a TLS acceptor needs to know beside its files. */
export interface TlsAcceptorHost {
  readonly handshakeTimeoutMs: number
  readonly log: Logger
  /** A client has shown what was asked of it. */
  accept(socket: TLSSocket): void
}

/**
 * Leads clients through the TLS handshake. Only a few begin in each turn, once they have said something: each costs the time
 * of thousands of messages, and whoever is connected already is served in between.
 */
export class TlsAcceptor {
  private readonly options: TlsOptions
  private readonly host: TlsAcceptorHost
  private readonly server: Server
  private readonly stopWatching: () => void
  /** Those who are not in a handshake yet. */
  private readonly silent = new Set<Socket>()
  private readonly waiting = new Set<Socket>()
  /** Those who are in one, by where they are: TLS puts a socket of its own in the place of theirs. */
  private readonly handshaking = new Map<string, Socket>()

  /** Throws an Error when the files are of no use. */
  constructor(options: TlsOptions, host: TlsAcceptorHost) {
    this.options = options
    this.host = host
    const { handshakeTimeoutMs, log } = host
    this.server = createServer({
      ...readTlsFiles(options),
      requestCert: options.verifiesPeer ?? false,
      rejectUnauthorized: false, // what is wrong with a certificate is to be logged
      handshakeTimeout: handshakeTimeoutMs,
    })
    this.server.on('secureConnection', (socket) => this.onSecure(socket))
    this.server.on('tlsClientError', (error, socket) => {
      log.warn(
        `TLS handshake with ${socket.remoteAddress ?? 'a client'} failed: ${error.message.trim()}`,
      )
      socket.destroy()
    })
    this.stopWatching = watchTlsFiles(options, log, (settings) => {
      this.server.setSecureContext(settings)
    })
  }

  take(socket: Socket): void {
    const place = placeOf(socket)
    this.silent.add(socket)
    socket.on('error', ignore) // the handshake has its own way to tell
    socket.setTimeout(this.host.handshakeTimeoutMs, () => socket.destroy())
    socket.once('close', () => {
      this.silent.delete(socket)
      this.waiting.delete(socket)
      this.handshaking.delete(place)
    })
    socket.once('readable', () => {
      this.silent.delete(socket)
      if (this.waiting.size === 0) setImmediate(() => this.beginSome())
      this.waiting.add(socket)
    })
  }

  /** Reads no files any more. Whom nobody has been handed yet is hung up on. */
  close(): void {
    this.stopWatching()
    const { silent, waiting, handshaking } = this
    for (const socket of [...silent, ...waiting, ...handshaking.values()]) socket.destroy()
  }

  private beginSome(): void {
    let count = 0
    for (const socket of this.waiting) {
      if (++count > HANDSHAKES_PER_TURN) break
      this.waiting.delete(socket)
      socket.setTimeout(0)
      this.handshaking.set(placeOf(socket), socket)
      this.server.emit('connection', socket)
    }
    if (this.waiting.size > 0) setImmediate(() => this.beginSome())
  }

  private onSecure(socket: TLSSocket): void {
    this.handshaking.delete(placeOf(socket))
    const error = peerError(socket, this.options)
    if (error === null) this.host.accept(socket)
    else {
      this.host.log.warn(`TLS client ${socket.remoteAddress ?? ''} is refused: ${error}`)
      socket.on('error', ignore)
      socket.destroy()
    }
  }
}

const HANDSHAKES_PER_TURN = 4

/** The other end of a connection, which no other connection has as long as it lasts. */
function placeOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}

function ignore(): void {}
