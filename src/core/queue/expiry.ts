import type { Clock } from '../../common/clock.ts'
import type { LongWorkTime } from '../../common/long-work-time.ts'
import type { Entry } from './entry.ts'
import type { Queue } from './queue.ts'
import type { QueueHost } from './queue-host.ts'
import type { Ready } from './ready.ts'
import { WakeUp } from './wake-up.ts'

/** Lets messages of a queue expire where they are looked at: at the head (core semantics, TTL). */
export class Expiry {
  /** Some ready message may have a time to expire. */
  hasExpiring = false
  private readonly ready: Ready
  private readonly clock: Clock
  private readonly wakeUp: WakeUp
  private readonly giveUp: (entry: Entry) => void

  constructor(queue: Queue, { clock, deadlines, turn }: QueueHost, giveUp: (entry: Entry) => void) {
    this.ready = queue.ready
    this.clock = clock
    this.wakeUp = new WakeUp(clock, deadlines, () => turn.addDispatch(queue))
    this.giveUp = giveUp
  }

  /** Takes out what has expired and stands where messages are looked at; false when the time is up before. */
  shiftExpired(time: LongWorkTime | null): boolean {
    const { ready } = this
    this.hasExpiring = ready.length > 0
    if (!this.hasExpiring) return true
    const now = this.clock.now()
    for (let entry = ready.shiftExpired(now); entry; entry = ready.shiftExpired(now)) {
      this.giveUp(entry)
      if (time !== null && !time.goesOn()) return false
    }
    return true
  }

  /** Has the head looked at when the next message there expires. */
  awaitNext(): void {
    this.wakeUp.at(this.ready.nextExpiryMs)
  }

  stop(): void {
    this.wakeUp.cancel()
  }
}
