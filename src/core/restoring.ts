import { Binding } from './binding.ts'
import { addBinding } from './bindings.ts'
import type {
  BindingDefinition,
  DefinitionChange,
  ExchangeDefinition,
  QueueDefinition,
  StoredPolicy,
} from './ports.ts'
import { queueTypeOf } from './queue/arguments.ts'
import { Refusal } from './refusal.ts'
import type { Vhost } from './vhost.ts'

/**
 * Applies a definition to a vhost that storage has kept. It was checked when it was made: here nothing is compared or
 * counted. One that can be no more, because another release knows no such thing, is logged and left out.
 */
export function restoreDefinition(vhost: Vhost, change: DefinitionChange): void {
  try {
    apply(vhost, change)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    vhost.log.error(`cannot restore what was ${change.kind} in '${vhost.name}': ${error.message}`)
  }
}

function apply(vhost: Vhost, change: DefinitionChange): void {
  switch (change.kind) {
    case 'exchange-declared':
      restoreExchange(vhost, change.exchange)
      return
    case 'queue-declared':
      restoreQueue(vhost, change.queue)
      return
    case 'bound':
      restoreBinding(vhost, change.binding)
      return
    case 'policy-set':
      restorePolicy(vhost, change.policy)
  }
}

function restoreExchange({ exchanges, delays }: Vhost, definition: ExchangeDefinition): void {
  if (exchanges.find(definition.name) !== undefined) return
  const exchange = exchanges.create(definition)
  exchanges.add(exchange)
  delays.restore(exchange)
}

function restoreQueue({ queues }: Vhost, definition: QueueDefinition): void {
  if (queues.find(definition.name) !== undefined) return
  const type = queueTypeOf(definition.arguments)
  queues.create({ ...definition, type, exclusiveOwner: null })
}

/** Without its ends it has lost its meaning. */
function restoreBinding({ exchanges, queues }: Vhost, definition: BindingDefinition): void {
  const { destinationKind, destination, routingKey } = definition
  const source = exchanges.find(definition.source)
  const target = (destinationKind === 'queue' ? queues : exchanges).find(destination)
  if (source === undefined || target === undefined) return
  const binding = new Binding(source, target, routingKey, definition.arguments)
  if (!source.bindings.has(binding.identity)) addBinding(binding)
}

function restorePolicy(vhost: Vhost, { isOperator, ...policy }: StoredPolicy): void {
  vhost.policies.set(policy, isOperator)
  vhost.applyPolicies()
}
