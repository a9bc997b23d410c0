import { isJsonObject } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import type { Command } from '../command.ts'
import { refused } from '../failure.ts'
import { jsonDocument } from '../json-document.ts'
import { DOCUMENT, NUMBER, TEXT, WORD } from '../kinds.ts'
import { plainColumns } from './columns.ts'
import { assertVhost, listOfVhost } from './vhosts.ts'

interface Sort {
  readonly infix: '' | 'operator_'
  readonly path: '/policies' | '/operator-policies'
  /** As banners name one, and several. */
  readonly shown: readonly [string, string]
  readonly deleted: string
}

const COLUMNS = [
  ...plainColumns(TEXT, 'vhost', 'name', 'pattern'),
  ...plainColumns(WORD, 'apply-to'),
  ...plainColumns(DOCUMENT, 'definition'),
  ...plainColumns(NUMBER, 'priority'),
]

const COMMON = { tools: ['rabbitmqctl'], group: 'Policies', guides: ['parameters'] } as const

export const POLICY_COMMANDS: readonly Command[] = [
  ...commandsOf({
    infix: '',
    path: '/policies',
    shown: ['policy', 'policies'],
    deleted: 'policy',
  }),
  ...commandsOf({
    infix: 'operator_',
    path: '/operator-policies',
    shown: ['operator policy override', 'operator policy overrides'],
    deleted: 'operator policy',
  }),
  {
    name: 'list_policies_that_match',
    tools: ['rabbitmq-diagnostics'],
    group: 'Policies',
    about: 'Lists all policies that match a queue or an exchange',
    usage: '[--vhost <vhost>] [--object-type <type>] <name>',
    arguments: [1, 1],
    options: { 'object-type': 'text' },
    banner: ({ args, options }) => {
      const type = options.text('object-type') ?? 'queue'
      return `Listing policies that match ${type} '${args[0]}' in vhost '${options.vhost}' ...`
    },
    run: async (call) => {
      const { broker, args, options } = call
      const [name = ''] = args
      const policies = await listOfVhost(call, `/policies${path(options.vhost)}`)
      const kind = options.text('object-type') === 'exchange' ? 'exchange' : 'queue'
      const { type } = await broker.object(`/${kind}s${path(options.vhost, name)}`)
      const targets = ['all', `${kind}s`, ...(kind === 'queue' ? [`${String(type)}_queues`] : [])]
      const rows = policies
        .filter((one) => targets.includes(String(one['apply-to'])))
        .filter((one) => new RegExp(String(one.pattern)).test(name))
        .sort((a, b) => Number(b.priority) - Number(a.priority))
      return { columns: COLUMNS, rows, isPretty: true }
    },
  },
]

function commandsOf(sort: Sort): readonly Command[] {
  return [setCommand(sort), clearCommand(sort), listCommand(sort)]
}

function setCommand(sort: Sort): Command {
  const { infix, shown } = sort
  const [one] = shown
  return {
    ...COMMON,
    name: `set_${infix}policy`,
    about:
      infix === ''
        ? 'Sets or updates a policy'
        : 'Sets an operator policy that overrides a subset of arguments in user policies',
    usage:
      '[--vhost <vhost>] [--priority <priority>] [--apply-to <apply-to>] <name> <pattern> <definition>',
    help: [
      ['<name>', 'policy name (identifier)'],
      ['<pattern>', 'regular expression pattern that will be used to match queues, exchanges, etc'],
      ['<definition>', 'policy definition (arguments). Must be a valid JSON document'],
      ['--priority <priority>', 'policy priority'],
      [
        '--apply-to <queues | exchanges | all>',
        'policy should only apply to queues, exchanges, or all entities (both of the above)',
      ],
    ],
    arguments: [3, 3],
    options: { priority: 'number', 'apply-to': 'text' },
    banner: ({ args: [name, pattern, definition], options }) =>
      `Setting ${one} "${name}" for pattern "${pattern}" to "${definition}" with priority "${options.text('priority') ?? '0'}" for vhost "${options.vhost}" ...`,
    run: async (call) => {
      await assertVhost(call)
      const { broker, options } = call
      const [name = '', pattern = '', text = ''] = call.args
      const definition = jsonDocument(text)
      if (!isJsonObject(definition))
        throw refused('Validation failed\n\ndefinition should be a map\n')
      await broker.put(`${sort.path}${path(options.vhost, name)}`, {
        pattern,
        definition,
        priority: options.number('priority') ?? 0,
        'apply-to': options.text('apply-to') ?? (infix === '' ? 'all' : 'queues'),
      })
      return null
    },
  }
}

function clearCommand(sort: Sort): Command {
  const { infix, deleted } = sort
  return {
    ...COMMON,
    name: `clear_${infix}policy`,
    about: `Clears (removes) ${infix === '' ? 'a policy' : 'an operator policy'}`,
    usage: '[--vhost <vhost>] <name>',
    arguments: [1, 1],
    banner: ({ args, options }) =>
      `Clearing ${deleted} "${args[0]}" on vhost "${options.vhost}" ...`,
    run: async (call) => {
      await assertVhost(call)
      const where = `${sort.path}${path(call.options.vhost, call.args[0] ?? '')}`
      const { status } = await call.broker.send({ method: 'DELETE', path: where })
      if (status === 404) throw refused('Parameter does not exist')
      return null
    },
  }
}

function listCommand(sort: Sort): Command {
  const { infix, shown } = sort
  const [, several] = shown
  return {
    ...COMMON,
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    name: `list_${infix}policies`,
    about: `Lists all ${infix === '' ? 'policies' : 'operator policy overrides'} in a virtual host`,
    usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
    options: { 'no-table-headers': 'flag' },
    banner: ({ options }) => `Listing ${several} for vhost "${options.vhost}" ...`,
    run: async (call) => {
      const rows = await listOfVhost(call, `${sort.path}${path(call.options.vhost)}`)
      return { columns: COLUMNS, rows, without: '\n' }
    },
  }
}
