import type { User } from '../auth/users.ts'
import type { Vhost } from '../core/vhost.ts'
import type { AuthAttempts } from './auth-attempts.ts'
import {
  HttpError,
  notAuthenticated,
  notAuthorised,
  notFound,
  objectNotFound,
} from './http-error.ts'
import type { ManagedBroker } from './managed-broker.ts'

/** Who may ask for a route: everybody, or who has a tag that stands for as much (RabbitMQ documentation, management). */
export type Access = 'open' | 'management' | 'monitoring' | 'policymaker' | 'administrator'

/** Throws the answer that RabbitMQ gives to who is not who they say, or has no business with the management. */
export function authenticate(
  broker: ManagedBroker,
  attempts: AuthAttempts,
  authorization: string | undefined,
  peerHost: string,
): User {
  if (authorization === undefined) throw new HttpError(401, null, { 'www-authenticate': REALM })
  const credentials = credentialsIn(authorization)
  return logIn(broker, attempts, credentials.name, credentials.password, peerHost)
}

/** Throws the answer that RabbitMQ gives to a login that fails. */
export function logIn(
  { users, loopbackUsers }: ManagedBroker,
  attempts: AuthAttempts,
  name: string,
  password: string,
  peerHost: string,
): User {
  const user = users.authenticate(name, password)
  attempts.count('http', user !== null)
  if (user === null) throw notAuthenticated()
  if (loopbackUsers.has(name) && !isLoopback(peerHost)) {
    throw notAuthorised('User can only log in via localhost')
  }
  if (!MANAGEMENT_TAGS.some((tag) => user.tags.has(tag))) {
    throw notAuthorised('Not management user')
  }
  return user
}

/** Throws the answer that RabbitMQ gives to who lacks a tag. */
export function assertMay(user: User, access: Access): void {
  switch (access) {
    case 'open':
    case 'management':
      return
    case 'monitoring':
      if (!isMonitor(user)) throw notAuthorised('Not monitor user')
      return
    case 'policymaker':
      if (!user.tags.has('policymaker') && !isAdministrator(user)) throw notForUser()
      return
    case 'administrator':
      if (!isAdministrator(user)) throw notAuthorised('Not administrator user')
  }
}

export function notForUser(): HttpError {
  return notAuthorised('User not authorised to access object')
}

export function isAdministrator(user: User): boolean {
  return user.tags.has('administrator')
}

export function isMonitor(user: User): boolean {
  return isAdministrator(user) || user.tags.has('monitoring')
}

/** A vhost whose objects the user may see. Throws the answer for one that is not there, or closed to the user. */
export function visibleVhost({ vhosts }: ManagedBroker, user: User, name: string): Vhost {
  const vhost = vhosts.get(name)
  if (!isVisible(user, name)) throw notFound('Not Found')
  if (vhost === undefined) throw objectNotFound()
  return vhost
}

/** The vhosts whose objects the user may see. */
export function visibleVhosts({ vhosts }: ManagedBroker, user: User): Vhost[] {
  return [...vhosts].filter(({ name }) => isVisible(user, name))
}

/** A vhost that something is to be put into. */
export function vhostToChange({ vhosts }: ManagedBroker, user: User, name: string): Vhost {
  if (!isVisible(user, name)) throw notFound('Not Found')
  const vhost = vhosts.get(name)
  if (vhost === undefined) throw notFound('vhost_not_found')
  return vhost
}

function isVisible(user: User, vhost: string): boolean {
  return isAdministrator(user) || user.permissions.has(vhost)
}

/** Throws 400 for what is no name and password, and the answer to a token that nobody here can read. */
function credentialsIn(authorization: string): { name: string; password: string } {
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

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.') || host.startsWith('::ffff:127.')
}
