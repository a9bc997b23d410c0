import { connect } from 'node:net'
import type { Json } from '../../common/json.ts'
import { alarmNames } from '../alarm-names.ts'
import type { Command, CommandCall, Output } from '../command.ts'
import { noPong, unreachable } from '../diagnosis.ts'
import { badArgument, EXIT, Failure, refused } from '../failure.ts'
import { listenersOf, portsOf } from '../listeners.ts'

const COMMON = {
  tools: ['rabbitmq-diagnostics'],
  group: 'Monitoring, observability and health checks',
  usage: '[--timeout <timeout>]',
  guides: ['monitoring'],
} as const

const BOOTED = (node: string) => `RabbitMQ on node ${node} is fully booted and running`
const NOT_BOOTED = (node: string) =>
  `RabbitMQ on node ${node} is not running or has not fully booted yet (check with is_booting)`

export const HEALTH_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'ping',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    about:
      'Checks that the node OS process is up, registered with EPMD and CLI tools can authenticate with it',
    needs: 'node',
    banner: ({ nodeName, options }) =>
      `Will ping ${nodeName}. This only checks if the OS process is running and registered with epmd. Timeout: ${timeoutMs(options.timeoutSeconds)} ms.`,
    run: ({ facts, nodeName, options }) => {
      if (facts === null) throw noPong(nodeName, timeoutMs(options.timeoutSeconds))
      return { text: 'Ping succeeded' }
    },
  },
  {
    ...COMMON,
    name: 'check_running',
    about:
      'Health check that exits with a non-zero code if the RabbitMQ app on the target node is not running',
    needs: 'node',
    banner: ({ nodeName }) => `Checking if RabbitMQ is running on node ${nodeName} ...`,
    run: (call) => {
      if (isBooted(call)) return { text: BOOTED(call.nodeName) }
      throw refused(NOT_BOOTED(call.nodeName))
    },
  },
  {
    ...COMMON,
    name: 'is_running',
    about: 'Checks if the RabbitMQ app is fully booted and running on the target node',
    needs: 'node',
    banner: ({ nodeName }) => `Asking node ${nodeName} for its status ...`,
    run: (call) => ({
      text: isBooted(call) ? BOOTED(call.nodeName) : NOT_BOOTED(call.nodeName),
      json: { value: isBooted(call) },
    }),
  },
  {
    ...COMMON,
    name: 'is_booting',
    about: 'Checks if RabbitMQ is still booting on the target node',
    needs: 'node',
    banner: ({ nodeName }) => `Asking node ${nodeName} for its boot status ...`,
    run: (call) => {
      isBooted(call)
      const text = `RabbitMQ on node ${call.nodeName} is fully booted (check with is_running), stopped or has not started booting yet`
      return { text, json: { value: false } }
    },
  },
  {
    ...COMMON,
    name: 'check_alarms',
    about:
      'Health check that exits with a non-zero code if the target node reports any alarms, local or cluster-wide.',
    banner: ({ nodeName }) => `Asking node ${nodeName} to report any local resource alarms ...`,
    run: ({ facts, nodeName }) => {
      const alarms = alarmNames(facts?.json.alarms, nodeName)
      if (alarms.length > 0) throw new Failure(EXIT.unavailable, alarms.join('\n'))
      return { text: noAlarms(nodeName) }
    },
  },
  {
    ...COMMON,
    name: 'check_local_alarms',
    about: 'DEPRECATED. This command is a no-op',
    banner: () =>
      'This command is DEPRECATED and is a no-op. It will be removed in a future version.',
    run: ({ nodeName }) => ({ text: `Node ${nodeName} reported no local alarms` }),
  },
  {
    ...COMMON,
    name: 'alarms',
    about: 'Lists resource alarms (local or cluster-wide) in effect on the target node',
    banner: ({ nodeName }) => `Asking node ${nodeName} to report any known resource alarms ...`,
    run: ({ facts, nodeName }): Output => {
      const local = alarmNames(facts?.json.alarms, nodeName)
      if (local.length === 0) {
        return { text: noAlarms(nodeName), json: { result: 'ok', node: nodeName, alarms: [] } }
      }
      const message = `Node ${nodeName} reported alarms`
      return { text: local.join('\n'), json: { result: 'ok', global: [], local, message } }
    },
  },
  {
    ...COMMON,
    name: 'check_port_connectivity',
    about: "Basic TCP connectivity health check for each listener's port on the target node",
    usage: '[--address <target address>] [--timeout <timeout>]',
    options: { address: 'text' },
    banner: ({ nodeName, options }) => {
      const address = options.text('address')
      const how =
        address === null ? 'using hostname resolution' : `using ${address} for node IP address`
      return `Testing TCP connections to all active listeners on node ${nodeName} ${how} ...`
    },
    run: checkConnectivity,
  },
  {
    ...COMMON,
    name: 'check_port_listener',
    about:
      'Health check that exits with a non-zero code if target node does not have an active listener for given port',
    usage: '<port> [--timeout <timeout>]',
    arguments: [1, 1],
    check: ({ args }) => {
      if (!/^[1-9]\d*$/.test(args[0] ?? ''))
        throw badArgument('Argument must be a positive integer')
    },
    banner: ({ args, nodeName }) =>
      `Asking node ${nodeName} if there's an active listener on port ${args[0]} ...`,
    run: ({ args, facts, nodeName }) => {
      const ports = portsOf(facts)
      const [port = ''] = args
      if (ports.includes(Number(port))) {
        return { text: `A listener for port ${port} is running on node ${nodeName}.` }
      }
      const found = `Found listeners that use the following ports: ${ports.join(', ')}`
      const text = `No listener for port ${port} is active on node ${nodeName}. ${found}`
      throw new Failure(EXIT.unavailable, text)
    },
  },
  {
    ...COMMON,
    name: 'check_protocol_listener',
    about:
      'Health check that exits with a non-zero code if target node does not have an active listener for given protocol',
    usage: '<protocol> [--timeout <timeout>]',
    arguments: [1, 1],
    banner: ({ args, nodeName }) =>
      `Asking node ${nodeName} if there's an active listener for protocol ${args[0]} ...`,
    run: ({ args, facts, nodeName }) => {
      const [asked = ''] = args
      const protocol = PROTOCOLS.get(asked.toLowerCase()) ?? asked.toLowerCase()
      const all = listenersOf(facts, nodeName).map((listener) => String(listener.protocol))
      if (all.includes(protocol)) {
        return { text: `A listener for protocol ${protocol} is running on node ${nodeName}.` }
      }
      const known = [...new Set(all)].sort().join(', ')
      const found = `Found listeners for the following protocols: ${known}`
      throw refused(`No listener for protocol ${asked} is active on node ${nodeName}. ${found}`)
    },
  },
  passing('check_virtual_hosts', 'all vhosts are running for target node', {
    banner: (node) => `Checking if all vhosts are running on node ${node} ...`,
    text: (node) => `Node ${node} reported all vhosts as running`,
  }),
  {
    ...passing('check_if_node_is_quorum_critical', 'there are queues with minimum online quorum', {
      banner: (node) => `Checking if node ${node} is critical for quorum of any queues/streams ...`,
      text: (node) =>
        `Node ${node} seems to be the only one in a single node cluster, the check does not apply`,
    }),
    tools: ['rabbitmq-diagnostics', 'rabbitmq-queues', 'rabbitmq-upgrade'],
  },
  passing('check_if_any_deprecated_features_are_used', 'any deprecated features are used', {
    banner: () => 'Checking if any deprecated features are used ...',
    text: () => 'Cluster reported no deprecated features in use',
  }),
  passing('check_if_metadata_store_is_initialized', 'the metadata store is not initialized', {
    banner: (node) => `Checking if metadata store on node ${node} has finished initializing ...`,
    text: (node) => `Metadata store on node ${node} has completed its initialization`,
  }),
  {
    ...passing('check_for_quorum_queues_without_an_elected_leader', 'a queue has no leader', {
      banner: () => 'Checking leader health of quorum queues ...',
      text: () => 'Node reported all quorum queues to have responsive leader replicas',
    }),
    usage: '[--vhost <vhost>] [--across-all-vhosts] <pattern>',
    arguments: [1, 1],
    options: { 'across-all-vhosts': 'flag' },
  },
  passing('check_if_cluster_has_classic_queue_mirroring_policy', 'queues are mirrored', {
    banner: () => 'Checking if cluster has any classic queue mirroring policy ...',
    text: () => 'Cluster reported no policies that enable classic queue mirroring',
  }),
  {
    ...COMMON,
    name: 'node_health_check',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Deprecated',
    about: 'DEPRECATED. This command is a no-op',
    usage: '',
    needs: 'node',
    run: ({ facts, nodeName }) => {
      if (facts === null) throw unreachable(nodeName)
      return {
        text: 'This command is DEPRECATED and is a no-op. It will be removed in a future version. \nUse one of the options covered in https://www.rabbitmq.com/monitoring.html#health-checks instead.',
      }
    },
  },
  {
    ...COMMON,
    name: 'resolve_hostname',
    about: "Resolves a hostname to a set of addresses. Takes Erlang's inetrc file into account.",
    usage: '<hostname> [--address-family <ipv4 | ipv6>]',
    arguments: [1, 1],
    options: { 'address-family': 'text' },
    banner: ({ args, nodeName, options }) => {
      const family = options.text('address-family') === 'ipv6' ? 'IPv6' : 'IPv4'
      return `Asking node ${nodeName} to resolve hostname ${args[0]} to ${family} addresses...`
    },
    run: async ({ args, options }) => {
      const { lookup } = await import('node:dns/promises')
      const family = options.text('address-family') === 'ipv6' ? 6 : 4
      const found = await lookup(args[0] ?? '', { family, all: true }).catch(() => null)
      if (found === null) throw refused('Failed to resolve the hostname')
      return { text: found.map(({ address }) => address).join('\n') }
    },
  },
]

