import assert from 'node:assert/strict'
import type { ConfirmChannel } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 5.3'

export const area: Area = {
  name: 'priorities',
  cases: [
    fact('the highest goes first', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      await publish(ch, q, [1, 10, 5, 0, 7])
      assert.deepEqual(await t.drain(ch, q), ['10', '7', '5', '1', '0'])
    }),
    fact('within a priority the oldest goes first', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 3)
      await publish(ch, q, [2, 1, 2, 1, 2], ['a', 'b', 'c', 'd', 'e'])
      assert.deepEqual(await t.drain(ch, q), ['a', 'c', 'e', 'b', 'd'])
    }),
    fact('no priority counts as 0', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 3)
      await publish(ch, q, [undefined, 1, 0, undefined], ['none', 'one', 'zero', 'none again'])
      assert.deepEqual(await t.drain(ch, q), ['one', 'none', 'zero', 'none again'])
    }),
    fact('more than the maximum counts as the maximum', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 3)
      await publish(ch, q, [3, 200, 3, 255], ['a', 'b', 'c', 'd'])
      assert.deepEqual(await t.drain(ch, q), ['a', 'b', 'c', 'd'])
    }),
    fact('the consumer sees the priority as it was sent', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 3)
      await publish(ch, q, [200])
      const message = await ch.get(q)
      assert.ok(message)
      assert.equal(message.properties.priority, 200)
    }),
    fact('255 levels are told apart', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 255)
      await publish(ch, q, [253, 255, 1, 254])
      assert.deepEqual(await t.drain(ch, q), ['255', '254', '253', '1'])
    }),
    fact('a maximum of 1 makes two levels', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 1)
      await publish(ch, q, [0, 9, 0, 1], ['a', 'b', 'c', 'd'])
      assert.deepEqual(await t.drain(ch, q), ['b', 'd', 'a', 'c'])
    }),
    fact('a maximum of 0 makes one level', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 0)
      await publish(ch, q, [1, 2, 3])
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3'])
    }),
    fact('a queue without a maximum takes no notice', SOURCE, async (t) => {
      const ch = await t.confirmChannel()
      const q = await t.queue(ch)
      await publish(ch, q, [1, 2, 3])
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3'])
    }),
    fact('a consumer gets what waits in the same order', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      await publish(ch, q, [1, 5, 3, 5])
      const consumer = await t.consume(ch, q)
      assert.deepEqual((await consumer.take(4)).map(text), ['5', '5', '3', '1'])
    }),
    fact('an idle consumer has a low one before a high one comes', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      const consumer = await t.consume(ch, q)
      await publish(ch, q, [1])
      await publish(ch, q, [9])
      assert.deepEqual((await consumer.take(2)).map(text), ['1', '9'])
    }),
    fact('a consumer at its limit gets the highest next', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      const worker = await t.channel()
      await worker.prefetch(1)
      const consumer = await t.consume(worker, q)
      await publish(ch, q, [1])
      await publish(ch, q, [2, 9, 4])
      const bodies: string[] = []
      for (let at = 0; at < 4; at++) {
        const message = await consumer.next()
        bodies.push(text(message))
        worker.ack(message!)
      }
      assert.deepEqual(bodies, ['1', '9', '4', '2'])
    }),
    fact('a requeued message waits behind higher ones', 'core-semantics.md 4.4', async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      await publish(ch, q, [1])
      const message = await ch.get(q)
      assert.ok(message)
      await publish(ch, q, [5, 1], ['high', 'low'])
      ch.nack(message, false, true)
      assert.deepEqual(await t.drain(ch, q), ['high', '1', 'low'])
    }),
    fact(
      'requeued messages find their places in every level',
      'core-semantics.md 4.4',
      async (t) => {
        const { ch, q } = await withPriorities(t, 10)
        await publish(ch, q, [5, 1, 5, 1], ['a', 'b', 'c', 'd'])
        const consumer = await t.consume(ch, q)
        await consumer.take(4)
        await ch.cancel(consumer.tag)
        ch.nackAll(true)
        assert.deepEqual(await t.drain(ch, q), ['a', 'c', 'b', 'd'])
      },
    ),
    fact('counts are over all levels', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      await publish(ch, q, [1, 5, 9])
      assert.equal((await ch.checkQueue(q)).messageCount, 3)
      const message = await ch.get(q)
      assert.ok(message)
      assert.equal(message.fields.messageCount, 2)
    }),
    fact('a purge is of all levels', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      await publish(ch, q, [1, 5, 9])
      assert.equal((await ch.purgeQueue(q)).messageCount, 3)
      assert.equal(await ch.get(q), false)
    }),
    fact('messages of every level expire', 'core-semantics.md 5.2', async (t) => {
      const { ch, q } = await withPriorities(t, 10, { 'x-message-ttl': 30 })
      await publish(ch, q, [1, 5, 9])
      await t.until('the queue is empty', async () => (await ch.checkQueue(q)).messageCount === 0)
    }),
    fact('persistent and transient messages are in one order', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 10)
      for (const [at, priority] of [2, 8, 2, 8].entries()) {
        ch.sendToQueue(q, Buffer.from(`${priority}`), { priority, persistent: at < 2 })
      }
      await ch.waitForConfirms()
      assert.deepEqual(await t.drain(ch, q), ['8', '8', '2', '2'])
    }),
    fact('a thousand messages come sorted', SOURCE, async (t) => {
      const { ch, q } = await withPriorities(t, 9)
      const sent = Array.from({ length: 1000 }, (_, at) => (at * 7) % 10)
      await publish(ch, q, sent)
      const expected = [...sent].sort((a, b) => b - a).map(String)
      assert.deepEqual(await t.drain(ch, q), expected)
    }),
  ],
}

async function withPriorities(t: Session, maxPriority: number, args: Record<string, unknown> = {}) {
  const ch = await t.confirmChannel()
  return { ch, q: await t.queue(ch, { maxPriority, arguments: args }) }
}

/** Publishes messages of these priorities; the priority is the body unless there are others. */
async function publish(
  ch: ConfirmChannel,
  q: string,
  priorities: readonly (number | undefined)[],
  bodies = priorities.map(String),
): Promise<void> {
  for (const [at, priority] of priorities.entries()) {
    const options = priority === undefined ? {} : { priority }
    ch.sendToQueue(q, Buffer.from(bodies[at]!), options)
  }
  await ch.waitForConfirms()
}
