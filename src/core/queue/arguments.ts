import { erlangTerm } from '../../common/erlang-term.ts'
import { type FieldValue, integerOf, type Table, textOf } from '../../common/table.ts'
import { describe, preconditionFailed, type Resource } from '../refusal.ts'
import { moduleOf, QUEUE_TYPES, type QueueTypeName } from './queue-type.ts'

/**
 * The arguments of queue.declare that RabbitMQ knows, in the order in which it looks at them: which queue types take
 * each, and what is wrong with a value (errors, argument validation). Arguments that no type knows are ignored.
 */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['x-expires', { types: 'both', error: (field) => integerError(field, 1, MAX_TTL_MS) }],
  ['x-message-ttl', { types: 'both', error: (field) => integerError(field, 0, MAX_TTL_MS) }],
  ['x-dead-letter-exchange', { types: 'both', error: noError }],
  ['x-dead-letter-routing-key', { types: 'both', error: deadLetterRoutingKeyError }],
  [
    'x-dead-letter-strategy',
    { types: 'quorum', error: (field) => choiceError(field, STRATEGIES, 'invalid_dlx_strategy') },
  ],
  ['x-max-length', { types: 'both', error: (field) => integerError(field, 0, Infinity) }],
  ['x-max-length-bytes', { types: 'both', error: (field) => integerError(field, 0, Infinity) }],
  ['x-max-in-memory-length', { types: 'quorum', error: (f) => integerError(f, 0, Infinity) }],
  ['x-max-in-memory-bytes', { types: 'quorum', error: (f) => integerError(f, 0, Infinity) }],
  ['x-max-priority', { types: 'classic', error: maxPriorityError }],
  [
    'x-overflow',
    { types: 'both', error: (field) => choiceError(field, OVERFLOWS, 'invalid_overflow') },
  ],
  ['x-single-active-consumer', { types: 'both', error: boolError }],
  ['x-queue-type', { types: 'both', error: queueTypeError }],
  ['x-queue-mode', { types: 'classic', error: noError }],
  ['x-queue-version', { types: 'classic', error: queueVersionError }],
  [
    'x-queue-leader-locator',
    { types: 'both', error: (f) => choiceError(f, LOCATORS, 'invalid_queue_locator_arg') },
  ],
  ['x-quorum-initial-group-size', { types: 'quorum', error: (f) => integerError(f, 1, Infinity) }],
  ['x-delivery-limit', { types: 'quorum', error: noError }],
  ['x-consumer-timeout', { types: 'quorum', error: (f) => integerError(f, 0, Infinity) }],
  [
    'x-consumer-disconnected-timeout',
    { types: 'quorum', error: (f) => integerError(f, 0, Infinity) },
  ],
  ['x-delayed-retry-type', { types: 'quorum', error: noError }],
  ['x-delayed-retry-min', { types: 'quorum', error: noError }],
  ['x-delayed-retry-max', { types: 'quorum', error: noError }],
  ['x-initial-cluster-size', { types: 'neither', error: noError }],
  ['x-max-age', { types: 'neither', error: noError }],
  ['x-stream-max-segment-size-bytes', { types: 'neither', error: noError }],
  ['x-stream-filter-size-bytes', { types: 'neither', error: noError }],
])

/** Arguments that are compared when a queue is declared again. */
export const COMPARED_ARGUMENTS: readonly string[] = [...RULES.keys()]

/** Throws the Refusal of RabbitMQ for arguments that a new queue of this type cannot have. */
export function validateArguments(queue: Resource, type: QueueTypeName, args: Table): void {
  const target = args.get('x-dead-letter-exchange')
  if (target !== undefined && target.type !== 'longstr') {
    throw preconditionFailed(
      `invalid type '${target.type}' for arg 'x-dead-letter-exchange' in ${describe(queue)}`,
    )
  }
  // Streams are not here: their arguments are not to blame for that.
  const isStream = textOf(args.get('x-queue-type')) === 'stream'
  for (const [name, rule] of RULES) {
    if (isStream || !args.has(name) || rule.types === 'both' || rule.types === type) continue
    throw unknownToType(name, queue, type)
  }
  for (const [name, rule] of RULES) {
    const field = args.get(name)
    const error = field === undefined ? null : rule.error(field, args)
    if (error !== null) throw invalid(name, queue, error)
  }
}

/** The type that a queue is declared with. That there is no such type is for `validateArguments` to say. */
export function queueTypeOf(args: Table): QueueTypeName {
  return textOf(args.get('x-queue-type')) === 'quorum' ? 'quorum' : 'classic'
}

/** Throws the Refusal of RabbitMQ for a consumer's `x-priority` that is no integer; returns the priority. */
export function consumerPriority(queue: Resource, args: Table): number {
  const field = args.get('x-priority')
  if (field === undefined) return 0
  const priority = integerOf(field)
  if (priority === null) throw invalid('x-priority', queue, notAnInteger(field))
  return priority
}

/** Throws the Refusal of RabbitMQ for arguments of a consumer that its queue's type does not take. */
export function validateConsumerArguments(queue: Resource, type: QueueTypeName, args: Table): void {
  const foreign = type === 'classic' ? FOREIGN_TO_CLASSIC : FOREIGN_TO_QUORUM
  for (const name of foreign) if (args.has(name)) throw unknownToType(name, queue, type)
}

/** Ten years. */
const MAX_TTL_MS = 315_360_000_000

const STRATEGIES = ['at-most-once', 'at-least-once']
export const OVERFLOWS = ['drop-head', 'reject-publish', 'reject-publish-dlx']
export const LOCATORS = ['client-local', 'balanced', 'random', 'least-leaders']
const FOREIGN_TO_QUORUM = ['x-stream-offset', 'x-stream-filter', 'x-stream-match-unfiltered']
const FOREIGN_TO_CLASSIC = [...FOREIGN_TO_QUORUM, 'x-consumer-timeout']

interface Rule {
  readonly types: QueueTypeName | 'both' | 'neither'
  /** What is wrong with a value, as RabbitMQ prints it; null when nothing is. */
  readonly error: (field: FieldValue, args: Table) => string | null
}

function invalid(name: string, queue: Resource, error: string): Error {
  return preconditionFailed(`invalid arg '${name}' for ${describe(queue)}: ${error}`)
}

function unknownToType(name: string, queue: Resource, type: QueueTypeName): Error {
  return preconditionFailed(
    `invalid arg '${name}' for ${describe(queue)} of queue type ${moduleOf(type)}`,
  )
}

function noError(): null {
  return null
}

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
  const type = textOf(field) ?? ''
  return type === '' || QUEUE_TYPES.has(type) ? null : `"unsupported queue type '${type}'"`
}

function queueVersionError(field: FieldValue): string | null {
  const version = integerOf(field)
  const error = integerError(field, 0, Infinity)
  if (error !== null || version === 2) return error
  return `"unsupported queue version '${erlangTerm(field)}'"`
}
