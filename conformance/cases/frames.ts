import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import {
  bodyFrame,
  headerFrame,
  heartbeatFrame,
  methodFrame,
  publishFrames,
} from '../support/frames.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'amqp-0-9-1.md 2'

export const area: Area = {
  name: 'frames',
  cases: [
    fact('a message is the same wherever its octets are cut', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      const octets = publishFrames(1, { routingKey: queue }, 'body', { contentType: 'a/b' })
      for (let cut = 1; cut < octets.length; cut++) {
        await write(raw, octets.subarray(0, cut))
        await write(raw, octets.subarray(cut))
      }
      for (let cut = 1; cut < octets.length; cut++) {
        raw.send(1, 'basic.get', { queue, noAck: true })
        const { body, properties } = await raw.message(1, 'basic.get-ok')
        assert.deepEqual([body.toString(), properties], ['body', { contentType: 'a/b' }])
      }
    }),
    fact('a message may come octet by octet', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      for (const octet of publishFrames(1, { routingKey: queue }, 'slow')) {
        await write(raw, Buffer.from([octet]))
      }
      assert.equal(await get(raw, queue), 'slow')
    }),
    fact('many frames may come in one piece', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      const publishes = Array.from({ length: 500 }, (_, at) =>
        publishFrames(1, { routingKey: queue }, String(at)),
      )
      raw.sendBytes(Buffer.concat(publishes))
      for (let at = 0; at < 500; at++) assert.equal(await get(raw, queue), String(at))
    }),
    fact('a body may be cut into frames in any way', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      raw.sendBytes(
        Buffer.concat([
          methodFrame(1, 'basic.publish', { routingKey: queue }),
          headerFrame(1, 6),
          bodyFrame(1, 'a'),
          bodyFrame(1, 'bcd'),
          bodyFrame(1, 'ef'),
        ]),
      )
      assert.equal(await get(raw, queue), 'abcdef')
    }),
    fact('empty body frames inside a body are passed over', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      raw.sendBytes(
        Buffer.concat([
          methodFrame(1, 'basic.publish', { routingKey: queue }),
          headerFrame(1, 2),
          bodyFrame(1, ''),
          bodyFrame(1, 'a'),
          bodyFrame(1, ''),
          bodyFrame(1, 'b'),
        ]),
      )
      assert.equal(await get(raw, queue), 'ab')
    }),
    fact('a message of no bytes has no body frame in either direction', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      raw.sendBytes(methodFrame(1, 'basic.publish', { routingKey: queue }))
      raw.sendBytes(headerFrame(1, 0))
      raw.send(1, 'basic.get', { queue, noAck: true })
      const { frames } = await raw.message(1, 'basic.get-ok')
      assert.deepEqual(frames, [])
      await raw.call(2, 'channel.open')
    }),
    fact('heartbeats may come between method, header and body', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      raw.sendBytes(
        Buffer.concat([
          heartbeatFrame(),
          methodFrame(1, 'basic.publish', { routingKey: queue }),
          heartbeatFrame(),
          headerFrame(1, 2),
          heartbeatFrame(),
          bodyFrame(1, 'a'),
          heartbeatFrame(),
          bodyFrame(1, 'b'),
          heartbeatFrame(),
        ]),
      )
      assert.equal(await get(raw, queue), 'ab')
    }),
    fact('frames of two channels may interleave', SOURCE, async (t) => {
      const { raw, queue } = await withQueue(t)
      await raw.call(2, 'channel.open')
      raw.sendBytes(
        Buffer.concat([
          methodFrame(1, 'basic.publish', { routingKey: queue }),
          methodFrame(2, 'basic.publish', { routingKey: queue }),
          headerFrame(1, 2),
          headerFrame(2, 2),
          bodyFrame(2, '2'),
          bodyFrame(1, '1'),
          bodyFrame(2, '2'),
        ]),
      )
      raw.send(2, 'basic.get', { queue, noAck: true })
      assert.equal((await raw.message(2, 'basic.get-ok')).body.toString(), '22')
      raw.sendBytes(bodyFrame(1, '1'))
      assert.equal(await get(raw, queue), '11')
    }),
    fact('requests sent without waiting are answered in their order', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      raw.sendBytes(
        Buffer.concat([
          methodFrame(2, 'channel.open'),
          methodFrame(2, 'queue.declare', { queue }),
          methodFrame(2, 'queue.bind', { queue, exchange: 'amq.direct', routingKey: queue }),
          methodFrame(2, 'queue.purge', { queue }),
          methodFrame(2, 'queue.unbind', { queue, exchange: 'amq.direct', routingKey: queue }),
          methodFrame(2, 'queue.delete', { queue }),
          methodFrame(2, 'channel.close', { replyCode: 200 }),
        ]),
      )
      await raw.expect(2, 'channel.open-ok')
      await raw.expect(2, 'queue.declare-ok')
      await raw.expect(2, 'queue.bind-ok')
      await raw.expect(2, 'queue.purge-ok')
      await raw.expect(2, 'queue.unbind-ok')
      await raw.expect(2, 'queue.delete-ok')
      await raw.expect(2, 'channel.close-ok')
    }),
  ],
}

async function withQueue(t: Session): Promise<{ raw: RawConnection; queue: string }> {
  const raw = await t.raw()
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue })
  return { raw, queue }
}

async function get(raw: RawConnection, queue: string): Promise<string> {
  raw.send(1, 'basic.get', { queue, noAck: true })
  return (await raw.message(1, 'basic.get-ok')).body.toString()
}

/** Hands the octets to the kernel in a write of their own. */
function write(raw: RawConnection, octets: Buffer): Promise<void> {
  return new Promise((resolve) => raw.socket.write(octets, () => resolve()))
}
