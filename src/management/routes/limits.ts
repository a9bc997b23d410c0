import type { JsonObject } from '../../common/json.ts'
import type { Access } from '../access.ts'
import { type Call, NO_CONTENT } from '../call.ts'
import { bodyWith, get, type Route } from '../route.ts'

/** What can be limited, and what it is that its limits' routes differ in. */
export interface Limited<T extends { readonly name: string }> {
  readonly kind: 'user' | 'vhost'
  /** The limits that there are. */
  readonly limits: readonly string[]
  /** Who may see them; to change them takes an administrator. */
  readonly access: Access
  readonly known: (call: Call) => readonly T[]
  /** The one in the path. Throws the answer when it is not there. */
  readonly found: (call: Call) => T
  /** The same to who wants to limit it: RabbitMQ has other words for that. */
  readonly foundToLimit: (call: Call) => T
  readonly read: (limited: T) => JsonObject
  /** Sets what is named, in RabbitMQ's words; a negative limit is none. */
  readonly set: (call: Call, limited: T, limits: JsonObject) => void
}

/** The limits of users, or of vhosts: all, those of one, and one of them set or taken away. */
export function limitRoutes<T extends { readonly name: string }>(
  limited: Limited<T>,
): readonly Route[] {
  const { kind, access } = limited
  const path = `/${kind}-limits`
  const response = { type: 'array', items: { type: 'object' } }
  const shown = (one: T) => {
    const value = limited.read(one)
    return Object.keys(value).length === 0 ? [] : [{ [kind]: one.name, value }]
  }
  return [
    {
      ...get(path, access, `The limits of ${kind}s`, response, (call) => ({
        json: limited.known(call).flatMap(shown),
      })),
      hasNoHead: true,
    },
    {
      ...get(`${path}/:${kind}`, access, `The limits of a ${kind}`, response, (call) => ({
        json: shown(limited.found(call)),
      })),
      hasNoHead: true,
    },
    {
      method: 'PUT',
      path: `${path}/:${kind}/:name`,
      access: 'administrator',
      summary: `Limits a ${kind}: ${limited.limits.join(', ')}`,
      body: bodyWith({ value: 'integer' }, 'value'),
      handle: (call) => {
        const { name = '' } = call.params
        limited.set(call, limited.foundToLimit(call), { [name]: call.body.value ?? null })
        return NO_CONTENT
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:${kind}/:name`,
      access: 'administrator',
      summary: `Takes a limit of a ${kind} away`,
      handle: (call) => {
        const { name = '' } = call.params
        const one = limited.found(call)
        if (limited.limits.includes(name)) limited.set(call, one, { [name]: NO_LIMIT })
        return NO_CONTENT
      },
    },
  ]
}

const NO_LIMIT = -1
