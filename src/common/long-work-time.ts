import type { Clock } from './clock.ts'

/**
 * The time of a turn that long work may take, for tasks of the run queue: what takes longer is left for the next turns,
 * between which everybody else has theirs. It runs on from the first step, whatever else the turn does, since all long
 * work of a turn is done in one stretch. All of it shares this time; each does one step whatever the others have used.
 *
 * `LongWork` is for who does the same with each of many things. Who can wait for a promise works in `Slices`.
 */
export class LongWorkTime {
  private readonly clock: Clock | null
  private steps = 0
  private endMs = 0
  private isBegun = false
  private isOver = false
  private isEndless = false

  /** Without a clock it never ends. */
  constructor(clock: Clock | null) {
    this.clock = clock
  }

  /** A new turn. Its time begins with the first long work. */
  renew(): void {
    this.isBegun = false
    this.isOver = false
  }

  /** From now on all work is done in one go. */
  release(): void {
    this.isEndless = true
    this.isOver = false
  }

  /** Counts one step; false when what is left is for the next turn. */
  goesOn(): boolean {
    if (this.isOver) return false
    this.steps = (this.steps + 1) & STEPS_MASK
    if (this.steps !== 0 || this.clock === null || this.isEndless) return true
    const now = this.clock.now()
    if (!this.isBegun) {
      this.isBegun = true
      this.endMs = now + LONG_WORK_MS
    }
    this.isOver = now >= this.endMs
    return !this.isOver
  }
}

/** A delivery that comes in between waits so long. */
const LONG_WORK_MS = 3

/** The clock is looked at once in so many steps, which are some microseconds each; one less than a power of two. */
const STEPS_MASK = 7
