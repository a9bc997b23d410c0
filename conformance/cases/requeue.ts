import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 4.4, 4.5'

export const area: Area = {
  name: 'requeue',
  cases: [
    fact('a requeued message goes back to its old place', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3', '4'])
      const [first, second, third] = [await ch.get(q), await ch.get(q), await ch.get(q)]
      assert.ok(first && second && third)
      ch.reject(second, true)
      assert.deepEqual(await t.drain(ch, q), ['2', '4'])
      ch.reject(third, true)
      ch.reject(first, true)
      assert.deepEqual(await t.drain(ch, q), ['1', '3'])
    }),
    fact('messages requeued in any order come in their old one', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3', '4'])
      const got = [await ch.get(q), await ch.get(q), await ch.get(q)]
      for (const at of [1, 2, 0]) {
        const message = got[at]
        assert.ok(message)
        ch.nack(message, false, true)
      }
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3', '4'])
    }),
    fact('only messages delivered before are marked redelivered', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2'])
      const first = await ch.get(q)
      assert.ok(first && !first.fields.redelivered)
      ch.reject(first, true)
      const again = await ch.get(q)
      const fresh = await ch.get(q)
      assert.ok(again && fresh)
      assert.deepEqual([text(again), again.fields.redelivered], ['1', true])
      assert.deepEqual([text(fresh), fresh.fields.redelivered], ['2', false])
    }),
    fact('a message requeued twice stays redelivered', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1'])
      for (const redelivered of [false, true, true]) {
        const message = await ch.get(q)
        assert.ok(message)
        assert.equal(message.fields.redelivered, redelivered)
        ch.nack(message)
      }
    }),
    fact('a requeued message may come to the same consumer at once', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1'])
      await ch.prefetch(1)
      const consumer = await t.consume(ch, q)
      const first = await consumer.next()
      assert.ok(first)
      ch.nack(first)
      const again = await consumer.next()
      assert.deepEqual([text(again), again?.fields.redelivered], ['1', true])
      assert.equal(again?.fields.deliveryTag, 2)
    }),
    fact('a requeued message may come to another consumer', SOURCE, async (t) => {
      const [one, two] = [await t.channel(), await t.channel()]
      const q = await t.queue(one)
      await t.fill(q, ['1'])
      const first = await t.consume(one, q)
      const message = await first.next()
      assert.ok(message)
      await one.cancel(first.tag)
      const second = await t.consume(two, q)
      one.nack(message)
      assert.equal(text(await second.next()), '1')
    }),
    fact('closing a channel requeues in the old order, across its consumers', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3', '4', '5', '6'])
      const other = await t.channel()
      await other.prefetch(2)
      const consumers = [await t.consume(other, q), await t.consume(other, q)]
      await Promise.all(consumers.map((consumer) => consumer.take(2)))
      await other.close()
      assert.deepEqual(await bodiesAndFlags(t, q, 6), [
        '1 true',
        '2 true',
        '3 true',
        '4 true',
        '5 false',
        '6 false',
      ])
    }),
    fact('a channel error requeues like a close', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2'])
      await ch.get(q)
      await assert.rejects(ch.checkQueue(t.name('missing')), /404/)
      assert.deepEqual(await bodiesAndFlags(t, q, 2), ['1 true', '2 false'])
    }),
    fact('closing a connection requeues', SOURCE, async (t) => {
      const connection = await t.connect()
      const ch = await t.channel(connection)
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2'])
      await ch.get(q)
      await ch.get(q)
      await connection.close()
      assert.deepEqual(await bodiesAndFlags(t, q, 2), ['1 true', '2 true'])
    }),
    fact(
      'a requeued message is ready again before later requests are answered',
      SOURCE,
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        await t.fill(q, ['1'])
        for (let turn = 0; turn < 20; turn++) {
          const message = await ch.get(q)
          assert.ok(message)
          ch.reject(message, true)
        }
      },
    ),
    fact('requeued messages go ahead of messages published since', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2'])
      const consumer = await t.consume(ch, q)
      await consumer.take(2)
      await ch.cancel(consumer.tag)
      await t.fill(q, ['3'])
      ch.nackAll(true)
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3'])
    }),
  ],
}

async function bodiesAndFlags(t: Session, queue: string, count: number): Promise<string[]> {
  const consumer = await t.consume(await t.channel(await t.connect()), queue)
  const messages = await consumer.take(count)
  return messages.map((message) => `${text(message)} ${message?.fields.redelivered}`)
}
