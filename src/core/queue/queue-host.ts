import type { Clock } from '../../common/clock.ts'
import type { Compat } from '../../common/compat.ts'
import type { Deadlines } from '../../common/deadlines.ts'
import type { RunQueue } from '../../common/run-queue.ts'
import type { DeadLetters } from '../dead-letter/dead-letters.ts'
import type { Durability, MessageStore } from '../ports.ts'
import type { Queue } from './queue.ts'
import type { ReadyMemory } from './ready-memory.ts'

/** What a queue needs from around it. */
export interface QueueHost {
  readonly compat: Compat
  readonly turn: RunQueue
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly messages: MessageStore
  readonly durability: Durability
  readonly readyMemory: ReadyMemory
  readonly deadLetters: DeadLetters
  /** The queue is to be deleted: it has lost its last consumer, or has gone unused for too long. */
  queueUnused(queue: Queue): void
}
