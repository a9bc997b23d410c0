import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { connectionError, nextFailure } from '../support/failure.ts'
import { methodFrame } from '../support/frames.ts'
import { text } from '../support/session.ts'

const SOURCE = 'amqp-0-9-1.md 6'
const DONE = { replyCode: 200, replyText: 'done' }
/** What the broker answers to a second channel.open. */
const OPEN_TWICE = connectionError(
  504,
  "CHANNEL_ERROR - second 'channel.open' seen",
  'channel.open',
)

export const area: Area = {
  name: 'closing connections',
  cases: [
    fact('connection.close is answered by close-ok', SOURCE, async (t) => {
      const raw = await t.raw()
      assert.deepEqual(await raw.call(0, 'connection.close', DONE), {})
    }),
    fact('exclusive queues are gone before close-ok is sent', SOURCE, async (t) => {
      const raw = await t.raw()
      for (let turn = 0; turn < 5; turn++) {
        const owner = await t.raw()
        const queue = t.name('queue')
        await owner.call(1, 'queue.declare', { queue, exclusive: true })
        await owner.call(0, 'connection.close', DONE)
        await raw.call(1, 'queue.declare', { queue })
      }
    }),
    fact('what follows connection.close from the client is ignored', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      raw.sendBytes(
        Buffer.concat([
          methodFrame(0, 'connection.close', DONE),
          methodFrame(1, 'queue.declare', { queue }),
        ]),
      )
      await raw.expect(0, 'connection.close-ok')
      const other = await t.raw()
      assert.equal((await other.call(1, 'queue.delete', { queue })).messageCount, 0)
      const ch = await t.channel()
      await assert.rejects(ch.checkQueue(queue), /404/)
    }),
    fact('what came before connection.close is done', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, 'last words')
      await raw.call(0, 'connection.close', DONE)
      const ch = await t.channel()
      assert.deepEqual(await t.drain(ch, queue), ['last words'])
    }),
    fact(
      'after an error of its own the broker waits for close-ok and drops the socket',
      SOURCE,
      async (t) => {
        const raw = await t.raw()
        raw.send(1, 'channel.open')
        assert.deepEqual(await nextFailure(raw), OPEN_TWICE)
      },
    ),
    fact('methods sent after the broker closed the connection are ignored', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      raw.send(1, 'channel.open')
      raw.send(1, 'queue.declare', { queue })
      assert.deepEqual(await nextFailure(raw), OPEN_TWICE)
      await assert.rejects((await t.channel()).checkQueue(queue), /404/)
    }),
    fact('both sides may close at once', SOURCE, async (t) => {
      const raw = await t.raw()
      raw.send(1, 'channel.open')
      await raw.expect(0, 'connection.close')
      await raw.call(0, 'connection.close', DONE)
      raw.send(0, 'connection.close-ok')
      assert.deepEqual(await raw.untilEnd(), [])
    }),
    fact('amqplib is given code and text of a connection error', SOURCE, async (t) => {
      const connection = await t.connect()
      const ch = await t.channel(connection)
      const q = await t.queue(ch)
      await ch.consume(q, () => {}, { consumerTag: 'one' })
      await assert.rejects(ch.consume(q, () => {}, { consumerTag: 'one' }))
      const { code, text } = await t.failure(connection)
      assert.equal(code, 530)
      assert.equal(text, "NOT_ALLOWED - attempt to reuse consumer tag 'one'")
    }),
    fact(
      'a lost socket requeues what was not acknowledged, marked redelivered',
      SOURCE,
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        for (const body of ['1', '2', '3']) ch.sendToQueue(q, Buffer.from(body))
        await ch.checkQueue(q)
        const raw = await t.raw()
        raw.send(1, 'basic.get', { queue: q })
        await raw.message(1, 'basic.get-ok')
        raw.send(1, 'basic.consume', { queue: q, consumerTag: 'c' })
        await raw.expect(1, 'basic.consume-ok')
        await raw.message(1, 'basic.deliver')
        await raw.message(1, 'basic.deliver')
        raw.destroy()
        const consumer = await t.consume(ch, q)
        const messages = await consumer.take(3)
        assert.deepEqual(messages.map(text), ['1', '2', '3'])
        assert.deepEqual(
          messages.map((message) => message?.fields.redelivered),
          [true, true, true],
        )
      },
    ),
    fact('a lost socket takes its exclusive queues along', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, exclusive: true })
      const watcher = await t.raw()
      const x = t.name('exchange')
      await watcher.call(1, 'exchange.declare', { exchange: x, type: 'fanout', autoDelete: true })
      await raw.call(1, 'queue.bind', { queue, exchange: x })
      raw.destroy()
      // Its deletion takes the last binding of x, and x with it; a declare of another type waits for that.
      for (;;) {
        watcher.send(1, 'exchange.declare', { exchange: x, type: 'direct', autoDelete: true })
        const reply = await watcher.next()
        assert.equal(reply.kind, 'method')
        if (reply.kind === 'method' && reply.name === 'exchange.declare-ok') break
        watcher.send(1, 'channel.close-ok')
        await watcher.call(1, 'channel.open')
      }
      await watcher.call(1, 'queue.declare', { queue })
    }),
    fact(
      'a half-closed socket ends the connection',
      'captures/amqp/server-properties.json',
      async (t) => {
        const raw = await t.raw()
        raw.socket.end()
        assert.deepEqual(await raw.untilEnd(), [])
      },
    ),
    fact('closing a connection does not disturb another', SOURCE, async (t) => {
      const one = await t.raw()
      const two = await t.raw()
      await one.close()
      await two.call(2, 'channel.open')
    }),
  ],
}
