import type { Compat } from '../../common/compat.ts'
import { patternOf } from '../../common/pattern.ts'
import type { Table } from '../../common/table.ts'
import type { QueueTypeName } from '../queue/queue-type.ts'
import { type QueueSettings, resolveSettings } from '../queue/settings.ts'
import { preconditionFailed } from '../refusal.ts'
import { Policies, type Policy, type PolicySubject } from './policy.ts'
import { policyError } from './validate.ts'

/** All policies of a vhost, and what they make of a queue or an exchange: one user policy and one of the operator. */
export class PolicySet {
  readonly user = new Policies()
  readonly operator = new Policies()
  private readonly compat: Compat

  constructor(compat: Compat) {
    this.compat = compat
  }

  /** Throws a Refusal, with RabbitMQ's reason, for a policy that cannot be. */
  set(policy: Policy, isOperator: boolean): void {
    const error = patternError(policy.pattern) ?? policyError(policy.definition, isOperator)
    if (error !== null) throw preconditionFailed(error)
    const policies = isOperator ? this.operator : this.user
    policies.set(policy)
  }

  settingsOf(queue: PolicyTargetQueue): QueueSettings {
    const subject: PolicySubject = { kind: 'queue', name: queue.name, queueType: queue.type }
    const policy = this.user.match(subject)?.definition ?? null
    const operator = this.operator.match(subject)?.definition ?? null
    return resolveSettings(queue.type, queue.arguments, policy, operator, this.compat)
  }

  alternateExchange(exchange: PolicySubject): string | null {
    const value = this.user.match(exchange)?.definition.get('alternate-exchange')
    return typeof value === 'string' ? value : null
  }
}

/** What is wrong with a pattern; null when nothing is. */
function patternError(pattern: string): string | null {
  try {
    patternOf(pattern)
    return null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return `pattern should be regular expression but is invalid: ${error.message}`
  }
}

interface PolicyTargetQueue {
  readonly name: string
  readonly type: QueueTypeName
  readonly arguments: Table
}
