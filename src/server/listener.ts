import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A socket that accepts connections on one address. */
export class Listener {
  readonly host: string
  readonly port: number
  private readonly server: Server

  private constructor(server: Server, address: AddressInfo) {
    this.server = server
    this.host = address.address
    this.port = address.port
  }

  /**
   * Begins to listen; port 0 takes any that is free. Rejects with Node's error when the address cannot be had. Later
   * errors, of accepting one connection, go to `fail` and end nothing.
   */
  static open(
    host: string,
    port: number,
    accept: (socket: Socket) => void,
    fail: (error: Error) => void,
  ): Promise<Listener> {
    const server = createServer({ noDelay: true }, accept)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port, backlog: BACKLOG }, () => {
        server.off('error', reject)
        server.on('error', fail)
        const address = server.address()
        if (address !== null && typeof address !== 'string') resolve(new Listener(server, address))
      })
    })
  }

  /** Accepts no more; resolves when every connection it has accepted is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve())
    })
  }
}

/** Connections that the system holds while the broker is busy. */
const BACKLOG = 1024
