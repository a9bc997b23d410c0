import { NO_CONTENT } from '../call.ts'
import { bodyWith, get, objectOf, type Route } from '../route.ts'
import { text } from '../schema.ts'
import { clusterName, overviewView, totalsFor } from '../views/overview.ts'
import { identityOf } from '../views/user.ts'
import { shown } from '../views/view.ts'

export const OVERVIEW_ROUTES: readonly Route[] = [
  get('/overview', 'management', 'The broker as a whole', objectOf(overviewView), (call) => {
    const { user, query } = call
    const totals = totalsFor(user, call)
    return { json: shown(overviewView, { user, totals }, call, query.columns) }
  }),
  get(
    '/cluster-name',
    'management',
    'Name of the cluster',
    { type: 'object', properties: { name: { type: 'string' } } },
    (call) => ({ json: { name: clusterName(call) } }),
  ),
  {
    method: 'PUT',
    path: '/cluster-name',
    access: 'administrator',
    summary: 'Names the cluster',
    body: bodyWith({ name: 'string' }, 'name'),
    handle: ({ broker, body }) => {
      broker.administration.setGlobalParameter('cluster_name', text(body, 'name'))
      return NO_CONTENT
    },
  },
  get(
    '/whoami',
    'management',
    'Who asks',
    {
      type: 'object',
      properties: {
        name: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
        is_internal_user: { type: 'boolean' },
      },
    },
    ({ user }) => ({ json: identityOf(user) }),
  ),
  get(
    '/version',
    'open',
    "RabbitMQ's version that the broker behaves like",
    { type: 'string' },
    (call) => ({
      json: call.broker.version,
      headers: NEVER_CACHED,
    }),
  ),
  get(
    '/extensions',
    'management',
    'Parts of the web page',
    { type: 'array', items: { type: 'object' } },
    () => ({ json: [{ javascript: 'dispatcher.js' }] }),
  ),
]

/** What RabbitMQ says of what must not be kept. */
export const NEVER_CACHED = {
  pragma: 'no-cache',
  expires: '0',
}
