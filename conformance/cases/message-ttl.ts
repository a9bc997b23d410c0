import assert from 'node:assert/strict'
import type { Channel, ConfirmChannel, Options } from 'amqplib'
import type { Area, ConformanceCase } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 5.2'
const QUORUM = { 'x-queue-type': 'quorum' }

export const area: Area = {
  name: 'message TTL',
  cases: [
    ...expires('after the TTL of its queue', { messageTtl: 30 }),
    ...expires('after its own expiration', {}, '30'),
    ...expires('after the shorter of both, if that is its own', { messageTtl: 60_000 }, '30'),
    ...expires("after the shorter of both, if that is the queue's", { messageTtl: 30 }, '60000'),
    ...expires('at once with a TTL of 0', { messageTtl: 0 }),
    ...expires('at once with an expiration of 0', {}, '0'),
    fact('a message without expiration stays', SOURCE, async (t) => {
      const { ch, q } = await declared(t)
      await publish(ch, q, [['stays'], ['a second', '20']])
      await elapsed(t, 20)
      assert.equal(text(await ch.get(q, { noAck: true })), 'stays')
    }),
    ...['classic', 'quorum'].map((type) =>
      fact(`${type}: a message behind a longer one waits for it`, SOURCE, async (t) => {
        const { ch, q } = await declared(t, type === 'quorum' ? { arguments: QUORUM } : {})
        await publish(ch, q, [
          ['long', '60000'],
          ['short', '20'],
        ])
        await elapsed(t, 60)
        assert.equal((await ch.checkQueue(q)).messageCount, 2)
        assert.equal(text(await ch.get(q, { noAck: true })), 'long')
        await t.until(
          'the short one is gone',
          async () => (await ch.checkQueue(q)).messageCount === 0,
        )
      }),
    ),
    fact('what expired is not delivered, though the one before it hid it', SOURCE, async (t) => {
      const { ch, q } = await declared(t)
      await publish(ch, q, [['long', '60000'], ['short', '20'], ['none']])
      await elapsed(t, 60)
      const consumer = await t.consume(ch, q, { noAck: true })
      assert.deepEqual((await consumer.take(2)).map(text), ['long', 'none'])
    }),
    fact('messages of one TTL expire in their order', SOURCE, async (t) => {
      const dead = await declared(t)
      const { ch, q } = await declared(t, { messageTtl: 40, ...leadingTo(dead.q) })
      await publish(ch, q, [['1'], ['2'], ['3'], ['4']])
      const consumer = await t.consume(ch, dead.q)
      assert.deepEqual((await consumer.take(4)).map(text), ['1', '2', '3', '4'])
    }),
    fact('a queue with TTL empties, message after message', SOURCE, async (t) => {
      const { ch, q } = await declared(t, { messageTtl: 40 })
      for (let at = 0; at < 5; at++) await publish(ch, q, [[String(at)]])
      await t.until('the queue is empty', async () => (await ch.checkQueue(q)).messageCount === 0)
    }),
    ...[{ messageTtl: 0 }, {}].map((options) => {
      const how = options.messageTtl === 0 ? 'TTL of the queue' : 'expiration'
      return fact(`${how} 0: an idle consumer gets the message`, SOURCE, async (t) => {
        const { ch, q } = await declared(t, options)
        const consumer = await t.consume(ch, q)
        await publish(ch, q, [['m', options.messageTtl === 0 ? undefined : '0']])
        assert.equal(text(await consumer.next()), 'm')
      })
    }),
    fact('TTL 0: a consumer at its limit is no idle consumer', SOURCE, async (t) => {
      const { ch, q } = await declared(t, { messageTtl: 0 })
      const busy = await t.channel()
      await busy.prefetch(1)
      const consumer = await t.consume(busy, q)
      await publish(ch, q, [['first'], ['second']])
      const first = await consumer.next()
      assert.equal(text(first), 'first')
      assert.equal((await ch.checkQueue(q)).messageCount, 0)
      busy.ack(first!)
      await t.settle(busy, q)
      assert.equal(consumer.received.length, 1)
    }),
    fact('an unacknowledged message does not expire', SOURCE, async (t) => {
      const { ch, q } = await declared(t, { messageTtl: 30 })
      const consumer = await t.consume(ch, q)
      await publish(ch, q, [['m']])
      const message = await consumer.next()
      await elapsed(t, 60)
      ch.ack(message!)
      await ch.checkQueue(q)
    }),
    ...['classic', 'quorum'].map((type) =>
      fact(`${type}: requeueing does not start the time again`, SOURCE, async (t) => {
        const { ch, q } = await declared(t, type === 'quorum' ? { arguments: QUORUM } : {})
        await publish(ch, q, [['m', '200']])
        const message = await ch.get(q)
        assert.ok(message)
        await elapsed(t, 400)
        ch.nack(message, false, true)
        assert.equal(await ch.get(q), false)
      }),
    ),
    fact('a message requeued in time is still there', SOURCE, async (t) => {
      const { ch, q } = await declared(t)
      await publish(ch, q, [['m', '60000']])
      const message = await ch.get(q)
      assert.ok(message)
      ch.nack(message, false, true)
      assert.equal(text(await ch.get(q)), 'm')
    }),
    fact('the time starts anew in another queue', SOURCE, async (t) => {
      const end = await declared(t)
      const second = await declared(t, { messageTtl: 60_000, ...leadingTo(end.q) })
      const first = await declared(t, { messageTtl: 30, ...leadingTo(second.q) })
      await publish(first.ch, first.q, [['m']])
      const { ch } = first
      await t.until('it is in the second queue', async () => {
        return (await ch.checkQueue(second.q)).messageCount === 1
      })
      await elapsed(t, 60)
      assert.equal(text(await ch.get(second.q)), 'm')
    }),
    fact('two queues with TTLs of their own keep one message each its time', SOURCE, async (t) => {
      const [brief, patient] = [
        await declared(t, { messageTtl: 30 }),
        await declared(t, { messageTtl: 60_000 }),
      ]
      const { ch } = brief
      const x = await t.exchange(ch, 'fanout')
      for (const { q } of [brief, patient]) await ch.bindQueue(q, x, '')
      ch.publish(x, '', Buffer.from('m'))
      await ch.waitForConfirms()
      await t.until(
        'it expired in one',
        async () => (await ch.checkQueue(brief.q)).messageCount === 0,
      )
      assert.equal(text(await ch.get(patient.q)), 'm')
    }),
    fact('the consumer sees the expiration as it was sent', SOURCE, async (t) => {
      const { ch, q } = await declared(t)
      await publish(ch, q, [['m', '60000']])
      const message = await ch.get(q)
      assert.ok(message)
      assert.equal(message.properties.expiration, '60000')
    }),
    fact('ten years are not too long', 'errors.md 5.9', async (t) => {
      const { ch, q } = await declared(t)
      await publish(ch, q, [['m', '315360000000']])
      assert.equal(text(await ch.get(q)), 'm')
    }),
    fact('of many with their own expirations each goes when it is first', SOURCE, async (t) => {
      const { ch, q } = await declared(t)
      const messages = Array.from({ length: 50 }, (_, at) => [String(at), String(10 + at)] as const)
      await publish(ch, q, [...messages, ['last']])
      await t.until('all but the last are gone', async () => {
        return (await ch.checkQueue(q)).messageCount === 1
      })
      assert.deepEqual(await t.drain(ch, q), ['last'])
    }),
    fact('an expired message makes room in a full queue', 'core-semantics.md 5.1', async (t) => {
      const { ch, q } = await declared(t, {
        maxLength: 1,
        messageTtl: 40,
        arguments: { 'x-overflow': 'reject-publish' },
      })
      await publish(ch, q, [['first']])
      ch.sendToQueue(q, Buffer.from('rejected'))
      await assert.rejects(ch.waitForConfirms())
      await t.until('the first is gone', async () => (await ch.checkQueue(q)).messageCount === 0)
      await publish(ch, q, [['second']])
    }),
    fact('a consumer gets what is published after others expired', SOURCE, async (t) => {
      const { ch, q } = await declared(t, { messageTtl: 30 })
      await publish(ch, q, [['expired']])
      await t.until('it expired', async () => (await ch.checkQueue(q)).messageCount === 0)
      const consumer = await t.consume(ch, q)
      await publish(ch, q, [['fresh']])
      assert.equal(text(await consumer.next()), 'fresh')
    }),
  ],
}

