import type { JsonObject } from '../../common/json.ts'
import type { Exchange } from '../../core/exchange/exchange.ts'
import type { Policy, PolicySubject } from '../../core/policy/policy.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { Vhost } from '../../core/vhost.ts'
import { policyJson } from '../definitions/policy-json.ts'
import type { View, ViewContext } from './view.ts'

/** A policy, and the vhost that has it. */
export interface PolicyInVhost {
  readonly vhost: Vhost
  readonly policy: Policy
}

export const policyView: View<PolicyInVhost> = {
  vhost: { type: 'string', read: ({ vhost }) => vhost.name },
  name: { type: 'string', read: ({ policy }) => policy.name },
  pattern: { type: 'string', read: ({ policy }) => policy.pattern },
  'apply-to': { type: 'string', read: ({ policy }) => policy.applyTo },
  definition: { type: 'object', read: ({ policy }) => policyJson(policy).definition },
  priority: { type: 'integer', read: ({ policy }) => policy.priority },
}

/** The name of the policy that applies to a queue or an exchange; null when none does. */
export function policyOf(thing: Queue | Exchange, { broker }: ViewContext): string | null {
  return broker.vhosts.get(thing.vhost)?.policies.user.match(subject(thing))?.name ?? null
}

export function operatorPolicyOf(queue: Queue, { broker }: ViewContext): string | null {
  return broker.vhosts.get(queue.vhost)?.policies.operator.match(subject(queue))?.name ?? null
}

/** What the two policies of a queue make together: of two numbers the smaller holds, of other values the operator's. */
export function effectiveDefinition(queue: Queue, { broker }: ViewContext): JsonObject {
  const policies = broker.vhosts.get(queue.vhost)?.policies
  const user = policies?.user.match(subject(queue))?.definition ?? new Map()
  const operator = policies?.operator.match(subject(queue))?.definition ?? new Map()
  const merged = new Map<string, string | number>(user)
  for (const [key, value] of operator) {
    const other = merged.get(key)
    const isLess = typeof other === 'number' && typeof value === 'number' && other < value
    if (!isLess) merged.set(key, value)
  }
  const keys = [...merged].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(keys)
}

function subject(thing: Queue | Exchange): PolicySubject {
  const { kind, name } = thing
  return thing.kind === 'queue' ? { kind, name, queueType: thing.type } : { kind, name }
}
