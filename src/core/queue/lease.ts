import type { Clock } from '../../common/clock.ts'
import type { QueueHost } from './queue-host.ts'
import { WakeUp } from './wake-up.ts'

/**
 * Ends a queue that nobody has used for `x-expires` (RabbitMQ documentation, queue TTL). Declaring it, fetching from
 * it and losing a consumer are uses; publishing is none. While there are consumers it does not run.
 */
export class Lease {
  private readonly clock: Clock
  private readonly wakeUp: WakeUp
  private readonly isInUse: () => boolean
  private readonly end: () => void
  private expiresMs: number | null = null
  private usedAtMs = 0

  constructor(
    { clock, deadlines }: Pick<QueueHost, 'clock' | 'deadlines'>,
    isInUse: () => boolean,
    end: () => void,
  ) {
    this.clock = clock
    this.wakeUp = new WakeUp(clock, deadlines, () => this.check())
    this.isInUse = isInUse
    this.end = end
  }

  /** Sets how long the queue may go unused, counted from now; null for any time. */
  set(expiresMs: number | null): void {
    if (expiresMs === this.expiresMs) return
    this.expiresMs = expiresMs
    this.wakeUp.cancel()
    this.renew()
  }

  /** The queue is used. */
  renew(): void {
    if (this.expiresMs === null) return
    this.usedAtMs = this.clock.now()
    this.wakeUp.at(this.usedAtMs + this.expiresMs)
  }

  stop(): void {
    this.expiresMs = null
    this.wakeUp.cancel()
  }

  private check(): void {
    if (this.expiresMs === null || this.isInUse()) return
    const endsAtMs = this.usedAtMs + this.expiresMs
    if (this.clock.now() >= endsAtMs) this.end()
    else this.wakeUp.at(endsAtMs)
  }
}
