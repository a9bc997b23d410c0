import type { Row, Step } from './row.ts'

const GONE: Step = ['PUT', '/vhosts/VHOST-gone', {}]
const USER: Step = ['PUT', '/users/VHOST-tried', { password: 'p', tags: '' }]
const PATTERNS = { configure: 'x', write: 'x', read: 'x' }
const PERMISSIONS: Step = ['PUT', '/permissions/VHOST/VHOST-tried', PATTERNS]
const TOPICS = { exchange: 'amq.topic', write: 'x', read: 'x' }
const TOPIC_PERMISSIONS: Step = ['PUT', '/topic-permissions/VHOST/VHOST-tried', TOPICS]
const LIMIT: Step = ['PUT', '/vhost-limits/VHOST/max-queues', { value: 1000 }]
const USER_LIMIT: Step = ['PUT', '/user-limits/VHOST-tried/max-channels', { value: 1000 }]

/** Vhosts, users, what they may, and definitions. */
export const ADMINISTRATION: readonly Row[] = [
  { route: 'GET /vhosts', guard: 'management', path: '/vhosts', status: 200 },
  ...administrators([
    ['GET /vhosts/:vhost', '/vhosts/VHOST', 200],
    ['PUT /vhosts/:vhost', '/vhosts/VHOST-gone', 204, {}, [GONE]],
    ['DELETE /vhosts/:vhost', '/vhosts/VHOST-gone', 204, undefined, [GONE]],
    ['GET /vhosts/:vhost/permissions', '/vhosts/VHOST/permissions', 200],
    ['GET /vhosts/:vhost/topic-permissions', '/vhosts/VHOST/topic-permissions', 200],
    ['POST /vhosts/:vhost/start/:name', '/vhosts/VHOST/start/NODE', 204],
    [
      'POST /vhosts/:vhost/deletion/protection',
      '/vhosts/VHOST-gone/deletion/protection',
      204,
      undefined,
      [GONE],
    ],
    [
      'DELETE /vhosts/:vhost/deletion/protection',
      '/vhosts/VHOST-gone/deletion/protection',
      204,
      undefined,
      [GONE],
    ],
    ['GET /users', '/users', 200],
    ['GET /users/without-permissions', '/users/without-permissions', 200],
    ['POST /users/bulk-delete', '/users/bulk-delete', 204, { users: ['VHOST-tried'] }, [USER]],
    ['GET /users/:user', '/users/VHOST-tried', 200, undefined, [USER]],
    ['PUT /users/:user', '/users/VHOST-tried', 204, { password: 'q', tags: '' }, [USER]],
    ['DELETE /users/:user', '/users/VHOST-tried', 204, undefined, [USER]],
    ['GET /users/:user/permissions', '/users/VHOST-tried/permissions', 200, undefined, [USER]],
    ['GET /users/:user/queues', '/users/VHOST-tried/queues', 200, undefined, [USER]],
    [
      'GET /users/:user/topic-permissions',
      '/users/VHOST-tried/topic-permissions',
      200,
      undefined,
      [USER],
    ],
    ['GET /auth/hash_password/:password', '/auth/hash_password/p', 200],
    ['GET /user-limits', '/user-limits', 200],
    ['GET /user-limits/:user', '/user-limits/VHOST-tried', 200, undefined, [USER]],
    [
      'PUT /user-limits/:user/:name',
      '/user-limits/VHOST-tried/max-channels',
      204,
      { value: 5 },
      [USER],
    ],
    [
      'DELETE /user-limits/:user/:name',
      '/user-limits/VHOST-tried/max-channels',
      204,
      undefined,
      [USER, USER_LIMIT],
    ],
    ['PUT /vhost-limits/:vhost/:name', '/vhost-limits/VHOST/max-queues', 204, { value: 1000 }],
    [
      'DELETE /vhost-limits/:vhost/:name',
      '/vhost-limits/VHOST/max-queues',
      204,
      undefined,
      [LIMIT],
    ],
    ['GET /permissions', '/permissions', 200],
    [
      'GET /permissions/:vhost/:user',
      '/permissions/VHOST/VHOST-tried',
      200,
      undefined,
      [USER, PERMISSIONS],
    ],
    [
      'PUT /permissions/:vhost/:user',
      '/permissions/VHOST/VHOST-tried',
      204,
      PATTERNS,
      [USER, PERMISSIONS],
    ],
    [
      'DELETE /permissions/:vhost/:user',
      '/permissions/VHOST/VHOST-tried',
      204,
      undefined,
      [USER, PERMISSIONS],
    ],
    ['GET /topic-permissions', '/topic-permissions', 200],
    ...topics('/topic-permissions/:vhost/:user', '/topic-permissions/VHOST/VHOST-tried'),
    ...topics(
      '/topic-permissions/:vhost/:user/:exchange',
      '/topic-permissions/VHOST/VHOST-tried/amq.topic',
    ),
    ['GET /definitions', '/definitions', 200],
    ['POST /definitions', '/definitions', 204, {}],
    ['GET /all-configuration', '/all-configuration', 200],
    ['POST /all-configuration', '/all-configuration', 204, {}],
    ['GET /definitions/:vhost', '/definitions/VHOST', 200],
    ['POST /definitions/:vhost', '/definitions/VHOST', 204, {}],
  ]),
  { route: 'GET /vhost-limits', guard: 'management', path: '/vhost-limits', status: 200 },
  {
    route: 'GET /vhost-limits/:vhost',
    guard: 'visible vhost',
    path: '/vhost-limits/VHOST',
    status: 200,
  },
]

type Short = readonly [
  route: string,
  path: string,
  status: number,
  body?: unknown,
  before?: readonly Step[],
]

function administrators(some: readonly Short[]): readonly Row[] {
  return some.map(([route, path, status, body, before = []]) => ({
    route,
    guard: 'administrator',
    path,
    body,
    before,
    status,
  }))
}

function topics(route: string, path: string): readonly Short[] {
  const before = [USER, PERMISSIONS, TOPIC_PERMISSIONS]
  return [
    [`GET ${route}`, path, 200, undefined, before],
    [`PUT ${route}`, path, 204, TOPICS, before],
    [`DELETE ${route}`, path, 204, undefined, before],
  ]
}
