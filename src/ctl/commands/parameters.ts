import { path } from '../broker-client.ts'
import type { Command, CommandCall } from '../command.ts'
import { refused } from '../failure.ts'
import { jsonDocument } from '../json-document.ts'
import { DOCUMENT, TEXT } from '../kinds.ts'
import { plainColumns } from './columns.ts'
import { assertVhost } from './vhosts.ts'

const COMMON = { tools: ['rabbitmqctl'], group: 'Parameters', guides: ['parameters'] } as const

export const PARAMETER_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'set_parameter',
    about: 'Sets a runtime parameter.',
    usage: '[--vhost <vhost>] <component_name> <name> <value>',
    arguments: [3, 3],
    banner: ({ args: [component, name, value], options }) =>
      `Setting runtime parameter "${name}" for component "${component}" to "${value}" in vhost "${options.vhost}" ...`,
    run: async (call) => {
      await assertVhost(call)
      const [component = '', name = '', text = ''] = call.args
      const { vhost } = call.options
      const value = jsonDocument(text)
      await call.broker.put(`/parameters${path(component, vhost, name)}`, {
        component,
        vhost,
        name,
        value,
      })
      return null
    },
  },
  {
    ...COMMON,
    name: 'clear_parameter',
    about: 'Clears a runtime parameter.',
    usage: '[--vhost <vhost>] <component_name> <name>',
    arguments: [2, 2],
    banner: ({ args: [component, name], options }) =>
      `Clearing runtime parameter "${name}" for component "${component}" on vhost "${options.vhost}" ...`,
    run: async (call) => {
      await assertVhost(call)
      const [component = '', name = ''] = call.args
      return clear(call, `/parameters${path(component, call.options.vhost, name)}`)
    },
  },
  {
    ...COMMON,
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    name: 'list_parameters',
    about: 'Lists runtime parameters for a virtual host',
    usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
    options: { 'no-table-headers': 'flag' },
    banner: ({ options }) => `Listing runtime parameters for vhost "${options.vhost}" ...`,
    run: async (call) => {
      await assertVhost(call)
      const all = await call.broker.list('/parameters')
      const rows = all.filter(({ vhost }) => vhost === call.options.vhost)
      const columns = [
        ...plainColumns(TEXT, 'component', 'name'),
        { name: 'value', kind: DOCUMENT },
      ]
      return { columns, rows, without: '\n' }
    },
  },
  {
    ...COMMON,
    name: 'set_global_parameter',
    about: 'Sets a global runtime parameter.',
    usage: '<name> <value>',
    arguments: [2, 2],
    banner: ({ args: [name, value] }) =>
      `Setting global runtime parameter "${name}" to "${value}" ...`,
    run: async ({ broker, args: [name = '', text = ''] }) => {
      await broker.put(`/global-parameters${path(name)}`, { name, value: jsonDocument(text) })
      return null
    },
  },
  {
    ...COMMON,
    name: 'clear_global_parameter',
    about: 'Clears a global runtime parameter',
    usage: '<name>',
    arguments: [1, 1],
    banner: ({ args }) => `Clearing global runtime parameter "${args[0]}" ...`,
    run: (call) => clear(call, `/global-parameters${path(call.args[0] ?? '')}`),
  },
  {
    ...COMMON,
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    name: 'list_global_parameters',
    about: 'Lists global runtime parameters',
    usage: '[--no-table-headers] [--timeout <timeout>]',
    options: { 'no-table-headers': 'flag' },
    banner: () => 'Listing global runtime parameters ...',
    run: async ({ broker }) => ({
      columns: [...plainColumns(TEXT, 'name'), { name: 'value', kind: DOCUMENT }],
      rows: await broker.list('/global-parameters'),
      without: '\n',
    }),
  },
  {
    ...COMMON,
    name: 'set_cluster_name',
    group: 'Configuration and Environment',
    about: 'Sets the cluster name',
    usage: '<name>',
    arguments: [1, 1],
    banner: ({ args }) => `Setting cluster name to ${args[0]} ...`,
    run: async ({ broker, args }) => {
      await broker.put('/cluster-name', { name: args[0] ?? '' })
      return null
    },
  },
]

async function clear({ broker }: CommandCall, where: string): Promise<null> {
  const { status } = await broker.send({ method: 'DELETE', path: where })
  if (status === 404) throw refused('Parameter does not exist')
  return null
}
