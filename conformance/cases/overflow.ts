import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Table } from '../support/field-table.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 5.1'
const CONFIRMS = 'core-semantics.md 3.3'

export const area: Area = {
  name: 'reject-publish',
  cases: [
    fact('the oldest messages stay', SOURCE, async (t) => {
      const { raw, q } = await rejecting(t, 2)
      assert.equal(await answers(t, raw, q, ['1', '2', '3', '4']), 'aann')
      assert.deepEqual(await t.drain(await t.channel(), q), ['1', '2'])
    }),
    fact('the nack has the flags of RabbitMQ', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 0)
      raw.publish(1, { routingKey: q }, 'm')
      const nack = await raw.expect(1, 'basic.nack')
      assert.deepEqual(nack, { deliveryTag: 1, multiple: true, requeue: true })
    }),
    fact('acks and nacks share one numbering', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 1)
      raw.publish(1, { routingKey: q }, 'taken')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
      raw.publish(1, { routingKey: q }, 'rejected')
      assert.equal((await raw.expect(1, 'basic.nack')).deliveryTag, 2)
      raw.publish(1, { routingKey: t.name('missing') }, 'unroutable')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 3)
    }),
    fact('in a burst each message is answered once', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 10)
      const bodies = Array.from({ length: 100 }, (_, at) => String(at))
      for (const body of bodies) raw.publish(1, { routingKey: q }, body)
      assert.equal(await answersTo(raw, 100), 'a'.repeat(10) + 'n'.repeat(90))
      assert.deepEqual(await t.drain(await t.channel(), q), bodies.slice(0, 10))
    }),
    fact('without confirms the publisher hears nothing', SOURCE, async (t) => {
      const raw = await t.raw()
      const q = await declared(t, raw, limit(1))
      for (const body of ['1', '2']) raw.publish(1, { routingKey: q }, body)
      await raw.call(1, 'channel.flow', { active: true })
      assert.deepEqual(await t.drain(await t.channel(), q), ['1'])
    }),
    fact('a fetched message makes room', SOURCE, async (t) => {
      const { raw, q } = await rejecting(t, 1)
      assert.equal(await answers(t, raw, q, ['1', '2']), 'an')
      const ch = await t.channel()
      assert.equal(text(await ch.get(q)), '1')
      assert.equal(await answers(t, raw, q, ['3', '4']), 'an')
    }),
    fact(
      'a full queue refuses even with an idle consumer, if the limit is 0',
      SOURCE,
      async (t) => {
        const { raw, q } = await rejecting(t, 0)
        await t.consume(await t.channel(), q)
        assert.equal(await answers(t, raw, q, ['m']), 'n')
      },
    ),
    fact('a consumer that takes everything leaves room', SOURCE, async (t) => {
      const { raw, q } = await rejecting(t, 1)
      const consumer = await t.consume(await t.channel(), q)
      for (const body of ['1', '2', '3']) {
        assert.equal(await answers(t, raw, q, [body]), 'a')
        assert.equal(text(await consumer.next()), body)
      }
    }),
    fact('a requeue may exceed the limit, a publish then may not', SOURCE, async (t) => {
      const { raw, q } = await rejecting(t, 1)
      const ch = await t.channel()
      assert.equal(await answers(t, raw, q, ['1']), 'a')
      const first = await ch.get(q)
      assert.ok(first)
      assert.equal(await answers(t, raw, q, ['2']), 'a')
      ch.nack(first, false, true)
      await t.until('both are ready', async () => (await ch.checkQueue(q)).messageCount === 2)
      assert.equal(await answers(t, raw, q, ['3']), 'n')
      assert.deepEqual(await t.drain(ch, q), ['1', '2'])
    }),
    fact('bytes: what does not fit is refused', SOURCE, async (t) => {
      const raw = await confirming(t)
      const q = await declared(t, raw, limit(8, 'x-max-length-bytes'))
      assert.equal(await answers(t, raw, q, ['aaaa', 'bbbbb', 'cccc', 'd']), 'anan')
    }),
    fact('bytes: a message that fits exactly is taken', SOURCE, async (t) => {
      const raw = await confirming(t)
      const q = await declared(t, raw, limit(8, 'x-max-length-bytes'))
      assert.equal(await answers(t, raw, q, ['aaaa', 'bbbb']), 'aa')
    }),
    fact('one queue of several that refuses: nack, the others have it', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 0)
      const x = t.name('x')
      const other = await declared(t, raw, [])
      await raw.call(1, 'exchange.declare', { exchange: x, type: 'fanout' })
      for (const queue of [q, other]) await raw.call(1, 'queue.bind', { queue, exchange: x })
      raw.publish(1, { exchange: x }, 'm')
      assert.equal(await answersTo(raw, 1), 'n')
      await raw.call(1, 'channel.flow', { active: true })
      assert.deepEqual(await t.drain(await t.channel(), other), ['m'])
    }),
    fact('several queues that refuse: one nack', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 0)
      const x = t.name('x')
      const other = await declared(t, raw, limit(0))
      await raw.call(1, 'exchange.declare', { exchange: x, type: 'fanout' })
      for (const queue of [q, other]) await raw.call(1, 'queue.bind', { queue, exchange: x })
      raw.publish(1, { exchange: x }, 'm')
      assert.equal(await answersTo(raw, 1), 'n')
      await raw.call(1, 'channel.flow', { active: true })
    }),
    fact('a refused mandatory message is not returned', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 0)
      raw.publish(1, { routingKey: q, mandatory: true }, 'm')
      assert.equal(await answersTo(raw, 1), 'n')
      await raw.call(1, 'channel.flow', { active: true })
    }),
    fact('a refused persistent message is nacked', CONFIRMS, async (t) => {
      const { raw, q } = await rejecting(t, 1)
      for (const body of ['1', '2', '3']) {
        raw.publish(1, { routingKey: q }, body, { deliveryMode: 2 })
      }
      assert.equal(await answersTo(raw, 3), 'ann')
    }),
    fact('reject-publish-dlx nacks as well', SOURCE, async (t) => {
      const raw = await confirming(t)
      const target = await declared(t, raw, [])
      const q = await declared(t, raw, [
        ...limit(1, 'x-max-length', 'reject-publish-dlx'),
        ['x-dead-letter-exchange', 'S', ''],
        ['x-dead-letter-routing-key', 'S', target],
      ])
      const consumer = await t.consume(await t.channel(), target)
      assert.equal(await answers(t, raw, q, ['1', '2', '3']), 'ann')
      assert.deepEqual((await consumer.take(2)).map(text), ['2', '3'])
      assert.deepEqual(await t.drain(await t.channel(), q), ['1'])
    }),
    fact('reject-publish-dlx without a dead-letter exchange nacks', SOURCE, async (t) => {
      const raw = await confirming(t)
      const q = await declared(t, raw, limit(0, 'x-max-length', 'reject-publish-dlx'))
      assert.equal(await answers(t, raw, q, ['m']), 'n')
    }),
    fact('amqplib calls back with an error', CONFIRMS, async (t) => {
      const { q } = await rejecting(t, 0)
      const ch = await t.confirmChannel()
      const error = await new Promise((resolve) => {
        ch.sendToQueue(q, Buffer.from('m'), {}, resolve)
      })
      assert.match(String(error), /nack/)
    }),
    refusal(
      'a transaction with a refused message fails at commit',
      'errors.md 5.8',
      async (raw, t) => {
        const q = await declared(t, raw, limit(0))
        await raw.call(1, 'tx.select')
        raw.publish(1, { routingKey: q }, 'm')
        raw.send(1, 'tx.commit')
        return channelError(406, 'PRECONDITION_FAILED - partial tx completion', 'tx.commit')
      },
    ),
    fact('what else was in the transaction is done', 'errors.md 5.8', async (t) => {
      const raw = await t.raw()
      const q = await declared(t, raw, limit(1))
      const other = await declared(t, raw, [])
      await raw.call(1, 'tx.select')
      for (const queue of [q, q, other]) raw.publish(1, { routingKey: queue }, 'm')
      raw.send(1, 'tx.commit')
      const { replyText } = await raw.expect(1, 'channel.close')
      assert.equal(replyText, 'PRECONDITION_FAILED - partial tx completion')
      const ch = await t.channel()
      assert.deepEqual(await t.drain(ch, q), ['m'])
      assert.deepEqual(await t.drain(ch, other), ['m'])
    }),
    fact('a transaction that fits is committed', 'core-semantics.md 3.4', async (t) => {
      const raw = await t.raw()
      const q = await declared(t, raw, limit(2))
      await raw.call(1, 'tx.select')
      for (const body of ['1', '2']) raw.publish(1, { routingKey: q }, body)
      await raw.call(1, 'tx.commit')
      assert.deepEqual(await t.drain(await t.channel(), q), ['1', '2'])
    }),
    fact(
      'a rejection in a transaction dead-letters at commit',
      'core-semantics.md 3.4',
      async (t) => {
        const raw = await t.raw()
        const target = await declared(t, raw, [])
        const q = await declared(t, raw, [
          ['x-dead-letter-exchange', 'S', ''],
          ['x-dead-letter-routing-key', 'S', target],
        ])
        await t.fill(q, ['m'])
        await raw.call(1, 'tx.select')
        raw.send(1, 'basic.get', { queue: q })
        await raw.message(1, 'basic.get-ok')
        raw.send(1, 'basic.reject', { deliveryTag: 1, requeue: false })
        await raw.call(1, 'tx.rollback')
        raw.send(1, 'basic.reject', { deliveryTag: 1, requeue: false })
        await raw.call(1, 'channel.flow', { active: true })
        const ch = await t.channel()
        assert.equal(await ch.get(target), false)
        await raw.call(1, 'tx.commit')
        const consumer = await t.consume(ch, target)
        assert.equal(text(await consumer.next()), 'm')
      },
    ),
  ],
}

