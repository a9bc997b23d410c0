import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { connectionError, expectEndOfConnection, expectFailure } from '../support/failure.ts'
import { FRAME_OVERHEAD, heartbeatFrame } from '../support/frames.ts'
import type { Handshake } from '../support/raw-connection.ts'

const SOURCE = 'amqp-0-9-1.md 5'

export const area: Area = {
  name: 'tuning',
  cases: [
    fact(
      '2047 channels, frames of 131072 octets and a heartbeat of 60 s are proposed',
      SOURCE,
      async (t) => {
        const { tune } = await (await t.dial()).handshake(t.credentials())
        assert.deepEqual(tune, { channelMax: 2047, frameMax: 131072, heartbeat: 60 })
      },
    ),
    refusedTune('a frame-max below the minimum', { frameMax: 1000 }),
    refusedTune('a frame-max above the proposal', { frameMax: 131073 }),
    refusedTune('a frame-max without limit', { frameMax: 0 }),
    refusedTune('a channel-max above the proposal', { channelMax: 2048 }),
    refusedTune('a channel-max without limit', { channelMax: 0 }),
    fact('the largest heartbeat is accepted', 'captures/errors-4.3.6.json', async (t) => {
      await t.raw({ tune: { heartbeat: 65535 } })
    }),
    fact('a negotiated frame-max bounds the frames the broker sends', SOURCE, async (t) => {
      const raw = await t.raw({ tune: { frameMax: 8192 } })
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      const sender = await t.channel()
      sender.sendToQueue(queue, Buffer.alloc(20_000, 'x'))
      await sender.checkQueue(queue)
      raw.send(1, 'basic.get', { queue, noAck: true })
      const { body, frames } = await raw.message(1, 'basic.get-ok')
      assert.equal(body.length, 20_000)
      const step = 8192 - FRAME_OVERHEAD
      assert.deepEqual(frames, [step, step, 20_000 - 2 * step])
    }),
    fact('amqplib negotiates a smaller frame-max', SOURCE, async (t) => {
      const ch = await t.channel(await t.connect({ frameMax: 8192 }))
      const q = await t.queue(ch)
      const content = Buffer.alloc(50_000, 'ab')
      ch.sendToQueue(q, content)
      const message = await ch.get(q, { noAck: true })
      assert.ok(message !== false && message.content.equals(content))
    }),
    fact('one channel more than negotiated is refused with 530', 'errors.md 8.1', async (t) => {
      const raw = await t.raw({ tune: { channelMax: 2 } })
      await raw.call(2, 'channel.open')
      raw.send(3, 'channel.open')
      const text =
        'NOT_ALLOWED - number of channels opened (2) has reached the negotiated channel_max (2)'
      await expectFailure(raw, connectionError(530, text))
    }),
    fact('channel-max counts open channels and not their numbers', SOURCE, async (t) => {
      const raw = await t.raw({ tune: { channelMax: 2 } })
      await raw.call(500, 'channel.open')
    }),
    fact('a closed channel makes room for another one', SOURCE, async (t) => {
      const raw = await t.raw({ tune: { channelMax: 1 } })
      await raw.call(1, 'channel.close', { replyCode: 200 })
      await raw.call(2, 'channel.open')
    }),
    fact('the broker sends heartbeats', 'amqp-0-9-1.md 5 (heartbeats)', async (t) => {
      const raw = await t.raw({ tune: { heartbeat: 1 } })
      raw.showsHeartbeats = true
      assert.deepEqual(await raw.next(), { kind: 'heartbeat' })
    }),
    fact(
      'a silent client is dropped without a frame',
      'amqp-0-9-1.md 5 (heartbeats)',
      async (t) => {
        const raw = await t.raw({ tune: { heartbeat: 1 } })
        assert.deepEqual(await raw.untilEnd(), [])
        assert.ok(raw.heartbeats > 0)
      },
    ),
    fact(
      'a client that sends heartbeats is not dropped',
      'amqp-0-9-1.md 5 (heartbeats)',
      async (t) => {
        const silent = await t.raw({ tune: { heartbeat: 1 } })
        const raw = await t.raw({ tune: { heartbeat: 1 } })
        raw.showsHeartbeats = true
        let isOver = false
        const dropped = silent.untilEnd().then(() => {
          isOver = true
        })
        while (!isOver) {
          assert.deepEqual(await raw.next(), { kind: 'heartbeat' })
          raw.sendBytes(heartbeatFrame())
        }
        await dropped
        raw.showsHeartbeats = false
        await raw.call(2, 'channel.open')
      },
    ),
    fact('heartbeats are welcome where none were negotiated', SOURCE, async (t) => {
      const raw = await t.raw({ tune: { heartbeat: 0 } })
      raw.sendBytes(heartbeatFrame())
      await raw.call(2, 'channel.open')
    }),
  ],
}

function refusedTune(what: string, tune: NonNullable<Handshake['tune']>) {
  return fact(`${what} in tune-ok ends the connection`, SOURCE, async (t) => {
    const raw = await t.dial()
    await raw.login(t.credentials())
    raw.send(0, 'connection.tune-ok', { ...(await raw.expect(0, 'connection.tune')), ...tune })
    raw.send(0, 'connection.open', { virtualHost: t.target.vhost })
    await expectEndOfConnection(raw)
  })
}