async function declared(
  t: Session,
  options: Options.AssertQueue = {},
): Promise<{ ch: ConfirmChannel; q: string }> {
  const ch = await t.confirmChannel()
  return { ch, q: await t.queue(ch, options) }
}

function leadingTo(queue: string): Options.AssertQueue {
  return { deadLetterExchange: '', deadLetterRoutingKey: queue }
}

type Sent = readonly [body: string, expiration?: string | undefined]

async function publish(ch: ConfirmChannel, q: string, messages: readonly Sent[]): Promise<void> {
  for (const [body, expiration] of messages) {
    ch.sendToQueue(q, Buffer.from(body), expiration === undefined ? {} : { expiration })
  }
  await ch.waitForConfirms()
}

/** Returns when a message with this TTL, in a queue of its own, has expired. */
async function elapsed(t: Session, milliseconds: number): Promise<void> {
  const dead = await declared(t)
  const { ch, q } = await declared(t, { messageTtl: milliseconds, ...leadingTo(dead.q) })
  const consumer = await t.consume(dead.ch, dead.q)
  await publish(ch, q, [['time']])
  await consumer.next()
}

/** A message that nobody fetches is gone by itself, in either type of queue. */
function expires(
  when: string,
  options: Options.AssertQueue,
  expiration?: string,
): ConformanceCase[] {
  return ['classic', 'quorum'].map((type) =>
    fact(`${type}: a message expires ${when}`, SOURCE, async (t) => {
      const dead = await declared(t)
      const args = type === 'quorum' ? { arguments: QUORUM } : {}
      const { ch, q } = await declared(t, { ...options, ...args, ...leadingTo(dead.q) })
      const consumer = await t.consume(dead.ch, dead.q)
      await publish(ch, q, [['m', expiration]])
      assert.equal(text(await consumer.next()), 'm')
      await expectEmpty(ch, q)
    }),
  )
}

async function expectEmpty(ch: Channel, q: string): Promise<void> {
  assert.equal(await ch.get(q), false)
}