function timeoutMs(seconds: number | null): number {
  return Math.round((seconds ?? 60) * 1000)
}

function noAlarms(node: string): string {
  return `Node ${node} reported no alarms, local or clusterwide`
}

/** Throws when nobody is there. */
function isBooted({ facts, nodeName }: CommandCall): boolean {
  if (facts === null) throw unreachable(nodeName)
  return facts.isRunning
}

/** A check that a broker of one node passes as soon as it answers. */
function passing(
  name: string,
  what: string,
  says: { banner: (node: string) => string; text: (node: string) => string },
): Command {
  return {
    ...COMMON,
    name,
    about: `Health check that exits with a non-zero code if ${what}`,
    banner: ({ nodeName }) => says.banner(nodeName),
    run: ({ nodeName }) => ({ text: says.text(nodeName) }),
  }
}

const PROTOCOLS = new Map([
  ['amqp091', 'amqp'],
  ['amqp10', 'amqp'],
  ['amqp0.9.1', 'amqp'],
  ['amqp1.0', 'amqp'],
  ['amqps', 'amqp/ssl'],
])

async function checkConnectivity({ facts, nodeName, options, say }: CommandCall): Promise<Output> {
  const address = options.text('address')
  const failed: string[] = []
  for (const listener of listenersOf(facts, nodeName)) {
    const { port, protocol, purpose, interface: bound } = listener
    const hosts = address === null ? reachable(bound) : [address]
    const place = `${address ?? 'localhost'}:${String(port)}`
    say(`Will connect to ${place}`)
    const problem = await problemOfAll(hosts, Number(port), timeoutMs(options.timeoutSeconds))
    if (problem === null) continue
    say(`Error connecting to ${place}: ${problem}`)
    failed.push(
      `Interface: ${String(bound)}, port: ${String(port)}, protocol: ${String(protocol)}, purpose: ${String(purpose)}`,
    )
  }
  if (failed.length > 0) {
    const title = `Connection to ports of the following listeners on node ${nodeName} failed: `
    throw refused(`${title}\n${failed.join('\n')}`)
  }
  const how =
    address === null ? 'using node hostname resolution' : `using ${address} for target IP address`
  const ports = portsOf(facts).join(', ')
  return { text: `Successfully connected to ports ${ports} on node ${nodeName} (${how})` }
}

/** Addresses that a listener can be reached at from this machine, one of them at least. */
function reachable(bound: Json | undefined): readonly string[] {
  const host = String(bound)
  if (host === '0.0.0.0') return ['127.0.0.1']
  // it takes IPv4 too, and containers often have nothing else
  return host === '[::]' ? ['::1', '127.0.0.1'] : [host]
}

/** Null when one of them can be connected to. */
async function problemOfAll(
  hosts: readonly string[],
  port: number,
  timeout: number,
): Promise<string | null> {
  let problem: string | null = null
  for (const host of hosts) {
    problem = await connectionProblem(host, port, timeout)
    if (problem === null) return null
  }
  return problem
}

function connectionProblem(host: string, port: number, timeout: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout })
    const end = (problem: string | null) => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('timeout'))
    socket.once('error', (error) => {
      end('code' in error ? String(error.code).toLowerCase() : error.message)
    })
  })
}
