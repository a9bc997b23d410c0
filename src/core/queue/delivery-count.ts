import type { Compat } from '../../common/compat.ts'
import { type FieldValue, sortedByName } from '../../common/table.ts'
import type { Message } from '../message.ts'
import type { Entry } from './entry.ts'

/** Why a message came back to its queue. */
export type ReturnCause = 'nack' | 'reject' | 'lost'

/** Counts a hand-out that came back. What counts as a failure has changed with RabbitMQ 4.3. */
export function countReturn(entry: Entry, cause: ReturnCause, compat: Compat): void {
  entry.acquiredCount++
  if (!compat.rejectMeansFailure || cause !== 'nack') entry.failedCount++
}

/** The message as a consumer of a quorum queue sees it: after a return it tells how often that has happened. */
export function withDeliveryCounts(entry: Entry, compat: Compat): Message {
  const { message, acquiredCount, failedCount } = entry
  if (acquiredCount === 0) return message
  const headers = new Map(message.headers)
  if (failedCount > 0) headers.set('x-delivery-count', long(failedCount))
  if (compat.rejectMeansFailure) headers.set('x-acquired-count', long(acquiredCount))
  return message.withHeaders(sortedByName(headers))
}

function long(value: number): FieldValue {
  return { type: 'long', value: BigInt(value) }
}
