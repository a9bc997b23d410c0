import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 4.6'

export const area: Area = {
  name: 'get',
  cases: [
    fact('get-empty carries an empty string', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.raw()
      await raw.call(1, 'queue.declare', { queue: t.name('queue') })
      raw.send(1, 'basic.get')
      assert.deepEqual(await raw.expect(1, 'basic.get-empty'), { reserved1: '' })
    }),
    fact('get-ok carries tag, key and the number of messages left', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await t.fill(queue, ['1', '2', '3'])
      for (const left of [2, 1, 0]) {
        raw.send(1, 'basic.get', { queue })
        const { args } = await raw.message(1, 'basic.get-ok')
        assert.deepEqual(args, {
          deliveryTag: 3 - left,
          redelivered: false,
          exchange: '',
          routingKey: queue,
          messageCount: left,
        })
      }
    }),
    fact('get sees what the same channel has just published', 'core-semantics.md 14', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      for (let turn = 0; turn < 50; turn++) {
        ch.sendToQueue(q, Buffer.from(String(turn)))
        assert.equal(text(await ch.get(q, { noAck: true })), String(turn))
      }
    }),
    fact('a message that was got and not acknowledged is not ready', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1'])
      assert.equal(text(await ch.get(q)), '1')
      assert.equal(await ch.get(q), false)
      assert.equal(await (await t.channel()).get(q), false)
    }),
    fact('no-ack takes the message away', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1'])
      assert.equal(text(await ch.get(q, { noAck: true })), '1')
      await ch.close()
      assert.equal(await (await t.channel()).get(q), false)
    }),
    fact('get pays no heed to prefetch', 'core-semantics.md 4.3', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3'])
      await ch.prefetch(1)
      for (const body of ['1', '2', '3']) assert.equal(text(await ch.get(q)), body)
    }),
    fact(
      'unacknowledged gets leave the prefetch of consumers alone',
      'core-semantics.md 4.3',
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        await t.fill(q, ['1', '2', '3'])
        await ch.prefetch(1)
        await ch.get(q)
        await ch.get(q)
        assert.equal(text(await (await t.consume(ch, q)).next()), '3')
      },
    ),
    fact('two getters share the messages', SOURCE, async (t) => {
      const [one, two] = [await t.channel(), await t.channel()]
      const q = await t.queue(one)
      await t.fill(q, ['1', '2'])
      assert.equal(text(await one.get(q)), '1')
      assert.equal(text(await two.get(q)), '2')
    }),
  ],
}
