import { isJsonObject, type JsonObject } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import type { Columns, Command, CommandCall } from '../command.ts'
import { badArgument, EXIT, Failure } from '../failure.ts'
import { inside, MAP, STATES, TAGS, TEXT, WORD } from '../kinds.ts'
import { plainColumns } from './columns.ts'
import { chosenColumns } from './lists.ts'
import { document, limitsColumn, limitsIn } from './users.ts'

const GUIDES = ['vhosts']
const NAME = ['<vhost>', 'Virtual host name'] as const
const QUEUE_TYPES = ['quorum', 'stream', 'classic']

const COLUMNS: Columns = {
  all: [
    ...plainColumns(TEXT, 'name'),
    ...plainColumns(WORD, 'tracing'),
    ...plainColumns(TEXT, 'description'),
    ...plainColumns(TAGS, 'tags'),
    ...plainColumns(WORD, 'default_queue_type'),
    { name: 'metadata', kind: MAP, read: (row) => inside(row, 'metadata') },
    { name: 'cluster_state', kind: STATES },
    ...plainColumns(WORD, 'protected_from_deletion'),
  ],
  default: ['name'],
}

export const VHOST_COMMANDS: readonly Command[] = [
  {
    name: 'list_vhosts',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Access Control',
    about: 'Lists virtual hosts',
    usage: '[--no-table-headers] [<column> ...] [--timeout <timeout>]',
    guides: GUIDES,
    options: { 'no-table-headers': 'flag' },
    columns: COLUMNS,
    banner: () => 'Listing vhosts ...',
    run: async ({ broker, args }) => ({
      columns: chosenColumns(COLUMNS, args),
      rows: await broker.list('/vhosts'),
    }),
  },
  {
    ...change('add_vhost', 'Creates a virtual host'),
    usage:
      '<vhost> [--description <description> --tags "<tag1>,<tag2>,<...>" --default-queue-type <quorum|classic|stream>]',
    help: [
      NAME,
      ['--description <description>', 'Virtual host description'],
      ['--tags <tags>', 'Comma-separated list of tags'],
      ['--default-queue-type <type>', 'Queue type to use if a client does not name one'],
    ],
    arguments: [1, 1],
    options: { description: 'text', tags: 'text', 'default-queue-type': 'text' },
    check: ({ options }) => {
      const type = options.text('default-queue-type')
      if (type === null || QUEUE_TYPES.includes(type)) return
      const known = QUEUE_TYPES.join(', ')
      throw badArgument(`Default queue type must be one of: ${known}. Provided: ${type}`)
    },
    banner: ({ args }) => `Adding vhost "${args[0]}" ...`,
    run: (call) => putVhost(call),
  },
  {
    ...change('update_vhost_metadata', 'Updates metadata (tags, description, default queue type)'),
    usage:
      '<vhost> [--description <description>] [--tags "<tag1>,<tag2>,<...>"] [--default-queue-type <quorum|classic|stream>]',
    arguments: [1, 1],
    options: { description: 'text', tags: 'text', 'default-queue-type': 'text' },
    banner: ({ args }) => `Updating metadata of vhost "${args[0]}" ...`,
    run: async (call) => {
      await assertVhost(call, call.args[0])
      return putVhost(call)
    },
  },
  {
    ...change('set_vhost_tags', 'Sets virtual host tags'),
    usage: '<vhost> <tag> [...]',
    arguments: [1, Number.POSITIVE_INFINITY],
    banner: ({ args: [name, ...tags] }) =>
      `Setting tags for virtual host "${name}" to [${tags.join(', ')}] ...`,
    run: async (call) => {
      const [name = '', ...tags] = call.args
      await assertVhost(call, name)
      await call.broker.put(`/vhosts${path(name)}`, { tags })
      return null
    },
  },
  {
    ...change('delete_vhost', 'Deletes a virtual host'),
    usage: '<vhost>',
    help: [NAME],
    arguments: [1, 1],
    banner: ({ args }) => `Deleting vhost "${args[0]}" ...`,
    run: async (call) => {
      const [name = ''] = call.args
      if (await call.broker.remove(`/vhosts${path(name)}`)) return null
      throw missing(name)
    },
  },
  protection('enable', 'POST', 'Protects a virtual host from deletion'),
  protection('disable', 'DELETE', 'Removes deletion protection from a virtual host'),
  {
    ...change('restart_vhost', 'Restarts a failed vhost data stores and queues'),
    usage: '[--vhost <vhost>]',
    banner: ({ options, nodeName }) =>
      `Trying to restart vhost '${options.vhost}' on node '${nodeName}' ...`,
    run: async (call) => {
      await assertVhost(call)
      const { options, nodeName } = call
      return { text: `Vhost '${options.vhost}' is already running on node '${nodeName}'` }
    },
  },
  {
    ...change('trace_on', 'Starts tracing of messages in a vhost'),
    usage: '[--vhost <vhost>]',
    banner: ({ options }) => `Starting tracing for vhost "${options.vhost}" ...`,
    run: (call) => trace(call, true),
  },
  {
    ...change('trace_off', 'Stops tracing of messages in a vhost'),
    usage: '[--vhost <vhost>]',
    banner: ({ options }) => `Stopping tracing for vhost "${options.vhost}" ...`,
    run: (call) => trace(call, false),
  },
  {
    ...change('set_vhost_limits', 'Sets virtual host limits'),
    usage: '[--vhost <vhost>] <definition>',
    arguments: [1, 1],
    banner: ({ args, options }) =>
      `Setting vhost limits to "${args[0]}" for vhost "${options.vhost}" ...`,
    run: async ({ broker, args, options }) => {
      for (const [limit, value] of Object.entries(limitsIn(args[0] ?? ''))) {
        await broker.put(`/vhost-limits${path(options.vhost, limit)}`, { value })
      }
      return null
    },
  },
  {
    ...change('clear_vhost_limits', 'Clears virtual host limits'),
    usage: '[--vhost <vhost>]',
    banner: ({ options }) => `Clearing vhost "${options.vhost}" limits ...`,
    run: async ({ broker, options }) => {
      for (const limit of ['max-queues', 'max-connections']) {
        await broker.delete(`/vhost-limits${path(options.vhost, limit)}`)
      }
      return null
    },
  },
  {
    ...change('list_vhost_limits', 'Displays configured virtual host limits'),
    usage: '[--vhost <vhost>] [--global] [--no-table-headers]',
    options: { global: 'flag', 'no-table-headers': 'flag' },
    banner: ({ options }) =>
      options.has('global')
        ? 'Listing limits for all vhosts ...'
        : `Listing limits for vhost "${options.vhost}" ...`,
    run: async ({ broker, options }) => {
      if (options.has('global')) {
        const rows = await broker.list('/vhost-limits')
        return { columns: [...plainColumns(TEXT, 'vhost'), limitsColumn], rows, without: '\n' }
      }
      const [row] = await broker.list(`/vhost-limits${path(options.vhost)}`)
      return isJsonObject(row?.value) ? document(row.value) : { text: '', json: {} }
    },
  },
]

