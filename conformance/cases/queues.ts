import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Arguments } from '../support/methods.ts'

const DECLARE = 'core-semantics.md 1.3'
const NAMES = 'core-semantics.md 1.1'
const NO_PREVIOUS = 'NOT_FOUND - no previously declared queue'

export const area: Area = {
  name: 'queues',
  cases: [
    fact('declare-ok gives name and counts', DECLARE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const reply = await raw.call(1, 'queue.declare', { queue })
      assert.deepEqual(reply, { queue, messageCount: 0, consumerCount: 0 })
    }),
    fact('declare-ok counts ready messages and consumers', DECLARE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3'])
      await ch.get(q)
      assert.deepEqual(await ch.assertQueue(q), { queue: q, messageCount: 2, consumerCount: 0 })
      await ch.prefetch(1)
      const consumer = await t.consume(ch, q)
      await consumer.next()
      assert.deepEqual(await ch.checkQueue(q), { queue: q, messageCount: 1, consumerCount: 1 })
    }),
    fact('a queue that is neither durable nor exclusive works', DECLARE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch, { durable: false })
      ch.sendToQueue(q, Buffer.from('transient'))
      assert.deepEqual(await t.drain(await t.channel(await t.connect()), q), ['transient'])
    }),
    fact('the broker names a queue amq.gen- and 22 letters', NAMES, async (t) => {
      const ch = await t.channel()
      const names = new Set<string>()
      for (let turn = 0; turn < 5; turn++) {
        const { queue } = await ch.assertQueue('', { exclusive: true })
        assert.match(t.own(queue), /^amq\.gen-[A-Za-z0-9_-]{22}$/)
        names.add(queue)
      }
      assert.equal(names.size, 5)
    }),
    fact('a queue named by the broker may be found but not declared again', NAMES, async (t) => {
      const ch = await t.channel()
      const { queue } = await ch.assertQueue('', { exclusive: true })
      assert.equal((await ch.checkQueue(queue)).queue, queue)
      await assert.rejects(ch.assertQueue(queue, { exclusive: true }), /403/)
    }),
    fact('an empty name means the queue last declared on the channel', NAMES, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue: t.name('earlier') })
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, '1')
      raw.publish(1, { routingKey: queue }, '2')
      raw.send(1, 'basic.get', { noAck: true })
      assert.equal((await raw.message(1, 'basic.get-ok')).body.toString(), '1')
      assert.deepEqual(await raw.call(1, 'queue.purge'), { messageCount: 1 })
      await raw.call(1, 'basic.consume', { consumerTag: 'c' })
      const { consumerCount } = await raw.call(1, 'queue.declare', { queue, passive: true })
      assert.equal(consumerCount, 1)
      await raw.call(1, 'queue.bind', { exchange: 'amq.direct', routingKey: queue })
      await raw.call(1, 'queue.unbind', { exchange: 'amq.direct', routingKey: queue })
    }),
    fact('a passive declare is remembered as the last declared queue', NAMES, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(2, 'channel.open')
      await raw.call(2, 'queue.declare', { queue, passive: true })
      raw.publish(2, { routingKey: queue }, 'm')
      raw.send(2, 'basic.get', { noAck: true })
      await raw.message(2, 'basic.get-ok')
    }),
    fact('the last declared queue is remembered per channel', NAMES, async (t) => {
      const raw = await t.raw()
      await raw.call(1, 'queue.declare', { queue: t.name('queue') })
      await raw.call(2, 'channel.open')
      raw.send(2, 'basic.get')
      assert.equal((await raw.expect(2, 'channel.close')).replyText, NO_PREVIOUS)
    }),
    ...[
      'queue.bind',
      'queue.unbind',
      'queue.purge',
      'queue.delete',
      'basic.consume',
      'basic.get',
    ].map((method) =>
      refusal(`${method} of an empty name needs a declared queue`, 'errors.md 4', (raw) => {
        raw.send(1, method, method.endsWith('bind') ? { exchange: 'amq.direct' } : {})
        return channelError(404, NO_PREVIOUS, method)
      }),
    ),
    ...['queue.purge', 'basic.consume', 'basic.get'].map((method) =>
      refusal(`${method} of a missing queue is refused`, 'errors.md 4', (raw, t) => {
        const queue = t.name('queue')
        raw.send(1, method, { queue })
        return channelError(404, `NOT_FOUND - no queue '${queue}' ${t.inVhost}`, method)
      }),
    ),
    refusal('a passive declare of a missing queue is refused', 'errors.md 4', (raw, t) => {
      const queue = t.name('queue')
      raw.send(1, 'queue.declare', { queue, passive: true })
      const text = `NOT_FOUND - no queue '${queue}' ${t.inVhost}`
      return channelError(404, text, 'queue.declare')
    }),
    refusal(
      'a passive declare of an empty name looks for that name',
      'errors.md 4',
      async (raw, t) => {
        await raw.call(1, 'queue.declare', { queue: t.name('queue') })
        raw.send(1, 'queue.declare', { passive: true })
        return channelError(404, `NOT_FOUND - no queue '' ${t.inVhost}`, 'queue.declare')
      },
    ),
    refusal('a name beginning with amq. is refused', 'errors.md 6', (raw) => {
      raw.send(1, 'queue.declare', { queue: 'amq.conformance' })
      const text = "ACCESS_REFUSED - queue name 'amq.conformance' contains reserved prefix 'amq.*'"
      return channelError(403, text, 'queue.declare')
    }),
    fact('the reserved prefix is amq. in small letters', NAMES, async (t) => {
      const raw = await t.raw()
      for (const queue of [`AMQ.${t.name('queue')}`, `amq-${t.name('queue')}`]) {
        await raw.call(1, 'queue.declare', { queue: t.own(queue) })
      }
    }),
    fact('CR and LF are removed from a queue name', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const reply = await raw.call(1, 'queue.declare', { queue: `${queue}\r\n` })
      assert.equal(reply.queue, queue)
    }),
    fact('a name of 255 octets in any script is kept', NAMES, async (t) => {
      const raw = await t.raw()
      for (const queue of [t.name('').padEnd(255, 'q'), `${t.name('')} Grüße 🐇`]) {
        assert.equal((await raw.call(1, 'queue.declare', { queue: t.own(queue) })).queue, queue)
      }
    }),
    fact('a long error text is cut to 255 octets', 'errors.md 1', async (t) => {
      const raw = await t.raw()
      raw.publish(1, { exchange: 'x'.repeat(255) }, 'm')
      const { replyText } = await raw.expect(1, 'channel.close')
      assert.equal(replyText, `${`NOT_FOUND - no exchange '${'x'.repeat(255)}`.slice(0, 252)}...`)
    }),
    fact('purge removes ready messages and gives their number', DECLARE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3'])
      const first = await ch.get(q)
      assert.deepEqual(await ch.purgeQueue(q), { messageCount: 2 })
      assert.deepEqual(await ch.purgeQueue(q), { messageCount: 0 })
      assert.ok(first !== false)
      ch.nack(first)
      assert.deepEqual(await t.drain(ch, q), ['1'])
    }),
    fact('delete gives the number of ready messages', 'core-semantics.md 1.5', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1', '2', '3'])
      await ch.get(q)
      assert.deepEqual(await ch.deleteQueue(q), { messageCount: 2 })
      await assert.rejects(ch.checkQueue(q), /404/)
    }),
    ...['a missing queue', 'amq.conformance', 'amq.rabbitmq.reply-to'].map((what) =>
      fact(`deleting ${what} succeeds`, 'errors.md 3', async (t) => {
        const raw = await t.raw()
        const queue = what.startsWith('amq') ? what : t.name('missing')
        for (const flags of [{}, { ifUnused: true, ifEmpty: true }]) {
          const reply = await raw.call(1, 'queue.delete', { queue, ...flags })
          assert.deepEqual(reply, { messageCount: 0 })
        }
      }),
    ),
    deleteRefused(
      'if-unused refuses to delete a queue with a consumer',
      { ifUnused: true },
      true,
      'in use',
    ),
    deleteRefused(
      'if-empty refuses to delete a queue with messages',
      { ifEmpty: true },
      false,
      'not empty',
    ),
    deleteRefused(
      'not empty is said before in use',
      { ifUnused: true, ifEmpty: true },
      true,
      'not empty',
      'RabbitMQ 3.10.8, seen live (errors.md 5.6 has it the other way round)',
    ),
    fact('if-empty counts ready messages only', 'errors.md 5.6', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, ['1'])
      await ch.get(q)
      assert.deepEqual(await ch.deleteQueue(q, { ifEmpty: true, ifUnused: true }), {
        messageCount: 0,
      })
    }),
    fact(
      'an acknowledgement after the queue was deleted is no error',
      'core-semantics.md 4.4',
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        await t.fill(q, ['1'])
        const message = await ch.get(q)
        await ch.deleteQueue(q)
        assert.ok(message !== false)
        ch.ack(message)
        await t.queue(ch)
      },
    ),
  ],
}

/** A queue with a message, and with a consumer that takes none where `consumed`. */
function deleteRefused(
  name: string,
  flags: Arguments,
  consumed: boolean,
  words: string,
  source = 'errors.md 5.6',
) {
  return refusal(name, source, async (raw, t) => {
    const queue = t.name('queue')
    await raw.call(1, 'queue.declare', { queue })
    if (consumed) {
      const ch = await t.channel()
      await ch.prefetch(1)
      await t.fill(queue, ['taken'])
      await (await t.consume(ch, queue)).next()
    }
    await t.fill(queue, ['ready'])
    raw.send(1, 'queue.delete', { queue, ...flags })
    const text = `PRECONDITION_FAILED - queue '${queue}' ${t.inVhost} ${words}`
    return channelError(406, text, 'queue.delete')
  })
}