function limit(value: number, key = 'x-max-length', overflow = 'reject-publish'): Table {
  return [
    [key, 'I', value],
    ['x-overflow', 'S', overflow],
  ]
}

async function declared(t: Session, raw: RawConnection, args: Table): Promise<string> {
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue, durable: true, arguments: args })
  return queue
}

async function confirming(t: Session): Promise<RawConnection> {
  const raw = await t.raw()
  await raw.call(1, 'confirm.select')
  return raw
}

/** A queue that refuses what exceeds a length, and a publisher that is told. */
async function rejecting(t: Session, maxLength: number) {
  const raw = await confirming(t)
  return { raw, q: await declared(t, raw, limit(maxLength)) }
}

/** Publishes one by one on a fresh channel: `a` for each ack, `n` for each nack. */
async function answers(
  t: Session,
  raw: RawConnection,
  queue: string,
  bodies: readonly string[],
): Promise<string> {
  const publisher = await confirming(t)
  let all = ''
  for (const body of bodies) {
    publisher.publish(1, { routingKey: queue }, body)
    all += await answersTo(publisher, 1, all.length)
  }
  await raw.call(1, 'channel.flow', { active: true })
  return all
}

/** The answers to publishes `after` + 1 to `after` + `count`, in the order of publishing. */
async function answersTo(raw: RawConnection, count: number, after = 0): Promise<string> {
  const found = new Map<number, string>()
  while (found.size < count) {
    const item = await raw.next('a confirm')
    assert.ok(item.kind === 'method' && /^basic\.n?ack$/.test(item.name))
    const tag = Number(item.args.deliveryTag)
    const letter = item.name === 'basic.ack' ? 'a' : 'n'
    for (let at = item.args.multiple ? after + 1 : tag; at <= tag; at++) {
      if (found.has(at)) assert.ok(at !== tag, `number ${tag} is answered twice`)
      else found.set(at, letter)
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, letter]) => letter)
    .join('')
}
