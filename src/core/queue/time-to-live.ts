import type { Message } from '../message.ts'
import type { QueueSettings } from './settings.ts'

/** How long a message may wait in a queue, in milliseconds: its own time or the queue's, the shorter; Infinity for ever. */
export function timeToLive({ properties }: Message, { messageTtlMs }: QueueSettings): number {
  const { expiration } = properties
  if (messageTtlMs === null && expiration === null) return Number.POSITIVE_INFINITY
  return Math.min(
    messageTtlMs ?? Number.POSITIVE_INFINITY,
    expiration === null ? Number.POSITIVE_INFINITY : Number(expiration),
  )
}

/**
 * Some 4000 years: what may wait longer waits for ever after a restart. Storage has 48 bits for the time that a message
 * expires at, and a policy may say any number.
 */
export const LONGEST_TTL_MS = 2 ** 47
