/** Where time comes from. A manual clock drives every deadline in tests. */
export interface Clock {
  /** Milliseconds that only go forward, from an arbitrary start. */
  now(): number
  /** Milliseconds since 1970, for what is shown or stored. */
  wallTime(): number
  /** Calls `task` once after `delayMs`, unless the returned function is called before. */
  after(delayMs: number, task: () => void): () => void
}

export class SystemClock implements Clock {
  now(): number {
    return performance.now()
  }

  wallTime(): number {
    return Date.now()
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  }
}
