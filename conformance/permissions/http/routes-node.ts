import type { Guard, Row, Step } from './row.ts'

const POLICY = { pattern: '^nothing$', definition: { 'max-length': 1 } }
const PARAMETER = { value: { 'max-queues': 1000 } }
const ELECTED = '/health/checks/quorum-queues-without-elected-leaders'
const GLOBAL: Step = ['PUT', '/global-parameters/VHOST', { value: 1 }]

/** Policies and parameters. */
export const POLICIES: readonly Row[] = [
  ...policies('policies', 'policymaker in vhost'),
  ...policies('operator-policies', 'administrator'),
  ...rows('policymaker', [
    ['GET /parameters', '/parameters', 200],
    ['GET /parameters/:component', '/parameters/vhost-limits', 200],
    ['GET /global-parameters', '/global-parameters', 200],
    ['GET /global-parameters/:name', '/global-parameters/VHOST', 200, undefined, [GLOBAL]],
    ['PUT /global-parameters/:name', '/global-parameters/VHOST', 204, { value: 2 }, [GLOBAL]],
    ['DELETE /global-parameters/:name', '/global-parameters/VHOST', 204, undefined, [GLOBAL]],
  ]),
  ...rows('policymaker in vhost', [
    ['GET /parameters/:component/:vhost', '/parameters/vhost-limits/VHOST', 200],
    ...parameter('GET', 200),
    ...parameter('PUT', 204, PARAMETER),
    ...parameter('DELETE', 204),
  ]),
]

/** The node, its health and what is connected to it. */
export const NODE: readonly Row[] = [
  { route: 'GET /version', guard: 'open', path: '/version', status: 200 },
  {
    route: 'POST /login',
    guard: 'login',
    path: '/login',
    body: 'username=VHOST-nobody-ATTEMPT&password=nothing',
    status: 401,
  },
  { route: 'DELETE /login', guard: 'open', path: '/login', status: 204 },
  ...rows('management', [
    ['GET /overview', '/overview', 200],
    ['GET /cluster-name', '/cluster-name', 200],
    ['GET /whoami', '/whoami', 200],
    ['GET /extensions', '/extensions', 200],
    ['GET /feature-flags', '/feature-flags', 200],
    ['GET /deprecated-features', '/deprecated-features', 200],
    ['GET /deprecated-features/used', '/deprecated-features/used', 200],
    ['GET /connections', '/connections', 200],
    ['GET /channels', '/channels', 200],
    ['GET /consumers', '/consumers', 200],
    ['GET /consumers/:vhost', '/consumers/VHOST', 200],
    ...checks([
      'alarms',
      'local-alarms',
      'virtual-hosts',
      'node-is-quorum-critical',
      'is-in-service',
      'below-node-connection-limit',
      'ready-to-serve-clients',
      'reached-target-cluster-size',
      'metadata-store/initialized',
      'metadata-store/initialized/with-data',
      'quorum-queues-without-elected-leaders/all-vhosts',
    ]),
    ['GET /health/checks/port-listener/:port', '/health/checks/port-listener/AMQP', 200],
    [
      'GET /health/checks/protocol-listener/:protocols',
      '/health/checks/protocol-listener/amqp',
      200,
    ],
    [
      'GET /health/checks/certificate-expiration/:within/:unit',
      '/health/checks/certificate-expiration/1/weeks',
      200,
    ],
    [
      `GET ${ELECTED}/all-vhosts/pattern/:pattern`,
      '/health/checks/quorum-queues-without-elected-leaders/all-vhosts/pattern/x',
      200,
    ],
    [
      `GET ${ELECTED}/vhost/:vhost`,
      '/health/checks/quorum-queues-without-elected-leaders/vhost/VHOST',
      200,
    ],
    [
      `GET ${ELECTED}/vhost/:vhost/pattern/:pattern`,
      '/health/checks/quorum-queues-without-elected-leaders/vhost/VHOST/pattern/x',
      200,
    ],
    ['GET /healthchecks/node', '/healthchecks/node', 200],
    ['GET /healthchecks/node/:name', '/healthchecks/node/NODE', 200],
  ]),
  ...rows('vhost', [
    ['GET /vhosts/:vhost/connections', '/vhosts/VHOST/connections', 200],
    ['GET /vhosts/:vhost/channels', '/vhosts/VHOST/channels', 200],
  ]),
  ...rows('session', [['GET /aliveness-test/:vhost', '/aliveness-test/VHOST', 200]]),
  ...rows('monitoring', [
    ['GET /nodes', '/nodes', 200],
    ['GET /nodes/:name', '/nodes/NODE', 200],
    ['GET /nodes/:name/memory', '/nodes/NODE/memory', 200],
    ['GET /nodes/:name/memory/relative', '/nodes/NODE/memory/relative', 200],
    ['GET /auth/attempts/:name', '/auth/attempts/NODE', 200],
    ['GET /auth/attempts/:name/source', '/auth/attempts/NODE/source', 200],
    ['DELETE /auth/attempts/:name', '/auth/attempts/NODE', 204],
    ['DELETE /auth/attempts/:name/source', '/auth/attempts/NODE/source', 204],
  ]),
  ...connected([
    ['GET', '/connections/:name', '/connections/CONNECTION', 'connection', 200],
    ['GET', '/connections/:name/channels', '/connections/CONNECTION/channels', 'connection', 200],
    ['GET', '/connections/:name/sessions', '/connections/CONNECTION/sessions', 'connection', 400],
    ['DELETE', '/connections/:name', '/connections/CONNECTION', 'close connection', 204],
    ['GET', '/connections/username/:user', '/connections/username/VHOST-client', 'connection', 200],
    [
      'DELETE',
      '/connections/username/:user',
      '/connections/username/VHOST-client',
      'close connection',
      204,
    ],
    ['GET', '/channels/:name', '/channels/CONNECTION%20(1)', 'connection', 200],
  ]),
  ...rows('administrator', [
    ['PUT /cluster-name', '/cluster-name', 204, { name: 'CLUSTER' }],
    ['PUT /feature-flags/:name/enable', '/feature-flags/quorum_queue/enable', 204, {}],
    ['GET /config/effective', '/config/effective', 200],
    ['POST /rebalance/queues', '/rebalance/queues', 204],
    ['GET /control/node', '/control/node', 200],
    ['GET /control/connections', '/control/connections', 200],
    ['GET /control/channels', '/control/channels', 200],
    ['GET /control/consumers/:vhost', '/control/consumers/VHOST', 200],
    ['GET /control/queues/:vhost', '/control/queues/VHOST', 200],
    ['DELETE /control/connections', '/control/connections?user=nobody', 200],
    ['PUT /control/limits', '/control/limits', 204, {}],
    [
      'POST /control/authenticate',
      '/control/authenticate',
      401,
      { name: 'nobody', password: 'nothing' },
    ],
    ['GET /control/settings', '/control/settings', 200],
    ['PUT /control/settings', '/control/settings', 204, {}],
    ['PUT /control/alarms/:alarm', '/control/alarms/none', 404],
    ['DELETE /control/alarms/:alarm', '/control/alarms/none', 404],
    ['DELETE /reset', '/reset', 204],
    ['DELETE /reset/:name', '/reset/NODE', 204],
  ]),
]

