import assert from 'node:assert/strict'
import type { GetMessage, Options } from 'amqplib'
import type { Area } from '../support/case.ts'
import { headerTag } from '../support/dead-letter-rig.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'
import { type Session, text } from '../support/session.ts'

const REQUEUE = 'core-semantics.md 4.4'
const COUNTS = 'core-semantics.md 4.5'

/** Other versions keep what came back apart. */
const TO_THE_END = '3.10 puts what comes back at the end of the queue'

export const area: Area = {
  name: 'quorum queues',
  cases: [
    fact('messages come in the order of publishing', 'core-semantics.md 1.4', async (t) => {
      const { ch, q } = await quorum(t)
      const bodies = Array.from({ length: 300 }, (_, at) => String(at))
      await t.fill(q, bodies)
      const consumer = await t.consume(ch, q)
      assert.deepEqual((await consumer.take(300)).map(text), bodies)
    }),
    fact('publishes are confirmed', 'core-semantics.md 3.3', async (t) => {
      const { q } = await quorum(t)
      const ch = await t.confirmChannel()
      for (let at = 0; at < 50; at++) ch.sendToQueue(q, Buffer.from('m'), { persistent: true })
      await ch.waitForConfirms()
      assert.equal((await ch.checkQueue(q)).messageCount, 50)
    }),
    fact('get, acknowledge, empty', 'core-semantics.md 4.6', async (t) => {
      const { ch, q } = await quorum(t)
      await t.fill(q, ['1', '2'])
      for (const body of ['1', '2']) {
        const message = await got(t, q)
        assert.equal(text(message), body)
        ch.ack(message)
      }
      assert.equal(await ch.get(q), false)
    }),
    fact(
      'a message that came back comes before all that wait',
      REQUEUE,
      async (t) => {
        const { ch, q } = await quorum(t)
        await t.fill(q, ['1', '2', '3'])
        await got(t, q)
        const second = await got(t, q)
        ch.nack(second, false, true)
        await ready(t, q, 2)
        assert.deepEqual(await t.drain(ch, q), ['2', '3'])
      },
      on310(TO_THE_END),
    ),
    fact(
      'messages that came back come in the order of the nacks',
      REQUEUE,
      async (t) => {
        const { ch, q } = await quorum(t)
        await t.fill(q, ['1', '2', '3', '4'])
        const messages = [await got(t, q), await got(t, q), await got(t, q)]
        for (const at of [2, 0, 1]) ch.nack(messages[at]!, false, true)
        await ready(t, q, 4)
        assert.deepEqual(await t.drain(ch, q), ['3', '1', '2', '4'])
      },
      on310(TO_THE_END),
    ),
    fact(
      'of one nack in the order of their tags',
      REQUEUE,
      async (t) => {
        const { ch, q } = await quorum(t)
        await t.fill(q, ['1', '2', '3', '4'])
        for (let at = 0; at < 3; at++) await got(t, q)
        ch.nackAll(true)
        await ready(t, q, 4)
        assert.deepEqual(await t.drain(ch, q), ['1', '2', '3', '4'])
      },
      on310(TO_THE_END),
    ),
    fact('closing the channel brings all of them back in their order', REQUEUE, async (t) => {
      const { ch, q } = await quorum(t)
      await t.fill(q, ['1', '2', '3', '4'])
      const other = await t.channel()
      const consumer = await t.consume(other, q)
      await consumer.take(4)
      await other.close()
      const again = await t.consume(ch, q)
      const messages = await again.take(4)
      assert.deepEqual(messages.map(text), ['1', '2', '3', '4'])
      assert.ok(messages.every((message) => message?.fields.redelivered))
    }),
    fact('a message that came back is marked redelivered', COUNTS, async (t) => {
      const { ch, q } = await quorum(t)
      await t.fill(q, ['m'])
      const first = await got(t, q)
      assert.equal(first.fields.redelivered, false)
      ch.nack(first, false, true)
      assert.equal((await got(t, q)).fields.redelivered, true)
    }),
    fact(
      'x-delivery-count is absent at first',
      COUNTS,
      async (t) => {
        const { q } = await quorum(t)
        await t.fill(q, ['m'])
        assert.deepEqual((await got(t, q)).properties.headers ?? {}, {})
      },
      on310('3.10 begins with 0'),
    ),
    ...(['nack', 'reject'] as const).map((method) =>
      fact(`x-delivery-count counts each return by ${method}`, COUNTS, async (t) => {
        const { ch, q } = await quorum(t)
        await t.fill(q, ['m'])
        let message = await got(t, q)
        for (const count of [1, 2, 3]) {
          if (method === 'nack') ch.nack(message, false, true)
          else ch.reject(message, true)
          message = await got(t, q)
          assert.equal(message.properties.headers?.['x-delivery-count'], count)
        }
      }),
    ),
    fact('x-delivery-count counts lost channels', COUNTS, async (t) => {
      const { q } = await quorum(t)
      await t.fill(q, ['m'])
      for (const count of [0, 1, 2]) {
        const ch = await t.channel()
        const consumer = await t.consume(ch, q)
        const message = await consumer.next()
        assert.equal(message?.properties.headers?.['x-delivery-count'] ?? 0, count)
        await ch.close()
      }
    }),
    fact('x-delivery-count is a long', COUNTS, async (t) => {
      const { q } = await quorum(t)
      await t.fill(q, ['m'])
      const raw = await t.raw()
      raw.send(1, 'basic.get', { queue: q })
      const { args } = await raw.message(1, 'basic.get-ok')
      raw.send(1, 'basic.reject', { deliveryTag: args.deliveryTag ?? 0, requeue: true })
      raw.send(1, 'basic.get', { queue: q })
      const again = await raw.message(1, 'basic.get-ok')
      assert.equal(headerTag(again, 'x-delivery-count'), 'l')
    }),
    ...[0, 1, 2].map((limit) =>
      fact(`a delivery limit of ${limit} means ${limit + 1} deliveries`, COUNTS, async (t) => {
        const { ch, q, dead } = await withDeliveryLimit(t, limit)
        await t.fill(q, ['m'])
        const consumer = await t.consume(ch, q)
        for (let at = 0; at <= limit; at++) ch.reject((await consumer.next())!, true)
        assert.equal(text(await dead.next()), 'm')
        await t.settle(ch, q)
        assert.equal(consumer.received.length, limit + 1)
      }),
    ),
    fact('it dies of delivery_limit', COUNTS, async (t) => {
      const { ch, q, dead } = await withDeliveryLimit(t, 0)
      await t.fill(q, ['m'])
      ch.reject(await got(t, q), true)
      const { headers } = (await dead.next())?.properties ?? {}
      assert.equal(headers?.['x-first-death-reason'], 'delivery_limit')
      assert.equal(headers?.['x-first-death-queue'], q)
    }),
    fact('lost channels reach the limit as well', COUNTS, async (t) => {
      const { q, dead } = await withDeliveryLimit(t, 1)
      await t.fill(q, ['m'])
      for (let at = 0; at < 2; at++) {
        const ch = await t.channel()
        const consumer = await t.consume(ch, q)
        await consumer.next()
        await ch.close()
      }
      assert.equal(text(await dead.next()), 'm')
    }),
    fact('without a dead-letter exchange it is dropped', COUNTS, async (t) => {
      const { ch, q } = await quorum(t, { 'x-delivery-limit': 0 })
      await t.fill(q, ['1', '2'])
      ch.reject(await got(t, q), true)
      assert.equal(text(await got(t, q)), '2')
    }),
    fact(
      'without a limit of its own a message dies at the 21st return',
      COUNTS,
      async (t) => {
        const dead = await t.queue(await t.channel())
        const { ch, q } = await quorum(t, deadLettersTo(dead))
        await t.fill(q, ['m'])
        const buried = await t.consume(ch, dead)
        const worker = await t.channel()
        const consumer = await t.consume(worker, q)
        for (let at = 0; at < 21; at++) worker.reject((await consumer.next())!, true)
        assert.equal(text(await buried.next()), 'm')
      },
      on310('before 4.0 there was no limit by default'),
    ),
    fact(
      'of both classes of priority high ones come two to one',
      'core-semantics.md 5.3',
      async (t) => {
        const { ch, q } = await quorum(t)
        for (const body of ['n', 'n', 'n', 'h', 'h', 'h', 'h']) {
          ch.sendToQueue(q, Buffer.from(body), { priority: body === 'h' ? 5 : 4 })
        }
        await ready(t, q, 7)
        assert.equal((await t.drain(ch, q)).join(''), 'hhnhhnn')
      },
      on310('3.10 knows no priorities in quorum queues'),
    ),
    fact('the length limit drops the oldest', 'core-semantics.md 5.1', async (t) => {
      const { ch, q } = await quorum(t, { 'x-max-length': 2 })
      await t.fill(q, ['1', '2', '3', '4'])
      assert.deepEqual(await t.drain(ch, q), ['3', '4'])
    }),
    fact('what it drops dies of maxlen', 'core-semantics.md 6', async (t) => {
      const dead = await t.queue(await t.channel())
      const { ch, q } = await quorum(t, { 'x-max-length': 1, ...deadLettersTo(dead) })
      const buried = await t.consume(ch, dead)
      await t.fill(q, ['1', '2'])
      const message = await buried.next()
      assert.equal(text(message), '1')
      assert.equal(message?.properties.headers?.['x-first-death-reason'], 'maxlen')
    }),
    fact('reject-publish nacks sooner or later', 'core-semantics.md 5.1', async (t) => {
      const { q } = await quorum(t, { 'x-max-length': 2, 'x-overflow': 'reject-publish' })
      const ch = await t.confirmChannel()
      let isNacked = false
      for (let at = 0; at < 10 && !isNacked; at++) {
        isNacked = await new Promise((resolve) => {
          ch.sendToQueue(q, Buffer.from(String(at)), {}, (error) => resolve(error !== null))
        })
      }
      assert.ok(isNacked)
      assert.ok((await t.drain(ch, q)).length <= 3)
    }),
    ...(['reject', 'nack'] as const).map((method) =>
      fact(`${method} without requeue dead-letters`, 'core-semantics.md 6', async (t) => {
        const dead = await t.queue(await t.channel())
        const { ch, q } = await quorum(t, deadLettersTo(dead))
        const buried = await t.consume(ch, dead)
        await t.fill(q, ['m'])
        const message = await got(t, q)
        if (method === 'reject') ch.reject(message, false)
        else ch.nack(message, false, false)
        const { properties } = (await buried.next())!
        assert.equal(properties.headers?.['x-first-death-reason'], 'rejected')
      }),
    ),
    fact('several consumers may be exclusive', 'core-semantics.md 4.1', async (t) => {
      const { ch, q } = await quorum(t)
      await t.consume(ch, q, { exclusive: true })
      await t.consume(ch, q, { exclusive: true })
      assert.equal((await ch.checkQueue(q)).consumerCount, 2)
    }),
    fact('prefetch limits each consumer', 'core-semantics.md 4.3', async (t) => {
      const { ch, q } = await quorum(t)
      await ch.prefetch(2)
      const consumer = await t.consume(ch, q)
      await t.fill(q, ['1', '2', '3'])
      const [first] = await consumer.take(2)
      await t.settle(ch, q)
      assert.equal(consumer.received.length, 2)
      ch.ack(first!)
      assert.equal(text(await consumer.next()), '3')
    }),
    refusal('a consumer under a global prefetch is refused', 'errors.md 8.2', async (raw, t) => {
      const { q } = await quorum(t)
      await raw.call(1, 'basic.qos', { prefetchCount: 5, global: true })
      raw.send(1, 'basic.consume', { queue: q })
      const words = `NOT_IMPLEMENTED - queue '${q}' ${t.inVhost} does not support global qos`
      return connectionError(540, words, 'basic.consume')
    }),
    refusal(
      'basic.get beside a single active consumer is refused',
      'errors.md 7',
      async (raw, t) => {
        const { q } = await quorum(t, { 'x-single-active-consumer': true })
        raw.send(1, 'basic.get', { queue: q })
        const words = `RESOURCE_LOCKED - cannot obtain access to locked queue '${q}' ${t.inVhost}. basic.get operations are not supported by <<"quorum">> queues with single active consumer`
        return channelError(405, words, 'basic.get')
      },
      on310('3.10 writes "by quorum queues"'),
    ),
    fact('single active consumer: the next takes over', 'core-semantics.md 4.2', async (t) => {
      const { q } = await quorum(t, { 'x-single-active-consumer': true })
      const [one, two] = [await t.channel(), await t.channel()]
      const first = await t.consume(one, q)
      const second = await t.consume(two, q)
      await t.fill(q, ['1'])
      await first.next()
      await one.close()
      const message = await second.next()
      assert.deepEqual([text(message), message?.fields.redelivered], ['1', true])
    }),
  ],
}

