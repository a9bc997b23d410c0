import assert from 'node:assert/strict'
import type { Channel } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 4.2'
const ARGUMENTS = { 'x-single-active-consumer': true }

export const area: Area = {
  name: 'single active consumer',
  cases: [
    fact('only the first consumer is served', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, 3)
      await t.fill(q, ['1', '2', '3', '4'])
      assert.deepEqual((await consumers[0]!.take(4)).map(text), ['1', '2', '3', '4'])
      for (const channel of consumers.map((consumer) => consumer.channel))
        await t.settle(channel, q)
      assert.deepEqual(
        consumers.map((consumer) => consumer.received.length),
        [4, 0, 0],
      )
    }),
    fact('all consumers are counted', SOURCE, async (t) => {
      const { ch, q } = await withConsumers(t, 3)
      assert.equal((await ch.checkQueue(q)).consumerCount, 3)
    }),
    fact('after the cancel of the active one the next in line is served', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, 3)
      const [first, second, third] = consumers
      await first!.channel.cancel(first!.tag)
      await t.fill(q, ['1'])
      assert.equal(text(await second!.next()), '1')
      await second!.channel.cancel(second!.tag)
      await t.fill(q, ['2'])
      assert.equal(text(await third!.next()), '2')
    }),
    fact('after its channel closed the next in line has what it held', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, 2)
      const [first, second] = consumers
      await t.fill(q, ['1', '2'])
      await first!.take(2)
      await first!.channel.close()
      const messages = await second!.take(2)
      assert.deepEqual(messages.map(text), ['1', '2'])
      assert.deepEqual(
        messages.map((message) => message?.fields.redelivered),
        [true, true],
      )
    }),
    fact('the change does not wait for acknowledgements', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, 2)
      const [first, second] = consumers
      await t.fill(q, ['1'])
      await first!.next()
      await first!.channel.cancel(first!.tag)
      await t.fill(q, ['2'])
      assert.equal(text(await second!.next()), '2')
    }),
    fact('a waiting one that goes changes nothing', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, 3)
      const [first, second, third] = consumers
      await second!.channel.cancel(second!.tag)
      await t.fill(q, ['1'])
      assert.equal(text(await first!.next()), '1')
      await first!.channel.cancel(first!.tag)
      await t.fill(q, ['2'])
      assert.equal(text(await third!.next()), '2')
    }),
    fact('a later consumer of higher priority has to wait', SOURCE, async (t) => {
      const { ch, q, consumers } = await withConsumers(t, 1)
      const eager = await t.consume(ch, q, { priority: 10 })
      await t.fill(q, ['1'])
      assert.equal(text(await consumers[0]!.next()), '1')
      await t.settle(ch, q)
      assert.equal(eager.received.length, 0)
    }),
    fact('the active one at its limit is waited for', SOURCE, async (t) => {
      const { ch, q, consumers } = await withConsumers(t, 2, 1)
      const [first, second] = consumers
      await t.fill(q, ['1', '2'])
      const message = await first!.next()
      await t.settle(second!.channel, q)
      assert.equal(second!.received.length, 0)
      assert.equal((await ch.checkQueue(q)).messageCount, 1)
      first!.channel.ack(message!)
      assert.equal(text(await first!.next()), '2')
    }),
    fact('basic.get is allowed beside it', SOURCE, async (t) => {
      const { ch, q, consumers } = await withConsumers(t, 1, 1)
      await t.fill(q, ['1', '2'])
      await consumers[0]!.next()
      assert.equal(text(await ch.get(q)), '2')
    }),
    fact('false makes a queue like any other', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch, { arguments: { 'x-single-active-consumer': false } })
      const consumers = [await t.consume(ch, q), await t.consume(ch, q)]
      await t.fill(q, ['1', '2'])
      assert.deepEqual(
        (await Promise.all(consumers.map((consumer) => consumer.next()))).map(text),
        ['1', '2'],
      )
    }),
    refusal('an exclusive consumer is refused', 'errors.md 6', async (raw, t) => {
      const q = await t.queue(await t.channel(), { arguments: ARGUMENTS })
      raw.send(1, 'basic.consume', { queue: q, exclusive: true })
      const words = `ACCESS_REFUSED - queue '${q}' ${t.inVhost} in exclusive use`
      return channelError(403, words, 'basic.consume')
    }),
  ],
}

/** A queue with single active consumer and consumers on channels of their own. */
async function withConsumers(t: Session, count: number, prefetch = 0) {
  const ch = await t.channel()
  const q = await t.queue(ch, { arguments: ARGUMENTS })
  const consumers: (Awaited<ReturnType<Session['consume']>> & { channel: Channel })[] = []
  for (let at = 0; at < count; at++) {
    const channel = await t.channel()
    await channel.prefetch(prefetch)
    consumers.push(Object.assign(await t.consume(channel, q), { channel }))
  }
  return { ch, q, consumers }
}
