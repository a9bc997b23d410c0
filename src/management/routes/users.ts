import { hashPassword } from '../../auth/password.ts'
import type { User } from '../../auth/users.ts'
import { isJsonList } from '../../common/json.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { Fields } from '../definitions/fields.ts'
import { userLimitsJson, userLimitsOf } from '../definitions/parameters.ts'
import { userOfJson } from '../definitions/user-json.ts'
import { badRequest, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, pagesOf, type Route } from '../route.ts'
import {
  permissionsOf,
  permissionView,
  topicPermissionsOf,
  topicPermissionView,
  userView,
} from '../views/user.ts'
import { shown } from '../views/view.ts'
import { limitRoutes } from './limits.ts'

export const USER_ROUTES: readonly Route[] = [
  get('/users', 'administrator', 'Users', pagesOf(userView), (call) =>
    list({ view: userView, order: ['name'], hasPages: true }, call.broker.users, call),
  ),
  get(
    '/users/without-permissions',
    'administrator',
    'Users who may do nothing',
    listOf(userView),
    (call) => {
      const idle = [...call.broker.users].filter(({ permissions }) => permissions.size === 0)
      return list({ view: userView, order: ['name'], hasPages: false }, idle, call)
    },
  ),
  {
    method: 'POST',
    path: '/users/bulk-delete',
    access: 'administrator',
    summary: 'Deletes several users',
    body: bodyWith({ users: 'array' }, 'users'),
    handle: ({ broker, body }) => {
      const names = isJsonList(body.users) ? body.users : []
      for (const name of names) {
        const user = broker.users.get(String(name))
        if (user !== null) broker.administration.deleteUser(user.name)
      }
      return NO_CONTENT
    },
  },
  get('/users/:user', 'administrator', 'A user', objectOf(userView), (call) => ({
    json: shown(userView, userOf(call), call, call.query.columns),
  })),
  {
    method: 'PUT',
    path: '/users/:user',
    access: 'administrator',
    summary: 'Adds a user, or changes one',
    body: bodyWith({
      password: 'string',
      password_hash: 'string',
      hashing_algorithm: 'string',
      tags: ['string', 'array'],
    }),
    handle: putUser,
  },
  {
    method: 'DELETE',
    path: '/users/:user',
    access: 'administrator',
    summary: 'Deletes a user, and closes its connections',
    handle: (call) => {
      call.broker.administration.deleteUser(userOf(call).name)
      return NO_CONTENT
    },
  },
  get(
    '/users/:user/permissions',
    'administrator',
    'What a user may do',
    listOf(permissionView),
    (call) => {
      const all = permissionsOf([userOf(call)])
      return list({ view: permissionView, order: ['vhost'], hasPages: false }, all, call)
    },
  ),
  get(
    '/users/:user/queues',
    'administrator',
    'Queues that a user has declared: nobody keeps that',
    { type: 'array' },
    (call) => {
      userOf(call)
      return { json: [] }
    },
  ),
  get(
    '/users/:user/topic-permissions',
    'administrator',
    'What a user may publish to and bind from topic exchanges',
    listOf(topicPermissionView),
    (call) => {
      const all = topicPermissionsOf([userOf(call)])
      return list({ view: topicPermissionView, order: ['vhost'], hasPages: false }, all, call)
    },
  ),
  {
    ...get(
      '/auth/hash_password/:password',
      'administrator',
      'The hash of a password',
      { type: 'object', properties: { ok: { type: 'string' } } },
      ({ params }) => ({ json: { ok: hashPassword(params.password ?? '') } }),
    ),
    hasNoHead: true,
  },
  ...limitRoutes<User>({
    kind: 'user',
    limits: ['max-connections', 'max-channels'],
    access: 'administrator',
    known: ({ broker }) => [...broker.users],
    found: userOf,
    foundToLimit: ({ broker, params: { user: name = '' } }) => {
      const user = broker.users.get(name)
      if (user === null) throw badRequest(['no_such_user', name])
      return user
    },
    read: userLimitsJson,
    set: ({ broker }, { name }, limits) => {
      broker.administration.setUserLimits(name, userLimitsOf(limits))
    },
  }),
]

function userOf({ broker, params }: Call): User {
  const user = broker.users.get(params.user ?? '')
  if (user === null) throw objectNotFound()
  return user
}

/** A hashing algorithm beside a clear password is passed over. */
function putUser({ broker, params, body }: Call): Reply {
  const { user: name = '' } = params
  const { password_hash: hash } = body
  if (typeof hash === 'string' && !isBase64(hash) && body.password === undefined) {
    throw badRequest(['not_base64', hash])
  }
  const user = userOfJson(new Fields({ ...body, name }, `user ${name}`))
  const isNew = broker.users.get(name) === null
  broker.administration.putUser(user)
  return put(isNew)
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
