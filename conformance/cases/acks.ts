import assert from 'node:assert/strict'
import type { Channel } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'
import type { Arguments } from '../support/methods.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 4.4'
const TAGS = 'errors.md 5.7'

export const area: Area = {
  name: 'acks',
  cases: [
    fact('an acknowledged message does not come back', SOURCE, async (t) => {
      const { ch, q, got } = await withGot(t, ['1'])
      ch.ack(got[0]!)
      await ch.close()
      assert.equal(await (await t.channel()).get(q), false)
    }),
    fact('ack of multiple settles every tag up to it', SOURCE, async (t) => {
      const { ch, q, got } = await withGot(t, ['1', '2', '3', '4'])
      ch.ack(got[2]!, true)
      await ch.close()
      assert.deepEqual(await t.drain(await t.channel(), q), ['4'])
    }),
    fact('ack of multiple spans consumers, gets and queues', SOURCE, async (t) => {
      const ch = await t.channel()
      const [one, two] = [await t.queue(ch), await t.queue(ch)]
      await t.fill(one, ['1'])
      await t.fill(two, ['2', '3'])
      await ch.get(one)
      const consumer = await t.consume(ch, two)
      const messages = await consumer.take(2)
      ch.ack(messages[1]!, true)
      await ch.close()
      const other = await t.channel()
      assert.deepEqual([await t.drain(other, one), await t.drain(other, two)], [[], []])
    }),
    fact('tag 0 with multiple settles everything', SOURCE, async (t) => {
      const { ch, q } = await withGot(t, ['1', '2', '3'])
      ch.ackAll()
      await ch.close()
      assert.equal(await (await t.channel()).get(q), false)
    }),
    ...['basic.ack', 'basic.nack'].map((method) =>
      fact(
        `${method} of tag 0 with multiple is fine with nothing outstanding`,
        'errors.md 3',
        async (t) => {
          const raw = await t.raw()
          raw.send(1, method, { deliveryTag: 0, multiple: true })
          await raw.call(1, 'tx.select')
        },
      ),
    ),
    fact('tags may be settled in any order', SOURCE, async (t) => {
      const { ch, q, got } = await withGot(t, ['1', '2', '3'])
      for (const at of [2, 0, 1]) ch.ack(got[at]!)
      await ch.close()
      assert.equal(await (await t.channel()).get(q), false)
    }),
    fact('reject without requeue drops the message', SOURCE, async (t) => {
      const { ch, q, got } = await withGot(t, ['1', '2'])
      ch.reject(got[0]!, false)
      await ch.close()
      assert.deepEqual(await t.drain(await t.channel(), q), ['2'])
    }),
    fact('nack of multiple without requeue drops the messages', SOURCE, async (t) => {
      const { ch, q, got } = await withGot(t, ['1', '2', '3'])
      ch.nack(got[1]!, true, false)
      await ch.close()
      assert.deepEqual(await t.drain(await t.channel(), q), ['3'])
    }),
    fact('nack of tag 0 with multiple returns everything', SOURCE, async (t) => {
      const { ch, q } = await withGot(t, ['1', '2', '3'])
      ch.nackAll(true)
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3'])
    }),
    ...unknownTags(),
    fact('an unknown tag does not settle the known ones', TAGS, async (t) => {
      const raw = await t.raw()
      const queue = await rawGot(raw, t, 2)
      raw.send(1, 'basic.ack', { deliveryTag: 3, multiple: true })
      await raw.expect(1, 'channel.close')
      raw.send(1, 'channel.close-ok')
      assert.deepEqual(await t.drain(await t.channel(), queue), ['0', '1'])
    }),
    fact('recover puts everything unacknowledged back, marked redelivered', SOURCE, async (t) => {
      const { ch, q } = await withGot(t, ['1', '2', '3'])
      await ch.recover()
      for (const body of ['1', '2', '3']) {
        const message = await ch.get(q)
        assert.ok(message !== false)
        assert.deepEqual([text(message), message.fields.redelivered], [body, true])
      }
    }),
    fact('recover delivers again to a live consumer under new tags', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2'])
      const consumer = await t.consume(ch, q)
      await consumer.take(2)
      await ch.recover()
      const again = await consumer.take(2)
      assert.deepEqual(again.map(text), ['1', '2'])
      assert.deepEqual(
        again.map((message) => message?.fields.deliveryTag),
        [3, 4],
      )
    }),
    fact('a tag is unknown after recover', SOURCE, async (t) => {
      const { ch, got } = await withGot(t, ['1'])
      await ch.recover()
      ch.ack(got[0]!)
      const { text: words } = await t.failure(ch)
      assert.equal(words, 'PRECONDITION_FAILED - unknown delivery tag 1')
    }),
    fact('recover-async does the same without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = await rawGot(raw, t, 2)
      raw.send(1, 'basic.recover-async', { requeue: true })
      for (const body of ['0', '1']) {
        raw.send(1, 'basic.get', { queue })
        const message = await raw.message(1, 'basic.get-ok')
        assert.deepEqual([message.body.toString(), message.args.redelivered], [body, true])
      }
    }),
    ...['basic.recover', 'basic.recover-async'].map((method) =>
      refusal(`${method} without requeue is not implemented`, 'errors.md 8.2', (raw) => {
        raw.send(1, method, { requeue: false })
        return connectionError(540, 'NOT_IMPLEMENTED - requeue=false', method)
      }),
    ),
  ],
}

