import type { Clock } from '../../common/clock.ts'
import type { Deadline, Deadlines } from '../../common/deadlines.ts'

/** Calls a task at the earliest of the times asked for: one deadline, however many messages have a time. */
export class WakeUp {
  private readonly clock: Clock
  private readonly deadlines: Deadlines
  private readonly task: () => void
  private deadline: Deadline | null = null
  private atMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock, deadlines: Deadlines, task: () => void) {
    this.clock = clock
    this.deadlines = deadlines
    this.task = task
  }

  /** Asks to be woken at this time or before; Infinity asks for nothing. */
  at(timeMs: number): void {
    if (timeMs >= this.atMs) return
    this.deadline?.cancel()
    this.atMs = timeMs
    this.deadline = this.deadlines.after(Math.max(0, timeMs - this.clock.now()), () => {
      this.atMs = Number.POSITIVE_INFINITY
      this.task()
    })
  }

  cancel(): void {
    this.deadline?.cancel()
    this.atMs = Number.POSITIVE_INFINITY
  }
}
