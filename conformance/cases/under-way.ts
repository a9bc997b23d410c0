import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { bodyFrame, headerFrame, methodFrame, PROTOCOL_HEADER } from '../support/frames.ts'
import type { Incoming, RawConnection } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'
import { text } from '../support/session.ts'

const CLOSING = 'amqp-0-9-1.md 6, 8'
const FLOW = 'amqp-0-9-1.md 7'
const DONE = { replyCode: 200, replyText: 'done' }

export const area: Area = {
  name: 'while messages are under way',
  cases: [
    fact('after cancel-ok there are no deliveries for that consumer', CLOSING, async (t) => {
      const { raw, queue } = await streaming(t, 2000)
      await raw.message(1, 'basic.deliver')
      raw.send(1, 'basic.cancel', { consumerTag: 'c' })
      const delivered = 1 + deliveries(await framesUntil(raw, 'basic.cancel-ok'))
      await raw.call(1, 'channel.flow', { active: true })
      const { messageCount } = await raw.call(1, 'queue.purge', { queue })
      assert.equal(delivered + Number(messageCount), 2000)
    }),
    fact('after close-ok a channel is silent and may be opened again', CLOSING, async (t) => {
      const { raw } = await streaming(t, 2000)
      await raw.message(1, 'basic.deliver')
      raw.send(1, 'channel.close', DONE)
      await framesUntil(raw, 'channel.close-ok')
      await raw.call(1, 'channel.open')
      await raw.call(1, 'channel.flow', { active: true })
    }),
    fact('after close-ok a connection is silent', CLOSING, async (t) => {
      const { raw } = await streaming(t, 2000)
      await raw.message(1, 'basic.deliver')
      raw.send(0, 'connection.close', DONE)
      await framesUntil(raw, 'connection.close-ok')
      raw.socket.end()
      assert.deepEqual(await raw.untilEnd(), [])
    }),
    fact('a half-sent message is dropped with its connection', CLOSING, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.sendBytes(methodFrame(1, 'basic.publish', { routingKey: queue }))
      raw.sendBytes(Buffer.concat([headerFrame(1, 10), bodyFrame(1, 'half')]))
      raw.destroy()
      const ch = await t.channel()
      await t.fill(queue, ['whole'])
      assert.deepEqual(await t.drain(ch, queue), ['whole'])
    }),
    fact('a consumer that does not read does not hold up others', FLOW, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const raw = await t.raw()
      raw.socket.pause()
      raw.send(1, 'basic.consume', { queue: q, consumerTag: 'c', noAck: true })
      const sender = await t.confirmChannel()
      for (let at = 0; at < 200; at++) sender.sendToQueue(q, Buffer.alloc(100_000, at))
      await sender.waitForConfirms()
      const other = await t.queue(ch)
      await t.fill(other, ['quick'])
      assert.equal(text(await ch.get(other)), 'quick')
      raw.socket.resume()
      await raw.expect(1, 'basic.consume-ok')
      for (let at = 0; at < 200; at++) {
        const { body } = await raw.message(1, 'basic.deliver')
        assert.ok(body.equals(Buffer.alloc(100_000, at)), `message ${at}`)
      }
    }),
    fact('a channel with a slow consumer still answers', FLOW, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(
        q,
        Array.from({ length: 500 }, (_, at) => String(at)),
      )
      await ch.prefetch(1)
      await t.consume(ch, q)
      for (let turn = 0; turn < 10; turn++) assert.equal((await ch.checkQueue(q)).messageCount, 499)
    }),
    fact('a flood of small messages arrives whole and in order', FLOW, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const ch = await t.channel()
      await raw.call(1, 'queue.declare', { queue })
      const consumer = await t.consume(ch, queue, { noAck: true })
      for (let at = 0; at < 20_000; at++) raw.publish(1, { routingKey: queue }, String(at))
      const bodies = (await consumer.take(20_000)).map(text)
      assert.ok(bodies.every((body, at) => body === String(at)))
    }),
    ...['one', 'two', 'three', 'four', 'five'].map((seed) =>
      fact(
        `random octets (seed ${seed}) cost their sender the connection and nobody else`,
        'errors.md 8',
        async (t) => {
          const bystander = await t.raw()
          const raw = await t.raw()
          raw.sendBytes(noise(seed, 5000))
          raw.socket.end()
          await raw.untilEnd()
          await bystander.call(2, 'channel.open')
        },
      ),
    ),
    fact('random octets after the protocol header harm nobody', 'errors.md 8', async (t) => {
      const raw = await t.dial()
      raw.sendBytes(Buffer.concat([PROTOCOL_HEADER, noise('handshake', 5000)]))
      raw.socket.end()
      await raw.untilEnd()
      await t.raw()
    }),
  ],
}

/** A consumer without acknowledgement on channel 1 of a queue that has `count` messages. */
async function streaming(
  t: Session,
  count: number,
): Promise<{ raw: RawConnection; queue: string }> {
  const raw = await t.raw()
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue })
  await t.fill(
    queue,
    Array.from({ length: count }, (_, at) => String(at)),
  )
  await raw.call(1, 'basic.consume', { queue, consumerTag: 'c', noAck: true })
  return { raw, queue }
}

/** Everything before this method. */
async function framesUntil(raw: RawConnection, name: string): Promise<Incoming[]> {
  const before: Incoming[] = []
  for (;;) {
    const item = await raw.next(name)
    assert.notEqual(item.kind, 'end')
    if (item.kind === 'method' && item.name === name) return before
    before.push(item)
  }
}

function deliveries(items: Incoming[]): number {
  return items.filter((item) => item.kind === 'method' && item.name === 'basic.deliver').length
}

/** The same octets for the same seed. */
function noise(seed: string, size: number): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; at * 32 < size; at++) {
    blocks.push(createHash('sha256').update(`${seed} ${at}`).digest())
  }
  return Buffer.concat(blocks).subarray(0, size)
}
