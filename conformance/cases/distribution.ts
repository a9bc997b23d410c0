import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'
import type { FieldValue } from '../support/field-table.ts'
import { type Consumer, type Session, text } from '../support/session.ts'

const ROUND_ROBIN = 'core-semantics.md 4.2'
const PREFETCH = 'core-semantics.md 4.3'
const TEN = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

export const area: Area = {
  name: 'distribution',
  cases: [
    fact('consumers take turns', ROUND_ROBIN, async (t) => {
      const q = await t.queue(await t.channel())
      const consumers = await consumersOf(t, q, 2)
      for (const body of TEN) await t.fill(q, [body])
      const got = await Promise.all(consumers.map((consumer) => consumer.take(5)))
      assert.deepEqual(
        got.map((messages) => messages.map(text)),
        [
          ['0', '2', '4', '6', '8'],
          ['1', '3', '5', '7', '9'],
        ],
      )
    }),
    fact('consumers of one channel take turns', ROUND_ROBIN, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const consumers = [await t.consume(ch, q), await t.consume(ch, q), await t.consume(ch, q)]
      for (const body of TEN.slice(0, 9)) await t.fill(q, [body])
      for (const [at, consumer] of consumers.entries()) {
        const bodies = (await consumer.take(3)).map(text)
        assert.deepEqual(bodies, [String(at), String(at + 3), String(at + 6)])
      }
    }),
    fact('a consumer at its limit is passed over', ROUND_ROBIN, async (t) => {
      const q = await t.queue(await t.channel())
      const [full] = await consumersOf(t, q, 1, 1)
      const [free] = await consumersOf(t, q, 1)
      for (const body of TEN) await t.fill(q, [body])
      assert.ok(full && free)
      assert.deepEqual((await full.take(1)).map(text), ['0'])
      assert.deepEqual((await free.take(9)).map(text), TEN.slice(1))
    }),
    fact('prefetch bounds the unacknowledged messages of a consumer', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, TEN)
      await ch.prefetch(3)
      const consumer = await t.consume(ch, q)
      await consumer.take(3)
      await t.settle(ch, q)
      assert.deepEqual(consumer.received.map(text), ['0', '1', '2'])
    }),
    fact('an acknowledgement makes room for the next message', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, TEN)
      await ch.prefetch(2)
      const consumer = await t.consume(ch, q)
      const [first] = await consumer.take(2)
      assert.ok(first)
      ch.ack(first)
      assert.equal(text(await consumer.next()), '2')
      await t.settle(ch, q)
      assert.equal(consumer.received.length, 3)
    }),
    fact('prefetch 1 delivers one by one in order', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, TEN)
      await ch.prefetch(1)
      const consumer = await t.consume(ch, q)
      for (const body of TEN) {
        const message = await consumer.next()
        assert.equal(text(message), body)
        assert.equal(consumer.received.length, Number(body) + 1)
        if (message) ch.ack(message)
      }
    }),
    fact('prefetch is per consumer', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(2)
      const consumers = [await t.consume(ch, q), await t.consume(ch, q)]
      await t.fill(q, TEN)
      await Promise.all(consumers.map((consumer) => consumer.take(2)))
      await t.settle(ch, q)
      assert.deepEqual(
        consumers.map((consumer) => consumer.received.length),
        [2, 2],
      )
    }),
    fact('prefetch counts for consumers that start after it', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(1)
      const early = await t.consume(ch, q)
      await ch.prefetch(4)
      const late = await t.consume(ch, q)
      await t.fill(q, TEN)
      await late.take(4)
      await early.take(1)
      await t.settle(ch, q)
      assert.deepEqual([early.received.length, late.received.length], [1, 4])
    }),
    fact('global prefetch bounds all consumers of the channel together', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(3, true)
      const consumers = [await t.consume(ch, q), await t.consume(ch, q)]
      await t.fill(q, TEN)
      await consumers[0]?.take(1)
      await consumers[1]?.take(1)
      await t.settle(ch, q)
      assert.equal(consumers.flatMap((consumer) => consumer.received).length, 3)
    }),
    fact('global prefetch also counts for consumers that run already', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const consumer = await t.consume(ch, q)
      await ch.prefetch(2, true)
      await t.fill(q, TEN)
      await consumer.take(2)
      await t.settle(ch, q)
      assert.equal(consumer.received.length, 2)
    }),
    fact('per-consumer and global prefetch work side by side', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(2)
      await ch.prefetch(3, true)
      const consumers = [await t.consume(ch, q), await t.consume(ch, q)]
      await t.fill(q, TEN)
      await consumers[0]?.take(1)
      await consumers[1]?.take(1)
      await t.settle(ch, q)
      const counts = consumers.map((consumer) => consumer.received.length)
      assert.equal((counts[0] ?? 0) + (counts[1] ?? 0), 3)
      assert.ok(Math.max(...counts) === 2, `${counts}`)
    }),
    fact('a per-consumer prefetch switches an earlier global one off', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(1, true)
      await ch.prefetch(4)
      await t.fill(q, TEN)
      const consumer = await t.consume(ch, q)
      await consumer.take(4)
      await t.settle(ch, q)
      assert.equal(consumer.received.length, 4)
    }),
    fact('prefetch 0 is no limit', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(1)
      await ch.prefetch(0)
      await t.fill(q, TEN)
      await (await t.consume(ch, q)).take(10)
    }),
    fact('prefetch does not bound a consumer without acknowledgement', PREFETCH, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(1)
      await t.fill(q, TEN)
      await (await t.consume(ch, q, { noAck: true })).take(10)
    }),
    fact('qos-ok is empty', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.raw()
      assert.deepEqual(await raw.call(1, 'basic.qos', { prefetchCount: 65535 }), {})
    }),
    refusal('a prefetch size is not implemented', 'errors.md 8.2', (raw) => {
      raw.send(1, 'basic.qos', { prefetchSize: 10 })
      return connectionError(540, 'NOT_IMPLEMENTED - prefetch_size!=0 (10)', 'basic.qos')
    }),
    fact('a consumer of higher priority is served first', ROUND_ROBIN, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const low = await t.consume(ch, q, { priority: -5 })
      const high = await t.consume(ch, q, { priority: 5 })
      const normal = await t.consume(ch, q)
      await t.fill(q, TEN)
      assert.deepEqual((await high.take(10)).map(text), TEN)
      await t.settle(ch, q)
      assert.deepEqual([low.received.length, normal.received.length], [0, 0])
    }),
    fact('a lower priority has its turn when the higher one is full', ROUND_ROBIN, async (t) => {
      const q = await t.queue(await t.channel())
      const one = await t.channel()
      await one.prefetch(2)
      const high = await t.consume(one, q, { priority: 10 })
      const low = await t.consume(await t.channel(), q)
      await t.fill(q, TEN)
      assert.deepEqual((await high.take(2)).map(text), ['0', '1'])
      assert.deepEqual((await low.take(8)).map(text), TEN.slice(2))
    }),
    ...[
      badPriority('S', '5', 'longstr'),
      badPriority('d', 1.5, 'double'),
      badPriority('t', true, 'bool'),
    ],
  ],
}

/** Consumers on channels of their own. */
async function consumersOf(t: Session, queue: string, count: number, prefetch = 0) {
  const consumers: Consumer[] = []
  for (let at = 0; at < count; at++) {
    const ch = await t.channel()
    await ch.prefetch(prefetch)
    consumers.push(await t.consume(ch, queue))
  }
  return consumers
}

function badPriority(tag: string, value: FieldValue, type: string) {
  return refusal(
    `a consumer priority of type ${type} is refused`,
    'errors.md 5.2',
    async (raw, t) => {
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.send(1, 'basic.consume', { queue, arguments: [['x-priority', tag, value]] })
      const words = `PRECONDITION_FAILED - invalid arg 'x-priority' for queue '${queue}' ${t.inVhost}: "expected integer, got ${type}"`
      return channelError(406, words, 'basic.consume')
    },
  )
}
