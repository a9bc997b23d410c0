import type { Queue } from '../core/queue/queue.ts'

/** What a queue holds and can do now, as all that shows it reads it. */

/** Ready messages; those that the queue is taking back count as they are. */
export function readyCount({ ready, comingBack }: Held): number {
  return ready.length + comingBack.count
}

type Held = {
  readonly ready: { readonly length: number }
  readonly comingBack: { readonly count: number }
}

/** Messages, ready and unacked. */
export function messageCount(queue: Queue): number {
  return readyCount(queue) + queue.counters.unackedCount
}

/** Sum of the bodies of ready and unacked messages, in bytes. */
export function bytesOf({ ready, counters }: Queue): number {
  return ready.bytes + counters.unackedBytes
}

/** The share of consumers that could take a message; all of them as long as none waits. */
export function capacityOf({ ready, subscribers }: Queue): number {
  if (subscribers.count === 0) return 0
  if (ready.length === 0) return 1
  let free = 0
  for (const { isParked } of subscribers) if (!isParked) free++
  return free / subscribers.count
}

/** An estimate: what an entry takes, and the bodies. */
export function memoryOf(queue: Queue): number {
  return BASE_BYTES + messageCount(queue) * ENTRY_BYTES + bytesOf(queue)
}

/** In seconds since 1970, as its publisher said; null where the first message has none. */
export function headTimestamp({ ready }: Queue): number | null {
  const text = ready.peek()?.message.properties.text('timestamp') ?? null
  return text === null ? null : Number(text)
}

const BASE_BYTES = 2048
const ENTRY_BYTES = 200
