import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import { alarmNames } from '../alarm-names.ts'
import { path } from '../broker-client.ts'
import { clusterStatus } from '../cluster-status.ts'
import type { Command, CommandCall, Output } from '../command.ts'
import { environmentTerms } from '../environment.ts'
import { listenerLines, listenersOf } from '../listeners.ts'
import { memoryLines } from '../memory.ts'

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
    run: status,
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

async function memoryOf({ broker, nodeName }: CommandCall): Promise<JsonObject> {
  const { memory } = await broker.object(`/nodes${path(nodeName)}/memory`)
  return isJsonObject(memory) ? memory : {}
}

function breakdown(memory: JsonObject): JsonObject {
  const total = Number(isJsonObject(memory.total) ? memory.total.rss : 0)
  const parts = Object.entries(memory).filter(([, bytes]) => typeof bytes === 'number')
  return Object.fromEntries(
    parts.map(([name, bytes]) => {
      const percentage = Math.round((Number(bytes) / total) * 10_000) / 100
      return [name, { bytes, percentage }]
    }),
  )
}

async function status(call: CommandCall): Promise<Output> {
  const { broker, facts, nodeName, options } = call
  const [node, overview, vhosts, memory, settings] = await Promise.all([
    broker.object(`/nodes${path(nodeName)}`),
    broker.object('/overview'),
    broker.list('/vhosts'),
    memoryOf(call),
    broker.object('/control/settings'),
  ])
  const unit = options.text('unit') ?? 'gb'
  const totals = isJsonObject(overview.object_totals) ? overview.object_totals : {}
  const list = (value: Json | undefined) =>
    isJsonList(value) && value.length > 0
      ? value.map((one) => ` * ${textOf(one)}`).join('\n')
      : '(none)'
  const gb = (bytes: Json | undefined) => `${inUnit(Number(bytes ?? 0), unit)} ${unit}`
  const total = isJsonObject(memory.total) ? memory.total.rss : 0
  const watermark = settings.memory_watermark ?? 0.6
  const sections: readonly (readonly [string, string])[] = [
    [
      'Runtime',
      `OS PID: ${facts?.pid}
OS: ${textOf(settings.os ?? 'Linux')}
Uptime (seconds): ${Math.floor(Number(node.uptime) / 1000)}
Is under maintenance?: false
RabbitMQ version: ${textOf(overview.rabbitmq_version ?? '')}
RabbitMQ release series support status: see https://www.rabbitmq.com/release-information
Node name: ${nodeName}
Erlang configuration: ${textOf(overview.erlang_full_version ?? '')}
Crypto library: ${textOf(overview.crypto_lib_version ?? '')}
Erlang processes: ${textOf(node.proc_used ?? 0)} used, ${textOf(node.proc_total ?? 0)} limit
Scheduler run queue: ${textOf(node.run_queue ?? 0)}
Cluster heartbeat timeout (net_ticktime): 60`,
    ],
    [
      'Plugins',
      `Enabled plugin file: ${pluginsFile(call)}\nEnabled plugins:\n\n${list(node.enabled_plugins)}`,
    ],
    [
      'Data directory',
      `Node data directory: ${textOf(node.db_dir ?? '')}\nRaft data directory: ${textOf(node.db_dir ?? '')}`,
    ],
    ['Config files', list(node.config_files)],
    ['Log file(s)', list(node.log_files)],
    ['Alarms', list(alarmNames(facts?.json.alarms, nodeName))],
    ['Tags', '(none)'],
    [
      'Memory',
      `Total memory used: ${gb(total)}
Calculation strategy: rss
Memory high watermark setting: ${textOf(watermark)} of available memory, computed to: ${gb(node.mem_limit)}

${memoryLines(memory, unit, 4, ' ').join('\n')}`,
    ],
    [
      'Free Disk Space',
      `Low free disk space watermark: ${gb(node.disk_free_limit)}\nFree disk space: ${gb(node.disk_free)}`,
    ],
    [
      'Totals',
      `Connection count: ${textOf(totals.connections ?? 0)}\nQueue count: ${textOf(totals.queues ?? 0)}\nVirtual host count: ${vhosts.length}`,
    ],
    ['Listeners', listenerLines(facts).join('\n')],
  ]
  const json: JsonObject = {
    pid: facts?.pid ?? 0,
    os: settings.os ?? 'Linux',
    uptime: Math.floor(Number(node.uptime) / 1000),
    is_under_maintenance: false,
    rabbitmq_version: overview.rabbitmq_version ?? '',
    erlang_version: overview.erlang_full_version ?? '',
    crypto_lib_info: overview.crypto_lib_version ?? '',
    processes: { used: node.proc_used ?? 0, limit: node.proc_total ?? 0 },
    run_queue: node.run_queue ?? 0,
    net_ticktime: 60,
    active_plugins: node.enabled_plugins ?? [],
    enabled_plugin_file: pluginsFile(call),
    data_directory: node.db_dir ?? '',
    raft_data_directory: node.db_dir ?? '',
    config_files: node.config_files ?? [],
    log_files: node.log_files ?? [],
    alarms: alarmNames(facts?.json.alarms, nodeName),
    tags: [],
    memory,
    vm_memory_calculation_strategy: 'rss',
    vm_memory_high_watermark_setting: { relative: watermark },
    vm_memory_high_watermark_limit: node.mem_limit ?? 0,
    vm_memory_limit: node.mem_limit ?? 0,
    disk_free_limit: node.disk_free_limit ?? 0,
    disk_free: node.disk_free ?? 0,
    file_descriptors: { total_used: node.fd_used ?? 0, total_limit: node.fd_total ?? 0 },
    totals: {
      connection_count: totals.connections ?? 0,
      queue_count: totals.queues ?? 0,
      virtual_host_count: vhosts.length,
    },
    listeners: listenersOf(facts, nodeName),
  }
  return { text: sections.map(([title, body]) => `${title}\n\n${body}`).join('\n\n'), json }
}

/** `1.2345`, without needless zeros, but `0.0`. */
export function inUnit(bytes: number, unit: string): string {
  const power = ['b', 'kb', 'mb', 'gb', 'tb'].indexOf(unit.toLowerCase())
  const value = bytes / 1000 ** Math.max(power, 0)
  const rounded = Math.round(value * 10_000) / 10_000
  return Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded)
}

function pluginsFile({ env }: CommandCall): string {
  return env.RABBITMQ_ENABLED_PLUGINS_FILE || '/etc/rabbitmq/enabled_plugins'
}

async function report(call: CommandCall): Promise<Output> {
  const parts = [
    [`Status of node ${call.nodeName} ...`, await status(call)],
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
