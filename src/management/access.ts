import type { Socket } from 'node:net'
import type { User } from '../auth/users.ts'
import { isLoopback, plainAddress } from '../common/address.ts'
import type { Vhost } from '../core/vhost.ts'
import type { Call } from './call.ts'
import {
  HttpError,
  notAuthenticated,
  notAuthorised,
  notFound,
  objectNotFound,
} from './http-error.ts'
import type { ManagedBroker, ManagedSession } from './managed-broker.ts'

/** Who may ask for a route: everybody, or who has a tag that stands for as much (RabbitMQ documentation, management). */
export type Access = 'open' | 'management' | 'monitoring' | 'policymaker' | 'administrator'

/** Where a request comes from. */
export interface Peer {
  readonly host: string
  hangUp(): void
}

export function peerOf(socket: Socket): Peer {
  return { host: plainAddress(socket.remoteAddress), hangUp: () => socket.destroy() }
}

/** Rejects with the answer that RabbitMQ gives to who is not who they say, or may not ask for what they ask for. */
export function authenticate(
  broker: ManagedBroker,
  authorization: string | undefined,
  peer: Peer,
  access: Access,
): Promise<User> {
  if (authorization === undefined) {
    broker.log.warn('HTTP access denied: no credentials')
    throw new HttpError(401, null, { 'www-authenticate': REALM })
  }
  return logIn(broker, credentialsIn(authorization), peer, access)
}

/** Rejects with the answer that RabbitMQ gives to a login that fails. */
export async function logIn(
  broker: ManagedBroker,
  { name, password }: Credentials,
  peer: Peer,
  access: Access = 'management',
): Promise<User> {
  const { users, attempts, log } = broker
  const user = users.authenticate(name, password)
  if (user === null) {
    attempts.count('http', peer.host, name, false)
    if ((await broker.refuseLogin(peer.host, name)) === 'cut') peer.hangUp()
    else log.warn(`HTTP access denied: user '${name}' - invalid credentials`)
    throw notAuthenticated()
  }
  const reason = refusalOf(broker, user, peer, access)
  attempts.count('http', peer.host, name, reason === null)
  if (reason === null) return user
  log.warn(`HTTP access denied: user '${name}' - ${reason}`)
  throw notAuthorised(reason)
}

export interface Credentials {
  readonly name: string
  readonly password: string
}

/** Why somebody who has logged in may not ask for something; null when they may. */
function refusalOf(
  { loopbackUsers }: ManagedBroker,
  user: User,
  { host }: Peer,
  access: Access,
): string | null {
  if (loopbackUsers.has(user.name) && !isLoopback(host)) {
    return 'User can only log in via localhost'
  }
  if (!MANAGEMENT_TAGS.some((tag) => user.tags.has(tag))) return 'Not management user'
  switch (access) {
    case 'open':
    case 'management':
      return null
    case 'monitoring':
      return isMonitor(user) ? null : 'Not monitor user'
    case 'policymaker':
      return user.tags.has('policymaker') || isAdministrator(user) ? null : NOT_FOR_USER
    case 'administrator':
      return isAdministrator(user) ? null : 'Not administrator user'
  }
}

const NOT_FOR_USER = 'User not authorised to access object'

export function notForUser(): HttpError {
  return notAuthorised(NOT_FOR_USER)
}

export function isAdministrator(user: User): boolean {
  return user.tags.has('administrator')
}

export function isMonitor(user: User): boolean {
  return isAdministrator(user) || user.tags.has('monitoring')
}

/** The vhost of a route: the user may see what is in it. Throws the answer for one that is not there, or is closed. */
export function visibleVhost({ broker, user, params: { vhost: name = '' } }: Call): Vhost {
  const vhost = broker.vhosts.get(name)
  if (!isVisible(user, name)) throw notFound('Not Found')
  if (vhost === undefined) throw objectNotFound()
  return vhost
}

/** The same, where a monitor may see all of them. Throws the answer for one that is not there, or closed to the user. */
export function knownVhost({ broker, user, params: { vhost: name = '' } }: Call): Vhost {
  const vhost = broker.vhosts.get(name)
  if (!isMonitor(user) && !isVisible(user, name)) throw notFound('Not Found')
  if (vhost === undefined) throw objectNotFound()
  return vhost
}

/** The vhosts that the user may know of: monitors may know of all. */
export function knownVhosts({ vhosts }: ManagedBroker, user: User): Vhost[] {
  return [...vhosts].filter(({ name }) => isMonitor(user) || isVisible(user, name))
}

/** The vhosts whose objects the user may see. */
export function visibleVhosts({ vhosts }: ManagedBroker, user: User): Vhost[] {
  return [...vhosts].filter(({ name }) => isVisible(user, name))
}

/** The vhost of a route that something is to be put into. */
export function vhostToChange({ broker, user, params: { vhost: name = '' } }: Call): Vhost {
  if (!isVisible(user, name)) throw notFound('Not Found')
  const vhost = broker.vhosts.get(name)
  if (vhost === undefined) throw notFound('vhost_not_found')
  return vhost
}

/** Throws the answer to a policymaker who has no business with a vhost, whether it is there or not. */
export function assertMakesPolicyFor(user: User, vhost: string): void {
  if (!isVisible(user, vhost)) throw notForUser()
}

/** Throws the answer to who is to do something as a client of the vhost would, and has no permissions for it. */
export function assertHasPermissions(user: User, vhost: Vhost): void {
  if (!user.permissions.has(vhost.name)) throw notAuthorised('Access refused.')
}

/** What the user may do in a vhost, as over a connection. */
export function sessionIn({ broker, user }: Call, vhost: Vhost): ManagedSession {
  assertHasPermissions(user, vhost)
  return broker.session(user, vhost)
}

function isVisible(user: User, vhost: string): boolean {
  return isAdministrator(user) || user.permissions.has(vhost)
}

/** Throws 400 for what is no name and password, and the answer to a token that nobody here can read. */
function credentialsIn(authorization: string): Credentials {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.*)$/.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer') throw notAuthenticated()
  const text = BASE64.test(value) ? Buffer.from(value, 'base64').toString() : ''
  const at = text.indexOf(':')
  if (scheme.toLowerCase() !== 'basic' || at < 0) throw new HttpError(400, null)
  return { name: text.slice(0, at), password: text.slice(at + 1) }
}

const BASE64 = /^[A-Za-z0-9+/]+=*$/
const REALM = 'Basic realm="RabbitMQ Management"'
const MANAGEMENT_TAGS = ['administrator', 'monitoring', 'policymaker', 'management']
