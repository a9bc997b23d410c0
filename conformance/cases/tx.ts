import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError, connectionError, nextFailure } from '../support/failure.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'core-semantics.md 3.4'

export const area: Area = {
  name: 'tx',
  cases: [
    fact('select, commit and rollback have empty replies', SOURCE, async (t) => {
      const raw = await t.raw()
      for (const method of ['tx.select', 'tx.select', 'tx.commit', 'tx.rollback']) {
        assert.deepEqual(await raw.call(1, method), {})
      }
    }),
    fact('a publish is held back until commit', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      raw.publish(1, { routingKey: queue }, '1')
      raw.publish(1, { routingKey: queue }, '2')
      await raw.call(1, 'channel.flow', { active: true })
      const ch = await t.channel()
      assert.equal(await ch.get(queue), false)
      await raw.call(1, 'tx.commit')
      assert.deepEqual(await t.drain(ch, queue), ['1', '2'])
    }),
    fact('a rollback drops publishes', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      raw.publish(1, { routingKey: queue }, 'dropped')
      await raw.call(1, 'tx.rollback')
      raw.publish(1, { routingKey: queue }, 'kept')
      await raw.call(1, 'tx.commit')
      assert.deepEqual(await t.drain(await t.channel(), queue), ['kept'])
    }),
    fact('each commit starts a new transaction', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      const ch = await t.channel()
      for (const body of ['1', '2']) {
        raw.publish(1, { routingKey: queue }, body)
        await raw.call(1, 'channel.flow', { active: true })
        assert.equal(await ch.get(queue), false)
        await raw.call(1, 'tx.commit')
        assert.deepEqual(await t.drain(ch, queue), [body])
      }
    }),
    fact('closing the channel drops what was not committed', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      raw.publish(1, { routingKey: queue }, 'dropped')
      await raw.call(1, 'channel.close', { replyCode: 200 })
      assert.equal(await (await t.channel()).get(queue), false)
    }),
    fact('an ack is held back until commit', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      await t.fill(queue, ['1'])
      await get(raw, queue)
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      await raw.call(1, 'channel.close', { replyCode: 200 })
      assert.deepEqual(await t.drain(await t.channel(), queue), ['1'])
    }),
    fact('a committed ack is final', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      await t.fill(queue, ['1'])
      await get(raw, queue)
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      await raw.call(1, 'tx.commit')
      await raw.call(1, 'channel.close', { replyCode: 200 })
      assert.equal(await (await t.channel()).get(queue), false)
    }),
    fact('a rejection with requeue takes effect at commit', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      await t.fill(queue, ['1'])
      await get(raw, queue)
      raw.send(1, 'basic.reject', { deliveryTag: 1, requeue: true })
      await raw.call(1, 'channel.flow', { active: true })
      const ch = await t.channel()
      assert.equal(await ch.get(queue), false)
      await raw.call(1, 'tx.commit')
      assert.deepEqual(await t.drain(ch, queue), ['1'])
    }),
    fact('after a rollback an acknowledged message is unacknowledged again', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      await t.fill(queue, ['1'])
      await get(raw, queue)
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      await raw.call(1, 'tx.rollback')
      assert.equal(await (await t.channel()).get(queue), false)
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      await raw.call(1, 'tx.commit')
      await raw.call(1, 'channel.close', { replyCode: 200 })
      assert.equal(await (await t.channel()).get(queue), false)
    }),
    fact('recover after a rollback brings the message back', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      await t.fill(queue, ['1'])
      await get(raw, queue)
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      await raw.call(1, 'tx.rollback')
      await raw.call(1, 'basic.recover', { requeue: true })
      assert.equal(await get(raw, queue), '1')
    }),
    fact('deliveries and gets are not part of the transaction', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      await t.fill(queue, ['1', '2'])
      assert.equal(await get(raw, queue), '1')
      await raw.call(1, 'tx.rollback')
      assert.equal(await get(raw, queue), '2')
    }),
    fact('declarations are not part of the transaction', SOURCE, async (t) => {
      const { raw } = await inTransaction(t)
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'tx.rollback')
      await raw.call(1, 'queue.declare', { queue, passive: true })
    }),
    fact(
      'an unroutable mandatory message is returned at commit, before commit-ok',
      SOURCE,
      async (t) => {
        const { raw } = await inTransaction(t)
        raw.publish(1, { routingKey: t.name('missing'), mandatory: true }, 'back')
        await raw.call(1, 'channel.flow', { active: true })
        raw.send(1, 'tx.commit')
        assert.equal((await raw.message(1, 'basic.return')).body.toString(), 'back')
        await raw.expect(1, 'tx.commit-ok')
      },
    ),
    fact('messages of a transaction keep their order over queues and sizes', SOURCE, async (t) => {
      const { raw, queue } = await inTransaction(t)
      for (let at = 0; at < 50; at++) raw.publish(1, { routingKey: queue }, String(at))
      await raw.call(1, 'tx.commit')
      const bodies = await t.drain(await t.channel(), queue)
      assert.deepEqual(
        bodies,
        Array.from({ length: 50 }, (_, at) => String(at)),
      )
    }),
    fact('persistent messages are committed', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true })
      await raw.call(1, 'tx.select')
      raw.publish(1, { routingKey: queue }, 'kept', { deliveryMode: 2 })
      await raw.call(1, 'tx.commit')
      assert.deepEqual(await t.drain(await t.channel(), queue), ['kept'])
    }),
    refusal('a publish to a missing exchange is refused at once', SOURCE, async (raw, t) => {
      const exchange = t.name('x')
      await raw.call(1, 'tx.select')
      raw.publish(1, { exchange }, 'm')
      const words = `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`
      return channelError(404, words, 'basic.publish')
    }),
    refusal('an unknown tag is refused at once', SOURCE, async (raw) => {
      await raw.call(1, 'tx.select')
      raw.send(1, 'basic.ack', { deliveryTag: 7 })
      return channelError(406, 'PRECONDITION_FAILED - unknown delivery tag 7', 'basic.ack')
    }),
    refusal('a tag acknowledged in the same transaction is unknown', SOURCE, async (raw, t) => {
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, 'm')
      await raw.call(1, 'tx.select')
      await get(raw, queue)
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      return channelError(406, 'PRECONDITION_FAILED - unknown delivery tag 1', 'basic.ack')
    }),
    ...['tx.commit', 'tx.rollback'].map((method) =>
      refusal(`${method} without tx.select is refused`, 'errors.md 5.8', (raw) => {
        raw.send(1, method)
        const words = 'PRECONDITION_FAILED - channel is not transactional'
        return channelError(406, words, method)
      }),
    ),
    refusal(
      'confirm.select on a transactional channel is refused',
      'errors.md 5.8',
      async (raw) => {
        await raw.call(1, 'tx.select')
        raw.send(1, 'confirm.select')
        const words = 'PRECONDITION_FAILED - cannot switch from tx to confirm mode'
        return channelError(406, words, 'confirm.select')
      },
    ),
    fact(
      'a commit to a queue deleted meanwhile ends the connection',
      'errors.md 5.8',
      async (t) => {
        const { raw, queue } = await inTransaction(t)
        raw.publish(1, { routingKey: queue }, 'm')
        await raw.call(1, 'queue.delete', { queue })
        raw.send(1, 'tx.commit')
        const failure = await nextFailure(raw)
        const resource = `{resource,<<"${t.target.vhost}">>,queue,<<"${queue}">>}`
        const words = `RESOURCE_ERROR - failed to deliver message: {not_found,${resource}}`
        // RabbitMQ breaks long Erlang terms into lines.
        const text = failure.text.replaceAll(/\n\s*/g, '')
        assert.deepEqual({ ...failure, text }, connectionError(506, words, 'tx.commit'))
      },
      on310('3.10 answers commit-ok'),
    ),
  ],
}

async function inTransaction(t: Session): Promise<{ raw: RawConnection; queue: string }> {
  const raw = await t.raw()
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue })
  await raw.call(1, 'tx.select')
  return { raw, queue }
}

async function get(raw: RawConnection, queue: string): Promise<string> {
  raw.send(1, 'basic.get', { queue })
  return (await raw.message(1, 'basic.get-ok')).body.toString()
}
