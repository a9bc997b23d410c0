import type { Message } from '../message.ts'
import type { Ready } from './ready.ts'
import type { QueueSettings } from './settings.ts'

/** Whether more messages are ready than the queue may hold (RabbitMQ documentation, queue length limit). */
export function isOverLimit(ready: Ready, { maxLength, maxLengthBytes }: QueueSettings): boolean {
  return (
    (maxLength !== null && ready.length > maxLength) ||
    (maxLengthBytes !== null && ready.bytes > maxLengthBytes)
  )
}

/** Whether it would be so with one more message. */
export function wouldOverflow(ready: Ready, message: Message, settings: QueueSettings): boolean {
  const { maxLength, maxLengthBytes } = settings
  return (
    (maxLength !== null && ready.length + 1 > maxLength) ||
    (maxLengthBytes !== null && ready.bytes + message.bodySize > maxLengthBytes)
  )
}
