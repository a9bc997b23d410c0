import type { Subscriber } from './subscriber.ts'

/**
 * The consumers of a queue, and whose turn it is. One that cannot take a message is parked until it is resumed, so
 * that a message never costs a walk over consumers at their limit.
 */
export interface Subscribers {
  readonly count: number
  [Symbol.iterator](): Iterator<Subscriber>
  add(subscriber: Subscriber): void
  /** False when it was none of these. */
  remove(subscriber: Subscriber): boolean
  /** Takes a parked consumer back. */
  unpark(subscriber: Subscriber): void
  /** The consumer that gets the next message; null when none can take one. */
  next(): Subscriber | null
  /** Whether a consumer is one that gets messages, when its turn comes. */
  isActive(subscriber: Subscriber): boolean
  clear(): void
}
