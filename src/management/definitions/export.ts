import type { User } from '../../auth/users.ts'
import type { JsonObject } from '../../common/json.ts'
import type { Vhost } from '../../core/vhost.ts'
import type { DefinedBroker } from './defined-broker.ts'
import { ExportedTopology } from './exported-topology.ts'
import { globalParametersOf, parametersOf, userLimitsJson, vhostLimitsJson } from './parameters.ts'
import { policyJson } from './policy-json.ts'
import { Items, written } from './written.ts'

/** All definitions of a broker, as RabbitMQ exports them (drop-in, definitions.json): JSON, written in slices. */
export function exportDefinitions(broker: DefinedBroker): Promise<readonly Buffer[]> {
  const vhosts = [...broker.vhosts]
  const users = [...broker.users]
  const globals = globalParametersOf(broker)
  const clusterName = globals.find(({ name }) => name === 'cluster_name')?.value ?? broker.nodeName
  const topologies = vhosts.map((vhost) => new ExportedTopology(vhost, true))
  return written({
    ...versions(broker),
    rabbitmq_definition_format: 'cluster',
    original_cluster_name: clusterName,
    explanation: `Definitions of cluster '${String(clusterName)}'`,
    users: new Items(users.map(userJson)),
    vhosts: new Items(
      vhosts.map((vhost) => ({
        name: vhost.name,
        metadata: metadataJson(vhost),
        limits: vhostLimitsJson(vhost),
      })),
    ),
    permissions: new Items(users.flatMap(permissionsJson)),
    topic_permissions: new Items(users.flatMap(topicPermissionsJson)),
    parameters: new Items(
      [...parametersOf(broker)].map(({ component, vhost, name, value }) => {
        return { component, vhost, name, value }
      }),
    ),
    global_parameters: new Items(globals.map(({ name, value }) => ({ name, value }))),
    policies: new Items(
      vhosts.flatMap((vhost) =>
        [...vhost.policies.user].map((policy) => ({ vhost: vhost.name, ...policyJson(policy) })),
      ),
    ),
    queues: new Items(chained(topologies.map((topology) => topology.queues()))),
    exchanges: new Items(chained(topologies.map((topology) => topology.exchanges()))),
    bindings: new Items(chained(topologies.map((topology) => topology.bindings()))),
  })
}

/** The definitions in one vhost, which do not name it. */
export function exportVhostDefinitions(
  broker: DefinedBroker,
  vhost: Vhost,
): Promise<readonly Buffer[]> {
  const topology = new ExportedTopology(vhost, false)
  return written({
    ...versions(broker),
    rabbitmq_definition_format: 'single_virtual_host',
    original_vhost_name: vhost.name,
    explanation: `Definitions of virtual host '${vhost.name}'`,
    metadata: metadataJson(vhost),
    description: vhost.description.text,
    limits: vhostLimitsJson(vhost),
    parameters: new Items(
      [...parametersOf(broker)]
        .filter((parameter) => parameter.vhost === vhost.name)
        .map(({ component, name, value }) => ({ component, name, value })),
    ),
    policies: new Items([...vhost.policies.user].map(policyJson)),
    queues: new Items(topology.queues()),
    exchanges: new Items(topology.exchanges()),
    bindings: new Items(topology.bindings()),
  })
}

function* chained<T>(all: readonly Iterable<T>[]): Iterable<T> {
  for (const one of all) yield* one
}

function versions({ version }: DefinedBroker): JsonObject {
  return {
    rabbit_version: version,
    rabbitmq_version: version,
    product_name: 'RabbitMQ',
    product_version: version,
  }
}

function metadataJson({ description }: Vhost): JsonObject {
  const { text, tags, defaultQueueType, isProtected } = description
  const metadata = { description: text, tags, default_queue_type: defaultQueueType }
  return isProtected ? { ...metadata, protected_from_deletion: true } : metadata
}

function userJson(user: User): JsonObject {
  return {
    name: user.name,
    password_hash: user.passwordHash,
    hashing_algorithm: user.hashingAlgorithm,
    tags: [...user.tags],
    limits: userLimitsJson(user),
  }
}

function permissionsJson(user: User): JsonObject[] {
  return Array.from(user.permissions, ([vhost, { configure, write, read }]) => {
    return { user: user.name, vhost, configure, write, read }
  })
}

function topicPermissionsJson(user: User): JsonObject[] {
  return Array.from(user.topicPermissionEntries(), ({ vhost, exchange, permissions }) => {
    const { write, read } = permissions
    return { user: user.name, vhost, exchange, write, read }
  })
}
