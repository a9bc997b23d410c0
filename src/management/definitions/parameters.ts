import type { User } from '../../auth/users.ts'
import type { Json, JsonObject } from '../../common/json.ts'
import type { Parameter } from '../../core/parameters.ts'
import type { Vhost } from '../../core/vhost.ts'
import type { ChangeableBroker, DefinedBroker, UserMaxima, VhostMaxima } from './defined-broker.ts'
import { DefinitionsError } from './definitions-error.ts'
import { erlangOfJson, objectOfJson } from './erlang-json.ts'
import { policyJson, policyOfJson } from './policy-json.ts'

/** All parameters, with the limits of vhosts and the operator policies, which RabbitMQ keeps as parameters too. */
export function* parametersOf({ vhosts, parameters }: DefinedBroker): Iterable<Parameter> {
  for (const vhost of vhosts) {
    const limits = vhostLimitsJson(vhost)
    if (Object.keys(limits).length > 0) {
      yield { component: 'vhost-limits', vhost: vhost.name, name: 'limits', value: limits }
    }
  }
  yield* parameters
  for (const vhost of vhosts) {
    for (const policy of vhost.policies.operator) {
      const { name, ...value } = policyJson(policy)
      yield { component: 'operator_policy', vhost: vhost.name, name: policy.name, value }
    }
  }
}

/** All global parameters; those that every cluster has come last unless they were set. */
export function globalParametersOf({
  parameters,
  nodeName,
}: DefinedBroker): readonly { readonly name: string; readonly value: Json }[] {
  const all = new Map([...parameters.global])
  if (!all.has('cluster_tags')) all.set('cluster_tags', [])
  if (!all.has('cluster_name')) all.set('cluster_name', nodeName)
  return Array.from(all, ([name, value]) => ({ name, value }))
}

/**
 * Sets a parameter: limits and operator policies where they take effect, those of shovels and federation are kept for
 * export, without effect. Throws a DefinitionsError, or what the administration throws.
 */
export function setParameter({ administration }: ChangeableBroker, parameter: Parameter): void {
  const { component, vhost, name, value } = parameter
  switch (component) {
    case 'vhost-limits':
      administration.setVhostLimits(vhost, { ...NO_VHOST_LIMITS, ...vhostLimitsOf(value) })
      return
    case 'operator_policy':
      administration.setOperatorPolicy(vhost, policyOfJson(name, value))
      return
    case 'policy':
      administration.setPolicy(vhost, policyOfJson(name, value))
      return
    case 'shovel':
    case 'federation-upstream':
    case 'federation-upstream-set':
      administration.setParameter(component, vhost, name, value)
      return
    default:
      throw new DefinitionsError(`component ${component} not found`)
  }
}

const NO_VHOST_LIMITS: VhostMaxima = { maxConnections: null, maxQueues: null }

export function vhostLimitsJson({ maxConnections, maxQueues }: Vhost): JsonObject {
  return limitsJson([
    ['max-connections', maxConnections],
    ['max-queues', maxQueues],
  ])
}

export function userLimitsJson({ maxConnections, maxChannels }: User): JsonObject {
  return limitsJson([
    ['max-connections', maxConnections],
    ['max-channels', maxChannels],
  ])
}

/** What a limits object names. A negative limit is none. Throws a DefinitionsError with RabbitMQ's reason. */
export function vhostLimitsOf(json: Json): VhostMaxima {
  const limits = limitsOf(json, ['max-connections', 'max-queues'], 'limits')
  const maxConnections = limits.get('max-connections')
  const maxQueues = limits.get('max-queues')
  return {
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(maxQueues === undefined ? {} : { maxQueues }),
  }
}

/** What a limits object names. A negative limit is none. Throws a DefinitionsError with RabbitMQ's reason. */
export function userLimitsOf(json: Json): UserMaxima {
  const limits = limitsOf(json, ['max-connections', 'max-channels'], 'user-limits')
  const maxConnections = limits.get('max-connections')
  const maxChannels = limits.get('max-channels')
  return {
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(maxChannels === undefined ? {} : { maxChannels }),
  }
}

function limitsJson(limits: readonly (readonly [string, number | null])[]): JsonObject {
  return Object.fromEntries(limits.filter(([, limit]) => limit !== null))
}

function limitsOf(
  json: Json,
  known: readonly string[],
  what: string,
): ReadonlyMap<string, number | null> {
  const limits = objectOfJson(json)
  if (limits === null) throw new DefinitionsError(`${what} should be an object`)
  const entries = Object.entries(limits)
  const unknown = entries.filter(([name]) => !known.includes(name))
  if (unknown.length > 0) {
    const terms = unknown.map(([name, value]) => `{${erlangOfJson(name)},${erlangOfJson(value)}}`)
    throw new DefinitionsError(`Unrecognised terms [${terms.join(',')}] in ${what}`)
  }
  return new Map(
    entries.map(([name, value]) => {
      if (typeof value === 'number') return [name, value < 0 ? null : value]
      const text = `${name} should be a number, actually was ${erlangOfJson(value)}`
      throw new DefinitionsError(text)
    }),
  )
}
