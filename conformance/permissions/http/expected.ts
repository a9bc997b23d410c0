import { EVERYTHING } from '../api.ts'
import type { Caller, Stranger } from './callers.ts'
import type { Guard } from './row.ts'

/** What somebody is to be answered. */
export interface Expected {
  readonly status: number
  /** Of an error: the JSON, or null for nothing. Not compared where it is undefined. */
  readonly body?: unknown
  /** Whether a browser is told to ask for a login. */
  readonly asksForLogin: boolean
}

/** Answers that are worded by version. */
export interface Wording {
  readonly badLogin: Expected
  readonly closedVhost: Expected
  /** What AMQP says of somebody without a right. */
  access(permission: 'write' | 'read', resource: string, user: string): string
}

/** RabbitMQ 4.3. */
export const NEW_WORDING: Wording = {
  badLogin: refused(401, 'not_authorized', 'Not_Authorized'),
  closedVhost: refused(404, 'not_found', 'Not Found'),
  access: (permission, resource, user) =>
    `ACCESS_REFUSED - ${permission} access to ${resource} refused for user '${user}'`,
}

/** RabbitMQ 3.10 asks again for a login that failed, tells that a vhost is there, and not which access is refused. */
export const OLD_WORDING: Wording = {
  badLogin: { ...refused(401, 'not_authorized', 'Login failed'), asksForLogin: true },
  closedVhost: notAuthorised('User not authorised to access virtual host'),
  access: (_permission, resource, user) =>
    `ACCESS_REFUSED - access to ${resource} refused for user '${user}'`,
}

/** The answer to somebody who has not logged in; null where that does not matter. */
export function expectedOfStranger(
  stranger: Stranger,
  guard: Guard,
  { badLogin }: Wording,
): Expected | null {
  if (guard === 'open') return null
  if (guard === 'login') return badLogin
  return stranger === 'anonymous' ? { status: 401, body: null, asksForLogin: true } : badLogin
}

/** The answer to a user who may not; null to one who may. `user` and `vhost` are the names that a text has. */
export function refusalFor(
  caller: Caller,
  guard: Guard,
  wording: Wording,
  names: { readonly user: string; readonly vhost: string },
): Expected | null {
  if (guard === 'open') return null
  if (guard === 'login') return wording.badLogin
  if (!['administrator', 'monitoring', 'policymaker', 'management'].includes(caller.tag)) {
    return notAuthorised('Not management user')
  }
  return refusalOfTag(caller, guard) ?? refusalInVhost(caller, guard, wording, names)
}

function refusalOfTag({ tag, patterns }: Caller, guard: Guard): Expected | null {
  const isAdministrator = tag === 'administrator'
  const isMonitor = isAdministrator || tag === 'monitoring'
  const isPolicymaker = isAdministrator || tag === 'policymaker'
  const foreign = notAuthorised('User not authorised to access object')
  switch (guard) {
    case 'administrator':
      return isAdministrator ? null : notAuthorised('Not administrator user')
    case 'monitoring':
      return isMonitor ? null : notAuthorised('Not monitor user')
    case 'policymaker':
      return isPolicymaker ? null : foreign
    case 'policymaker in vhost':
      return isAdministrator || (isPolicymaker && patterns !== null) ? null : foreign
    case 'connection':
      return isMonitor ? null : foreign
    case 'close connection':
      return isAdministrator ? null : foreign
    default:
      return null
  }
}

const IN_VHOST: readonly Guard[] = [
  'vhost',
  'visible vhost',
  'session',
  'declare',
  'publish',
  'get',
]

function refusalInVhost(
  { tag, patterns }: Caller,
  guard: Guard,
  wording: Wording,
  { user, vhost }: { readonly user: string; readonly vhost: string },
): Expected | null {
  if (!IN_VHOST.includes(guard)) return null
  if (patterns === null && tag !== 'administrator') {
    return guard === 'visible vhost' && tag === 'monitoring' ? null : wording.closedVhost
  }
  if (guard === 'vhost' || guard === 'visible vhost') return null
  if (patterns === null) return notAuthorised('Access refused.')
  if (guard === 'session' || patterns === EVERYTHING) return null
  if (guard === 'declare') return notAuthorised('Access refused.')
  if (guard === 'get') {
    return notAuthorised(wording.access('read', `queue 'tried' in vhost '${vhost}'`, user))
  }
  const text = wording.access('write', `exchange 'amq.default' in vhost '${vhost}'`, user)
  return refused(400, 'bad_request', `403 ${text}`)
}

function notAuthorised(reason: string): Expected {
  return refused(401, 'not_authorised', reason)
}

function refused(status: number, error: string, reason: string): Expected {
  return { status, body: { error, reason }, asksForLogin: false }
}
