import type { JsonObject } from '../common/json.ts'
import { alarmNames } from './alarm-names.ts'
import { path } from './broker-client.ts'
import type { CommandCall, Output } from './command.ts'
import { listenerLines, listenersOf } from './listeners.ts'

/** The cluster of one node that a broker is. */
export async function clusterStatus({ broker, facts, nodeName }: CommandCall): Promise<Output> {
  const [overview, node, flags] = await Promise.all([
    broker.object('/overview'),
    broker.object(`/nodes${path(nodeName)}`),
    broker.list('/feature-flags'),
  ])
  const alarms = alarmNames(facts?.json.alarms, nodeName)
  const name = String(overview.cluster_name)
  const version = String(overview.rabbitmq_version)
  const runtime = String(overview.erlang_version)
  const cores = Number(node.processors)
  const listeners = listenerLines(facts).map((line) => {
    return `Node: ${nodeName}, ${line.charAt(0).toLowerCase()}${line.slice(1)}`
  })
  const sections: readonly (readonly [string, string])[] = [
    ['Basics', `Cluster name: ${name}\nTotal CPU cores available cluster-wide: ${cores}`],
    ['Cluster Tags', '(none)'],
    ['Disk Nodes', nodeName],
    ['Running Nodes', nodeName],
    ['Versions', `${nodeName}: RabbitMQ ${version} on Erlang ${runtime}`],
    ['CPU Cores', `Node: ${nodeName}, available CPU cores: ${cores}`],
    ['Maintenance status', `Node: ${nodeName}, status: not under maintenance`],
    ['Alarms', alarms.length === 0 ? '(none)' : alarms.join('\n')],
    ['Network Partitions', '(none)'],
    ['Listeners', listeners.join('\n')],
    [
      'Feature flags',
      flags.map((flag) => `Flag: ${String(flag.name)}, state: ${String(flag.state)}`).join('\n'),
    ],
  ]
  const json: JsonObject = {
    alarms,
    cluster_name: name,
    cluster_tags: [],
    cpu_cores: { [nodeName]: cores },
    disk_nodes: [nodeName],
    feature_flags: flags.map((flag) => ({ name: flag.name ?? '', state: flag.state ?? '' })),
    listeners: { [nodeName]: listenersOf(facts, nodeName) },
    maintenance_status: { [nodeName]: 'not under maintenance' },
    partitions: {},
    ram_nodes: [],
    running_nodes: [nodeName],
    versions: {
      [nodeName]: { erlang_version: runtime, rabbitmq_name: 'RabbitMQ', rabbitmq_version: version },
    },
  }
  return { text: sections.map(([title, body]) => `${title}\n\n${body}`).join('\n\n'), json }
}
