import { patternOf } from '../../common/pattern.ts'
import type { QueueTypeName } from '../queue/queue-type.ts'
import type { Resource } from '../refusal.ts'

/** The settings that a policy makes, by key. */
export type PolicyDefinition = ReadonlyMap<string, string | number>

/** Settings for all queues or exchanges whose name matches (RabbitMQ documentation, policies). */
export interface Policy {
  readonly name: string
  /** A regular expression, not anchored. */
  readonly pattern: string
  readonly applyTo: PolicyTarget
  /** Of several policies that match, the one with the highest priority applies. */
  readonly priority: number
  readonly definition: PolicyDefinition
}

export type PolicyTarget =
  | 'all'
  | 'queues'
  | 'exchanges'
  | 'classic_queues'
  | 'quorum_queues'
  | 'streams'

/** What a policy may apply to: a queue with its type, or an exchange. */
export type PolicySubject = Pick<Resource, 'kind' | 'name'> & { readonly queueType?: QueueTypeName }

/** The policies of a vhost of one sort, the users' or the operator's. */
export class Policies {
  private readonly policies = new Map<string, { policy: Policy; pattern: RegExp }>()

  get(name: string): Policy | null {
    return this.policies.get(name)?.policy ?? null
  }

  [Symbol.iterator](): Iterator<Policy> {
    return [...this.policies.values()].map(({ policy }) => policy)[Symbol.iterator]()
  }

  /** Adds a policy, in place of one of the same name. Throws a SyntaxError for a bad pattern. */
  set(policy: Policy): void {
    this.policies.set(policy.name, { policy, pattern: patternOf(policy.pattern) })
  }

  /** False when there was none. */
  delete(name: string): boolean {
    return this.policies.delete(name)
  }

  /** The one that applies: of the highest priority, and of equals the one set first. */
  match(subject: PolicySubject): Policy | null {
    let best: Policy | null = null
    for (const { policy, pattern } of this.policies.values()) {
      if (best !== null && policy.priority <= best.priority) continue
      if (appliesTo(policy.applyTo, subject) && pattern.test(subject.name)) best = policy
    }
    return best
  }
}

function appliesTo(target: PolicyTarget, { kind, queueType }: PolicySubject): boolean {
  switch (target) {
    case 'all':
      return true
    case 'queues':
      return kind === 'queue'
    case 'exchanges':
      return kind === 'exchange'
    case 'classic_queues':
      return queueType === 'classic'
    case 'quorum_queues':
      return queueType === 'quorum'
    case 'streams':
      return false
  }
}
