import { isJsonList, isJsonObject, type Json, type JsonObject } from '../common/json.ts'
import { alarmNames } from './alarm-names.ts'
import { path } from './broker-client.ts'
import type { CommandCall, Output } from './command.ts'
import { listenerLines, listenersOf } from './listeners.ts'
import { memoryLines, memoryOf } from './memory.ts'
import { withDependencies } from './plugin-catalogue.ts'
import { enabledPlugins, pluginsFile } from './plugins-file.ts'

/** What `status` tells of a node, as text and as JSON. */
export async function statusReport(call: CommandCall): Promise<Output> {
  const facts = await gathered(call)
  const sections = [...machineSections(facts), ...usageSections(facts)]
  const text = sections.map(([title, body]) => `${title}\n\n${body}`).join('\n\n')
  return { text, json: statusJson(facts) }
}

interface StatusFacts {
  readonly call: CommandCall
  readonly node: JsonObject
  readonly overview: JsonObject
  readonly memory: JsonObject
  readonly totals: JsonObject
  readonly vhostCount: number
  readonly alarms: readonly string[]
}

async function gathered(call: CommandCall): Promise<StatusFacts> {
  const { broker, facts, nodeName } = call
  const [node, overview, vhosts, memory] = await Promise.all([
    broker.object(`/nodes${path(nodeName)}`),
    broker.object('/overview'),
    broker.list('/vhosts?columns=name'),
    memoryOf(call),
  ])
  return {
    call,
    node,
    overview,
    memory,
    totals: isJsonObject(overview.object_totals) ? overview.object_totals : {},
    vhostCount: vhosts.length,
    alarms: alarmNames(facts?.json.alarms, nodeName),
  }
}

type Section = readonly [title: string, body: string]

function machineSections({ call, node, overview, alarms }: StatusFacts): readonly Section[] {
  const directory = text(node.db_dir)
  return [
    [
      'Runtime',
      `OS PID: ${call.facts?.pid}
OS: Linux
Uptime (seconds): ${uptimeSeconds(node)}
Is under maintenance?: false
RabbitMQ version: ${text(overview.rabbitmq_version)}
RabbitMQ release series support status: see https://www.rabbitmq.com/release-information
Node name: ${call.nodeName}
Erlang configuration: ${text(overview.erlang_full_version)}
Crypto library: ${text(overview.crypto_lib_version)}
Erlang processes: ${text(node.proc_used)} used, ${text(node.proc_total)} limit
Scheduler run queue: ${text(node.run_queue)}
Cluster heartbeat timeout (net_ticktime): 60`,
    ],
    [
      'Plugins',
      `Enabled plugin file: ${pluginsFile(call)}\nEnabled plugins:\n\n${list(pluginsOf(call))}`,
    ],
    ['Data directory', `Node data directory: ${directory}\nRaft data directory: ${directory}`],
    ['Config files', list(node.config_files)],
    ['Log file(s)', list(node.log_files)],
    ['Alarms', list(alarms)],
    ['Tags', '(none)'],
  ]
}

function usageSections(facts: StatusFacts): readonly Section[] {
  const { call, node, memory, totals, vhostCount } = facts
  const unit = call.options.text('unit') ?? 'gb'
  const sized = (bytes: Json | undefined) => `${inUnit(Number(bytes ?? 0), unit)} ${unit}`
  const used = isJsonObject(memory.total) ? memory.total.rss : 0
  return [
    [
      'Memory',
      `Total memory used: ${sized(used)}
Calculation strategy: rss
Memory high watermark setting: ${watermark(facts, sized)}, computed to: ${sized(node.mem_limit)}

${memoryLines(memory, unit, 4, ' ').join('\n')}`,
    ],
    [
      'Free Disk Space',
      `Low free disk space watermark: ${sized(node.disk_free_limit)}\nFree disk space: ${sized(node.disk_free)}`,
    ],
    [
      'Totals',
      `Connection count: ${text(totals.connections)}
Queue count: ${text(totals.queues)}
Virtual host count: ${vhostCount}`,
    ],
    ['Listeners', listenerLines(call.facts).join('\n')],
  ]
}

/** As it was set: a part of the memory, or a size. */
function watermark({ call }: StatusFacts, sized: (bytes: Json | undefined) => string): string {
  const setting = call.facts?.json.memory_limit_setting
  const { relative, absolute } = isJsonObject(setting) ? setting : {}
  return relative === undefined ? sized(absolute) : `${text(relative)} of available memory`
}

function statusJson({
  call,
  node,
  overview,
  memory,
  totals,
  vhostCount,
  alarms,
}: StatusFacts): JsonObject {
  const { facts, nodeName } = call
  return {
    pid: facts?.pid ?? 0,
    os: 'Linux',
    uptime: uptimeSeconds(node),
    is_under_maintenance: false,
    rabbitmq_version: overview.rabbitmq_version ?? '',
    erlang_version: overview.erlang_full_version ?? '',
    crypto_lib_info: overview.crypto_lib_version ?? '',
    processes: { used: node.proc_used ?? 0, limit: node.proc_total ?? 0 },
    run_queue: node.run_queue ?? 0,
    net_ticktime: 60,
    active_plugins: pluginsOf(call),
    enabled_plugin_file: pluginsFile(call),
    data_directory: node.db_dir ?? '',
    raft_data_directory: node.db_dir ?? '',
    config_files: node.config_files ?? [],
    log_files: node.log_files ?? [],
    alarms,
    tags: [],
    memory,
    vm_memory_calculation_strategy: 'rss',
    vm_memory_high_watermark_setting: facts?.json.memory_limit_setting ?? {},
    vm_memory_high_watermark_limit: node.mem_limit ?? 0,
    disk_free_limit: node.disk_free_limit ?? 0,
    disk_free: node.disk_free ?? 0,
    file_descriptors: { total_used: node.fd_used ?? 0, total_limit: node.fd_total ?? 0 },
    totals: {
      connection_count: totals.connections ?? 0,
      queue_count: totals.queues ?? 0,
      virtual_host_count: vhostCount,
    },
    listeners: listenersOf(facts, nodeName),
  }
}

function pluginsOf(call: CommandCall): readonly string[] {
  return withDependencies(enabledPlugins(call))
}

function uptimeSeconds({ uptime }: JsonObject): number {
  return Math.floor(Number(uptime ?? 0) / 1000)
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? 0)
}

function list(value: Json | undefined): string {
  if (!isJsonList(value) || value.length === 0) return '(none)'
  return value.map((one) => ` * ${text(one)}`).join('\n')
}

/** Without needless zeros, but never without a point: `0.1309`, `15.0`. */
function inUnit(bytes: number, unit: string): string {
  const power = ['b', 'kb', 'mb', 'gb', 'tb'].indexOf(unit.toLowerCase())
  const rounded = Math.round((bytes / 1000 ** Math.max(power, 0)) * 10_000) / 10_000
  return Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded)
}
