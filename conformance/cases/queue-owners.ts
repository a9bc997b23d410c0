import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Arguments } from '../support/methods.ts'
import type { Session } from '../support/session.ts'

const AUTO_DELETE = 'core-semantics.md 1.3'

export const area: Area = {
  name: 'exclusive and auto-delete queues',
  cases: [
    ...foreignUse(),
    fact(
      'publishing to the exclusive queue of another connection is free',
      'errors.md 7',
      async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue, exclusive: true })
        await t.fill(queue, ['from outside'])
        raw.send(1, 'basic.get', { queue, noAck: true })
        assert.equal((await raw.message(1, 'basic.get-ok')).body.toString(), 'from outside')
      },
    ),
    fact(
      'every channel of the owning connection may use an exclusive queue',
      'errors.md 7',
      async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue, exclusive: true })
        await raw.call(2, 'channel.open')
        await raw.call(2, 'queue.declare', { queue, exclusive: true })
        await raw.call(2, 'basic.consume', { queue })
      },
    ),
    refusal('the owner may not redeclare it as not exclusive', 'errors.md 7', async (raw, t) => {
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, exclusive: true })
      raw.send(1, 'queue.declare', { queue })
      return channelError(405, locked(queue, t), 'queue.declare')
    }),
    refusal(
      'a queue that is not exclusive may not be redeclared as exclusive',
      'errors.md 5.1',
      async (raw, t) => {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        raw.send(1, 'queue.declare', { queue, exclusive: true })
        return channelError(405, locked(queue, t), 'queue.declare')
      },
    ),
    fact('an exclusive queue is never durable, whatever was asked', 'errors.md 5.1', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, exclusive: true, durable: true })
      await raw.call(1, 'queue.declare', { queue, exclusive: true, durable: false })
      await raw.call(1, 'queue.declare', { queue, exclusive: true, durable: true })
    }),
    fact('an exclusive queue outlives the channel that declared it', AUTO_DELETE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, exclusive: true })
      await raw.call(1, 'channel.close', { replyCode: 200 })
      await raw.call(2, 'channel.open')
      await raw.call(2, 'queue.declare', { queue, passive: true })
    }),
    fact(
      'an auto-delete queue goes with the cancel of its last consumer',
      AUTO_DELETE,
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch, { autoDelete: true })
        const one = await t.consume(ch, q)
        const two = await t.consume(ch, q)
        await ch.cancel(one.tag)
        await ch.checkQueue(q)
        await ch.cancel(two.tag)
        await assert.rejects(ch.checkQueue(q), /404/)
      },
    ),
    fact(
      'an auto-delete queue goes with the channel of its last consumer',
      AUTO_DELETE,
      async (t) => {
        const ch = await t.channel()
        const other = await t.channel()
        const q = await t.queue(ch, { autoDelete: true })
        await t.consume(other, q)
        await other.close()
        await assert.rejects(ch.checkQueue(q), /404/)
      },
    ),
    fact('an auto-delete queue never consumed stays', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const other = await t.channel()
      const q = await t.queue(other, { autoDelete: true })
      await t.fill(q, ['1'])
      await other.get(q, { noAck: true })
      await other.close()
      assert.equal((await ch.checkQueue(q)).messageCount, 0)
    }),
    fact(
      'an auto-delete queue goes with ready and unacknowledged messages',
      AUTO_DELETE,
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch, { autoDelete: true })
        await t.fill(q, ['1', '2'])
        await ch.prefetch(1)
        const consumer = await t.consume(ch, q)
        await consumer.next()
        await ch.cancel(consumer.tag)
        await assert.rejects(ch.checkQueue(q), /404/)
      },
    ),
    fact('deleting an auto-delete queue by hand works as ever', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch, { autoDelete: true })
      const consumer = await t.consume(ch, q)
      await ch.deleteQueue(q)
      assert.equal(await consumer.next(), null)
    }),
  ],
}

/** Everything that a connection other than the owner must not do. */
function foreignUse() {
  const attempts: [method: string, args: Arguments, what?: string][] = [
    ['queue.declare', {}],
    ['queue.declare', { exclusive: true }, 'exclusive queue.declare'],
    ['queue.declare', { passive: true }, 'passive queue.declare'],
    ['queue.bind', { exchange: 'amq.direct', routingKey: 'k' }],
    ['queue.purge', {}],
    ['queue.delete', {}],
    ['basic.consume', {}],
    ['basic.get', {}],
  ]
  return [
    ...attempts.map(([method, args, what]) =>
      refusal(
        `${what ?? method} of another connection's exclusive queue is refused`,
        'errors.md 7',
        async (raw, t) => {
          const owner = await t.raw()
          const queue = t.name('queue')
          await owner.call(1, 'queue.declare', { queue, exclusive: true })
          raw.send(1, method, { queue, ...args })
          return channelError(405, locked(queue, t), method)
        },
      ),
    ),
    refusal(
      "queue.unbind of a binding of another connection's exclusive queue is refused",
      'errors.md 7',
      async (raw, t) => {
        const owner = await t.raw()
        const args = { queue: t.name('queue'), exchange: 'amq.direct', routingKey: 'k' }
        await owner.call(1, 'queue.declare', { queue: args.queue, exclusive: true })
        await owner.call(1, 'queue.bind', args)
        raw.send(1, 'queue.unbind', args)
        return channelError(405, locked(args.queue, t), 'queue.unbind')
      },
    ),
    fact(
      "queue.unbind of nothing from another connection's exclusive queue succeeds",
      'errors.md 3',
      async (t) => {
        const owner = await t.raw()
        const raw = await t.raw()
        const queue = t.name('queue')
        await owner.call(1, 'queue.declare', { queue, exclusive: true })
        await raw.call(1, 'queue.unbind', { queue, exchange: 'amq.direct', routingKey: 'k' })
      },
    ),
  ]
}

function locked(queue: string, t: Session): string {
  const text = `RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${queue}' ${t.inVhost}. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.`
  return text.length <= 255 ? text : `${text.slice(0, 252)}...`
}
