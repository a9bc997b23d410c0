import { ALL_PERMISSIONS } from '../../auth/permissions.ts'
import type { Vhost } from '../../core/vhost.ts'
import { knownVhost, knownVhosts } from '../access.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { vhostLimitsJson, vhostLimitsOf } from '../definitions/parameters.ts'
import { badRequest, HttpError, notFound, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, type Route } from '../route.ts'
import {
  permissionsOf,
  permissionView,
  topicPermissionsOf,
  topicPermissionView,
} from '../views/user.ts'
import { type VhostWithTotals, vhostView } from '../views/vhost.ts'
import { shown } from '../views/view.ts'
import { limitRoutes } from './limits.ts'
import { validated } from './validated.ts'

export const VHOST_ROUTES: readonly Route[] = [
  get('/vhosts', 'management', 'Vhosts', listOf(vhostView), (call) => {
    const { broker, user } = call
    const vhosts = knownVhosts(broker, user)
    const listing = { view: vhostView, order: ['name'], hasPages: false, hasColumns: false }
    return list(listing, withTotals(call, vhosts), call)
  }),
  get('/vhosts/:vhost', 'administrator', 'A vhost', objectOf(vhostView), (call) => {
    const [vhost] = withTotals(call, [vhostOf(call)])
    return { json: vhost === undefined ? {} : shown(vhostView, vhost, call) }
  }),
  {
    method: 'PUT',
    path: '/vhosts/:vhost',
    access: 'administrator',
    summary: 'Adds a vhost, or describes it anew',
    body: bodyWith({
      description: 'string',
      tags: ['string', 'array'],
      default_queue_type: 'string',
      tracing: 'boolean',
    }),
    handle: putVhost,
  },
  {
    method: 'DELETE',
    path: '/vhosts/:vhost',
    access: 'administrator',
    summary: 'Deletes a vhost with all that is in it',
    handle: (call) => {
      const { name, description } = vhostOf(call)
      if (description.isProtected) {
        const reason = `Refusing to delete virtual host '${name}' because it is protected from deletion`
        throw new HttpError(412, { error: 'precondition_failed', reason })
      }
      call.broker.administration.deleteVhost(name)
      return NO_CONTENT
    },
  },
  {
    method: 'POST',
    path: '/vhosts/:vhost/deletion/protection',
    access: 'administrator',
    summary: 'Protects a vhost from being deleted',
    handle: ({ broker, params }) => {
      const { vhost = '' } = params
      if (broker.vhosts.get(vhost) === undefined) {
        const what = `Cannot enable deletion protection of virtual host '${vhost}'`
        throw notFound(`${what} because it does not exist`)
      }
      broker.administration.describeVhost(vhost, { isProtected: true })
      return NO_CONTENT
    },
  },
  {
    method: 'DELETE',
    path: '/vhosts/:vhost/deletion/protection',
    access: 'administrator',
    summary: 'Lets a vhost be deleted again',
    handle: (call) => {
      call.broker.administration.describeVhost(vhostOf(call).name, { isProtected: false })
      return NO_CONTENT
    },
  },
  get(
    '/vhosts/:vhost/permissions',
    'administrator',
    'Who may do what in a vhost',
    listOf(permissionView),
    (call) => {
      const { name } = vhostOf(call)
      const all = permissionsOf(call.broker.users).filter(({ vhost }) => vhost === name)
      return list({ view: permissionView, order: ['user'], hasPages: false }, all, call)
    },
  ),
  get(
    '/vhosts/:vhost/topic-permissions',
    'administrator',
    'Who may publish to and bind from topic exchanges of a vhost',
    listOf(topicPermissionView),
    (call) => {
      const { name } = vhostOf(call)
      const all = topicPermissionsOf(call.broker.users).filter(({ vhost }) => vhost === name)
      return list({ view: topicPermissionView, order: ['user'], hasPages: false }, all, call)
    },
  ),
  ...limitRoutes<Vhost>({
    kind: 'vhost',
    limits: ['max-connections', 'max-queues'],
    access: 'management',
    known: ({ broker, user }) => knownVhosts(broker, user),
    found: knownVhost,
    foundToLimit: ({ broker, params: { vhost: name = '' } }) => {
      const vhost = broker.vhosts.get(name)
      if (vhost === undefined) throw notFound('vhost_not_found')
      return vhost
    },
    read: vhostLimitsJson,
    set: ({ broker }, { name }, limits) => {
      const maxima = validated(() => vhostLimitsOf(limits))
      broker.administration.setVhostLimits(name, maxima)
    },
  }),
]

function vhostOf({ broker, params }: Call): Vhost {
  const vhost = broker.vhosts.get(params.vhost ?? '')
  if (vhost === undefined) throw objectNotFound()
  return vhost
}

function withTotals({ sampler }: Call, vhosts: readonly Vhost[]): VhostWithTotals[] {
  const { byVhost } = sampler.totals()
  return vhosts.flatMap((vhost) => {
    const totals = byVhost.get(vhost)
    return totals === undefined ? [] : [{ vhost, totals }]
  })
}

const QUEUE_TYPES = ['classic', 'quorum', 'stream']

/**
 * As in RabbitMQ, who adds a vhost may do anything in it (rabbitmqctl, which is no user, leaves that to others), and fields
 * of another type than expected are passed over. rabbitmqadmin says `tracing` as a text.
 */
function putVhost({ broker, params, body, user }: Call): Reply {
  const { vhost: name = '' } = params
  const { description, tags, default_queue_type: queueType, tracing } = body
  if (typeof queueType === 'string' && !QUEUE_TYPES.includes(queueType)) {
    throw badRequest(`${queueType} is not a valid queue type`)
  }
  const { administration } = broker
  const isNew = broker.vhosts.get(name) === undefined
  administration.addVhost(name)
  if (isNew && broker.users.get(user.name) !== null) {
    administration.setPermissions(user.name, name, ALL_PERMISSIONS)
  }
  if (typeof description === 'string') administration.describeVhost(name, { text: description })
  if (tags !== undefined) administration.describeVhost(name, { tags: words(tags) })
  if (typeof queueType === 'string') {
    administration.describeVhost(name, { defaultQueueType: queueType })
  }
  if (tracing === true || tracing === 'true') administration.setTracing(name, true)
  if (tracing === false || tracing === 'false') administration.setTracing(name, false)
  return put(isNew)
}

/** Words in a list, or in a text with commas. */
function words(tags: unknown): readonly string[] {
  if (Array.isArray(tags)) return tags.map(String)
  const parts = String(tags).split(',')
  return parts.map((word) => word.trim()).filter((word) => word !== '')
}
