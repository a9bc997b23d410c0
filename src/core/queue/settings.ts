import { integerOf, type Table, textOf } from '../../common/table.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { QueueTypeName } from './queue-type.ts'

/** What governs a queue now, from its arguments and the policies that match it. Null stands for no limit. */
export interface QueueSettings {
  readonly messageTtlMs: number | null
  /** How long the queue may go unused before it is deleted. */
  readonly expiresMs: number | null
  /** Of ready messages. */
  readonly maxLength: number | null
  /** Of the bodies of ready messages, in bytes. */
  readonly maxLengthBytes: number | null
  readonly overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx'
  readonly deadLetterExchange: string | null
  readonly deadLetterRoutingKey: string | null
  /** How often a message may fail before a quorum queue gives it up. */
  readonly deliveryLimit: number | null
  /** How long a consumer may keep a message; null for what the broker allows everywhere. */
  readonly consumerTimeoutMs: number | null
}

/** What applies where neither an argument nor a policy says something. */
export interface QueueDefaults {
  readonly deliveryLimit: number | null
}

/**
 * Merges a queue's arguments with its user policy and its operator policy, key by key as RabbitMQ does (core
 * semantics, policies): the smaller of two limits holds; otherwise the argument wins, for a quorum queue's overflow
 * the policy.
 */
export function resolveSettings(
  type: QueueTypeName,
  args: Table,
  policy: PolicyDefinition | null,
  operatorPolicy: PolicyDefinition | null,
  defaults: QueueDefaults,
): QueueSettings {
  const smallest = (argument: string, key: string) =>
    smaller(
      integerOf(args.get(argument)),
      smaller(numberIn(policy, key), numberIn(operatorPolicy, key)),
    )
  const text = (argument: string, key: string) => textOf(args.get(argument)) ?? textIn(policy, key)
  const overflow = {
    argument: textOf(args.get('x-overflow')),
    policy: textIn(operatorPolicy, 'overflow') ?? textIn(policy, 'overflow'),
  }
  return {
    messageTtlMs: smallest('x-message-ttl', 'message-ttl'),
    expiresMs: smallest('x-expires', 'expires'),
    maxLength: smallest('x-max-length', 'max-length'),
    maxLengthBytes: smallest('x-max-length-bytes', 'max-length-bytes'),
    overflow: overflowOf(
      type,
      type === 'quorum'
        ? (overflow.policy ?? overflow.argument)
        : (overflow.argument ?? overflow.policy),
    ),
    deadLetterExchange: text('x-dead-letter-exchange', 'dead-letter-exchange'),
    deadLetterRoutingKey: text('x-dead-letter-routing-key', 'dead-letter-routing-key'),
    deliveryLimit: type === 'quorum' ? deliveryLimit(args, policy, operatorPolicy, defaults) : null,
    consumerTimeoutMs:
      type === 'quorum' ? smallest('x-consumer-timeout', 'consumer-timeout') : null,
  }
}

/** A quorum queue has no way to dead-letter what it rejects: it drops the oldest instead. */
function overflowOf(type: QueueTypeName, text: string | null): QueueSettings['overflow'] {
  if (text === 'reject-publish') return text
  return text === 'reject-publish-dlx' && type === 'classic' ? text : 'drop-head'
}

/**
 * A negative limit is none. Of the limits of argument and policies the smaller holds, but where one of the two is none
 * the other does.
 */
function deliveryLimit(
  args: Table,
  policy: PolicyDefinition | null,
  operatorPolicy: PolicyDefinition | null,
  defaults: QueueDefaults,
): number | null {
  const byPolicy = smaller(
    numberIn(policy, 'delivery-limit'),
    numberIn(operatorPolicy, 'delivery-limit'),
  )
  const limits = [integerOf(args.get('x-delivery-limit')), byPolicy].filter((one) => one !== null)
  if (limits.length === 0) return defaults.deliveryLimit
  const limit = limits.some((one) => one < 0) ? Math.max(...limits) : Math.min(...limits)
  return limit < 0 ? null : limit
}

function smaller(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

function numberIn(policy: PolicyDefinition | null, key: string): number | null {
  const value = policy?.get(key)
  return typeof value === 'number' ? value : null
}

function textIn(policy: PolicyDefinition | null, key: string): string | null {
  const value = policy?.get(key)
  return typeof value === 'string' ? value : null
}
