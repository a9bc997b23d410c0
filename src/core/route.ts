import type { Exchange } from './exchange/exchange.ts'
import type { Queue } from './queue/queue.ts'

/** Where one message goes. */
export interface Route {
  /** Each of them once. */
  readonly queues: readonly Queue[]
  /** Exchanges that hold the message back for a while before they route it; null for nearly every message. */
  readonly delays: readonly Delay[] | null
  /** True when the same exchange and routing key always lead here, as long as no binding changes. */
  readonly isByKeyOnly: boolean
}

/** An exchange of type x-delayed-message, and how long it holds the message. */
export interface Delay {
  readonly exchange: Exchange
  readonly delayMs: number
}
