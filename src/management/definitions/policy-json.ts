import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import type { Policy, PolicyTarget } from '../../core/policy/policy.ts'
import type { PolicyToSet } from './defined-broker.ts'
import { DefinitionsError } from './definitions-error.ts'
import { erlangOfJson, objectOfJson } from './erlang-json.ts'

/** A policy's fields as RabbitMQ shows them, but for its vhost. */
export function policyJson(policy: Policy): JsonObject {
  const { name, pattern, applyTo, priority } = policy
  const definition = Object.fromEntries(policy.definition)
  return { name, pattern, 'apply-to': applyTo, definition, priority }
}

/** A policy as RabbitMQ takes it in JSON. Throws a DefinitionsError with RabbitMQ's reason. */
export function policyOfJson(name: string, json: Json): PolicyToSet {
  if (!isJsonObject(json)) throw new DefinitionsError(`policy ${name} should be an object`)
  const { pattern, priority = 0, 'apply-to': applyTo = 'all', definition } = json
  if (pattern === undefined) throw new DefinitionsError(`Key "pattern" not found in ${name}`)
  if (definition === undefined) throw new DefinitionsError(`Key "definition" not found in ${name}`)
  if (typeof pattern !== 'string') {
    throw new DefinitionsError(`pattern should be a binary but was ${erlangOfJson(pattern)}`)
  }
  if (typeof priority !== 'number') {
    throw new DefinitionsError(
      `priority should be a number, actually was ${erlangOfJson(priority)}`,
    )
  }
  return { name, pattern, applyTo: targetOf(applyTo), priority, definition: settingsOf(definition) }
}

function targetOf(json: Json): PolicyTarget {
  const target = TARGETS.find((one) => one === json)
  if (target !== undefined) return target
  throw new DefinitionsError(
    `apply-to '${typeof json === 'string' ? json : erlangOfJson(json)}' unrecognised; should be one of: ` +
      "'queues', 'classic_queues',  'quorum_queues', 'streams', 'exchanges', or 'all'",
  )
}

const TARGETS: readonly PolicyTarget[] = [
  'all',
  'exchanges',
  'queues',
  'classic_queues',
  'quorum_queues',
  'streams',
]

function settingsOf(json: Json): Record<string, string | number> {
  const settings = objectOfJson(json)
  if (settings === null) throw new DefinitionsError('no policy provided')
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      if (typeof value === 'string' || typeof value === 'number') return [key, value]
      const term = `{${erlangOfJson(key)},${erlangOfJson(value)}}`
      throw new DefinitionsError(`[${term}] are not recognised policy settings`)
    }),
  )
}
