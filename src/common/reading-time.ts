import type { Clock } from './clock.ts'

/**
 * The time of a turn that goes into reading what clients send: the sum of what is measured between `begin` and `end`,
 * since connections are read at moments of their own, with other things between. What is done when all have been read
 * waits no longer than that. What is done then, and may take long, has `LongWorkTime`.
 */
export class ReadingTime {
  private readonly clock: Clock | null
  private usedMs = 0
  private beganMs = 0
  private cost = 0 // since it was looked at last

  /** Without a clock it is never used up. */
  constructor(clock: Clock | null) {
    this.clock = clock
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
    return this.usedMs >= READING_MS
  }

  /**
   * Whether it is used up between `begin` and `end`. It is looked at when what has been done since has cost so much that
   * looking is nothing beside it; `cost` is that of what has just been done.
   */
  isRunningOut(cost: number): boolean {
    this.cost += cost
    if (this.cost < COST_OF_LOOK || this.clock === null) return false
    this.cost = 0
    return this.usedMs + this.clock.now() - this.beganMs >= READING_MS
  }
}

/** Deliveries wait for no more reading than this, and the last chunk of every connection. */
const READING_MS = 2

/** In parts of a publish to one queue. */
export const COST_OF_LOOK = 32
