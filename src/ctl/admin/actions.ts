/** Something that is declared, deleted, purged or closed: where that is asked for, and with which arguments. */
export interface Action {
  readonly what: string
  readonly method: 'PUT' | 'POST' | 'DELETE'
  /** Below `/api`, with names of arguments in braces; `{vhost}` is that of the options unless it is an argument. */
  readonly path: string
  /** Each one, or one of several, has to be given. */
  readonly mandatory: readonly (string | readonly string[])[]
  readonly optional?: Readonly<Record<string, string | null>>
  /** Arguments that are JSON. */
  readonly json?: readonly string[]
}

export const DECLARABLE: readonly Action[] = [
  {
    what: 'exchange',
    method: 'PUT',
    path: '/exchanges/{vhost}/{name}',
    mandatory: ['name', 'type'],
    optional: { auto_delete: 'false', durable: 'true', internal: 'false', arguments: '{}' },
    json: ['arguments'],
  },
  {
    what: 'queue',
    method: 'PUT',
    path: '/queues/{vhost}/{name}',
    mandatory: ['name'],
    optional: {
      auto_delete: 'false',
      durable: 'true',
      arguments: '{}',
      node: null,
      queue_type: null,
    },
    json: ['arguments'],
  },
  {
    what: 'binding',
    method: 'POST',
    path: '/bindings/{vhost}/e/{source}/{destination_char}/{destination}',
    mandatory: ['source', 'destination'],
    optional: { destination_type: 'queue', routing_key: '', arguments: '{}' },
    json: ['arguments'],
  },
  {
    what: 'vhost',
    method: 'PUT',
    path: '/vhosts/{name}',
    mandatory: ['name'],
    optional: { tracing: null },
  },
  {
    what: 'user',
    method: 'PUT',
    path: '/users/{name}',
    mandatory: ['name', ['password', 'password_hash'], 'tags'],
    optional: { hashing_algorithm: null },
  },
  {
    what: 'permission',
    method: 'PUT',
    path: '/permissions/{vhost}/{user}',
    mandatory: ['vhost', 'user', 'configure', 'write', 'read'],
  },
  {
    what: 'parameter',
    method: 'PUT',
    path: '/parameters/{component}/{vhost}/{name}',
    mandatory: ['component', 'name', 'value'],
    json: ['value'],
  },
  policy('policy', '/policies/{vhost}/{name}'),
  policy('operator_policy', '/operator-policies/{vhost}/{name}'),
  {
    what: 'vhost_limit',
    method: 'PUT',
    path: '/vhost-limits/{vhost}/{name}',
    mandatory: ['vhost', 'name', 'value'],
    json: ['value'],
  },
]

export const DELETABLE: readonly Action[] = [
  deletion('exchange', '/exchanges/{vhost}/{name}', 'name'),
  deletion('queue', '/queues/{vhost}/{name}', 'name'),
  deletion(
    'binding',
    '/bindings/{vhost}/e/{source}/{destination_char}/{destination}/{properties_key}',
    'source',
    'destination_type',
    'destination',
    'properties_key',
  ),
  deletion('vhost', '/vhosts/{name}', 'name'),
  deletion('user', '/users/{name}', 'name'),
  deletion('permission', '/permissions/{vhost}/{user}', 'vhost', 'user'),
  deletion('parameter', '/parameters/{component}/{vhost}/{name}', 'component', 'name'),
  deletion('policy', '/policies/{vhost}/{name}', 'name'),
  deletion('operator_policy', '/operator-policies/{vhost}/{name}', 'name'),
  deletion('vhost_limit', '/vhost-limits/{vhost}/{name}', 'vhost', 'name'),
]

export const CLOSABLE: readonly Action[] = [deletion('connection', '/connections/{name}', 'name')]

export const PURGABLE: readonly Action[] = [
  deletion('queue', '/queues/{vhost}/{name}/contents', 'name'),
]

export const PUBLISH: Action = {
  what: 'publish',
  method: 'POST',
  path: '/exchanges/{vhost}/{exchange}/publish',
  mandatory: ['routing_key'],
  optional: {
    payload: null,
    properties: '{}',
    exchange: 'amq.default',
    payload_encoding: 'string',
  },
  json: ['properties'],
}

export const GET: Action = {
  what: 'get',
  method: 'POST',
  path: '/queues/{vhost}/{queue}/get',
  mandatory: ['queue'],
  optional: { count: '1', ackmode: 'ack_requeue_true', payload_file: null, encoding: 'auto' },
  json: ['count'],
}

function policy(what: string, path: string): Action {
  return {
    what,
    method: 'PUT',
    path,
    mandatory: ['name', 'pattern', 'definition'],
    optional: { priority: '0', 'apply-to': null },
    json: ['definition', 'priority'],
  }
}

function deletion(what: string, path: string, ...mandatory: readonly string[]): Action {
  return { what, method: 'DELETE', path, mandatory }
}
