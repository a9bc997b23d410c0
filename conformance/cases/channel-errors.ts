import { bytes } from '../support/bytes.ts'
import type { Area } from '../support/case.ts'
import { on310, refusal } from '../support/fact.ts'
import { connectionError } from '../support/failure.ts'
import { FRAME_METHOD } from '../support/frames.ts'

const NOT_OPEN = "CHANNEL_ERROR - expected 'channel.open'"
const ON_CHANNEL_0 = 'CHANNEL_ERROR - unexpected method in connection state running'
const UNIMPLEMENTED = 'COMMAND_INVALID - unimplemented method'

export const area: Area = {
  name: 'misplaced methods',
  cases: [
    refusal('channel.open on an open channel', 'errors.md 8.3', (raw) => {
      raw.send(1, 'channel.open')
      const text = "CHANNEL_ERROR - second 'channel.open' seen"
      return connectionError(504, text, 'channel.open')
    }),
    ...['queue.declare', 'basic.ack', 'channel.close', 'access.request', 'tx.select'].map((name) =>
      refusal(`${name} on a channel that was never opened`, 'errors.md 8.3', (raw) => {
        raw.send(7, name)
        return connectionError(504, NOT_OPEN, name)
      }),
    ),
    refusal('a method on a channel that the client has closed', 'errors.md 8.3', async (raw) => {
      await raw.call(1, 'channel.close', { replyCode: 200 })
      raw.send(1, 'basic.cancel', { consumerTag: 'c' })
      return connectionError(504, NOT_OPEN, 'basic.cancel')
    }),
    refusal(
      'a method on a channel closed by the broker and confirmed',
      'errors.md 8.3',
      async (raw, t) => {
        raw.send(1, 'basic.get', { queue: t.name('missing') })
        await raw.expect(1, 'channel.close')
        raw.send(1, 'channel.close-ok')
        raw.send(1, 'access.request')
        return connectionError(504, NOT_OPEN, 'access.request')
      },
    ),
    refusal('channel.open before close-ok is sent', 'errors.md 8.3', async (raw, t) => {
      raw.send(1, 'basic.get', { queue: t.name('missing') })
      await raw.expect(1, 'channel.close')
      raw.send(1, 'channel.open')
      const text = "CHANNEL_ERROR - second 'channel.open' seen"
      return connectionError(504, text, 'channel.open')
    }),
    ...[
      'queue.declare',
      'channel.open',
      'connection.open',
      'connection.start-ok',
      'connection.tune-ok',
      'connection.secure-ok',
      'connection.close-ok',
    ].map((name) =>
      refusal(`${name} on channel 0 of an open connection`, 'errors.md 8.3', (raw) => {
        raw.send(0, name)
        return connectionError(504, ON_CHANNEL_0, name)
      }),
    ),
    ...[
      'connection.open',
      'connection.close',
      'channel.open-ok',
      'channel.flow-ok',
      'channel.close-ok',
      'queue.declare-ok',
      'exchange.bind-ok',
      'basic.consume-ok',
      'basic.get-empty',
      'tx.commit-ok',
    ].map((name) =>
      refusal(`${name} from the client on a channel`, 'errors.md 8.6', (raw) => {
        raw.send(1, name)
        return connectionError(503, UNIMPLEMENTED, name)
      }),
    ),
    refusal(
      'basic.credit from the client',
      'errors.md 8.6',
      (raw) => {
        const args = [bytes.shortstr('c'), bytes.u32(1), bytes.u8(0)]
        raw.sendFrame(FRAME_METHOD, 1, Buffer.concat([bytes.u16(60), bytes.u16(200), ...args]))
        return connectionError(503, UNIMPLEMENTED, 'basic.credit')
      },
      on310('3.10 implements basic.credit'),
    ),
  ],
}
