import { type AdminVerb, declaration, deletion, flags, listing, type Verbs } from './admin-verb.ts'
import { at } from './call.ts'
import {
  BINDING_COLUMNS,
  CHANNEL_COLUMNS,
  CONNECTION_COLUMNS,
  DEPRECATED_COLUMNS,
  EXCHANGE_COLUMNS,
  FEATURE_COLUMNS,
  GLOBAL_PARAMETER_COLUMNS,
  NODE_COLUMNS,
  PARAMETER_COLUMNS,
  PERMISSION_COLUMNS,
  POLICY_COLUMNS,
  QUEUE_COLUMNS,
  USER_COLUMNS,
  USER_LIMIT_COLUMNS,
  VHOST_COLUMNS,
  VHOST_LIMIT_COLUMNS,
} from './columns.ts'
import { DEFINITION_VERBS } from './definitions.ts'
import { HEALTH_VERBS } from './health.ts'
import { MESSAGE_VERBS } from './messages.ts'
import { SHOW_VERBS } from './show.ts'

const FLAGS = ['durable', 'auto-delete']

/** Commands by their group and verb. */
export const GROUPS: ReadonlyMap<string, Verbs> = new Map<string, Verbs>([
  [
    'vhosts',
    {
      list: listing('/vhosts', VHOST_COLUMNS),
      declare: declaration(
        ['name'],
        (call) => `/vhosts${at(call.value('name'))}`,
        (call) => ({
          ...(call.has('description') ? { description: call.value('description') } : {}),
          ...(call.has('tags') ? { tags: call.value('tags') } : {}),
          ...(call.has('default-queue-type')
            ? { default_queue_type: call.value('default-queue-type') }
            : {}),
        }),
        ['description', 'tags', 'default-queue-type', 'tracing'],
      ),
      delete: deletion(['name'], (call) => `/vhosts${at(call.value('name'))}`),
    },
  ],
  [
    'users',
    {
      list: listing('/users', USER_COLUMNS),
      declare: declaration(
        ['name'],
        (call) => `/users${at(call.value('name'))}`,
        (call) => ({
          tags: call.value('tags'),
          ...(call.has('password-hash')
            ? { password_hash: call.value('password-hash') }
            : { password: call.value('password') }),
        }),
        ['tags', 'password', 'password-hash'],
      ),
      delete: deletion(['name'], (call) => `/users${at(call.value('name'))}`),
    },
  ],
  [
    'permissions',
    {
      list: listing('/permissions', PERMISSION_COLUMNS),
      declare: declaration(
        ['user', 'configure', 'read', 'write'],
        (call) => `/permissions${at(call.vhost, call.value('user'))}`,
        (call) => ({
          configure: call.value('configure'),
          read: call.value('read'),
          write: call.value('write'),
        }),
      ),
      delete: deletion(['user'], (call) => `/permissions${at(call.vhost, call.value('user'))}`),
    },
  ],
  [
    'queues',
    {
      list: listing((call) => `/queues${at(call.vhost)}`, QUEUE_COLUMNS),
      show: {
        required: ['name'],
        optional: ['columns'],
        run: async (call) =>
          call.shown(QUEUE_COLUMNS, [
            await call.object(`/queues${at(call.vhost, call.value('name'))}`),
          ]),
      },
      declare: queueDeclaration('classic'),
      delete: deletion(['name'], (call) => `/queues${at(call.vhost, call.value('name'))}`),
      purge: deletion(['name'], (call) => `/queues${at(call.vhost, call.value('name'))}/contents`),
    },
  ],
  [
    'streams',
    {
      declare: queueDeclaration('stream'),
      delete: deletion(['name'], (call) => `/queues${at(call.vhost, call.value('name'))}`),
    },
  ],
  [
    'exchanges',
    {
      list: listing((call) => `/exchanges${at(call.vhost)}`, EXCHANGE_COLUMNS),
      declare: declaration(
        ['name'],
        (call) => `/exchanges${at(call.vhost, call.value('name'))}`,
        (call) => ({
          type: call.value('type', 'direct'),
          ...flags(call),
          arguments: call.json('arguments', {}),
        }),
        ['type', ...FLAGS, 'arguments'],
      ),
      delete: deletion(['name'], (call) => `/exchanges${at(call.vhost, call.value('name'))}`),
    },
  ],
  [
    'bindings',
    {
      list: listing('/bindings', BINDING_COLUMNS),
      declare: {
        required: ['source', 'destination-type', 'destination'],
        optional: ['routing-key', 'arguments'],
        run: async (call) => {
          await call.ask('POST', bindingsBetween(call), {
            routing_key: call.value('routing-key'),
            arguments: call.json('arguments', {}),
          })
          return ''
        },
      },
      delete: {
        required: ['source', 'destination-type', 'destination', 'routing-key'],
        optional: ['arguments', 'idempotently'],
        run: async (call) => {
          const args = JSON.stringify(call.json('arguments', {}))
          const found = (await call.list(bindingsBetween(call))).find(
            ({ routing_key: key, arguments: own }) =>
              key === call.value('routing-key') && JSON.stringify(own) === args,
          )
          const properties = found === undefined ? '' : String(found.properties_key)
          return call.delete(`${bindingsBetween(call)}${at(properties)}`)
        },
      },
    },
  ],
  ['policies', policyVerbs('/policies')],
  ['operator_policies', policyVerbs('/operator-policies')],
  [
    'parameters',
    {
      list_all: listing('/parameters', PARAMETER_COLUMNS),
      list: {
        required: ['component'],
        optional: ['columns'],
        run: async (call) =>
          call.shown(
            PARAMETER_COLUMNS,
            await call.list(`/parameters${at(call.value('component'), call.vhost)}`),
          ),
      },
      set: declaration(['component', 'name', 'value'], parameterPath, (call) => ({
        component: call.value('component'),
        vhost: call.vhost,
        name: call.value('name'),
        value: call.json('value', {}),
      })),
      clear: deletion(['component', 'name'], parameterPath),
    },
  ],
  [
    'global_parameters',
    {
      list: listing('/global-parameters', GLOBAL_PARAMETER_COLUMNS),
      set: declaration(
        ['name', 'value'],
        (call) => `/global-parameters${at(call.value('name'))}`,
        (call) => ({ name: call.value('name'), value: call.json('value', {}) }),
      ),
      clear: deletion(['name'], (call) => `/global-parameters${at(call.value('name'))}`),
    },
  ],
  [
    'vhost_limits',
    {
      list: listing('/vhost-limits', VHOST_LIMIT_COLUMNS),
      declare: declaration(
        ['name', 'value'],
        (call) => `/vhost-limits${at(call.vhost, call.value('name'))}`,
        (call) => ({ value: call.json('value', null) }),
      ),
      delete: deletion(['name'], (call) => `/vhost-limits${at(call.vhost, call.value('name'))}`),
    },
  ],
  [
    'user_limits',
    {
      list: listing('/user-limits', USER_LIMIT_COLUMNS),
      declare: declaration(
        ['user', 'name', 'value'],
        (call) => `/user-limits${at(call.value('user'), call.value('name'))}`,
        (call) => ({ value: call.json('value', null) }),
      ),
      delete: deletion(
        ['user', 'name'],
        (call) => `/user-limits${at(call.value('user'), call.value('name'))}`,
      ),
    },
  ],
  [
    'connections',
    {
      list: listing('/connections', CONNECTION_COLUMNS),
      close: deletion(['name'], (call) => `/connections${at(call.value('name'))}`),
      close_of_user: deletion(
        ['username'],
        (call) => `/connections/username${at(call.value('username'))}`,
      ),
    },
  ],
  ['channels', { list: listing('/channels', CHANNEL_COLUMNS) }],
  ['nodes', { list: listing('/nodes', NODE_COLUMNS) }],
  [
    'feature_flags',
    {
      list: listing('/feature-flags', FEATURE_COLUMNS),
      enable: declaration(
        ['name'],
        (call) => `/feature-flags${at(call.value('name'))}/enable`,
        (call) => ({ name: call.value('name') }),
      ),
    },
  ],
  [
    'deprecated_features',
    {
      list: listing('/deprecated-features', DEPRECATED_COLUMNS),
      list_used: listing('/deprecated-features/used', DEPRECATED_COLUMNS),
    },
  ],
  ['health_check', HEALTH_VERBS],
  ['definitions', DEFINITION_VERBS],
  ['messages', MESSAGE_VERBS],
  ['overview', SHOW_VERBS],
  [
    'rebalance',
    { queues: { required: [], run: async (call) => call.ask('POST', '/rebalance/queues') } },
  ],
])

