import { preconditionFailed } from '../../core/refusal.ts'
import { type ConfirmSelect, writeConfirmSelectOk } from '../../wire/methods.ts'
import type { Channel } from '../channel.ts'

export function selectConfirms(channel: Channel, method: ConfirmSelect): void {
  if (channel.transaction !== null) {
    throw preconditionFailed('cannot switch from tx to confirm mode')
  }
  channel.enableConfirms()
  if (!method.noWait) writeConfirmSelectOk(channel.output, channel.number)
}
