import type { Entry } from './entry.ts'
import type { Queue } from './queue.ts'

/**
 * The ready messages from place `offset` on, at most `count` of them, in the order in which they would be handed out. Only
 * looked at: no message is marked, moved or counted as delivered, no lease is renewed, nothing expires by it.
 *
 * What lies in storage is read from its beginning, at most `maxBytes` of bodies: then the list ends there, as `isCut` says.
 */
export function peek(queue: Queue, { offset, count, maxBytes }: PeekRange): Peeked {
  const entries: Entry[] = []
  let place = 0
  let bytes = 0
  for (const entry of queue.ready.inOrder()) {
    if (entries.length >= count) break
    if (bytes > maxBytes) return { entries, isCut: true }
    bytes += entry.message.bodySize
    if (place++ >= offset) entries.push(entry)
  }
  return { entries, isCut: false }
}

export interface PeekRange {
  readonly offset: number
  readonly count: number
  readonly maxBytes: number
}

export interface Peeked {
  readonly entries: readonly Entry[]
  readonly isCut: boolean
}
