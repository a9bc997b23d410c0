import type { Compat } from '../../common/compat.ts'
import { integerOf, type Table } from '../../common/table.ts'
import { classicLevel, type LevelOf, PriorityReady } from './priority-ready.ts'
import type { QueueTypeName } from './queue-type.ts'
import {
  classLevel,
  QuorumReady,
  STRICT_LEVEL_COUNT,
  strictLevel,
  TwoClassReady,
} from './quorum-ready.ts'
import { FifoReady, type Ready } from './ready.ts'
import { RoundRobin } from './round-robin.ts'
import { SingleActive } from './single-active.ts'
import type { QueueStorage } from './storage.ts'
import type { Subscribers } from './subscribers.ts'

/** The order in which a queue hands out its messages. `storage` is null where all of them are kept in memory. */
export function newReady(queue: Ordered, compat: Compat, storage: QueueStorage | null): Ready {
  if (queue.type === 'quorum') {
    const fresh = compat.hasStrictQuorumPriorities
      ? new PriorityReady(STRICT_LEVEL_COUNT, strictLevel, storage)
      : new TwoClassReady(storage)
    return new QuorumReady(fresh)
  }
  const maxPriority = maxPriorityOf(queue)
  return maxPriority === 0
    ? new FifoReady(storage)
    : new PriorityReady(maxPriority + 1, classicLevel(maxPriority), storage)
}

/** The level of a message in that order: those of one level keep the order of their enqueue. Null for one level only. */
export function levelRule(queue: Ordered, compat: Compat): LevelOf | null {
  if (queue.type === 'quorum') return compat.hasStrictQuorumPriorities ? strictLevel : classLevel
  const maxPriority = maxPriorityOf(queue)
  return maxPriority === 0 ? null : classicLevel(maxPriority)
}

/** The order in which its consumers get them. */
export function newSubscribers(queue: Ordered): Subscribers {
  return isSingleActive(queue) ? new SingleActive(queue.type === 'quorum') : new RoundRobin()
}

export function isSingleActive(queue: Ordered): boolean {
  const field = queue.arguments.get('x-single-active-consumer')
  return field?.type === 'bool' && field.value
}

function maxPriorityOf({ arguments: args }: Ordered): number {
  return integerOf(args.get('x-max-priority')) ?? 0
}

interface Ordered {
  readonly type: QueueTypeName
  readonly arguments: Table
}
