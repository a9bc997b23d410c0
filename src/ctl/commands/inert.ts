import { type Command, type Group, TOOLS, type Tool } from '../command.ts'
import { EXIT, refused } from '../failure.ts'

/** Commands about several nodes, and about what is Erlang's: they say so, or that there is nothing to do. */
export const INERT_COMMANDS: readonly Command[] = [
  {
    name: 'help',
    tools: TOOLS,
    group: 'Help',
    about: 'Displays usage information for a command',
    usage: '<command>',
    needs: 'nothing',
    run: () => null,
  },
  {
    name: 'autocomplete',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics', 'rabbitmq-plugins', 'rabbitmq-queues'],
    group: 'Help',
    about: 'Provides command name autocomplete variants',
    usage: '[prefix]',
    arguments: [0, 1],
    needs: 'nothing',
    run: () => null,
  },
  inert('rename_cluster_node', 'Cluster', 'DEPRECATED. This command is a no-op', {
    arguments: [0, Number.POSITIVE_INFINITY],
    text: 'DEPRECATED. This command is a no-op. Node renaming is incompatible with Raft-based features such as quorum queues, streams, Khepri. ',
  }),
  {
    ...inert('forget_cluster_node', 'Cluster', 'Removes a node from the cluster', {
      arguments: [1, 1],
    }),
    usage: '[--offline] <existing_cluster_member_node>',
    options: { offline: 'flag' },
    banner: ({ args }) => `Removing node ${args[0]} from the cluster`,
    run: () => {
      throw refused('{:not_a_cluster_node, ~c"The node selected is not in the cluster."}')
    },
  },
  {
    ...inert(
      'join_cluster',
      'Cluster',
      'Instructs the node to become a member of the cluster that the specified node is in',
      {
        arguments: [1, 1],
      },
    ),
    usage: '[--disc|--ram] <existing_cluster_member>',
    options: { disc: 'flag', ram: 'flag' },
    run: () => {
      throw refused('a broker of one node joins no cluster', EXIT.unavailable)
    },
  },
  inert(
    'force_boot',
    'Cluster',
    'Forces node to start even if it cannot contact or rejoin any of its previously known peers',
    {},
  ),
  inert('force_standalone_khepri_boot', 'Cluster', 'Forces node to start as a standalone node', {}),
  {
    ...inert(
      'suspend_listeners',
      'Operations',
      'Suspends client connection listeners so that no new client connections are accepted',
      {},
    ),
    run: () => {
      throw refused('listeners cannot be suspended: stop_app closes them')
    },
  },
  {
    ...inert(
      'resume_listeners',
      'Operations',
      'Resumes client connection listeners making them accept client connections again',
      {},
    ),
    banner: ({ nodeName }) =>
      `Will resume client connection listeners on node ${nodeName}. The node will now accept client connections`,
  },
  {
    name: 'list_hashes',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Configuration and Environment',
    about: 'Lists hash functions supported by encoding commands',
    usage: '',
    needs: 'nothing',
    banner: () => 'Listing supported hash algorithms ...',
    run: async () => {
      const { getHashes } = await import('node:crypto')
      return { text: terms(getHashes().filter((name) => /^(sha|md)/i.test(name))) }
    },
  },
  {
    name: 'list_ciphers',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    group: 'Configuration and Environment',
    about: 'Lists cipher suites supported by encoding commands',
    usage: '',
    needs: 'nothing',
    banner: () => 'Listing supported ciphers ...',
    run: async () => {
      const { getCiphers } = await import('node:crypto')
      return { text: terms(getCiphers()) }
    },
  },
  {
    ...inert(
      'rebalance',
      'Cluster',
      'Re-balances leaders of replicated queues across up-and-running cluster nodes',
      {
        arguments: [0, 1],
        tools: ['rabbitmq-queues'],
      },
    ),
    usage:
      '< all | classic | quorum | stream > [--vhost-pattern <pattern>] [--queue-pattern <pattern>]',
    banner: () => 'Re-balancing leaders of all queues...',
  },
  {
    ...inert(
      'await_online_quorum_plus_one',
      'Operations',
      'Waits for all quorum queues to have an above minimum online quorum',
      {
        tools: ['rabbitmq-upgrade'],
        text: 'Target node seems to be the only one in a single node cluster, the command does not apply',
      },
    ),
    usage: '[--timeout <timeout>]',
    banner: ({ options }) =>
      `Will wait for a quorum + 1 of nodes to be online for all quorum queues and streams for ${options.timeoutSeconds ?? 120} seconds...`,
  },
  {
    ...inert(
      'drain',
      'Operations',
      'Puts the node in maintenance mode. Such nodes will not serve any new client connections',
      {
        tools: ['rabbitmq-upgrade'],
      },
    ),
    run: () => {
      throw refused('a broker of one node has no other to take its clients: stop_app stops it')
    },
  },
  {
    ...inert(
      'revive',
      'Operations',
      'Puts the node out of maintenance and into regular operating mode',
      {
        tools: ['rabbitmq-upgrade'],
      },
    ),
    banner: ({ nodeName }) =>
      `Will put node ${nodeName} back into regular operating mode. The node will again serve client traffic and host primary queue replicas.`,
  },
  {
    ...inert(
      'list_stream_consumers',
      'Monitoring, observability and health checks',
      'Lists all stream consumers for a vhost',
      {
        tools: ['rabbitmq-streams'],
        arguments: [0, Number.POSITIVE_INFINITY],
      },
    ),
    usage: '[--vhost <vhost>] [<column> ...]',
    banner: () => 'Listing stream consumers ...',
  },
]

interface InertOptions {
  readonly tools?: readonly Tool[]
  readonly arguments?: readonly [number, number]
  readonly text?: string
}

function inert(
  name: string,
  group: Group,
  about: string,
  { tools = ['rabbitmqctl'], arguments: count = [0, 0], text }: InertOptions,
): Command {
  const run = () => (text === undefined ? null : { text })
  return { name, group, about, tools, usage: '', arguments: count, run }
}

function terms(names: readonly string[]): string {
  return `[${names.map((name) => name.toLowerCase().replaceAll('-', '_')).join(',')}]`
}
