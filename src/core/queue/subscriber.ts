import type { Table } from '../../common/table.ts'
import type { Entry } from './entry.ts'

/** A consumer as its queue sees it. */
export interface Subscriber {
  readonly consumerTag: string
  readonly noAck: boolean
  readonly exclusive: boolean
  /** `x-priority`: the higher one is served first. */
  readonly priority: number
  readonly arguments: Table
  /** Messages that it has been given and not settled. */
  readonly heldCount: number
  /** True while it waits to be resumed after its limit was reached. Only the queue writes it. */
  isParked: boolean
  /** Whether it can be given one more message now: prefetch, and the room of its connection. */
  canTake(): boolean
  /** Hands a message over. With noAck the queue is done with it. */
  deliver(entry: Entry): void
  /** A message that it held has been settled or taken back. */
  release(): void
  /** The queue is gone, and with it this subscription. */
  cancelled(): void
}
