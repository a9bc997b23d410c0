import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'
import { methodFrame } from '../support/frames.ts'
import { text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 4.1'

export const area: Area = {
  name: 'consume',
  cases: [
    fact('a consumer gets what is ready and what comes later', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2'])
      const consumer = await t.consume(ch, q)
      await consumer.take(2)
      await t.fill(q, ['3'])
      await consumer.next()
      assert.deepEqual(consumer.received.map(text), ['1', '2', '3'])
    }),
    fact(
      'a delivery carries tag, exchange, key and a first delivery is not redelivered',
      SOURCE,
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        await ch.bindQueue(q, 'amq.direct', q)
        ch.publish('amq.direct', q, Buffer.from('m'))
        const message = await (await t.consume(ch, q, { consumerTag: 'mine' })).next()
        assert.deepEqual(
          { ...message?.fields },
          {
            consumerTag: 'mine',
            deliveryTag: 1,
            redelivered: false,
            exchange: 'amq.direct',
            routingKey: q,
          },
        )
      },
    ),
    fact(
      'the broker makes a tag of amq.ctag- and 22 letters',
      'core-semantics.md 1.1',
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        const tags = [await t.consume(ch, q), await t.consume(ch, q)].map(({ tag }) => tag)
        for (const tag of tags) assert.match(tag, /^amq\.ctag-[A-Za-z0-9_-]{22}$/)
        assert.notEqual(tags[0], tags[1])
      },
    ),
    fact('consume-ok comes before the first delivery', 'amqp-0-9-1.md 8', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await t.fill(queue, ['1'])
      assert.deepEqual(await raw.call(1, 'basic.consume', { queue, consumerTag: 'c' }), {
        consumerTag: 'c',
      })
      await raw.message(1, 'basic.deliver')
    }),
    fact('several consumers of a channel have tags of their own', SOURCE, async (t) => {
      const ch = await t.channel()
      const [one, two] = [await t.queue(ch), await t.queue(ch)]
      const first = await t.consume(ch, one, { consumerTag: 'one' })
      const second = await t.consume(ch, two, { consumerTag: 'two' })
      ch.sendToQueue(two, Buffer.from('for two'))
      ch.sendToQueue(one, Buffer.from('for one'))
      assert.equal(text(await first.next()), 'for one')
      assert.equal(text(await second.next()), 'for two')
    }),
    fact('the same tag may be used on two channels', SOURCE, async (t) => {
      const q = await t.queue(await t.channel())
      for (const ch of [await t.channel(), await t.channel()]) {
        await t.consume(ch, q, { consumerTag: 'same' })
      }
    }),
    refusal(
      'using a tag twice on a channel ends the connection',
      'errors.md 8.1',
      async (raw, t) => {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'basic.consume', { queue, consumerTag: 'twice' })
        raw.send(1, 'basic.consume', { queue, consumerTag: 'twice' })
        const words = "NOT_ALLOWED - attempt to reuse consumer tag 'twice'"
        return connectionError(530, words, 'basic.consume')
      },
    ),
    fact('a tag is free again after cancel', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      for (let turn = 0; turn < 3; turn++) {
        const consumer = await t.consume(ch, q, { consumerTag: 'again' })
        ch.sendToQueue(q, Buffer.from(String(turn)))
        assert.equal(text(await consumer.next()), String(turn))
        await ch.cancel('again')
      }
    }),
    fact('no-ack takes messages away as they are sent', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const consumer = await t.consume(ch, q, { noAck: true })
      await t.fill(q, ['1', '2'])
      await consumer.take(2)
      await ch.close()
      const other = await t.channel()
      assert.deepEqual(await other.deleteQueue(q), { messageCount: 0 })
    }),
    fact(
      'delivery tags grow over deliveries with and without acknowledgement and over gets',
      'amqp-0-9-1.md 8',
      async (t) => {
        const ch = await t.channel()
        const [one, two, three] = [await t.queue(ch), await t.queue(ch), await t.queue(ch)]
        const first = await t.consume(ch, one, { noAck: true })
        const second = await t.consume(ch, two)
        const tags: (number | undefined)[] = []
        for (let turn = 0; turn < 2; turn++) {
          ch.sendToQueue(one, Buffer.from('1'))
          tags.push((await first.next())?.fields.deliveryTag)
          ch.sendToQueue(two, Buffer.from('2'))
          tags.push((await second.next())?.fields.deliveryTag)
          ch.sendToQueue(three, Buffer.from('3'))
          const got = await ch.get(three, { noAck: turn === 0 })
          tags.push(got === false ? undefined : got.fields.deliveryTag)
        }
        assert.deepEqual(tags, [1, 2, 3, 4, 5, 6])
      },
    ),
    fact('no-local is ignored', 'errors.md 3', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const consumer = await t.consume(ch, q, { noLocal: true })
      ch.sendToQueue(q, Buffer.from('my own'))
      assert.equal(text(await consumer.next()), 'my own')
    }),
    fact('unknown consumer arguments are ignored', 'errors.md 3', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.consume(ch, q, { arguments: { 'x-conformance': 1 } })
    }),
    ...[false, true].map((exclusive) =>
      refusal(
        `${exclusive ? 'an exclusive' : 'any'} consumer beside an exclusive one is refused`,
        'errors.md 6',
        async (raw, t) => {
          const queue = t.name('queue')
          await raw.call(1, 'queue.declare', { queue })
          await t.consume(await t.channel(), queue, { exclusive: true })
          raw.send(1, 'basic.consume', { queue, exclusive })
          const words = `ACCESS_REFUSED - queue '${queue}' ${t.inVhost} in exclusive use`
          return channelError(403, words, 'basic.consume')
        },
      ),
    ),
    refusal(
      'an exclusive consumer beside another one is refused',
      'errors.md 6',
      async (raw, t) => {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await t.consume(await t.channel(), queue)
        raw.send(1, 'basic.consume', { queue, exclusive: true })
        const words = `ACCESS_REFUSED - queue '${queue}' ${t.inVhost} in exclusive use`
        return channelError(403, words, 'basic.consume')
      },
    ),
    fact('the cancel of an exclusive consumer makes room for another', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const consumer = await t.consume(ch, q, { exclusive: true })
      await ch.cancel(consumer.tag)
      await t.consume(ch, q)
    }),
    fact('basic.get works beside an exclusive consumer', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.prefetch(1)
      await t.fill(q, ['1', '2'])
      await (await t.consume(ch, q, { exclusive: true })).next()
      assert.equal(text(await (await t.channel()).get(q)), '2')
    }),
    fact('cancel-ok carries the tag and ends the deliveries', 'amqp-0-9-1.md 8', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'basic.consume', { queue, consumerTag: 'c' })
      assert.deepEqual(await raw.call(1, 'basic.cancel', { consumerTag: 'c' }), {
        consumerTag: 'c',
      })
      await t.fill(queue, ['1'])
      const { messageCount, consumerCount } = await raw.call(1, 'queue.declare', {
        queue,
        passive: true,
      })
      assert.deepEqual([messageCount, consumerCount], [1, 0])
      await raw.call(1, 'queue.declare', { queue, passive: true })
    }),
    fact('cancelling an unknown tag succeeds', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      const reply = await raw.call(1, 'basic.cancel', { consumerTag: 'nobody' })
      assert.deepEqual(reply, { consumerTag: 'nobody' })
    }),
    fact(
      'cancel leaves unacknowledged messages with the channel',
      'core-semantics.md 4.4',
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        await t.fill(q, ['1', '2'])
        const consumer = await t.consume(ch, q)
        const [first, second] = await consumer.take(2)
        await ch.cancel(consumer.tag)
        assert.equal((await ch.checkQueue(q)).messageCount, 0)
        assert.ok(first && second)
        ch.ack(first)
        ch.nack(second)
        const again = await t.consume(ch, q)
        const message = await again.next()
        assert.deepEqual([text(message), message?.fields.redelivered], ['2', true])
      },
    ),
    fact(
      'the broker cancels the consumers of a deleted queue',
      'core-semantics.md 4.7',
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        const consumers = [
          await t.consume(await t.channel(), q),
          await t.consume(await t.channel(), q),
        ]
        await ch.deleteQueue(q)
        for (const consumer of consumers) assert.equal(await consumer.next(), null)
      },
    ),
    fact(
      'the deleting channel has delete-ok before its cancellation',
      'core-semantics.md 4.7',
      async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'basic.consume', { queue, consumerTag: 'c' })
        await raw.call(1, 'queue.delete', { queue })
        const cancel = await raw.expect(1, 'basic.cancel')
        assert.deepEqual(cancel, { consumerTag: 'c', nowait: true })
      },
    ),
    fact(
      'a client without consumer_cancel_notify is told nothing',
      'core-semantics.md 4.7',
      async (t) => {
        const raw = await t.raw({ clientProperties: [] })
        const watcher = await t.raw()
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'basic.consume', { queue, consumerTag: 'c' })
        await watcher.call(1, 'basic.consume', { queue, consumerTag: 'w' })
        await watcher.call(1, 'queue.delete', { queue })
        await watcher.expect(1, 'basic.cancel')
        await raw.call(1, 'tx.select')
        await raw.call(1, 'tx.commit')
      },
    ),
    fact(
      'a tag is free again after the broker cancelled it',
      'core-semantics.md 4.7',
      async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        for (let turn = 0; turn < 2; turn++) {
          await raw.call(1, 'queue.declare', { queue })
          await raw.call(1, 'basic.consume', { queue, consumerTag: 'c' })
          await raw.call(1, 'queue.delete', { queue })
          await raw.expect(1, 'basic.cancel')
        }
      },
    ),
    fact('consume, publish and cancel may come in one piece', 'amqp-0-9-1.md 2', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      const args = { queue, consumerTag: 'c', noAck: true }
      raw.sendBytes(
        Buffer.concat([
          methodFrame(1, 'basic.consume', args),
          methodFrame(1, 'basic.cancel', { consumerTag: 'c' }),
          methodFrame(1, 'basic.consume', args),
        ]),
      )
      await raw.expect(1, 'basic.consume-ok')
      await raw.expect(1, 'basic.cancel-ok')
      await raw.expect(1, 'basic.consume-ok')
    }),
  ],
}
