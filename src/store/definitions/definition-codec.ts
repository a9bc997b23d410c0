import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import type { PolicyDefinition, PolicyTarget } from '../../core/policy/policy.ts'
import type {
  BindingDefinition,
  DefinitionChange,
  ExchangeDefinition,
  PermissionsDefinition,
  QueueDefinition,
  StoredPolicy,
  TopicPermissionsDefinition,
  UserDefinition,
  VhostDescription,
  VhostLimitsDefinition,
} from '../../core/ports.ts'
import { JsonFields, listOf, numberJson, numberOf, textOf } from './json.ts'
import { tableJson, tableOf } from './table-json.ts'

/**
 * A change as the store keeps it: a JSON object in UTF-8, its kind beside its fields. What core may have in its objects
 * beyond a definition stays out.
 */
export function encodeDefinition(change: DefinitionChange): Buffer {
  return Buffer.from(JSON.stringify({ kind: change.kind, ...changeJson(change) }))
}

/** Throws an Error that tells what is wrong with bytes that are no change, or one of a kind that is not known here. */
export function decodeDefinition(bytes: Uint8Array): DefinitionChange {
  try {
    return changeOf(new JsonFields(JSON.parse(UTF_8.decode(bytes))))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`damaged definition: ${reason}`, { cause: error })
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function changeJson(change: DefinitionChange): JsonObject {
  switch (change.kind) {
    case 'vhost-added':
    case 'vhost-deleted':
      return { vhost: change.vhost }
    case 'vhost-described':
      return descriptionJson(change.description)
    case 'vhost-limited':
      return limitsJson(change.limits)
    case 'user-set':
      return userJson(change.user)
    case 'user-deleted':
      return { user: change.user }
    case 'permissions-set':
      return permissionsJson(change.permissions)
    case 'permissions-cleared':
      return { user: change.user, vhost: change.vhost }
    case 'topic-permissions-set':
      return topicPermissionsJson(change.permissions)
    case 'topic-permissions-cleared':
      return { user: change.user, vhost: change.vhost, exchange: change.exchange }
    case 'exchange-declared':
      return exchangeJson(change.exchange)
    case 'queue-declared':
      return queueJson(change.queue)
    case 'exchange-deleted':
    case 'queue-deleted':
      return { vhost: change.vhost, name: change.name }
    case 'bound':
    case 'unbound':
      return bindingJson(change.binding)
    case 'policy-set':
      return policyJson(change.policy)
    case 'policy-deleted':
      return { vhost: change.vhost, isOperator: change.isOperator, name: change.name }
    case 'parameter-set': {
      const { component, vhost, name, value } = change.parameter
      return { component, vhost, name, value }
    }
    case 'parameter-cleared':
      return { component: change.component, vhost: change.vhost, name: change.name }
    case 'global-parameter-set':
      return { name: change.name, value: change.value }
    case 'global-parameter-cleared':
      return { name: change.name }
  }
}

function changeOf(json: JsonFields): DefinitionChange {
  const kind = json.text('kind')
  switch (kind) {
    case 'vhost-added':
    case 'vhost-deleted':
      return { kind, vhost: json.text('vhost') }
    case 'vhost-described':
      return { kind, description: descriptionOf(json) }
    case 'vhost-limited':
      return { kind, limits: limitsOf(json) }
    case 'user-set':
      return { kind, user: userOf(json) }
    case 'user-deleted':
      return { kind, user: json.text('user') }
    case 'permissions-set':
      return { kind, permissions: permissionsOf(json) }
    case 'permissions-cleared':
      return { kind, user: json.text('user'), vhost: json.text('vhost') }
    case 'topic-permissions-set':
      return { kind, permissions: topicPermissionsOf(json) }
    case 'topic-permissions-cleared': {
      const exchange = json.text('exchange')
      return { kind, user: json.text('user'), vhost: json.text('vhost'), exchange }
    }
    case 'exchange-declared':
      return { kind, exchange: exchangeOf(json) }
    case 'queue-declared':
      return { kind, queue: queueOf(json) }
    case 'exchange-deleted':
    case 'queue-deleted':
      return { kind, vhost: json.text('vhost'), name: json.text('name') }
    case 'bound':
    case 'unbound':
      return { kind, binding: bindingOf(json) }
    case 'policy-set':
      return { kind, policy: policyOf(json) }
    case 'policy-deleted': {
      const isOperator = json.boolean('isOperator')
      return { kind, vhost: json.text('vhost'), isOperator, name: json.text('name') }
    }
    case 'parameter-set': {
      const parameter = { ...parameterNameOf(json), value: json.take('value', valueOf) }
      return { kind, parameter }
    }
    case 'parameter-cleared':
      return { kind, ...parameterNameOf(json) }
    case 'global-parameter-set':
      return { kind, name: json.text('name'), value: json.take('value', valueOf) }
    case 'global-parameter-cleared':
      return { kind, name: json.text('name') }
    default:
      throw new Error(`'${kind}' is no kind of a change`)
  }
}

function descriptionJson(description: VhostDescription): JsonObject {
  const { vhost, text, tags, defaultQueueType, isProtected } = description
  return { vhost, text, tags, defaultQueueType, isProtected }
}

function descriptionOf(json: JsonFields): VhostDescription {
  return {
    vhost: json.text('vhost'),
    text: json.text('text'),
    tags: json.take('tags', (tags) => listOf(tags).map(textOf)),
    defaultQueueType: json.text('defaultQueueType'),
    isProtected: json.boolean('isProtected'),
  }
}

function limitsJson({ vhost, maxQueues, maxConnections }: VhostLimitsDefinition): JsonObject {
  return { vhost, maxQueues: limitJson(maxQueues), maxConnections: limitJson(maxConnections) }
}

function limitJson(limit: number | null): Json {
  return limit === null ? null : numberJson(limit)
}

function limitsOf(json: JsonFields): VhostLimitsDefinition {
  return {
    vhost: json.text('vhost'),
    maxQueues: json.limit('maxQueues'),
    maxConnections: json.limit('maxConnections'),
  }
}

function userJson(user: UserDefinition): JsonObject {
  const { name, passwordHash, hashingAlgorithm, tags } = user
  const maxConnections = limitJson(user.maxConnections)
  const maxChannels = limitJson(user.maxChannels)
  const fields = { name, passwordHash, tags, maxConnections, maxChannels }
  return hashingAlgorithm === undefined ? fields : { ...fields, hashingAlgorithm }
}

function userOf(json: JsonFields): UserDefinition {
  return {
    name: json.text('name'),
    passwordHash: json.text('passwordHash'),
    ...(json.has('hashingAlgorithm') ? { hashingAlgorithm: json.text('hashingAlgorithm') } : {}),
    tags: json.take('tags', (tags) => listOf(tags).map(textOf)),
    maxConnections: json.limit('maxConnections'),
    maxChannels: json.limit('maxChannels'),
  }
}

function permissionsJson(permissions: PermissionsDefinition): JsonObject {
  const { user, vhost, configure, write, read } = permissions
  return { user, vhost, configure, write, read }
}

function permissionsOf(json: JsonFields): PermissionsDefinition {
  return {
    user: json.text('user'),
    vhost: json.text('vhost'),
    configure: json.text('configure'),
    write: json.text('write'),
    read: json.text('read'),
  }
}

function topicPermissionsJson(permissions: TopicPermissionsDefinition): JsonObject {
  const { user, vhost, exchange, write, read } = permissions
  return { user, vhost, exchange, write, read }
}

function topicPermissionsOf(json: JsonFields): TopicPermissionsDefinition {
  return {
    user: json.text('user'),
    vhost: json.text('vhost'),
    exchange: json.text('exchange'),
    write: json.text('write'),
    read: json.text('read'),
  }
}

function exchangeJson(exchange: ExchangeDefinition): JsonObject {
  const { vhost, name, type, durable, autoDelete, internal } = exchange
  const args = tableJson(exchange.arguments)
  return { vhost, name, type, durable, autoDelete, internal, arguments: args }
}

function exchangeOf(json: JsonFields): ExchangeDefinition {
  return {
    vhost: json.text('vhost'),
    name: json.text('name'),
    type: json.text('type'),
    durable: json.boolean('durable'),
    autoDelete: json.boolean('autoDelete'),
    internal: json.boolean('internal'),
    arguments: json.take('arguments', tableOf),
  }
}

function queueJson(queue: QueueDefinition): JsonObject {
  const { vhost, name, durable, autoDelete } = queue
  return { vhost, name, durable, autoDelete, arguments: tableJson(queue.arguments) }
}

function queueOf(json: JsonFields): QueueDefinition {
  return {
    vhost: json.text('vhost'),
    name: json.text('name'),
    durable: json.boolean('durable'),
    autoDelete: json.boolean('autoDelete'),
    arguments: json.take('arguments', tableOf),
  }
}

function bindingJson(binding: BindingDefinition): JsonObject {
  const { vhost, source, destination, destinationKind, routingKey } = binding
  const args = tableJson(binding.arguments)
  return { vhost, source, destination, destinationKind, routingKey, arguments: args }
}

function bindingOf(json: JsonFields): BindingDefinition {
  return {
    vhost: json.text('vhost'),
    source: json.text('source'),
    destination: json.text('destination'),
    destinationKind: json.take('destinationKind', destinationKindOf),
    routingKey: json.text('routingKey'),
    arguments: json.take('arguments', tableOf),
  }
}

function policyJson(policy: StoredPolicy): JsonObject {
  const { vhost, isOperator, name, pattern, applyTo } = policy
  const priority = numberJson(policy.priority)
  const definition = [...policy.definition]
  return { vhost, isOperator, name, pattern, applyTo, priority, definition }
}

function policyOf(json: JsonFields): StoredPolicy {
  return {
    vhost: json.text('vhost'),
    isOperator: json.boolean('isOperator'),
    name: json.text('name'),
    pattern: json.text('pattern'),
    applyTo: json.take('applyTo', policyTargetOf),
    priority: json.number('priority'),
    definition: json.take('definition', policyDefinitionOf),
  }
}

function policyDefinitionOf(json: unknown): PolicyDefinition {
  return new Map(
    listOf(json).map((entry) => {
      const [key, value] = listOf(entry)
      return [textOf(key), typeof value === 'string' ? value : numberOf(value)]
    }),
  )
}

function policyTargetOf(json: unknown): PolicyTarget {
  switch (json) {
    case 'all':
    case 'queues':
    case 'exchanges':
    case 'classic_queues':
    case 'quorum_queues':
    case 'streams':
      return json
    default:
      throw new Error('nothing that a policy applies to')
  }
}

function parameterNameOf(json: JsonFields) {
  return {
    component: json.text('component'),
    vhost: json.text('vhost'),
    name: json.text('name'),
  }
}

/** Any JSON. */
function valueOf(json: unknown): Json {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json
  if (json === null || isJsonObject(json)) return json
  return listOf(json).map(valueOf)
}

function destinationKindOf(json: unknown): 'queue' | 'exchange' {
  if (json === 'queue' || json === 'exchange') return json
  throw new Error('neither queue nor exchange')
}
