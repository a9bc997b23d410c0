import type { Clock } from './clock.ts'

/**
 * The time of a turn that goes into one kind of work, whoever has it done: what is measured between `begin` and `end`.
 * What comes behind it in the turn waits no longer than that.
 */
export class TimeShare {
  private readonly clock: Clock | null
  private readonly shareMs: number
  private usedMs = 0
  private beganMs = 0
  private steps = 0

  /** Without a clock it is never used up. */
  constructor(clock: Clock | null, shareMs: number) {
    this.clock = clock
    this.shareMs = shareMs
  }

  /** A new turn. */
  renew(): void {
    this.usedMs = 0
  }

  begin(): void {
    if (this.clock !== null) this.beganMs = this.clock.now()
  }

  end(): void {
    if (this.clock !== null) this.usedMs += this.clock.now() - this.beganMs
  }

  get isUsedUp(): boolean {
    return this.usedMs >= this.shareMs
  }

  /** Whether it is used up between `begin` and `end`; looked at once in a few calls. */
  isRunningOut(): boolean {
    this.steps = (this.steps + 1) & STEPS_MASK
    if (this.steps !== 0 || this.clock === null) return false
    return this.usedMs + this.clock.now() - this.beganMs >= this.shareMs
  }
}

/** One less than a power of two. */
const STEPS_MASK = 7
