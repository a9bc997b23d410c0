import type { Socket } from 'node:net'
import { plainAddress } from '../common/address.ts'
import type { Endpoints, TlsSession, Transport, TransportHandler } from '../protocol/transport.ts'
import type { Batch, BlockPool } from '../wire/output.ts'

/** Carries one connection over a TCP or TLS socket. */
export class SocketTransport implements Transport {
  readonly endpoints: Endpoints
  private readonly socket: Socket
  private readonly blocks: BlockPool
  private handler: TransportHandler | null = null
  private error: Error | null = null

  /** `tls` is what TLS has agreed on, if it is a TLS socket. */
  constructor(socket: Socket, blocks: BlockPool, tls?: TlsSession) {
    this.socket = socket
    this.blocks = blocks
    this.endpoints = {
      peerHost: plainAddress(socket.remoteAddress),
      peerPort: socket.remotePort ?? 0,
      host: plainAddress(socket.localAddress),
      port: socket.localPort ?? 0,
      ...(tls === undefined ? {} : { tls }),
    }
    socket.setNoDelay(true) // with Nagle's algorithm on, a confirm waits for the client's delayed ACK
  }

  /** Begins to tell the handler what comes. */
  attach(handler: TransportHandler): void {
    this.handler = handler
    this.socket.on('data', (chunk: Buffer) => handler.receive(chunk))
    // the end of the client's half is the end, as in RabbitMQ: one that does not read would never take our half
    this.socket.on('end', () => this.socket.destroy())
    this.socket.on('error', (error) => {
      this.error = error
    })
    this.socket.on('close', () => handler.closed(this.error))
  }

  get unsentSize(): number {
    return this.socket.writableLength
  }

  send(batch: Batch): void {
    const { socket } = this
    if (!socket.writable) return
    let isTaken = false
    const sent = () => {
      if (!isTaken) this.blocks.giveBack(batch.blocks)
      if (socket.writableLength === 0) this.handler?.drained()
    }
    const last = batch.pieces.length - 1
    if (last > 0) socket.cork()
    batch.pieces.forEach((piece, i) => {
      if (i < last) socket.write(piece)
      else socket.write(piece, sent)
    })
    if (last > 0) socket.uncork()
    if (socket.writableLength > 0) return
    isTaken = true // by the system, at once, as mostly: the next connection of this turn can have the blocks
    this.blocks.giveBack(batch.blocks)
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  end(): void {
    this.socket.end()
  }

  destroy(): void {
    this.socket.destroy()
  }
}
