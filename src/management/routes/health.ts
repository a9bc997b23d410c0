import type { Json } from '../../common/json.ts'
import { assertHasPermissions, visibleVhost } from '../access.ts'
import type { Call, Reply } from '../call.ts'
import { expiringListeners } from '../certificates.ts'
import { badRequest, objectNotFound } from '../http-error.ts'
import { get, type Route, STATUS } from '../route.ts'
import { NEVER_CACHED } from './overview.ts'

const OK: Reply = { json: { status: 'ok' } }
const OK_NOW: Reply = { json: { status: 'ok' }, headers: NEVER_CACHED }

export const HEALTH_ROUTES: readonly Route[] = [
  check('/health/checks/alarms', 'No alarm is on', (call) =>
    withoutAlarms(call, 'There are alarms in effect in the cluster'),
  ),
  check('/health/checks/local-alarms', 'No alarm is on at the node', (call) =>
    withoutAlarms(call, 'There are alarms in effect on the node'),
  ),
  check('/health/checks/port-listener/:port', 'Something listens on a port', portListener),
  check('/health/checks/protocol-listener/:protocols', 'Protocols are served', protocolListener),
  check('/health/checks/virtual-hosts', 'All vhosts run', () => OK),
  check(
    '/health/checks/certificate-expiration/:within/:unit',
    'No certificate ends soon',
    expiration,
  ),
  check('/health/checks/node-is-quorum-critical', 'No queue needs this node', () => ({
    json: { status: 'ok', reason: 'single node cluster' },
  })),
  ...[
    '/all-vhosts',
    '/vhost/:vhost',
    '/all-vhosts/pattern/:pattern',
    '/vhost/:vhost/pattern/:pattern',
  ].map((path) =>
    check(
      `/health/checks/quorum-queues-without-elected-leaders${path}`,
      'Every quorum queue has a leader',
      () => OK,
    ),
  ),
  ...[
    'is-in-service',
    'below-node-connection-limit',
    'ready-to-serve-clients',
    'reached-target-cluster-size',
  ].map((name) =>
    check(`/health/checks/${name}`, `The node ${name.replaceAll('-', ' ')}`, () => OK_NOW),
  ),
  check('/health/checks/metadata-store/initialized', 'Definitions have been read', () => OK),
  check('/health/checks/metadata-store/initialized/with-data', 'There are definitions', () => OK),
  check('/healthchecks/node', 'The node is well', nodeHealth),
  check('/healthchecks/node/:name', 'The node is well', (call) => {
    if (call.params.name !== call.broker.nodeName) throw objectNotFound()
    return nodeHealth(call)
  }),
  check('/aliveness-test/:vhost', 'A vhost is there', (call) => {
    assertHasPermissions(call.user, visibleVhost(call))
    return OK
  }),
]

function check(path: string, summary: string, handle: (call: Call) => Reply): Route {
  return get(path, 'management', summary, STATUS, handle)
}

function failed(reason: string, details: Readonly<Record<string, Json>>): Reply {
  return {
    status: 503,
    json: { status: 'failed', reason, ...details },
    headers: { 'cache-control': 'no-cache' },
  }
}

function withoutAlarms({ broker }: Call, reason: string): Reply {
  const { raised } = broker.alarms
  if (raised.size === 0) return OK
  const alarms = [...raised].map((alarm) => ({ node: broker.nodeName, resource: RESOURCES[alarm] }))
  return failed(reason, { alarms })
}

const RESOURCES = { memory: 'memory', disk: 'disk space' } as const

function nodeHealth({ broker }: Call): Reply {
  const { raised } = broker.alarms
  if (raised.size === 0) return OK
  const alarms = [...raised].map((alarm) => `{resource_limit,${alarm},${broker.nodeName}}`)
  return {
    status: 503,
    json: { status: 'failed', reason: `resource alarm(s) in effect:[${alarms.join(',')}]` },
  }
}

function portListener({ broker, params }: Call): Reply {
  const { port: text = '' } = params
  if (!/^\d+$/.test(text)) throw badRequest('Invalid port')
  const port = Number(text)
  const ports = [...new Set(broker.listeners().map((listener) => listener.port))]
  if (ports.includes(port)) return { json: { status: 'ok', port } }
  return failed('No active listener', { missing: port, ports })
}

function protocolListener({ broker, params }: Call): Reply {
  const asked = (params.protocols ?? '').split(',').map((name) => protocolOf(name.trim()))
  const protocols = [...new Set(broker.listeners().map(({ protocol }) => protocol))].sort()
  const missing = asked.filter((name) => !protocols.includes(name))
  if (missing.length === 0) return { json: { status: 'ok', protocols } }
  return failed('No active listener', { missing, protocols })
}

/** RabbitMQ's own name of a protocol. */
function protocolOf(name: string): string {
  const lower = name.toLowerCase()
  return ALIASES.get(lower) ?? lower
}

const ALIASES = new Map([
  ['amqp091', 'amqp'],
  ['amqp0.9.1', 'amqp'],
  ['amqp0-9-1', 'amqp'],
  ['amqp10', 'amqp'],
  ['amqp1.0', 'amqp'],
  ['amqp1-0', 'amqp'],
  ['amqps', 'amqp/ssl'],
])

function expiration({ broker, params }: Call): Reply {
  const { within = '', unit = '' } = params
  if (!/^[-+]?\d+$/.test(within)) throw badRequest('Invalid expiration value.')
  const days = DAYS.get(unit.toLowerCase())
  if (days === undefined) {
    throw badRequest('Time unit not recognised. Supported units: days, weeks, months, years.')
  }
  const nowMs = broker.clock.wallTime()
  const laterMs = nowMs + Number(within) * days * DAY_MS
  const expired = expiringListeners(broker.listeners(), { nowMs, laterMs })
  if (expired.length === 0) return OK
  const { nodeName: node } = broker
  return failed('Certificates expiring', { expired: expired.map((one) => ({ node, ...one })) })
}

const DAYS = new Map([
  ['days', 1],
  ['weeks', 7],
  ['months', 365 / 12],
  ['years', 365],
])
const DAY_MS = 86_400_000
