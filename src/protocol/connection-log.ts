import type { Clock } from '../common/clock.ts'
import { type Logger, PROCESS } from '../common/log.ts'
import { METHODS } from '../wire/methods.ts'
import { REPLY_NAMES } from './errors.ts'
import type { Session } from './handshake.ts'
import { type Endpoints, nameOf } from './transport.ts'

/** What the log says about one connection, in RabbitMQ's words: tools look for some of these lines. */
export class ConnectionLog {
  private readonly log: Logger
  private readonly clock: Clock
  private readonly startMs: number
  private title: string // `peer -> server`, and the client's own name for it
  private access = '' // vhost and user
  private isAccepted = false // the client has sent a protocol header
  private deprecatedLogged: Set<DeprecatedFeature> | null = null

  constructor(log: Logger, clock: Clock, endpoints: Endpoints) {
    this.log = log
    this.clock = clock
    this.startMs = clock.now()
    this.title = nameOf(endpoints)
  }

  accepted(): void {
    this.isAccepted = true
    this.log.info(`accepting AMQP connection ${this.title}`)
  }

  /** The client calls its connection by this name. */
  named(name: string): void {
    this.log.info(`connection ${this.title} has a client-provided name: ${name}`)
    this.title += ` - ${name}`
  }

  authenticated(user: string): void {
    this.log.info(`User '${user}' authenticated successfully`)
  }

  opened({ user, vhost }: Session): void {
    this.access = `, vhost: '${vhost.name}', user: '${user.name}'`
    this.log.info(
      `connection ${this.title}: user '${user.name}' authenticated and granted access to vhost '${vhost.name}'`,
    )
  }

  /** An error before the connection was open; `user` is who has logged in by then. */
  handshakeError(text: string, user: string | null, state: string): void {
    const login = user === null ? '' : `, user: '${user}'`
    this.log.error(
      `Error on AMQP connection ${PROCESS} (${this.title}${login}, state: ${state}):\n${text}`,
    )
  }

  /** An error of an open connection; `channel` is where it happened, if it was on one. */
  connectionError(code: number, text: string, methodId: number, channel: number | null): void {
    if (code === 320) {
      this.log.warn(`Closing AMQP connection ${PROCESS} (${this.title}${this.access}): ${text}`)
      return
    }
    this.log.error(
      `Error on AMQP connection ${PROCESS} (${this.title}${this.access}, state: running), ` +
        `channel ${channel ?? 0}:\n ` +
        `operation ${operation(methodId)} caused a connection exception ${errorName(code)}: "${text}"`,
    )
  }

  channelError(channel: number, methodId: number, code: number, text: string): void {
    this.log.error(
      `Channel error on connection ${PROCESS} (${this.title}${this.access}), channel ${channel}:\n` +
        `operation ${operation(methodId)} caused a channel exception ${errorName(code)}: ${text}`,
    )
  }

  /** The client uses what a newer RabbitMQ denies, or this one takes for something else; said once for each feature. */
  deprecated(feature: DeprecatedFeature, isPermitted: boolean): void {
    if (this.deprecatedLogged?.has(feature)) return
    this.deprecatedLogged ??= new Set()
    this.deprecatedLogged.add(feature)
    this.log.warn(
      `Deprecated features: \`${feature}\`: Feature \`${feature}\` is deprecated. ` +
        (isPermitted
          ? 'It can still be used for now; RabbitMQ 4.3 does not permit it. '
          : 'It is not permitted any more and has no effect. ') +
        `Used by connection ${this.title}${this.access}`,
    )
  }

  handshakeTimedOut(): void {
    this.log.error(
      `closing AMQP connection ${PROCESS} (${this.title}, duration: '${this.duration()}'):\n` +
        '{handshake_timeout,handshake}',
    )
  }

  heartbeatMissed(seconds: number): void {
    this.log.error(
      `closing AMQP connection ${PROCESS} (${this.title}, duration: '${this.duration()}'):\n` +
        `missed heartbeats from client, timeout: ${seconds}s`,
    )
  }

  /** The client has gone without saying so. */
  lost(error: Error | null): void {
    const cause = error === null ? 'client unexpectedly closed TCP connection' : error.message
    this.log.warn(
      `closing AMQP connection ${PROCESS} (${this.title}${this.access}, duration: '${this.duration()}'):\n${cause}`,
    )
  }

  closed(): void {
    const line = `closing AMQP connection (${this.title}${this.access}, duration: '${this.duration()}')`
    if (this.isAccepted) this.log.info(line)
    else this.log.debug(line) // a port that was only probed is not worth a line
  }

  private duration(): string {
    const ms = Math.round(this.clock.now() - this.startMs)
    if (ms < 1000) return `${ms}ms`
    const seconds = Math.floor(ms / 1000)
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}M, ${seconds % 60}s`
  }
}

/** RabbitMQ's names of features, where it has one. */
export type DeprecatedFeature =
  | 'transient_nonexcl_queues'
  | 'global_qos'
  | 'queue_master_locator'
  | 'frame_max_below_8192'
  | 'topic_bindings_with_many_wildcards'

function operation(methodId: number): string {
  return METHODS.get(methodId)?.name ?? 'none'
}

function errorName(code: number): string {
  return (REPLY_NAMES.get(code) ?? `${code}`).toLowerCase()
}
