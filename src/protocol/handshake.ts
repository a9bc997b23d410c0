import type { User } from '../auth/users.ts'
import { isLoopback } from '../common/address.ts'
import { type Table, textOf } from '../common/table.ts'
import type { Vhost } from '../core/vhost.ts'
import {
  CONNECTION_OPEN,
  CONNECTION_START_OK,
  CONNECTION_TUNE,
  CONNECTION_TUNE_OK,
  type ConnectionOpen,
  type ConnectionStartOk,
  type ConnectionTuneOk,
  type Method,
  writeConnectionOpenOk,
  writeConnectionTune,
} from '../wire/methods.ts'
import type { Output } from '../wire/output.ts'
import { assertMayConnect } from './connection-limits.ts'
import type { ConnectionLog } from './connection-log.ts'
import { ConnectionError } from './errors.ts'
import { offeredMechanisms, readCredentials } from './sasl.ts'
import type { Services } from './services.ts'
import type { Endpoints } from './transport.ts'

/** What client and server have agreed on when the connection is open. */
export interface Session {
  readonly user: User
  readonly vhost: Vhost
  readonly clientProperties: Table
  readonly endpoints: Endpoints
  /** With which the client has logged in. */
  readonly mechanism: string
  /** When it was opened, in milliseconds since 1970. */
  readonly openedAtMs: number
  /** Largest frame the client takes, in bytes. */
  readonly frameMax: number
  /** Channels that may be open at a time; 0 for no limit. */
  readonly channelMax: number
  /** 0 for no heartbeats. */
  readonly heartbeatSeconds: number
  /** The client wants to hear of it when a queue is deleted under its consumer. */
  readonly notifiesCancel: boolean
  /** The client wants to hear of it when it is not read from because the broker is short of something. */
  readonly notifiesBlocked: boolean
}

/**
 * From connection.start to connection.open-ok (AMQP 0-9-1 section 2.2.4): who the client is, what both sides can
 * do, and the vhost it wants. Every step throws a ConnectionError when it fails.
 */
export class Handshake {
  private readonly services: Services
  private readonly endpoints: Endpoints
  private readonly output: Output
  private readonly log: ConnectionLog
  private readonly mechanisms: readonly string[]
  /** In RabbitMQ's words, which errors and the log use. */
  state: 'starting' | 'tuning' | 'opening' = 'starting'
  /** Who has logged in. */
  user: User | null = null
  /** Whom the client says it is; empty as long as it has not said so. */
  claimedUser = ''
  private clientProperties: Table = new Map()
  private mechanism = ''
  private tuned: ConnectionTuneOk = { channelMax: 0, frameMax: 0, heartbeat: 0 }

  constructor(services: Services, endpoints: Endpoints, output: Output, log: ConnectionLog) {
    this.services = services
    this.endpoints = endpoints
    this.output = output
    this.log = log
    const { mechanisms, anonymousLogin } = services.settings
    this.mechanisms = offeredMechanisms(mechanisms, endpoints, anonymousLogin)
  }

  start(): void {
    const { settings, parameters } = this.services
    const { startFrames, nodeName } = settings
    this.output.append(startFrames.offering(this.mechanisms, parameters.clusterName ?? nodeName))
  }

  /** Takes the client's next method; the session when the connection is open with it. */
  onMethod(method: Method): Session | null {
    if (method.id === CONNECTION_START_OK && this.state === 'starting') this.onStartOk(method)
    else if (method.id === CONNECTION_TUNE_OK && this.state === 'tuning') this.onTuneOk(method)
    else if (method.id === CONNECTION_OPEN && this.state === 'opening') return this.onOpen(method)
    else {
      const text = `unexpected method in connection state ${this.state}`
      throw new ConnectionError(504, text, method.id)
    }
    return null
  }

  /** Whether the client takes a connection.close that says why its login failed. */
  get explainsLoginFailure(): boolean {
    return hasCapability(this.clientProperties, 'authentication_failure_close')
  }

  private onStartOk(method: ConnectionStartOk): void {
    this.clientProperties = method.clientProperties
    const name = textOf(method.clientProperties.get('connection_name'))
    if (name !== null) this.log.named(name)
    this.mechanism = method.mechanism
    this.user = this.authenticate(method.mechanism, method.response)
    const { channelMax, frameMax, heartbeatSeconds } = this.services.settings
    writeConnectionTune(this.output, 0, { channelMax, frameMax, heartbeat: heartbeatSeconds })
    this.state = 'tuning'
  }

  /** Counts who is let in and who is not. */
  private authenticate(mechanism: string, response: Buffer): User {
    if (!this.mechanisms.includes(mechanism)) {
      throw new LoginError(`unknown authentication mechanism '${mechanism}'`, 503)
    }
    const { authAttempts } = this.services
    const { peerHost } = this.endpoints
    try {
      const user = this.logIn(mechanism, response)
      authAttempts.count('amqp091', peerHost, user.name, true)
      return user
    } catch (error) {
      authAttempts.count('amqp091', peerHost, this.claimedUser, false)
      throw error
    }
  }

