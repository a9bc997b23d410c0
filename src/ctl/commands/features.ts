import { path } from '../broker-client.ts'
import type { Columns, Command } from '../command.ts'
import { EXIT, refused } from '../failure.ts'
import { TEXT, WORD } from '../kinds.ts'
import { plainColumns } from './columns.ts'
import { chosenColumns } from './lists.ts'

const COMMON = { tools: ['rabbitmqctl', 'rabbitmq-diagnostics'], group: 'Feature flags' } as const

const FLAGS: Columns = {
  all: [
    ...plainColumns(WORD, 'name', 'state', 'stability', 'provided_by'),
    ...plainColumns(TEXT, 'desc', 'doc_url'),
  ],
  default: ['name', 'state'],
}

export const FEATURE_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'list_feature_flags',
    about: 'Lists feature flags',
    usage: '[--no-table-headers] [<column> ...]',
    options: { 'no-table-headers': 'flag' },
    columns: FLAGS,
    banner: () => 'Listing feature flags ...',
    run: async ({ broker, args }) => ({
      columns: chosenColumns(FLAGS, args),
      rows: await broker.list('/feature-flags'),
    }),
  },
  {
    ...COMMON,
    name: 'enable_feature_flag',
    tools: ['rabbitmqctl'],
    about: 'Enables a feature flag or all supported feature flags on the target node',
    usage: '[--opt-in] <all | feature_flag>',
    arguments: [1, 1],
    options: { 'opt-in': 'flag', experimental: 'flag' },
    banner: ({ args }) =>
      args[0] === 'all'
        ? 'Enabling all feature flags ...'
        : `Enabling feature flag "${args[0]}" ...`,
    run: async ({ broker, args: [name = ''], nodeName }) => {
      if (name === 'all') return null
      const request = { method: 'PUT', path: `/feature-flags${path(name)}/enable` } as const
      const { status } = await broker.send(request)
      if (status < 400) return null
      throw refused(`This feature flag is not supported by node ${nodeName}`, EXIT.usage)
    },
  },
  {
    ...COMMON,
    name: 'list_deprecated_features',
    about: 'Lists deprecated features',
    usage: '[--used] [<column> ...]',
    options: { used: 'flag' },
    banner: () => 'Listing deprecated features ...',
    run: async ({ broker, options }) => ({
      columns: plainColumns(WORD, 'name', 'deprecation_phase', 'state'),
      rows: await broker.list(`/deprecated-features${options.has('used') ? '/used' : ''}`),
      isPretty: true,
    }),
  },
]
