import { adminCase, adminCases, type Case } from '../case.ts'

const TYPES = [
  'connections',
  'channels',
  'consumers',
  'exchanges',
  'queues',
  'bindings',
  'users',
  'vhosts',
  'permissions',
  'nodes',
  'parameters',
  'policies',
  'operator_policies',
  'vhost_limits',
] as const

/** Columns whose values do not depend on the time, by type. */
const COLUMNS = {
  connections: 'user vhost protocol channels state channel_max frame_max',
  channels: 'user vhost number prefetch_count confirm transactional consumer_count',
  consumers: 'consumer_tag queue.name ack_required exclusive prefetch_count active',
  exchanges: 'vhost name type durable auto_delete internal',
  queues: 'vhost name durable auto_delete exclusive messages consumers',
  bindings: 'vhost source destination destination_type routing_key properties_key',
  users: 'name tags',
  vhosts: 'name tracing',
  permissions: 'user vhost configure write read',
  nodes: 'name type running',
  parameters: 'component vhost name value',
  policies: 'vhost name pattern apply-to priority definition',
  operator_policies: 'vhost name pattern apply-to priority definition',
  vhost_limits: 'vhost value',
} as const

/** What is listed while there is something of each type. */
export const LISTING: readonly Case[] = [
  adminCase('list vhosts name', { before: 'connect' }),
  ...TYPES.flatMap(formats),
  ...sorted(),
  ...adminCases(`
    list connections
    list channels
    list consumers
    list exchanges
    list queues
    list bindings
    list users
    list vhosts name
    list permissions
    list parameters
    list policies
    list operator_policies
    list vhost_limits
    -d 2 -f long show overview object_totals.queues object_totals.exchanges
    --depth 1 list permissions
    --depth 2 list policies
    -d 2 list vhost_limits
    -f kvp list queues nosuch
    -f tsv list queues name nosuch
    -f bash list permissions
    -f tsv show overview rabbitmq_version cluster_name
    -f kvp show overview object_totals.connections object_totals.channels object_totals.consumers
    -f bash show overview`),
  ...adminCases(
    `-f raw_json show overview
    -f pretty_json show overview
    -f pretty_json show overview object_totals.queues`,
    { compares: 'json' },
  ),
  ...adminCases('show overview', { compares: 'status' }),
  ...['tsv', 'long', 'table', 'kvp', 'bash'].flatMap((format) =>
    TYPES.map((type) => adminCase(`-f ${format} -d 9 list ${type}`, { compares: 'status' })),
  ),
]

function formats(type: (typeof TYPES)[number]): readonly Case[] {
  const columns = COLUMNS[type]
  return [
    ...['raw_json', 'pretty_json'].flatMap((format) =>
      adminCases(
        `--format ${format} list ${type}
        -f ${format} list ${type} ${columns}`,
        { compares: 'json' },
      ),
    ),
    ...['tsv', 'long', 'table', 'kvp', 'bash'].map((format) =>
      adminCase(`--format ${format} list ${type} ${columns}`),
    ),
  ]
}

/** In an order, in one vhost, and both. */
function sorted(): readonly Case[] {
  return adminCases(`
    -V admin --sort name list queues name messages
    -V admin --sort name --sort-reverse list queues name
    -V admin -S name -R -f bash list queues
    -V admin -S name -f tsv list exchanges
    -V admin -S routing_key -f tsv list bindings routing_key
    -S durable -f kvp list queues durable
    -S name list users name tags
    -S name -R -f bash list users
    -S name list vhosts name
    -S user -R list permissions user
    -S name list policies name
    -S name list operator_policies name
    -S name list parameters name
    -S vhost list vhost_limits
    -S user list connections user
    -S nosuch -f kvp list users nosuch
    -V admin list queues name
    -V admin list exchanges
    -V admin list bindings
    -V admin list consumers consumer_tag
    -V traced list queues
    -V 'a/b c' list queues
    -V nosuch list queues
    -V nosuch list exchanges
    -V nosuch list bindings
    -V nosuch list consumers`)
}
