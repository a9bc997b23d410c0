import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'

/**
 * A socket in a data directory that only its owner can open. It speaks HTTP and asks for no password: who can open it could
 * read and change the data anyway.
 */
export class ControlSocket {
  private readonly server: Server

  private constructor(server: Server) {
    this.server = server
  }

  /** Null, after a warning, where the system has no place for it: its path is too long, or the disk takes no sockets. */
  static async open(
    directory: string,
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
    warn: (problem: string) => void,
  ): Promise<ControlSocket | null> {
    const path = join(directory, SOCKET_NAME)
    const server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => {
        warn(`a command failed: ${reasonOf(error)}`)
        if (!response.headersSent) response.writeHead(500)
        response.end(JSON.stringify({ error: 'failed', reason: reasonOf(error) }))
      })
    })
    try {
      await rm(path, { force: true }) // of a process that was killed; the directory is ours now
      const umask = process.umask(0o177)
      server.listen(path)
      process.umask(umask)
      await once(server, 'listening')
      await chmod(path, 0o600)
    } catch (error) {
      warn(`commands cannot reach the broker through ${path}: ${reasonOf(error)}`)
      return null
    }
    return new ControlSocket(server)
  }

  close(): void {
    this.server.close()
    this.server.closeAllConnections()
  }
}

export const SOCKET_NAME = 'control.sock'

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
