import type { Message } from '../core/message.ts'
import type { ReturnCause } from '../core/queue/delivery-count.ts'
import type { Entry } from '../core/queue/entry.ts'
import type { Route } from '../core/route.ts'
import type { Outcome } from './channel.ts'

/** What a channel in tx mode has been told since the last commit: nothing of it has happened yet. */
export class Transaction {
  publishes: TransactedPublish[] = []
  settlements: Settlement[] = []

  /** Forgets everything; returns the publishes and settlements in their order. */
  take(): { publishes: readonly TransactedPublish[]; settlements: readonly Settlement[] } {
    const { publishes, settlements } = this
    this.publishes = []
    this.settlements = []
    return { publishes, settlements }
  }

  /** Forgets everything; returns the deliveries that were to be settled. */
  takeSettled(): readonly Entry[] {
    return this.take().settlements.flatMap((settlement) => settlement.entries)
  }
}

/** A message that has been routed and waits for the commit. */
export interface TransactedPublish {
  readonly message: Message
  readonly route: Route
  readonly mandatory: boolean
}

export interface Settlement {
  readonly entries: readonly Entry[]
  readonly outcome: Outcome
  readonly cause: ReturnCause
}
