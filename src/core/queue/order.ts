import type { Compat } from '../../common/compat.ts'
import { integerOf, type Table } from '../../common/table.ts'
import { classicLevel, PriorityReady } from './priority-ready.ts'
import type { QueueTypeName } from './queue-type.ts'
import { QuorumReady, strictQuorumPriorities, TwoClassReady } from './quorum-ready.ts'
import { FifoReady, type Ready } from './ready.ts'
import { RoundRobin } from './round-robin.ts'
import { SingleActive } from './single-active.ts'
import type { Subscribers } from './subscribers.ts'

/** The order in which a queue hands out its messages. */
export function newReady(queue: Ordered, compat: Compat): Ready {
  if (queue.type === 'quorum') {
    const fresh = compat.hasStrictQuorumPriorities ? strictQuorumPriorities() : new TwoClassReady()
    return new QuorumReady(fresh)
  }
  const maxPriority = integerOf(queue.arguments.get('x-max-priority')) ?? 0
  return maxPriority === 0
    ? new FifoReady()
    : new PriorityReady(maxPriority + 1, classicLevel(maxPriority))
}

/** The order in which its consumers get them. */
export function newSubscribers(queue: Ordered): Subscribers {
  return isSingleActive(queue) ? new SingleActive(queue.type === 'quorum') : new RoundRobin()
}

export function isSingleActive(queue: Ordered): boolean {
  const field = queue.arguments.get('x-single-active-consumer')
  return field?.type === 'bool' && field.value
}

interface Ordered {
  readonly type: QueueTypeName
  readonly arguments: Table
}
