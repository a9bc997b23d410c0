import { setTimeout as pass } from 'node:timers/promises'
import { STALL_MS } from './job.ts'

/** Resolves soon after `isDone`. Rejects when `count` has not changed for STALL_MS; `what` stands in the message. */
export async function untilDone(
  isDone: () => boolean,
  count: () => number,
  what: string,
): Promise<void> {
  let last = count()
  let lastMs = performance.now()
  while (!isDone()) {
    await pass(2)
    const now = count()
    if (now !== last) {
      last = now
      lastMs = performance.now()
    } else if (performance.now() - lastMs > STALL_MS) {
      throw new Error(`stalled: ${what} did not go on for ${STALL_MS / 1000} s`)
    }
  }
}
