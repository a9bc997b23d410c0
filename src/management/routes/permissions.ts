import { assertPatterns } from '../../auth/permissions.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { badRequest, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, type Route } from '../route.ts'
import { text } from '../schema.ts'
import {
  type PermissionOfUser,
  permissionsOf,
  permissionView,
  type TopicPermissionOfUser,
  topicPermissionsOf,
  topicPermissionView,
} from '../views/user.ts'
import { shown } from '../views/view.ts'
import { exchangeName } from './exchanges.ts'

const ORDER = ['vhost', 'user', 'exchange']

export const PERMISSION_ROUTES: readonly Route[] = [
  get('/permissions', 'administrator', 'Who may do what', listOf(permissionView), (call) => {
    const all = permissionsOf(call.broker.users)
    return list({ view: permissionView, order: ORDER, hasPages: false }, all, call)
  }),
  get(
    '/permissions/:vhost/:user',
    'administrator',
    'What a user may do in a vhost',
    objectOf(permissionView),
    (call) => ({ json: shown(permissionView, permissionOf(call), call, call.query.columns) }),
  ),
  {
    method: 'PUT',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    summary: 'Says what a user may do in a vhost',
    body: bodyWith(
      { configure: 'string', write: 'string', read: 'string' },
      'configure',
      'write',
      'read',
    ),
    handle: putPermissions,
  },
  {
    method: 'DELETE',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    summary: 'Closes a vhost to a user',
    handle: (call) => {
      const { user, vhost } = permissionOf(call)
      call.broker.administration.clearPermissions(user.name, vhost)
      return NO_CONTENT
    },
  },
  get(
    '/topic-permissions',
    'administrator',
    'Who may publish to and bind from topic exchanges',
    listOf(topicPermissionView),
    (call) => {
      const all = topicPermissionsOf(call.broker.users)
      return list({ view: topicPermissionView, order: ORDER, hasPages: false }, all, call)
    },
  ),
  ...topicRoutes('/topic-permissions/:vhost/:user'),
  ...topicRoutes('/topic-permissions/:vhost/:user/:exchange'),
]

function topicRoutes(path: string): readonly Route[] {
  return [
    get(
      path,
      'administrator',
      'What a user may do with topics',
      listOf(topicPermissionView),
      (call) =>
        list({ view: topicPermissionView, order: ORDER, hasPages: false }, topicsOf(call), call),
    ),
    {
      method: 'PUT',
      path,
      access: 'administrator',
      summary: 'Says what a user may do with the topics of an exchange',
      body: bodyWith(
        { exchange: 'string', write: 'string', read: 'string' },
        'exchange',
        'write',
        'read',
      ),
      handle: putTopics,
    },
    {
      method: 'DELETE',
      path,
      access: 'administrator',
      summary: 'Lets all topics pass again',
      handle: (call) => {
        for (const { user, vhost, exchange } of topicsOf(call)) {
          call.broker.administration.clearTopicPermissions(user.name, vhost, exchange)
        }
        return NO_CONTENT
      },
    },
  ]
}

function permissionOf({ broker, params }: Call): PermissionOfUser {
  const user = broker.users.get(params.user ?? '')
  const permissions = user?.permissions.get(params.vhost ?? '')
  if (user === null || permissions === undefined) throw objectNotFound()
  return { user, vhost: params.vhost ?? '', permissions }
}

/** Those of a user in a vhost, of one exchange if the path names one. Throws when there are none. */
function topicsOf({ broker, params }: Call): TopicPermissionOfUser[] {
  const user = broker.users.get(params.user ?? '')
  const found = topicPermissionsOf(user === null ? [] : [user]).filter(
    ({ vhost, exchange }) =>
      vhost === params.vhost &&
      (params.exchange === undefined || exchange === exchangeName(params.exchange)),
  )
  if (found.length === 0) throw objectNotFound()
  return found
}

/** Throws RabbitMQ's answer for a vhost or a user that is not there. */
function assertBothThere({ broker, params }: Call): { user: string; vhost: string } {
  const { user = '', vhost = '' } = params
  if (broker.users.get(user) === null || broker.vhosts.get(vhost) === undefined) {
    throw badRequest('vhost_or_user_not_found')
  }
  return { user, vhost }
}

function putPermissions(call: Call): Reply {
  const { broker } = call
  const { user, vhost } = assertBothThere(call)
  const patterns = {
    configure: pattern(call, 'configure'),
    write: pattern(call, 'write'),
    read: pattern(call, 'read'),
  }
  const isNew = broker.users.get(user)?.permissions.has(vhost) !== true
  broker.administration.setPermissions(user, vhost, patterns)
  return put(isNew)
}

function putTopics(call: Call): Reply {
  const { broker, body } = call
  const { user, vhost } = assertBothThere(call)
  const exchange = exchangeName(text(body, 'exchange'))
  if (broker.vhosts.get(vhost)?.exchanges.find(exchange) === undefined) {
    throw badRequest(['no_such_exchange', exchange])
  }
  const patterns = { write: pattern(call, 'write'), read: pattern(call, 'read') }
  const isNew = broker.users.get(user)?.topicPermissionsOf(vhost, exchange) === null
  broker.administration.setTopicPermissions(user, vhost, exchange, patterns)
  return put(isNew)
}

function pattern({ body }: Call, name: string): string {
  const expression = text(body, name)
  try {
    assertPatterns(expression)
    return expression
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw badRequest(['invalid_regexp', expression, [error.message]])
  }
}
