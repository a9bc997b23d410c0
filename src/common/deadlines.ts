import type { Clock } from './clock.ts'
import { Heap } from './heap.ts'

/** Something to be done at a time; `cancel` makes it never happen. */
export interface Deadline {
  readonly atMs: number
  cancel(): void
}

/**
 * All deadlines of a broker behind one timer: heartbeats, handshakes, expiries. Setting one costs log n, cancelling
 * one next to nothing: it stays where it is until cancelled ones are the majority, and all of them are swept out. Their
 * time may be years away.
 */
export class Deadlines {
  private readonly clock: Clock
  private readonly heap = new Heap<PendingDeadline>((a, b) => a.atMs < b.atMs)
  private stopTimer: (() => void) | null = null
  private timerAtMs = 0
  private cancelledCount = 0 // in the heap
  private isClosed = false

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Calls `task` once, `delayMs` from now or as soon after that as the process gets to it. */
  after(delayMs: number, task: () => void): Deadline {
    const deadline = new PendingDeadline(this.clock.now() + delayMs, task, this.onCancel)
    if (this.isClosed) return deadline
    this.heap.push(deadline)
    this.arm()
    return deadline
  }

  /** Forgets every deadline and takes no more. */
  close(): void {
    this.isClosed = true
    this.heap.clear()
    this.stopTimer?.()
    this.stopTimer = null
  }

  private arm(): void {
    const first = this.heap.peek()
    if (first === undefined) return
    if (this.stopTimer !== null) {
      if (this.timerAtMs <= first.atMs) return
      this.stopTimer()
    }
    const now = this.clock.now()
    this.timerAtMs = Math.min(first.atMs, now + MAX_TIMER_MS)
    this.stopTimer = this.clock.after(Math.max(0, this.timerAtMs - now), this.fire)
  }

  private readonly fire = (): void => {
    this.stopTimer = null
    const now = this.clock.now()
    for (let next = this.heap.peek(); next !== undefined; next = this.heap.peek()) {
      if (next.atMs > now && !next.isCancelled) break
      this.heap.pop()
      if (next.isCancelled) this.cancelledCount--
      else next.run()
    }
    this.arm()
  }

  private readonly onCancel = (): void => {
    this.cancelledCount++
    if (this.cancelledCount < MIN_SWEPT || this.cancelledCount < this.heap.length / 2) return
    this.heap.keep((deadline) => !deadline.isCancelled)
    this.cancelledCount = 0
  }
}

/** So few are not worth a sweep. */
const MIN_SWEPT = 64

/** Node fires a timer for longer than this at once, so a deadline further away is approached in steps. */
const MAX_TIMER_MS = 2 ** 31 - 1

class PendingDeadline implements Deadline {
  readonly atMs: number
  private task: (() => void) | null
  private readonly onCancel: () => void

  constructor(atMs: number, task: () => void, onCancel: () => void) {
    this.atMs = atMs
    this.task = task
    this.onCancel = onCancel
  }

  get isCancelled(): boolean {
    return this.task === null
  }

  cancel(): void {
    if (this.task === null) return
    this.task = null
    this.onCancel()
  }

  run(): void {
    const { task } = this
    this.task = null
    task?.()
  }
}
