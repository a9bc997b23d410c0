import { isJsonList, type Json } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import { clusterStatus } from '../cluster-status.ts'
import type { Command, CommandCall, Output } from '../command.ts'
import { environmentTerms } from '../environment.ts'
import { listenerLines, listenersOf } from '../listeners.ts'
import { breakdown, memoryLines, memoryOf } from '../memory.ts'
import { statusReport } from '../status-report.ts'

const GROUP = 'Monitoring, observability and health checks'
const BOTH = { tools: ['rabbitmqctl', 'rabbitmq-diagnostics'], group: GROUP } as const
const DIAGNOSTICS = { tools: ['rabbitmq-diagnostics'], group: GROUP } as const

export const STATUS_COMMANDS: readonly Command[] = [
  {
    ...BOTH,
    name: 'status',
    about: 'Displays status of a node',
    usage: '[--unit <unit>] [--timeout <timeout>]',
    guides: ['cluster-formation', 'monitoring'],
    options: { unit: 'text' },
    banner: ({ nodeName }) => `Status of node ${nodeName} ...`,
    run: statusReport,
  },
  {
    ...BOTH,
    name: 'cluster_status',
    about:
      'Displays all the nodes in the cluster grouped by node type, together with the currently running nodes',
    usage: '[--timeout <timeout>]',
    group: 'Cluster',
    banner: ({ nodeName }) => `Cluster status of node ${nodeName} ...`,
    run: clusterStatus,
  },
  {
    ...BOTH,
    name: 'environment',
    about:
      'Displays the name and value of each variable in the application environment for each running application',
    usage: '',
    group: 'Configuration and Environment',
    banner: ({ nodeName }) => `Application environment of node ${nodeName} ...`,
    run: async (call) => ({ text: await environmentTerms(call) }),
  },
  {
    ...BOTH,
    name: 'report',
    about:
      'Generate a server status report containing a concatenation of all server status information for support purposes',
    usage: '',
    banner: ({ nodeName }) => `Reporting server status of node ${nodeName} ...\n`,
    run: report,
  },
  {
    ...BOTH,
    name: 'version',
    group: 'Help',
    about: 'Displays CLI tools version',
    usage: '',
    needs: 'node',
    run: ({ facts }) => ({ text: textOf(facts?.json.version ?? '4.2.2') }),
  },
  {
    ...DIAGNOSTICS,
    name: 'server_version',
    about: 'Displays server version on the target node',
    usage: '',
    banner: ({ nodeName }) => `Asking node ${nodeName} for its RabbitMQ version...`,
    run: ({ facts }) => ({ text: textOf(facts?.json.version ?? '') }),
  },
  {
    ...DIAGNOSTICS,
    name: 'erlang_version',
    about: 'Displays Erlang/OTP version on the target node',
    usage: '',
    banner: ({ nodeName }) => `Asking node ${nodeName} for its Erlang/OTP version...`,
    run: async ({ broker }) => ({
      text: textOf((await broker.object('/overview')).erlang_full_version ?? ''),
    }),
  },
  {
    ...DIAGNOSTICS,
    name: 'listeners',
    about: 'Lists active connection listeners (bound interface, port, protocol) on the target node',
    usage: '[--timeout <timeout>]',
    banner: ({ nodeName }) => `Asking node ${nodeName} to report its protocol listeners ...`,
    run: ({ facts, nodeName }) => ({
      text: listenerLines(facts).join('\n'),
      json: { result: 'ok', node: nodeName, listeners: listenersOf(facts, nodeName) },
    }),
  },
  {
    ...DIAGNOSTICS,
    name: 'memory_breakdown',
    about: 'Provides a memory usage breakdown on the target node.',
    usage: '[--unit <unit>] [--timeout <timeout>]',
    options: { unit: 'text' },
    banner: ({ nodeName }) => `Reporting memory breakdown on node ${nodeName}...`,
    run: async (call) => {
      const memory = await memoryOf(call)
      const unit = call.options.text('unit') ?? 'gb'
      return { text: memoryLines(memory, unit, 4, '').join('\n'), json: breakdown(memory) }
    },
  },
  {
    ...DIAGNOSTICS,
    name: 'os_env',
    group: 'Configuration and Environment',
    about: 'Lists RabbitMQ-specific environment variables set on target node',
    usage: '[--timeout <timeout>]',
    banner: ({ nodeName }) =>
      `Listing RabbitMQ-specific environment variables defined on node ${nodeName}...`,
    run: ({ env }) => {
      const names = Object.keys(env)
        .filter((name) => /^(RABBITMQ|LEVERET)_/.test(name))
        .sort()
      const shown = names.map((name) => `${name}=${/PASS/.test(name) ? '****' : env[name]}`)
      return { text: shown.join('\n') }
    },
  },
  {
    ...DIAGNOSTICS,
    name: 'log_location',
    group: 'Configuration and Environment',
    about: 'Shows log file location(s) on target node',
    usage: '[--all] [--timeout <timeout>]',
    options: { all: 'flag' },
    banner: ({ nodeName }) => `Log file location(s) on node ${nodeName} ...`,
    run: async ({ broker, nodeName }) => {
      const { log_files: files } = await broker.object(`/nodes${path(nodeName)}`)
      return { text: isJsonList(files) ? files.map(textOf).join('\n') : '' }
    },
  },
  {
    ...DIAGNOSTICS,
    name: 'command_line_arguments',
    group: 'Configuration and Environment',
    about: "Displays target node's command-line arguments and flags as reported by the runtime",
    usage: '',
    banner: ({ nodeName }) => `Command line arguments of node ${nodeName} ...`,
    run: ({ facts }) => {
      const args = facts?.json.command_line
      return { text: isJsonList(args) ? args.map(textOf).join('\n') : '' }
    },
  },
]

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

async function report(call: CommandCall): Promise<Output> {
  const parts = [
    [`Status of node ${call.nodeName} ...`, await statusReport(call)],
    [`Cluster status of node ${call.nodeName} ...`, await clusterStatus(call)],
    [
      `Application environment of node ${call.nodeName} ...`,
      { text: await environmentTerms(call) },
    ],
  ] as const
  const texts = parts.map(([title, output]) =>
    output !== null && 'text' in output ? `${title}\n${output.text}` : title,
  )
  return { text: texts.join('\n\n') }
}
