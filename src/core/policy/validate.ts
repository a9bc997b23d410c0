import { erlangBinary } from '../../common/erlang-term.ts'
import { LOCATORS, OVERFLOWS } from '../queue/arguments.ts'
import type { PolicyDefinition } from './policy.ts'

/**
 * What is wrong with a policy's definition, in RabbitMQ's words; null when nothing is. `operator` policies may set
 * only what limits a queue.
 */
export function policyError(definition: PolicyDefinition, isOperator: boolean): string | null {
  if (definition.size === 0) return 'no policy provided'
  const known = isOperator ? OPERATOR_KEYS : new Set(RULES.keys())
  const unknown = [...definition].filter(([key]) => !known.has(key))
  if (unknown.length > 0) {
    const shown = unknown.map(([key, value]) => `{${term(key)},${term(value)}}`)
    return `[${shown.join(',')}] are not recognised policy settings`
  }
  for (const [key, value] of definition) {
    const error = RULES.get(key)?.(value) ?? null
    if (error !== null) return error
  }
  return null
}

type Rule = (value: string | number) => string | null

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['message-ttl', integer('message TTL', 0)],
  ['expires', integer('queue expiry', 1)],
  ['max-length', integer('maximum length', 0)],
  ['max-length-bytes', integer('maximum length in bytes', 0)],
  ['overflow', choice('overflow', OVERFLOWS)],
  ['dead-letter-exchange', text('dead letter exchange name')],
  ['dead-letter-routing-key', text('dead letter routing key')],
  ['dead-letter-strategy', choice('dead letter strategy', ['at-most-once', 'at-least-once'])],
  ['delivery-limit', integer('delivery limit', Number.NEGATIVE_INFINITY)],
  ['consumer-timeout', integer('consumer timeout', 0)],
  ['consumer-disconnected-timeout', integer('consumer disconnected timeout', 0)],
  ['delayed-retry-type', text('delayed retry type')],
  ['delayed-retry-min', integer('delayed retry minimum', 0)],
  ['delayed-retry-max', integer('delayed retry maximum', 0)],
  ['alternate-exchange', text('alternate exchange name')],
  ['queue-leader-locator', choice('queue leader locator', LOCATORS)],
  ['queue-mode', text('queue mode')],
  ['queue-version', integer('queue version', 1)],
])

const OPERATOR_KEYS = new Set([
  'message-ttl',
  'expires',
  'max-length',
  'max-length-bytes',
  'overflow',
  'delivery-limit',
])

function integer(what: string, min: number): Rule {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min
      ? null
      : `${term(value)} is not a valid ${what}`
}

function text(what: string): Rule {
  return (value) => (typeof value === 'string' ? null : `${term(value)} is not a valid ${what}`)
}

function choice(what: string, choices: readonly string[]): Rule {
  return (value) =>
    typeof value === 'string' && choices.includes(value)
      ? null
      : `${term(value)} is not a valid ${what} value`
}

/** A value as RabbitMQ prints it. */
function term(value: string | number): string {
  return typeof value === 'string' ? erlangBinary(Buffer.from(value)) : `${value}`
}
