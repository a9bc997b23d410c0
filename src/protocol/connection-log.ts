import type { Clock } from '../common/clock.ts'
import type { Logger } from '../common/log.ts'
import { METHODS } from '../wire/methods.ts'
import { REPLY_NAMES } from './errors.ts'
import { connectionName, type Session } from './handshake.ts'
import type { Endpoints } from './transport.ts'

/** What the log says about one connection, in RabbitMQ's words: tools look for some of these lines. */
export class ConnectionLog {
  private readonly log: Logger
  private readonly clock: Clock
  private readonly startMs: number
  private title: string // `peer -> server`, and the client's own name for it
  private access = '' // vhost and user

  constructor(log: Logger, clock: Clock, endpoints: Endpoints) {
    this.log = log
    this.clock = clock
    this.startMs = clock.now()
    const { peerHost, peerPort, host, port } = endpoints
    this.title = `${peerHost}:${peerPort} -> ${host}:${port}`
  }

  accepted(): void {
    this.log.info(`accepting AMQP connection ${this.title}`)
  }

  opened({ user, vhost, clientProperties }: Session): void {
    const name = connectionName(clientProperties)
    if (name !== null) {
      this.log.info(`connection ${this.title} has a client-provided name: ${name}`)
      this.title += ` - ${name}`
    }
    this.access = `, vhost: '${vhost.name}', user: '${user.name}'`
    this.log.info(
      `connection ${this.title}: user '${user.name}' authenticated and granted access to vhost '${vhost.name}'`,
    )
  }

  loginRefused(reason: string): void {
    this.log.error(`Error on AMQP connection (${this.title}, state: starting): ${reason}`)
  }

  connectionError(code: number, text: string, methodId: number, state: string): void {
    if (code === 320) {
      this.log.warn(`Closing AMQP connection (${this.title}${this.access}): ${text}`)
      return
    }
    this.log.error(
      `Error on AMQP connection (${this.title}${this.access}, state: ${state}): ` +
        `operation ${operation(methodId)} caused a connection exception ${errorName(code)}: "${text}"`,
    )
  }

  channelError(channel: number, methodId: number, code: number, text: string): void {
    this.log.error(
      `Channel error on connection (${this.title}${this.access}), channel ${channel}: ` +
        `operation ${operation(methodId)} caused a channel exception ${errorName(code)}: ${text}`,
    )
  }

  handshakeTimedOut(): void {
    this.log.error(`closing AMQP connection (${this.title}): handshake timeout`)
  }

  heartbeatMissed(seconds: number): void {
    this.log.error(
      `closing AMQP connection (${this.title}${this.access}): ` +
        `missed heartbeats from client, timeout: ${seconds}s`,
    )
  }

  /** The client has gone without saying so. */
  lost(error: Error | null): void {
    const cause = error === null ? 'client unexpectedly closed TCP connection' : error.message
    this.log.warn(
      `closing AMQP connection (${this.title}${this.access}, duration: '${this.duration()}'): ${cause}`,
    )
  }

  closed(): void {
    const line = `closing AMQP connection (${this.title}${this.access}, duration: '${this.duration()}')`
    if (this.access === '') this.log.debug(line)
    else this.log.info(line)
  }

  private duration(): string {
    const ms = Math.round(this.clock.now() - this.startMs)
    if (ms < 1000) return `${ms}ms`
    const seconds = Math.floor(ms / 1000)
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}M, ${seconds % 60}s`
  }
}

function operation(methodId: number): string {
  return METHODS.get(methodId)?.name ?? 'none'
}

function errorName(code: number): string {
  return (REPLY_NAMES.get(code) ?? `${code}`).toLowerCase()
}
