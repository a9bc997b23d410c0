import type { JsonObject } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import { columnNames } from '../column-names.ts'
import type { Column, Columns, Command, CommandCall, Output } from '../command.ts'
import {
  BINDING_COLUMNS,
  CHANNEL_COLUMNS,
  CONNECTION_COLUMNS,
  CONSUMER_COLUMNS,
  EXCHANGE_COLUMNS,
  QUEUE_COLUMNS,
} from './columns.ts'

/** The columns that were asked for, in that order, or the default ones. */
export function chosenColumns(columns: Columns, args: readonly string[]): readonly Column[] {
  const names = args.length === 0 ? columns.default : columnNames(args)
  return names.flatMap((name) => columns.all.find((column) => column.name === name) ?? [])
}

const LIST_OPTIONS = { 'no-table-headers': 'flag' } as const

interface Listing {
  readonly name: string
  readonly about: string
  readonly usage: string
  readonly options?: Command['options']
  /** What they mean. */
  readonly optionHelp?: readonly (readonly [string, string])[]
  readonly guides?: readonly string[]
  readonly columns: Columns
  readonly banner: NonNullable<Command['banner']>
  readonly rows: (call: CommandCall) => Promise<readonly JsonObject[]>
}

function listing({ rows, columns, options = {}, optionHelp = [], ...rest }: Listing): Command {
  const names = columns.all.map(({ name }) => name).sort()
  return {
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Monitoring, observability and health checks',
    help: [['<column>', `must be one of ${names.join(', ')}`], ...optionHelp],
    ...rest,
    options: { ...LIST_OPTIONS, ...options },
    columns,
    run: async (call): Promise<Output> => ({
      columns: chosenColumns(columns, call.args),
      rows: await rows(call),
    }),
  }
}

export const LIST_COMMANDS: readonly Command[] = [
  listing({
    name: 'list_queues',
    about: 'Lists queues and their properties',
    usage:
      '[--vhost <vhost>] [--online] [--offline] [--local] [--no-table-headers] [<column>, ...] [--timeout <timeout>]',
    options: { online: 'flag', offline: 'flag', local: 'flag' },
    optionHelp: [
      ['--online', 'lists only queues on online (reachable) nodes'],
      ['--offline', 'lists only queues on offline (unreachable) nodes'],
      ['--local', 'only return queues hosted on the target node'],
    ],
    guides: ['queues'],
    columns: { all: QUEUE_COLUMNS, default: ['name', 'messages'] },
    banner: ({ options }) =>
      `Timeout: ${(options.timeoutSeconds ?? 60).toFixed(1)} seconds ...\nListing queues for vhost ${options.vhost} ...`,
    rows: ({ broker, options }) =>
      options.has('offline')
        ? Promise.resolve([])
        : broker.list(`/control/queues${path(options.vhost)}`),
  }),
  listing({
    name: 'list_exchanges',
    about: 'Lists exchanges',
    usage: '[--vhost <vhost>] [--no-table-headers] [<column> ...] [--timeout <timeout>]',
    columns: { all: EXCHANGE_COLUMNS, default: ['name', 'type'] },
    banner: ({ options }) => `Listing exchanges for vhost ${options.vhost} ...`,
    rows: (call) => inVhost(call, 'exchanges'),
  }),
  listing({
    name: 'list_bindings',
    about: 'Lists all bindings on a vhost',
    usage: '[--vhost <vhost>] [--no-table-headers] [<column> ...] [--timeout <timeout>]',
    columns: {
      all: BINDING_COLUMNS,
      default: BINDING_COLUMNS.map(({ name }) => name),
    },
    banner: ({ options }) => `Listing bindings for vhost ${options.vhost}...`,
    rows: (call) => inVhost(call, 'bindings'),
  }),
  listing({
    name: 'list_connections',
    about: 'Lists AMQP 0-9-1 connections for the node',
    usage: '[--no-table-headers] [<column> ...] [--timeout <timeout>]',
    guides: ['connections'],
    columns: { all: CONNECTION_COLUMNS, default: ['user', 'peer_host', 'peer_port', 'state'] },
    banner: () => 'Listing connections ...',
    rows: ({ broker }) => broker.list('/control/connections'),
  }),
  listing({
    name: 'list_channels',
    about: 'Lists all channels in the node',
    usage: '[--no-table-headers] [<column> ...]',
    guides: ['channels'],
    columns: {
      all: CHANNEL_COLUMNS,
      default: ['pid', 'user', 'consumer_count', 'messages_unacknowledged'],
    },
    banner: () => 'Listing channels ...',
    rows: ({ broker }) => broker.list('/control/channels'),
  }),
  listing({
    name: 'list_consumers',
    about: 'Lists all consumers for a vhost',
    usage: '[--vhost <vhost>] [--no-table-headers] [<column> ...] [--timeout <timeout>]',
    guides: ['consumers'],
    columns: {
      all: CONSUMER_COLUMNS,
      default: CONSUMER_COLUMNS.map(({ name }) => name).filter(
        (name) => name !== 'activity_status',
      ),
    },
    banner: ({ options }) => `Listing consumers in vhost ${options.vhost} ...`,
    rows: ({ broker, options }) => broker.list(`/control/consumers${path(options.vhost)}`),
  }),
  {
    ...listing({
      name: 'list_unresponsive_queues',
      about: 'Tests queues to respond within timeout. Lists those which did not respond',
      usage: '[--local] [--queue-timeout <milliseconds>] [<column> ...] [--no-table-headers]',
      options: { local: 'flag', all: 'flag', 'queue-timeout': 'number' },
      columns: { all: QUEUE_COLUMNS, default: ['name'] },
      banner: ({ options }) => `Listing unresponsive queues for vhost ${options.vhost} ...`,
      rows: () => Promise.resolve([]),
    }),
  },
]

/** A vhost that is not there has nothing in it. */
async function inVhost(
  { broker, options }: CommandCall,
  what: 'exchanges' | 'bindings',
): Promise<readonly JsonObject[]> {
  return (await broker.findList(`/${what}${path(options.vhost)}`)) ?? []
}
