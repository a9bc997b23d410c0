import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import type { Command, CommandCall } from '../command.ts'
import { EXIT, refused } from '../failure.ts'
import { jsonDocument } from '../json-document.ts'
import { DOCUMENT, TAGS, TEXT } from '../kinds.ts'
import { secret } from '../secret.ts'
import { plainColumns } from './columns.ts'

const USER = ['<username>', 'Self-explanatory'] as const
const GUIDES = ['access-control', 'passwords']

export const USER_COMMANDS: readonly Command[] = [
  {
    name: 'add_user',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about:
      'Creates a new user in the internal database. This user will have no permissions for any virtual hosts by default.',
    usage: '<username> [<password>] [<password_hash> --pre-hashed-password]',
    help: [
      USER,
      [
        '<password>',
        'Password this user will authenticate with. Use a blank string to disable password-based authentication. Mutually exclusive with <password_hash>',
      ],
      [
        '<password_hash>',
        "A Base64-encoded password hash produced by the 'hash_password' command or a different method as described in the Passwords guide. Must be used in combination with --pre-hashed-password. Mutually exclusive with <password>",
      ],
      [
        '--pre-hashed-password',
        'Use to pass in a password hash instead of a clear text password. Disabled by default',
      ],
    ],
    guides: GUIDES,
    arguments: [1, 2],
    options: { 'pre-hashed-password': 'flag' },
    banner: ({ args }) => `Adding user "${args[0]}" ...`,
    run: async (call) => {
      const { broker, args, options } = call
      const [name = ''] = args
      const given = args[1] ?? (await secret(call))
      if (await broker.has(`/users${path(name)}`)) {
        throw refused(`User "${name}" already exists`, EXIT.software)
      }
      const isHash = options.has('pre-hashed-password')
      const password = isHash || given === '' ? { password_hash: given } : { password: given }
      await broker.put(`/users${path(name)}`, { ...password, tags: '' })
      if (options.isQuiet) return null
      return {
        text: "Done. Don't forget to grant the user permissions to some virtual hosts! See 'rabbitmqctl help set_permissions' to learn more.",
      }
    },
  },
  {
    name: 'delete_user',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about:
      'Removes a user from the internal database. Has no effect on users provided by external backends such as LDAP',
    usage: '<username>',
    help: [USER],
    guides: GUIDES,
    arguments: [1, 1],
    banner: ({ args }) => `Deleting user "${args[0]}" ...`,
    run: async ({ broker, args }) => {
      await broker.send({ method: 'DELETE', path: `/users${path(args[0] ?? '')}` })
      return null
    },
  },
  {
    name: 'change_password',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Changes the user password',
    usage: '<username> [<password>]',
    help: [USER, ['<password>', 'New password to set']],
    guides: GUIDES,
    arguments: [1, 2],
    banner: ({ args }) => `Changing password for user "${args[0]}" ...`,
    run: async (call) => {
      const [name = ''] = call.args
      const password = call.args[1] ?? (await secret(call))
      return changeUser(call, name, { password })
    },
  },
  {
    name: 'clear_password',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Clears (resets) password and disables password login for a user',
    usage: '<username>',
    help: [USER],
    guides: GUIDES,
    arguments: [1, 1],
    banner: ({ args }) => `Clearing password for user "${args[0]}" ...`,
    run: (call) => changeUser(call, call.args[0] ?? '', { password_hash: '' }),
  },
  {
    name: 'set_user_tags',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Sets user tags',
    usage: '<username> <tag> [...]',
    help: [USER, ['<tag>', 'Tags to set']],
    guides: ['management', 'access-control'],
    arguments: [1, Number.POSITIVE_INFINITY],
    banner: ({ args: [name, ...tags] }) =>
      `Setting tags for user "${name}" to [${tags.join(', ')}] ...`,
    run: (call) => {
      const [name = '', ...tags] = call.args
      return changeUser(call, name, { tags })
    },
  },
  {
    name: 'authenticate_user',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Attempts to authenticate a user. Exits with a non-zero code if authentication fails.',
    usage: '<username> [<password>]',
    help: [USER, ['<password>', 'Password to try']],
    guides: GUIDES,
    arguments: [1, 2],
    banner: ({ args }) => `Authenticating user "${args[0]}" ...`,
    run: async (call) => {
      const [name = ''] = call.args
      const password = call.args[1] ?? (await secret(call))
      const { status } = await call.broker.send({
        method: 'POST',
        path: '/control/authenticate',
        body: { name, password },
      })
      if (status < 400) return { text: 'Success' }
      const reason = `user '${name}' - invalid credentials`
      throw refused(`Error: failed to authenticate user "${name}"\n${reason}`, EXIT.data)
    },
  },
  {
    name: 'list_users',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Users',
    about: 'List user names and tags',
    usage: '[--no-table-headers] [--timeout <timeout>]',
    guides: GUIDES,
    options: { 'no-table-headers': 'flag' },
    banner: () => 'Listing users ...',
    run: async ({ broker }) => ({
      columns: [
        { name: 'user', kind: TEXT, read: ({ name }) => name },
        { name: 'tags', kind: TAGS },
      ],
      rows: await broker.list('/users'),
    }),
  },
  {
    name: 'set_user_limits',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Sets user limits',
    usage: '<username> <definition>',
    help: [USER, ['<definition>', 'Limit definitions, must be a valid JSON document']],
    guides: ['user-limits'],
    arguments: [2, 2],
    banner: ({ args }) => `Setting user limits to "${args[1]}" for user "${args[0]}" ...`,
    run: async ({ broker, args: [name = '', text = ''] }) => {
      for (const [limit, value] of Object.entries(limitsIn(text))) {
        await broker.put(`/user-limits${path(name, limit)}`, { value })
      }
      return null
    },
  },
  {
    name: 'clear_user_limits',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Clears user connection/channel limits',
    usage: '<username> <limit_type> | all',
    help: [USER, ['<limit_type>', 'limit type, must be max-connections or max-channels']],
    guides: ['user-limits'],
    arguments: [2, 2],
    banner: ({ args: [name, limit] }) =>
      limit === 'all'
        ? `Clearing all limits for user "${name}" ...`
        : `Clearing "${limit}" limit for user "${name}" ...`,
    run: async ({ broker, args: [name = '', limit = ''] }) => {
      const limits = limit === 'all' ? ['max-connections', 'max-channels'] : [limit]
      for (const one of limits) await broker.delete(`/user-limits${path(name, one)}`)
      return null
    },
  },
  {
    name: 'list_user_limits',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Users',
    about: 'Displays configured user limits',
    usage: '[--user <username>] [--global]',
    guides: ['user-limits'],
    options: { user: 'text', global: 'flag' },
    banner: ({ options }) =>
      options.has('global')
        ? 'Listing limits for all users ...'
        : `Listing limits for user "${options.text('user') ?? 'guest'}" ...`,
    run: async ({ broker, options }) => {
      if (options.has('global')) {
        const rows = await broker.list('/user-limits')
        return { columns: [...plainColumns(TEXT, 'user'), limitsColumn], rows, without: '\n' }
      }
      const name = options.text('user') ?? 'guest'
      const [row] = await broker.list(`/user-limits${path(name)}`)
      return document(row?.value ?? {})
    },
  },
  {
    name: 'hash_password',
    tools: ['rabbitmqctl'],
    group: 'Users',
    about: 'Hashes a plaintext password',
    usage: '<cleartext_password>',
    arguments: [0, 1],
    banner: ({ args }) => `Will hash password ${args[0] ?? ''}`,
    run: async (call) => {
      const password = call.args[0] ?? (await secret(call))
      const { ok } = await call.broker.object(`/auth/hash_password${path(password)}`)
      return { text: String(ok) }
    },
  },
]

export const limitsColumn = {
  name: 'limits',
  kind: DOCUMENT,
  read: ({ value }: JsonObject) => value,
} as const

/** A JSON document on a line of its own, in JSON too. */
export function document(json: Json): { readonly text: string; readonly json: Json } {
  return { text: JSON.stringify(json), json }
}

/** Limits as they are written on a command line. */
export function limitsIn(text: string): JsonObject {
  const json = jsonDocument(text)
  return isJsonObject(json) ? json : {}
}

/** A user with something changed; everything else stays. */
async function changeUser(
  { broker }: CommandCall,
  name: string,
  change: Readonly<Record<string, Json>>,
): Promise<null> {
  const user = await broker.find(`/users${path(name)}`)
  if (user === null) throw refused(`User "${name}" does not exist`, EXIT.noUser)
  const { tags = [], password_hash: hash = '', hashing_algorithm: algorithm = null } = user
  const known = { tags: isJsonList(tags) ? tags : [] }
  const password =
    'password' in change || 'password_hash' in change
      ? {}
      : { password_hash: hash, hashing_algorithm: algorithm }
  await broker.put(`/users${path(name)}`, { ...known, ...password, ...change })
  return null
}