function queueDeclaration(type: string): AdminVerb {
  return declaration(
    ['name'],
    (call) => `/queues${at(call.vhost, call.value('name'))}`,
    (call) => {
      const given = call.json('arguments', {})
      const age = call.has('expiration') ? { 'x-max-age': call.value('expiration') } : {}
      const args = typeof given === 'object' && !Array.isArray(given) ? given : {}
      return {
        ...flags(call),
        arguments: { ...args, ...age, 'x-queue-type': call.value('type', type) },
      }
    },
    ['type', ...FLAGS, 'arguments', 'expiration'],
  )
}

function policyVerbs(path: string): Verbs {
  const where: Parameters<typeof deletion>[1] = (call) =>
    `${path}${at(call.vhost, call.value('name'))}`
  return {
    list: listing(path, POLICY_COLUMNS),
    declare: declaration(
      ['name', 'pattern', 'definition'],
      where,
      (call) => ({
        pattern: call.value('pattern'),
        'apply-to': call.value('apply-to', 'all'),
        priority: Number(call.value('priority', '0')),
        definition: call.json('definition', {}),
      }),
      ['apply-to', 'priority'],
    ),
    delete: deletion(['name'], where),
  }
}

function parameterPath(call: Parameters<Parameters<typeof deletion>[1]>[0]): string {
  return `/parameters${at(call.value('component'), call.vhost, call.value('name'))}`
}

function bindingsBetween(call: Parameters<Parameters<typeof deletion>[1]>[0]): string {
  const kind = call.value('destination-type') === 'exchange' ? 'e' : 'q'
  return `/bindings${at(call.vhost, 'e', call.value('source'), kind, call.value('destination'))}`
}
