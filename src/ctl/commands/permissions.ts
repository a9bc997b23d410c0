import type { JsonObject } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import type { Command, CommandCall, Output } from '../command.ts'
import { EXIT, refused } from '../failure.ts'
import { TEXT } from '../kinds.ts'
import { plainColumns } from './columns.ts'
import { listOfVhost } from './vhosts.ts'

const GUIDES = ['access-control']
const PATTERNS = ['configure', 'write', 'read'] as const

export const PERMISSION_COMMANDS: readonly Command[] = [
  {
    ...change('set_permissions', 'Sets user permissions for a vhost'),
    usage: '[--vhost <vhost>] <username> <conf> <write> <read>',
    help: [
      ['<username>', 'Self-explanatory'],
      ['<conf>', 'Configuration permission pattern'],
      ['<write>', 'Write permission pattern'],
      ['<read>', 'Read permission pattern'],
    ],
    arguments: [4, 4],
    banner: ({ args, options }) =>
      `Setting permissions for user "${args[0]}" in vhost "${options.vhost}" ...`,
    run: async (call) => {
      const [user = '', ...patterns] = call.args
      await assertUserAndVhost(call, user)
      return setPermissions(call, call.options.vhost, user, patterns)
    },
  },
  {
    ...change('set_permissions_globally', 'Sets user permissions for all virtual hosts.'),
    usage: '<username> <conf> <write> <read>',
    arguments: [4, 4],
    banner: ({ args }) => `Setting permissions for user "${args[0]}" in all virtual hosts ...`,
    run: async (call) => {
      const [user = '', ...patterns] = call.args
      await assertUser(call, user)
      for (const { name } of await call.broker.list('/vhosts')) {
        await setPermissions(call, String(name), user, patterns)
      }
      return null
    },
  },
  {
    ...change('clear_permissions', 'Revokes user permissions for a vhost'),
    usage: '[--vhost <vhost>] <username>',
    arguments: [1, 1],
    banner: ({ args, options }) =>
      `Clearing permissions for user "${args[0]}" in vhost "${options.vhost}" ...`,
    run: async (call) => {
      const [user = ''] = call.args
      await assertUser(call, user)
      await call.broker.send({
        method: 'DELETE',
        path: `/permissions${path(call.options.vhost, user)}`,
      })
      return null
    },
  },
  {
    ...change('set_topic_permissions', 'Sets user topic permissions for an exchange'),
    usage: '[--vhost <vhost>] <username> <exchange> <write> <read>',
    arguments: [4, 4],
    banner: ({ args: [user, exchange], options }) =>
      `Setting topic permissions on "${exchange}" for user "${user}" in vhost "${options.vhost}" ...`,
    run: async (call) => {
      const [user = '', exchange = '', write = '', read = ''] = call.args
      const { vhost } = call.options
      await assertUserAndVhost(call, user)
      if (!(await call.broker.has(`/exchanges${path(vhost, exchange)}`))) {
        throw refused(`Exchange ${exchange} does not exist`)
      }
      assertPatterns(write, read)
      const body = { exchange, write, read }
      await call.broker.put(`/topic-permissions${path(vhost, user)}`, body)
      return null
    },
  },
  {
    ...change('clear_topic_permissions', 'Clears user topic permissions for a vhost or exchange'),
    usage: '[--vhost <vhost>] <username> [<exchange>]',
    arguments: [1, 2],
    banner: ({ args: [user, exchange], options }) => {
      const where = exchange === undefined ? '' : ` on "${exchange}"`
      return `Clearing topic permissions${where} for user "${user}" in vhost "${options.vhost}" ...`
    },
    run: async (call) => {
      const [user = '', exchange] = call.args
      await assertUser(call, user)
      const names = [call.options.vhost, user, ...(exchange === undefined ? [] : [exchange])]
      await call.broker.send({ method: 'DELETE', path: `/topic-permissions${path(...names)}` })
      return null
    },
  },
  {
    ...list('list_permissions', 'Lists user permissions in a virtual host'),
    usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
    banner: ({ options }) => `Listing permissions for vhost "${options.vhost}" ...`,
    run: async (call) => {
      const rows = await listOfVhost(call, `/vhosts${path(call.options.vhost)}/permissions`)
      return { columns: plainColumns(TEXT, 'user', ...PATTERNS), rows }
    },
  },
  {
    ...list('list_user_permissions', 'Lists permissions of a user across all virtual hosts'),
    usage: '[--no-table-headers] <username> [--timeout <timeout>]',
    arguments: [1, 1],
    banner: ({ args }) => `Listing permissions for user "${args[0]}" ...`,
    run: async (call) => {
      const rows = await ofUser(call, 'permissions')
      return { columns: plainColumns(TEXT, 'vhost', ...PATTERNS), rows }
    },
  },
  {
    ...list('list_topic_permissions', 'Lists topic permissions in a virtual host'),
    usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
    banner: ({ options }) => `Listing topic permissions for vhost "${options.vhost}" ...`,
    run: async (call): Promise<Output> => {
      const rows = await listOfVhost(call, `/vhosts${path(call.options.vhost)}/topic-permissions`)
      return {
        columns: plainColumns(TEXT, 'user', 'exchange', 'write', 'read'),
        rows,
        without: '\n',
      }
    },
  },
  {
    ...list('list_user_topic_permissions', 'Lists user topic permissions'),
    usage: '[--no-table-headers] <username> [--timeout <timeout>]',
    arguments: [1, 1],
    banner: ({ args }) => `Listing topic permissions for user "${args[0]}" ...`,
    run: async (call): Promise<Output> => {
      const rows = await ofUser(call, 'topic-permissions')
      const columns = plainColumns(TEXT, 'vhost', 'exchange', 'write', 'read')
      return { columns, rows, without: '\n', hasNoHeader: true }
    },
  },
]

