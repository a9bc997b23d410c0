import type { ReturnCause } from '../../core/queue/delivery-count.ts'
import type { Entry } from '../../core/queue/entry.ts'
import { preconditionFailed, Refusal } from '../../core/refusal.ts'
import { type Cursor, DecodeError } from '../../wire/cursor.ts'
import type * as wire from '../../wire/methods.ts'
import { BASIC_RECOVER, writeBasicRecoverOk } from '../../wire/methods.ts'
import type { Channel, Outcome } from '../channel.ts'

/** basic.ack, decoded by hand: it comes once per message. */
export function ack(channel: Channel, cursor: Cursor): void {
  const deliveryTag = cursor.u64()
  const multiple = (cursor.u8() & 1) !== 0
  if (cursor.at !== cursor.end) throw new DecodeError('bytes are left over')
  if (multiple || channel.transaction !== null) {
    settle(channel, deliveryTag, multiple, 'ack', 'nack')
    return
  }
  const entry = channel.unacked.take(deliveryTag)
  if (entry !== null) channel.ack(entry)
  else if (!channel.lateTags.delete(deliveryTag)) throw unknownTag(channel)
}

export function reject(channel: Channel, method: wire.BasicReject): void {
  settle(channel, method.deliveryTag, false, method.requeue ? 'requeue' : 'reject', 'reject')
}

export function nack(channel: Channel, method: wire.BasicNack): void {
  const outcome = method.requeue ? 'requeue' : 'reject'
  settle(channel, method.deliveryTag, method.multiple, outcome, 'nack')
}

/** basic.recover and basic.recover-async: everything unacked goes back to its queues. */
export function recover(
  channel: Channel,
  method: { readonly id: number; readonly requeue: boolean },
): void {
  if (!method.requeue) throw new Refusal('not-implemented', 'requeue=false')
  channel.settle(channel.takeAllUnacked(), 'requeue', 'lost')
  if (method.id === BASIC_RECOVER) writeBasicRecoverOk(channel.output, channel.number)
}

/** In a transaction the tags are looked up at once, and settled at commit. */
function settle(
  channel: Channel,
  tag: number,
  multiple: boolean,
  outcome: Outcome,
  cause: ReturnCause,
): void {
  const entries = taken(channel, tag, multiple)
  if (channel.transaction === null) channel.settle(entries, outcome, cause)
  else channel.transaction.settlements.push({ entries, outcome, cause })
}

/** Tag 0 with multiple stands for all; otherwise the tag itself must be outstanding. */
function taken(channel: Channel, tag: number, multiple: boolean): readonly Entry[] {
  const { unacked, lateTags } = channel
  if (multiple) return takenUpTo(channel, tag === 0 ? Number.POSITIVE_INFINITY : tag)
  const entry = unacked.take(tag)
  if (entry !== null) return [entry]
  if (!lateTags.delete(tag)) throw unknownTag(channel)
  return []
}

/** Late tags among them are settled for good too. */
function takenUpTo(channel: Channel, tag: number): readonly Entry[] {
  const { unacked, lateTags } = channel
  const isLate = lateTags.has(tag)
  const entries = tag === Number.POSITIVE_INFINITY ? unacked.takeAll() : unacked.takeUpTo(tag)
  if (entries === null && !isLate) throw unknownTag(channel)
  for (const late of lateTags) if (late <= tag) lateTags.delete(late)
  return entries ?? takenBelow(channel, tag)
}

function takenBelow({ unacked }: Channel, tag: number): readonly Entry[] {
  const below = [...unacked].filter((entry) => entry.deliveryTag < tag)
  return below.flatMap((entry) => unacked.take(entry.deliveryTag) ?? [])
}

function unknownTag(channel: Channel): Refusal {
  return preconditionFailed(`unknown delivery tag ${channel.connection.deliveryTag}`)
}
