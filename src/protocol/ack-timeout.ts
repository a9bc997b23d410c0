import type { Entry } from '../core/queue/entry.ts'
import type { Queue } from '../core/queue/queue.ts'
import { WakeUp } from '../core/queue/wake-up.ts'
import type { Channel } from './channel.ts'

/**
 * Finds deliveries that a client keeps for too long without settling them (RabbitMQ documentation, delivery
 * acknowledgement timeout). Only what a channel holds is looked at, and only when the oldest of it may be due.
 */
export class AckTimeout {
  private readonly channel: Channel
  private readonly wakeUp: WakeUp

  constructor(channel: Channel) {
    this.channel = channel
    const { clock, deadlines } = channel.services
    this.wakeUp = new WakeUp(clock, deadlines, () => this.check())
  }

  /** A delivery that is to be settled has been made. For one of a queue without timeouts the clock is not read. */
  watch(entry: Entry): void {
    if (!this.hasTimeouts(entry.queue)) return
    entry.deliveredAtMs = this.channel.services.clock.now()
    this.watchAgain(entry)
  }

  /** A delivery is to be settled after all: its time has run on. */
  watchAgain(entry: Entry): void {
    this.wakeUp.at(this.dueMs(entry))
  }

  stop(): void {
    this.wakeUp.cancel()
  }

  /** One that is late may cost the channel, or its consumer and with it all that the consumer holds. */
  private check(): void {
    const { channel } = this
    const now = channel.services.clock.now()
    for (let late = this.firstLate(now); late !== null; late = this.firstLate(now)) {
      channel.timeOut(late, this.timeoutOf(late) ?? 0)
    }
    let nextMs = Number.POSITIVE_INFINITY
    for (const entry of channel.unacked) nextMs = Math.min(nextMs, this.dueMs(entry))
    this.wakeUp.at(nextMs)
  }

  private firstLate(now: number): Entry | null {
    for (const entry of this.channel.unacked) if (this.dueMs(entry) <= now) return entry
    return null
  }

  private dueMs(entry: Entry): number {
    return entry.deliveredAtMs + (this.timeoutOf(entry) ?? Number.POSITIVE_INFINITY)
  }

  /** Null for a delivery that may be kept for ever. */
  private timeoutOf({ queue }: Entry): number | null {
    const { consumerTimeoutMs } = this.channel.services.settings
    if (queue.type === 'quorum') return queue.settings.consumerTimeoutMs ?? consumerTimeoutMs
    return this.hasTimeouts(queue) ? consumerTimeoutMs : null
  }

  /** RabbitMQ 4.3 has them for quorum queues alone. */
  private hasTimeouts({ type }: Queue): boolean {
    return type === 'quorum' || this.channel.services.settings.compat.hasConsumerTimeoutEverywhere
  }
}