function change(name: string, about: string) {
  return { name, about, tools: ['rabbitmqctl'], group: 'Access Control', guides: GUIDES } as const
}

function list(name: string, about: string) {
  return {
    ...change(name, about),
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    options: { 'no-table-headers': 'flag' },
  } as const
}

async function setPermissions(
  { broker }: CommandCall,
  vhost: string,
  user: string,
  patterns: readonly string[],
): Promise<null> {
  const [configure = '', write = '', read = ''] = patterns
  assertPatterns(...patterns)
  await broker.put(`/permissions${path(vhost, user)}`, { configure, write, read })
  return null
}

async function ofUser(
  { broker, args }: CommandCall,
  what: 'permissions' | 'topic-permissions',
): Promise<readonly JsonObject[]> {
  const [user = ''] = args
  const rows = await broker.findList(`/users${path(user)}/${what}`)
  if (rows === null) throw refused(`{:no_such_user, "${user}"}`)
  return rows
}

async function assertUserAndVhost(call: CommandCall, user: string): Promise<void> {
  await assertUser(call, user)
  const { vhost } = call.options
  if (await call.broker.has(`/vhosts${path(vhost)}`)) return
  throw refused(`Virtual host ${vhost} does not exist`)
}

async function assertUser({ broker }: CommandCall, user: string): Promise<void> {
  if (await broker.has(`/users${path(user)}`)) return
  throw refused(`User ${user} does not exist`, EXIT.noUser)
}

/** Told as Erlang's own expressions tell what is wrong with one. */
function assertPatterns(...patterns: readonly string[]): void {
  for (const pattern of patterns) {
    try {
      new RegExp(pattern)
    } catch (cause) {
      const isClass = /\[[^\]]*$/.test(pattern)
      const reason = isClass ? 'missing terminating ] for character class' : 'invalid pattern'
      const term = `{:invalid_regexp, ~c"${pattern}", {~c"${reason}", ${pattern.length}}}`
      throw refused(term, EXIT.unavailable, cause)
    }
  }
}
