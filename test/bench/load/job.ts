/** What a process of the load is asked to do. Durations of less than a second are in milliseconds. */
export type Job = {
  readonly url: string
  readonly pid: number | null
  readonly seconds: number
} & (
  | ({ readonly kind: 'traffic' } & TrafficShape)
  | { readonly kind: 'connections' }
  | { readonly kind: 'idle'; readonly connections: number }
  | {
      readonly kind: 'fill'
      readonly queue: string
      readonly messages: number
      readonly bodySize: number
    }
  | { readonly kind: 'drain'; readonly queue: string; readonly messages: number }
)

/** Publishers, queues and consumers, and what goes from one to the other. */
export interface TrafficShape {
  readonly exchange: 'default' | 'fanout' | 'topic'
  /** Of a topic exchange. */
  readonly bindings: number
  /** Publisher i sends to queue i, and consumer i reads queue i, modulo their number. */
  readonly publishers: number
  readonly queues: number
  readonly consumers: number
  /** Bytes. */
  readonly bodySize: number
  /** Of the queues and messages alike. */
  readonly isDurable: boolean
  /** Unconfirmed messages of each publisher; 0 is without confirms. */
  readonly confirmWindow: number
  /** Messages published and not yet delivered, of all publishers together; 0 for no limit. */
  readonly deliveryWindow: number
  /** Messages a second, of all publishers together; 0 is as fast as it goes. */
  readonly rate: number
  /** 0 for no limit. */
  readonly prefetch: number
  /** Deliveries that one acknowledgement is for; 0 is auto-ack. */
  readonly ackEvery: number
  /** Bytes of one write. */
  readonly batchSize: number
}

/** What a job measured, by name; a name ends in its unit. What could not be measured is not there. */
export type Measures = { readonly [name: string]: number }

/** A job that makes no progress for so long has failed. */
export const STALL_MS = 5000
