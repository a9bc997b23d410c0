import type { Entry } from '../../core/queue/entry.ts'
import { preconditionFailed, Refusal } from '../../core/refusal.ts'
import { type Cursor, DecodeError } from '../../wire/cursor.ts'
import type * as wire from '../../wire/methods.ts'
import { BASIC_RECOVER, writeBasicRecoverOk } from '../../wire/methods.ts'
import type { Channel, Outcome } from '../channel.ts'

/** basic.ack, decoded by hand: it comes once per message. */
export function ack(channel: Channel, cursor: Cursor): void {
  const at = cursor.at
  const deliveryTag = cursor.u64()
  const multiple = (cursor.u8() & 1) !== 0
  if (cursor.at !== cursor.end) throw new DecodeError('bytes are left over')
  if (multiple || channel.transaction !== null) {
    settle(channel, deliveryTag, multiple, 'ack')
    return
  }
  const entry = channel.unacked.take(deliveryTag)
  if (entry === null) throw unknownTag(cursor.bytes.readBigUInt64BE(at))
  channel.settleOne(entry, 'ack')
}

export function reject(channel: Channel, method: wire.BasicReject): void {
  settle(channel, method.deliveryTag, false, method.requeue ? 'requeue' : 'reject')
}

export function nack(channel: Channel, method: wire.BasicNack): void {
  settle(channel, method.deliveryTag, method.multiple, method.requeue ? 'requeue' : 'reject')
}

/** basic.recover and basic.recover-async: everything unacked goes back to its queues. */
export function recover(
  channel: Channel,
  method: { readonly id: number; readonly requeue: boolean },
): void {
  if (!method.requeue) throw new Refusal('not-implemented', 'requeue=false')
  channel.settle(channel.unacked.takeAll(), 'requeue')
  if (method.id === BASIC_RECOVER) writeBasicRecoverOk(channel.output, channel.number)
}

/** In a transaction the tags are looked up at once, and settled at commit. */
function settle(channel: Channel, tag: number, multiple: boolean, outcome: Outcome): void {
  const entries = taken(channel, tag, multiple)
  if (channel.transaction === null) channel.settle(entries, outcome)
  else channel.transaction.settlements.push({ entries, outcome })
}

/** Tag 0 with multiple stands for all; otherwise the tag itself must be outstanding. */
function taken(channel: Channel, tag: number, multiple: boolean): readonly Entry[] {
  const { unacked } = channel
  if (multiple && tag === 0) return unacked.takeAll()
  if (multiple) {
    const entries = unacked.takeUpTo(tag)
    if (entries !== null) return entries
  } else {
    const entry = unacked.take(tag)
    if (entry !== null) return [entry]
  }
  throw unknownTag(tag)
}

function unknownTag(tag: number | bigint): Refusal {
  return preconditionFailed(`unknown delivery tag ${tag}`)
}