  private logIn(mechanism: string, response: Buffer): User {
    const credentials = this.credentialsOf(mechanism, response)
    if (credentials === null) throw new LoginError(`response of ${mechanism} is invalid`, 502)
    const { users, settings } = this.services
    const { user: name, password } = credentials
    this.claimedUser = name
    const user = password === null ? users.get(name) : users.authenticate(name, password)
    if (user === null) throw refusal(mechanism, refusalReason(name, password))
    if (settings.loopbackUsers.has(name) && !isLoopback(this.endpoints.peerHost)) {
      throw refusal(mechanism, `user '${name}' can only connect via localhost`)
    }
    this.log.authenticated(name)
    return user
  }

  private credentialsOf(mechanism: string, response: Buffer) {
    switch (mechanism) {
      case 'EXTERNAL':
        return this.certified()
      case 'ANONYMOUS':
        return this.services.settings.anonymousLogin
      default:
        return readCredentials(mechanism, response)
    }
  }

  /** Whom the client's certificate names; it needs no password. */
  private certified(): { readonly user: string; readonly password: null } {
    const peer = this.endpoints.tls?.peer ?? null
    if (peer === null) {
      throw refusal('EXTERNAL', 'connection peer presented no TLS (x.509) certificate')
    }
    if (peer.name === null) throw refusal('EXTERNAL', 'no name found')
    return { user: peer.name, password: null }
  }

  private onTuneOk(method: ConnectionTuneOk): void {
    const { settings } = this.services
    assertNegotiated('channel_max', method.channelMax, settings.channelMax)
    assertNegotiated('frame_max', method.frameMax, settings.frameMax)
    if (method.frameMax < settings.compat.minFrameMax) {
      const text =
        `negotiated frame_max = ${method.frameMax} is lower than the minimum allowed value ` +
        `(${settings.compat.minFrameMax})`
      throw new ConnectionError(530, text, CONNECTION_TUNE)
    }
    this.tuned = method
    this.state = 'opening'
  }

  private onOpen(method: ConnectionOpen): Session {
    const { user } = this
    const vhost = this.services.vhosts.get(method.virtualHost)
    if (vhost === undefined || user === null) {
      throw new ConnectionError(530, `vhost ${method.virtualHost} not found`, CONNECTION_OPEN)
    }
    const isGone = this.services.users.get(user.name) !== user
    if (isGone || !user.permissions.has(vhost.name)) {
      const text = `access to vhost '${vhost.name}' refused for user '${user.name}'`
      throw new ConnectionError(530, text, CONNECTION_OPEN)
    }
    assertMayConnect(this.services, user, vhost)
    writeConnectionOpenOk(this.output, 0)
    const { clientProperties, endpoints, mechanism, tuned } = this
    return {
      user,
      vhost,
      clientProperties,
      endpoints,
      mechanism,
      openedAtMs: this.services.clock.wallTime(),
      frameMax: tuned.frameMax,
      channelMax: tuned.channelMax,
      heartbeatSeconds: tuned.heartbeat,
      notifiesCancel: hasCapability(clientProperties, 'consumer_cancel_notify'),
      notifiesBlocked: hasCapability(clientProperties, 'connection.blocked'),
    }
  }
}

/** The login failed. The peer may be anyone: it is told why only if it said that it takes that. */
export class LoginError extends ConnectionError {
  /** For the log: what the peer is not told. */
  readonly reason: string

  constructor(text: string, code: number, reason = text) {
    super(code, text, 0)
    this.name = 'LoginError'
    this.reason = reason
  }
}

/** The peer is told less than the log. */
function refusal(mechanism: string, reason: string): LoginError {
  const text =
    `Login was refused using authentication mechanism ${mechanism}. ` +
    'For details see the broker logfile.'
  return new LoginError(text, 403, `${mechanism} login refused: ${reason}`)
}

function refusalReason(name: string, password: string | null): string {
  return password === ''
    ? `user '${name}' attempted to log in with a blank password, which is prohibited`
    : `user '${name}' - invalid credentials`
}

function hasCapability(clientProperties: Table, name: string): boolean {
  const capabilities = clientProperties.get('capabilities')
  if (capabilities?.type !== 'table') return false
  const capability = capabilities.value.get(name)
  return capability?.type === 'bool' && capability.value
}

/** The client may not ask for more than the server allows; 0 stands for no limit on either side. */
function assertNegotiated(name: string, asked: number, allowed: number): void {
  if (allowed === 0 || (asked !== 0 && asked <= allowed)) return
  const shown = asked === 0 ? '0 (no limit)' : asked
  const text = `negotiated ${name} = ${shown} is higher than the maximum allowed value (${allowed})`
  throw new ConnectionError(530, text, CONNECTION_TUNE)
}
