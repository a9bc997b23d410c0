import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'

const SOURCE = 'amqp-0-9-1.md 4, 6'

export const area: Area = {
  name: 'channels',
  cases: [
    fact('channel.open-ok carries an empty long string', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.raw()
      assert.deepEqual(await raw.call(2, 'channel.open'), { reserved1: '' })
    }),
    fact('any number from 1 to 65535 may be opened', SOURCE, async (t) => {
      const raw = await t.raw()
      for (const channel of [65535, 2048, 300, 2]) await raw.call(channel, 'channel.open')
    }),
    fact('a number may be opened again after close-ok', SOURCE, async (t) => {
      const raw = await t.raw()
      for (let turn = 0; turn < 20; turn++) {
        await raw.call(1, 'channel.close', { replyCode: 200 })
        await raw.call(1, 'channel.open')
      }
    }),
    fact(
      'a number may be opened again right after the close-ok of the client',
      SOURCE,
      async (t) => {
        const raw = await t.raw()
        for (let turn = 0; turn < 20; turn++) {
          raw.send(1, 'basic.get', { queue: t.target.vhost })
          await raw.expect(1, 'channel.close')
          raw.send(1, 'channel.close-ok')
          await raw.call(1, 'channel.open')
        }
      },
    ),
    fact('a reopened channel starts its delivery tags at 1', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      for (let turn = 0; turn < 2; turn++) {
        await raw.call(1, 'queue.declare', { queue })
        raw.publish(1, { routingKey: queue }, 'a')
        raw.send(1, 'basic.get', { queue, noAck: true })
        assert.equal((await raw.message(1, 'basic.get-ok')).args.deliveryTag, 1)
        await raw.call(1, 'channel.close', { replyCode: 200 })
        await raw.call(1, 'channel.open')
      }
    }),
    fact('a channel error leaves other channels alone', 'errors.md 1', async (t) => {
      const connection = await t.connect()
      const one = await t.channel(connection)
      const two = await t.channel(connection)
      const q = await t.queue(two)
      const missing = t.name('missing')
      await assert.rejects(one.checkQueue(missing), /404/)
      assert.deepEqual(
        await t.failure(one),
        channelError(404, `NOT_FOUND - no queue '${missing}' ${t.inVhost}`, 'queue.declare'),
      )
      assert.equal((await two.checkQueue(q)).queue, q)
    }),
    fact('frames on a channel that the broker is closing are ignored', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(2, 'channel.open')
      raw.send(1, 'basic.get', { queue: t.name('missing') })
      raw.send(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, 'body')
      raw.send(1, 'basic.ack', { deliveryTag: 99 })
      await raw.expect(1, 'channel.close')
      raw.send(1, 'queue.declare', { queue })
      raw.send(1, 'channel.close-ok')
      raw.send(2, 'queue.declare', { queue, passive: true })
      assert.equal((await raw.expect(2, 'channel.close')).replyCode, 404)
    }),
    fact(
      'channel.close from the client is answered while the broker closes too',
      SOURCE,
      async (t) => {
        const raw = await t.raw()
        raw.send(1, 'basic.get', { queue: t.name('missing') })
        raw.send(1, 'channel.close', { replyCode: 200 })
        await raw.expect(1, 'channel.close')
        await raw.expect(1, 'channel.close-ok')
        raw.send(1, 'channel.close-ok')
        await raw.call(1, 'channel.open')
      },
    ),
    fact('what came before channel.close is done', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, 'last words')
      await raw.call(1, 'channel.close', { replyCode: 200 })
      assert.deepEqual(await t.drain(await t.channel(), queue), ['last words'])
    }),
    fact('channel.flow with active is answered by flow-ok', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.raw()
      assert.deepEqual(await raw.call(1, 'channel.flow', { active: true }), { active: true })
    }),
    refusal('channel.flow without active is refused with 540', 'errors.md 8.2', (raw) => {
      raw.send(1, 'channel.flow', { active: false })
      return connectionError(540, 'NOT_IMPLEMENTED - active=false', 'channel.flow')
    }),
    fact('access.request is granted with ticket 1', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.raw()
      const args = { realm: '/data', active: true, write: true, read: true }
      assert.deepEqual(await raw.call(1, 'access.request', args), { ticket: 1 })
    }),
    fact('a ticket other than 0 is ignored', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.raw()
      await raw.call(1, 'queue.declare', { ticket: 77, queue: t.name('queue') })
    }),
    fact('closing a channel removes its consumers', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const other = await t.channel()
      await t.consume(other, q)
      assert.equal((await ch.checkQueue(q)).consumerCount, 1)
      await other.close()
      assert.equal((await ch.checkQueue(q)).consumerCount, 0)
    }),
    fact('a connection carries a thousand channels', SOURCE, async (t) => {
      const raw = await t.raw()
      for (let channel = 2; channel <= 1000; channel++) raw.send(channel, 'channel.open')
      const opened = new Set<number>()
      while (opened.size < 999) {
        const item = await raw.next()
        assert.ok(item.kind === 'method' && item.name === 'channel.open-ok')
        opened.add(item.channel)
      }
    }),
  ],
}
