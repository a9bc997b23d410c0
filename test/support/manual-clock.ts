import type { Clock } from '../../src/common/clock.ts'

/**
 * A clock that stands still until a test moves it. Timers fire in the order of their times, those of one time in the
 * order in which they were set, each with the clock at its own time.
 */
export class ManualClock implements Clock {
  private nowMs: number
  private readonly startWallMs: number
  private readonly startMs: number
  private timers: Timer[] = []

  constructor(startMs = 1_000, startWallMs = 1_700_000_000_000) {
    this.nowMs = startMs
    this.startMs = startMs
    this.startWallMs = startWallMs
  }

  /** Timers set, neither fired nor stopped. */
  get timerCount(): number {
    return this.timers.length
  }

  /** When the next timer is due; null when there is none. */
  get nextTimerMs(): number | null {
    return this.earliest()?.atMs ?? null
  }

  now(): number {
    return this.nowMs
  }

  wallTime(): number {
    return this.startWallMs + this.nowMs - this.startMs
  }

  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, delayMs), task }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  /** Moves time on, firing every timer on the way, also those that are set on the way. */
  advance(byMs: number): void {
    const endMs = this.nowMs + byMs
    for (let timer = this.earliest(); timer !== undefined; timer = this.earliest()) {
      if (timer.atMs > endMs) break
      const due = timer
      this.timers = this.timers.filter((other) => other !== due)
      this.nowMs = Math.max(this.nowMs, due.atMs)
      due.task()
    }
    this.nowMs = endMs
  }

  /** Moves time on without firing anything, as when the process was held up: timers are late afterwards. */
  skip(byMs: number): void {
    this.nowMs += byMs
  }

  private earliest(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.timers) {
      if (first === undefined || timer.atMs < first.atMs) first = timer
    }
    return first
  }
}

interface Timer {
  readonly atMs: number
  readonly task: () => void
}