/** A queue with these messages, all of them got and not acknowledged. */
async function withGot(t: Session, bodies: string[]) {
  const ch = await t.channel()
  const q = await t.queue(ch)
  await t.fill(q, bodies)
  return { ch, q, got: await getAll(ch, q, bodies.length) }
}

async function getAll(ch: Channel, q: string, count: number) {
  const got: Exclude<Awaited<ReturnType<Channel['get']>>, false>[] = []
  for (let at = 0; at < count; at++) {
    const message = await ch.get(q)
    assert.ok(message !== false)
    got.push(message)
  }
  return got
}

async function rawGot(raw: RawConnection, t: Session, count: number): Promise<string> {
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue })
  for (let at = 0; at < count; at++) {
    raw.publish(1, { routingKey: queue }, String(at))
    raw.send(1, 'basic.get', { queue })
    await raw.message(1, 'basic.get-ok')
  }
  return queue
}

/** The channel has tags 1 to 3, and 2 is acknowledged. */
function unknownTags() {
  const rows: [what: string, method: string, args: Arguments][] = [
    ['ack of a tag never issued', 'basic.ack', { deliveryTag: 4 }],
    ['ack of a tag acknowledged before', 'basic.ack', { deliveryTag: 2 }],
    ['ack of tag 0', 'basic.ack', { deliveryTag: 0 }],
    ['ack of multiple up to a tag never issued', 'basic.ack', { deliveryTag: 4, multiple: true }],
    [
      'ack of multiple up to a tag acknowledged before',
      'basic.ack',
      { deliveryTag: 2, multiple: true },
    ],
    ['nack of a tag never issued', 'basic.nack', { deliveryTag: 4, requeue: true }],
    ['nack of a tag acknowledged before', 'basic.nack', { deliveryTag: 2 }],
    ['reject of a tag never issued', 'basic.reject', { deliveryTag: 4 }],
    ['reject of tag 0', 'basic.reject', { deliveryTag: 0, requeue: true }],
  ]
  return [
    ...rows.map(([what, method, args]) =>
      refusal(`${what} is refused`, TAGS, async (raw, t) => {
        await rawGot(raw, t, 3)
        raw.send(1, 'basic.ack', { deliveryTag: 2 })
        raw.send(1, method, args)
        const words = `PRECONDITION_FAILED - unknown delivery tag ${Number(args.deliveryTag)}`
        return channelError(406, words, method)
      }),
    ),
    refusal(
      'ack of a message delivered without acknowledgement is refused',
      TAGS,
      async (raw, t) => {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        raw.publish(1, { routingKey: queue }, 'm')
        raw.send(1, 'basic.get', { queue, noAck: true })
        await raw.message(1, 'basic.get-ok')
        raw.send(1, 'basic.ack', { deliveryTag: 1 })
        return channelError(406, 'PRECONDITION_FAILED - unknown delivery tag 1', 'basic.ack')
      },
    ),
    refusal('tags are not shared between channels', TAGS, async (raw, t) => {
      await rawGot(raw, t, 1)
      await raw.call(2, 'channel.open')
      raw.send(2, 'basic.ack', { deliveryTag: 1 })
      return channelError(406, 'PRECONDITION_FAILED - unknown delivery tag 1', 'basic.ack')
    }),
  ]
}