/** Throws the Failure of a command whose vhost is not there. */
export async function assertVhost(
  { broker, options }: CommandCall,
  name: string = options.vhost,
): Promise<void> {
  if (!(await broker.has(`/vhosts${path(name)}`))) throw missing(name)
}

/** What is listed at a path of the vhost. Throws the Failure of a command whose vhost is not there. */
export async function listOfVhost(
  { broker, options }: CommandCall,
  where: string,
): Promise<readonly JsonObject[]> {
  const rows = await broker.findList(where)
  if (rows === null) throw missing(options.vhost)
  return rows
}

function missing(name: string): Failure {
  return new Failure(EXIT.data, `Virtual host '${name}' does not exist`)
}

function change(name: string, about: string) {
  return { name, about, tools: ['rabbitmqctl'], group: 'Virtual hosts', guides: GUIDES } as const
}

async function putVhost({ broker, args, options }: CommandCall): Promise<null> {
  const description = options.text('description')
  const tags = options.text('tags')
  const type = options.text('default-queue-type')
  await broker.put(`/vhosts${path(args[0] ?? '')}`, {
    ...(description === null ? {} : { description }),
    ...(tags === null ? {} : { tags }),
    ...(type === null ? {} : { default_queue_type: type }),
  })
  return null
}

function protection(word: 'enable' | 'disable', method: 'POST' | 'DELETE', about: string): Command {
  return {
    ...change(`${word}_vhost_deletion_protection`, about),
    usage: '<vhost>',
    arguments: [1, 1],
    banner: ({ args }) =>
      word === 'enable'
        ? `Protecting virtual host '${args[0]}' from deletion...`
        : `Removing deletion protection from virtual host '${args[0]}'...`,
    run: async (call) => {
      const [name = ''] = call.args
      const request = { method, path: `/vhosts${path(name)}/deletion/protection` }
      const { status } = await call.broker.send(request)
      if (status === 404) throw missing(name)
      return null
    },
  }
}

async function trace({ broker, options }: CommandCall, isOn: boolean) {
  const { vhost } = options
  await broker.put(`/vhosts${path(vhost)}`, { tracing: isOn })
  return { text: `Trace ${isOn ? 'enabled' : 'disabled'} for vhost ${vhost}` }
}
