import type { Clock } from '../../common/clock.ts'
import { integerOf, type Table } from '../../common/table.ts'
import type { Message } from '../message.ts'
import { deduplicationKey } from '../queue/deduplication.ts'
import { preconditionFailed } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import { FanoutRouter } from './fanout.ts'

/**
 * `x-message-deduplication`: a fanout that routes no message whose `x-deduplication-header` it has seen lately
 * (message deduplication plug-in). It remembers `x-cache-size` of them, each for `x-cache-ttl` milliseconds if that
 * is given, here or by the message itself.
 */
export class DeduplicatingRouter extends FanoutRouter {
  override readonly isByKeyOnly: boolean = false
  private readonly clock: Clock
  private readonly cacheSize: number
  private readonly ttlMs: number
  private readonly seen = new Map<string, number>() // when each is forgotten; the oldest first

  constructor(args: Table, clock: Clock) {
    super()
    this.clock = clock
    const size = integerOf(args.get('x-cache-size'))
    if (size === null || size < 1) {
      throw preconditionFailed(
        "Missing or invalid argument, 'x-cache-size' must be an integer greater than 0",
      )
    }
    this.cacheSize = size
    this.ttlMs = integerOf(args.get('x-cache-ttl')) ?? Number.POSITIVE_INFINITY
  }

  override route(message: Message, found: Destinations): void {
    if (!this.isDuplicate(message)) super.route(message, found)
  }

  private isDuplicate(message: Message): boolean {
    const key = deduplicationKey(message)
    if (key === null) return false
    const now = this.clock.now()
    if ((this.seen.get(key) ?? 0) > now) return true
    this.seen.delete(key)
    if (this.seen.size >= this.cacheSize) {
      const [oldest] = this.seen.keys()
      if (oldest !== undefined) this.seen.delete(oldest)
    }
    const ttlMs = integerOf(message.headers.get('x-cache-ttl')) ?? this.ttlMs
    this.seen.set(key, now + ttlMs)
    return false
  }
}
