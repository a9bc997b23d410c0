import type { LongWorkTime } from '../../common/long-work-time.ts'
import type { Message } from '../message.ts'
import type { Entry } from './entry.ts'
import type { QueueTypeName } from './queue-type.ts'
import type { Ready } from './ready.ts'
import type { QueueSettings } from './settings.ts'

/** Whether more messages are ready than the queue may hold (RabbitMQ documentation, queue length limit). */
export function isOverLimit(ready: Ready, { maxLength, maxLengthBytes }: QueueSettings): boolean {
  return (
    (maxLength !== null && ready.length > maxLength) ||
    (maxLengthBytes !== null && ready.bytes > maxLengthBytes)
  )
}

/**
 * Takes out what is too many, the oldest first, where the head is what gives way; false when the time is up before.
 */
export function shiftExcess(
  ready: Ready,
  settings: QueueSettings,
  time: LongWorkTime | null,
  drop: (entry: Entry) => void,
): boolean {
  if (settings.overflow !== 'drop-head') return true
  while (isOverLimit(ready, settings)) {
    const entry = ready.shift()
    if (entry === undefined) return true
    drop(entry)
    if (time !== null && !time.goesOn()) return false
  }
  return true
}

/**
 * Whether a queue that rejects what is too many rejects this one. A quorum queue looks at what it has, and so takes one
 * more than its limit (core semantics, length limits).
 */
export function isTooFullFor(
  message: Message,
  type: QueueTypeName,
  ready: Ready,
  settings: QueueSettings,
): boolean {
  return type === 'quorum' ? isOverLimit(ready, settings) : wouldOverflow(ready, message, settings)
}

/** Whether a message has come back to a quorum queue more often than it may. */
export function hasFailedTooOften({ failedCount }: Entry, settings: QueueSettings): boolean {
  return settings.deliveryLimit !== null && failedCount > settings.deliveryLimit
}

/** Whether it would be so with one more message. */
function wouldOverflow(ready: Ready, message: Message, settings: QueueSettings): boolean {
  const { maxLength, maxLengthBytes } = settings
  return (
    (maxLength !== null && ready.length + 1 > maxLength) ||
    (maxLengthBytes !== null && ready.bytes + message.bodySize > maxLengthBytes)
  )
}
