import { erlangTerm } from '../../common/erlang-term.ts'
import { type FieldValue, integerOf, type Table, textOf } from '../../common/table.ts'
import { describe, preconditionFailed, type Resource } from '../refusal.ts'

/**
 * The arguments of queue.declare that a classic queue knows, each with its rule, in the order in which RabbitMQ
 * looks at them (errors, argument validation). Arguments it does not know are ignored.
 */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['x-expires', (field) => integerError(field, 1, MAX_TTL_MS)],
  ['x-message-ttl', (field) => integerError(field, 0, MAX_TTL_MS)],
  ['x-dead-letter-exchange', () => null],
  ['x-dead-letter-routing-key', deadLetterRoutingKeyError],
  ['x-max-length', (field) => integerError(field, 0, Number.POSITIVE_INFINITY)],
  ['x-max-length-bytes', (field) => integerError(field, 0, Number.POSITIVE_INFINITY)],
  ['x-max-priority', maxPriorityError],
  ['x-overflow', (field) => choiceError(field, OVERFLOWS, 'invalid_overflow')],
  ['x-single-active-consumer', boolError],
  ['x-queue-type', queueTypeError],
  ['x-queue-mode', () => null],
  ['x-queue-version', queueVersionError],
  ['x-queue-leader-locator', (field) => choiceError(field, LOCATORS, 'invalid_queue_locator_arg')],
])

/** Arguments that are compared when a queue is declared again. */
export const COMPARED_ARGUMENTS: readonly string[] = [...RULES.keys()]

/** Throws the Refusal of RabbitMQ for a value that a new queue cannot have. */
export function validateArguments(queue: Resource, args: Table): void {
  const target = args.get('x-dead-letter-exchange')
  if (target !== undefined && target.type !== 'longstr') {
    throw preconditionFailed(
      `invalid type '${target.type}' for arg 'x-dead-letter-exchange' in ${describe(queue)}`,
    )
  }
  for (const name of FOREIGN_ARGUMENTS) {
    if (!args.has(name)) continue
    throw preconditionFailed(
      `invalid arg '${name}' for ${describe(queue)} of queue type rabbit_classic_queue`,
    )
  }
  for (const [name, errorOf] of RULES) {
    const field = args.get(name)
    const error = field === undefined ? null : errorOf(field, args)
    if (error === null) continue
    throw preconditionFailed(`invalid arg '${name}' for ${describe(queue)}: ${error}`)
  }
}

/** Throws the Refusal of RabbitMQ for a consumer's `x-priority` that is no integer; returns the priority. */
export function consumerPriority(queue: Resource, args: Table): number {
  const field = args.get('x-priority')
  if (field === undefined) return 0
  const priority = integerOf(field)
  if (priority !== null) return priority
  throw preconditionFailed(
    `invalid arg 'x-priority' for ${describe(queue)}: ${notAnInteger(field)}`,
  )
}

/** Arguments that quorum queues or streams know, and a classic queue refuses. */
const FOREIGN_ARGUMENTS = [
  'x-dead-letter-strategy',
  'x-max-in-memory-length',
  'x-max-in-memory-bytes',
  'x-delivery-limit',
  'x-consumer-timeout',
  'x-consumer-disconnected-timeout',
  'x-delayed-retry-type',
  'x-delayed-retry-min',
  'x-delayed-retry-max',
  'x-quorum-initial-group-size',
  'x-initial-cluster-size',
  'x-max-age',
  'x-stream-max-segment-size-bytes',
  'x-stream-filter-size-bytes',
]

/** Ten years. */
const MAX_TTL_MS = 315_360_000_000

const OVERFLOWS = ['drop-head', 'reject-publish', 'reject-publish-dlx']
const LOCATORS = ['client-local', 'balanced', 'random', 'least-leaders']

/** What is wrong with a value, as RabbitMQ prints it; null when nothing is. */
type Rule = (field: FieldValue, args: Table) => string | null

function integerError(field: FieldValue, min: number, max: number): string | null {
  const value = integerOf(field)
  if (value === null) return notAnInteger(field)
  const printed = erlangTerm(field) // exact, even beyond 2^53
  if (value < 0) return `{value_negative,${printed}}`
  if (value < min) return `{value_zero,${printed}}`
  return value > max ? `{value_too_large,${printed}}` : null
}

function notAnInteger(field: FieldValue): string {
  return `"expected integer, got ${field.type}"`
}

function maxPriorityError(field: FieldValue): string | null {
  const value = integerOf(field)
  return value !== null && value > 255
    ? `{max_value_exceeded,${erlangTerm(field)}}`
    : integerError(field, 0, 255)
}

function boolError(field: FieldValue): string | null {
  return field.type === 'bool' ? null : unacceptableType(field)
}

function unacceptableType(field: FieldValue): string {
  return `{unacceptable_type,${field.type}}`
}

function choiceError(
  field: FieldValue,
  choices: readonly string[],
  complaint: string,
): string | null {
  if (field.type !== 'longstr') return unacceptableType(field)
  return choices.includes(textOf(field) ?? '') ? null : complaint
}

function deadLetterRoutingKeyError(field: FieldValue, args: Table): string | null {
  if (field.type !== 'longstr') return unacceptableType(field)
  return args.has('x-dead-letter-exchange') ? null : 'routing_key_but_no_dlx_defined'
}

function queueTypeError(field: FieldValue): string | null {
  if (field.type !== 'longstr') return unacceptableType(field)
  const type = textOf(field)
  return type === '' || type === 'classic' ? null : `"unsupported queue type '${type}'"`
}

function queueVersionError(field: FieldValue): string | null {
  const version = integerOf(field)
  const error = integerError(field, 0, Number.POSITIVE_INFINITY)
  if (error !== null || version === 2) return error
  return `"unsupported queue version '${erlangTerm(field)}'"`
}