type Short = readonly [
  route: string,
  path: string,
  status: number,
  body?: unknown,
  before?: readonly Step[],
]

function rows(guard: Guard, some: readonly Short[]): readonly Row[] {
  return some.map(([route, path, status, body, before = []]) => ({
    route,
    guard,
    path,
    body,
    before,
    status,
  }))
}

function checks(names: readonly string[]): readonly Short[] {
  return names.map((name) => [`GET /health/checks/${name}`, `/health/checks/${name}`, 200])
}

function policies(name: string, setBy: Guard): readonly Row[] {
  const one: Step = ['PUT', `/${name}/VHOST/tried`, POLICY]
  const route = `/${name}/:vhost/:name`
  const path = `/${name}/VHOST/tried`
  return [
    { route: `GET /${name}`, guard: 'management', path: `/${name}`, status: 200 },
    { route: `GET /${name}/:vhost`, guard: 'vhost', path: `/${name}/VHOST`, status: 200 },
    { route: `GET ${route}`, guard: setBy, path, before: [one], status: 200 },
    { route: `PUT ${route}`, guard: setBy, path, body: POLICY, before: [one], status: 204 },
    { route: `DELETE ${route}`, guard: setBy, path, before: [one], status: 204 },
  ]
}

function parameter(method: string, status: number, body?: unknown): readonly Short[] {
  const path = '/parameters/vhost-limits/VHOST/limits'
  return [
    [
      `${method} /parameters/:component/:vhost/:name`,
      path,
      status,
      body,
      [['PUT', path, PARAMETER]],
    ],
  ]
}

function connected(
  some: readonly (readonly [
    method: string,
    route: string,
    path: string,
    guard: Guard,
    status: number,
  ])[],
): readonly Row[] {
  return some.map(([method, route, path, guard, status]) => ({
    route: `${method} ${route}`,
    guard,
    path,
    hasConnection: true,
    status,
  }))
}