const channels = new WeakMap<Session, Promise<Awaited<ReturnType<Session['channel']>>>>()

/** The channel that a case fetches on. */
function channelOf(t: Session) {
  const known = channels.get(t)
  if (known !== undefined) return known
  const opened = t.channel()
  channels.set(t, opened)
  return opened
}

async function quorum(t: Session, args: Record<string, unknown> = {}) {
  const ch = await channelOf(t)
  const options: Options.AssertQueue = { arguments: { 'x-queue-type': 'quorum', ...args } }
  return { ch, q: await t.queue(ch, options) }
}

function deadLettersTo(queue: string) {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue }
}

async function withDeliveryLimit(t: Session, limit: number) {
  const target = await t.queue(await t.channel())
  const { ch, q } = await quorum(t, { 'x-delivery-limit': limit, ...deadLettersTo(target) })
  return { ch, q, dead: await t.consume(await t.channel(), target) }
}

/** RabbitMQ may answer a fetch before a return that was sent earlier. */
async function ready(t: Session, q: string, count: number): Promise<void> {
  const ch = await channelOf(t)
  await t.until(`${count} ready messages`, async () => {
    return (await ch.checkQueue(q)).messageCount === count
  })
}

/** The next message of a queue, which takes a moment to be fetchable again after a return. */
async function got(t: Session, q: string): Promise<GetMessage> {
  const ch = await channelOf(t)
  let message: GetMessage | false = false
  await t.until(`a message in ${q}`, async () => {
    message = await ch.get(q)
    return message !== false
  })
  assert.ok(message)
  return message
}
