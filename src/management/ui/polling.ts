import { useEffect, useState } from 'preact/hooks'
import { type ApiError, isReachable, request } from './api.ts'

export interface Polled<T> {
  /** The latest answer; null before the first. */
  readonly data: T | null
  /** Why the latest attempt failed; null when it did not. */
  readonly error: ApiError | null
  /** Asks again now. */
  readonly reload: () => void
}

/**
 * Asks the API again and again, each time when the answer before has come: a broker that is slow is not asked more often
 * than it answers. Not while nobody looks at the page. A null path asks nothing.
 */
export function usePolled<T>(path: string | null, intervalMs = 5000): Polled<T> {
  const [state, setState] = useState<Omit<Polled<T>, 'reload'>>({ data: null, error: null })
  const [poller, setPoller] = useState<Poller<T> | null>(null)
  useEffect(() => {
    if (path === null) return
    const next = new Poller<T>(path, intervalMs, (change) =>
      setState((old) => ({ ...old, ...change })),
    )
    setPoller(next)
    next.start()
    return () => next.stop()
  }, [path, intervalMs])
  return { ...state, reload: () => poller?.ask() }
}

type Change<T> = Partial<Omit<Polled<T>, 'reload'>>

class Poller<T> {
  private readonly path: string
  private readonly intervalMs: number
  private readonly tell: (change: Change<T>) => void
  private timer = 0
  private running: AbortController | null = null
  private readonly look = () => {
    if (!document.hidden && this.running === null) this.ask()
  }

  constructor(path: string, intervalMs: number, tell: (change: Change<T>) => void) {
    this.path = path
    this.intervalMs = intervalMs
    this.tell = tell
  }

  start(): void {
    document.addEventListener('visibilitychange', this.look)
    this.ask()
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.look)
    clearTimeout(this.timer)
    this.running?.abort()
    this.running = null
  }

  ask(): void {
    clearTimeout(this.timer)
    this.running?.abort()
    const running = new AbortController()
    this.running = running
    request<T>('GET', this.path, { signal: running.signal })
      .then(
        (data) => this.running === running && this.tell({ data, error: null }),
        (error: ApiError) => this.running === running && this.tell({ error }),
      )
      .finally(() => this.running === running && this.rest())
  }

  private rest(): void {
    this.running = null
    const waitMs = isReachable.value ? this.intervalMs : RETRY_MS
    this.timer = setTimeout(this.look, waitMs)
  }
}

/** While the broker does not answer. */
const RETRY_MS = 1500
