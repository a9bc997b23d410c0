import type { User } from '../../auth/users.ts'
import type { JsonObject } from '../../common/json.ts'
import { longstr, type Table } from '../../common/table.ts'
import type { Binding } from '../../core/binding.ts'
import type { Exchange } from '../../core/exchange/exchange.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { Vhost } from '../../core/vhost.ts'
import { jsonOfTable } from '../amqp-json.ts'
import type { DefinedBroker } from './defined-broker.ts'
import { globalParametersOf, parametersOf, userLimitsJson, vhostLimitsJson } from './parameters.ts'
import { policyJson } from './policy-json.ts'

/** All definitions of a broker, as RabbitMQ exports them (drop-in, definitions.json). */
export function exportDefinitions(broker: DefinedBroker): JsonObject {
  const vhosts = [...broker.vhosts]
  const users = [...broker.users]
  const globals = globalParametersOf(broker)
  const clusterName = globals.find(({ name }) => name === 'cluster_name')?.value ?? broker.nodeName
  return {
    ...versions(broker),
    rabbitmq_definition_format: 'cluster',
    original_cluster_name: clusterName,
    explanation: `Definitions of cluster '${String(clusterName)}'`,
    users: users.map(userJson),
    vhosts: vhosts.map((vhost) => ({
      name: vhost.name,
      metadata: metadataJson(vhost),
      limits: vhostLimitsJson(vhost),
    })),
    permissions: users.flatMap(permissionsJson),
    topic_permissions: users.flatMap(topicPermissionsJson),
    parameters: [...parametersOf(broker)].map(({ component, vhost, name, value }) => {
      return { component, vhost, name, value }
    }),
    global_parameters: globals.map(({ name, value }) => ({ name, value })),
    policies: vhosts.flatMap((vhost) => [...vhost.policies.user].map(inVhost(vhost, policyJson))),
    queues: vhosts.flatMap((vhost) => exportedQueues(vhost).map(inVhost(vhost, queueJson))),
    exchanges: vhosts.flatMap((vhost) =>
      exportedExchanges(vhost).map(inVhost(vhost, exchangeJson)),
    ),
    bindings: vhosts.flatMap((vhost) => exportedBindings(vhost).map(inVhost(vhost, bindingJson))),
  }
}

/** The definitions in one vhost, which do not name it. */
export function exportVhostDefinitions(broker: DefinedBroker, vhost: Vhost): JsonObject {
  return {
    ...versions(broker),
    rabbitmq_definition_format: 'single_virtual_host',
    original_vhost_name: vhost.name,
    explanation: `Definitions of virtual host '${vhost.name}'`,
    metadata: metadataJson(vhost),
    description: vhost.description.text,
    limits: vhostLimitsJson(vhost),
    parameters: [...parametersOf(broker)]
      .filter((parameter) => parameter.vhost === vhost.name)
      .map(({ component, name, value }) => ({ component, name, value })),
    policies: [...vhost.policies.user].map(policyJson),
    queues: exportedQueues(vhost).map(queueJson),
    exchanges: exportedExchanges(vhost).map(exchangeJson),
    bindings: exportedBindings(vhost).map(bindingJson),
  }
}

function versions({ version }: DefinedBroker): JsonObject {
  return {
    rabbit_version: version,
    rabbitmq_version: version,
    product_name: 'RabbitMQ',
    product_version: version,
  }
}

function inVhost<T>(vhost: Vhost, json: (item: T) => JsonObject): (item: T) => JsonObject {
  return (item) => ({ vhost: vhost.name, ...json(item) })
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

/** Exclusive queues belong to a connection, and server-named ones to nobody else. */
function exportedQueues(vhost: Vhost): readonly Queue[] {
  return [...vhost.queues].filter(isExportedQueue)
}

function isExportedQueue({ name, exclusiveOwner }: Queue): boolean {
  return exclusiveOwner === null && !name.startsWith('amq.')
}

function queueJson(queue: Queue): JsonObject {
  const { name, type, durable, autoDelete } = queue
  const args = jsonOfTable(withQueueType(queue.arguments, type))
  return { name, type, durable, auto_delete: autoDelete, arguments: args }
}

/** RabbitMQ 4 has the type of every queue among its arguments. */
function withQueueType(args: Table, type: string): Table {
  return args.has('x-queue-type') ? args : new Map([...args, ['x-queue-type', longstr(type)]])
}

function exportedExchanges(vhost: Vhost): readonly Exchange[] {
  return [...vhost.exchanges].filter(isExportedExchange)
}

function isExportedExchange({ name, internal }: Exchange): boolean {
  return !internal && name !== '' && (!name.startsWith('amq.') || name === 'amq.rabbitmq.log')
}

function exchangeJson(exchange: Exchange): JsonObject {
  const { name, type, durable, autoDelete } = exchange
  const args = jsonOfTable(exchange.arguments)
  return { name, type, durable, auto_delete: autoDelete, arguments: args }
}

/** Those with one end that is not exported would lead nowhere; the default exchange's are no definitions. */
function exportedBindings(vhost: Vhost): readonly Binding[] {
  return [...vhost.exchanges]
    .filter(({ name, internal }) => name !== '' && !internal)
    .flatMap(({ bindings }) => [...bindings.values()])
    .filter(({ destination }) =>
      destination.kind === 'queue' ? isExportedQueue(destination) : !destination.internal,
    )
}

function bindingJson(binding: Binding): JsonObject {
  return {
    source: binding.source.name,
    destination: binding.destination.name,
    destination_type: binding.destination.kind,
    routing_key: binding.routingKey,
    arguments: jsonOfTable(binding.arguments),
  }
}
