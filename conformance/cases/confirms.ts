import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'core-semantics.md 3.3'

export const area: Area = {
  name: 'confirms',
  cases: [
    fact('confirm.select is answered and may be repeated', SOURCE, async (t) => {
      const raw = await t.raw()
      assert.deepEqual(await raw.call(1, 'confirm.select'), {})
      assert.deepEqual(await raw.call(1, 'confirm.select'), {})
    }),
    fact('the first publish after confirm.select is number 1', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      raw.publish(1, { routingKey: queue }, 'm')
      const { deliveryTag } = await raw.expect(1, 'basic.ack')
      assert.equal(deliveryTag, 1)
    }),
    fact('publishes before confirm.select are not counted', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, 'uncounted')
      await raw.call(1, 'confirm.select')
      raw.publish(1, { routingKey: queue }, 'counted')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
    }),
    fact('a repeated confirm.select goes on counting', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      raw.publish(1, { routingKey: queue }, 'm')
      await raw.expect(1, 'basic.ack')
      await raw.call(1, 'confirm.select')
      raw.publish(1, { routingKey: queue }, 'm')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 2)
    }),
    fact('every publish is confirmed once, alone or cumulatively', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      for (let at = 0; at < 1000; at++) raw.publish(1, { routingKey: queue }, 'm')
      await confirmed(raw, 1000)
    }),
    fact('persistent messages to a durable queue are confirmed', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true })
      await raw.call(1, 'confirm.select')
      for (let at = 0; at < 200; at++) {
        raw.publish(1, { routingKey: queue }, 'm', { deliveryMode: 2 })
      }
      await confirmed(raw, 200)
    }),
    fact('an unroutable message is confirmed', SOURCE, async (t) => {
      const { raw } = await confirming(t)
      raw.publish(1, { routingKey: t.name('missing') }, 'lost')
      assert.deepEqual(await raw.expect(1, 'basic.ack'), { deliveryTag: 1, multiple: false })
    }),
    fact(
      'an unroutable mandatory message is returned before its confirm',
      'amqp-0-9-1.md 8',
      async (t) => {
        const { raw } = await confirming(t)
        raw.publish(1, { routingKey: t.name('missing'), mandatory: true }, 'back')
        await raw.message(1, 'basic.return')
        assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
      },
    ),
    fact('a message that went to several queues is confirmed once', SOURCE, async (t) => {
      const { raw } = await confirming(t)
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      for (let at = 0; at < 5; at++) {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'queue.bind', { queue, exchange })
      }
      raw.publish(1, { exchange }, 'm')
      assert.deepEqual(await raw.expect(1, 'basic.ack'), { deliveryTag: 1, multiple: false })
      await raw.call(1, 'channel.flow', { active: true })
    }),
    fact('each channel numbers its own publishes', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      await raw.call(2, 'channel.open')
      await raw.call(2, 'confirm.select')
      raw.publish(1, { routingKey: queue }, 'm')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
      raw.publish(2, { routingKey: queue }, 'm')
      assert.equal((await raw.expect(2, 'basic.ack')).deliveryTag, 1)
    }),
    fact('a channel without confirm.select is sent no confirms', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      await raw.call(2, 'channel.open')
      raw.publish(2, { routingKey: queue }, 'silent')
      raw.publish(1, { routingKey: queue }, 'loud')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
      await raw.call(2, 'channel.flow', { active: true })
    }),
    fact('a message is confirmed though its queue is deleted', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      await raw.call(2, 'channel.open')
      for (let at = 0; at < 100; at++) raw.publish(1, { routingKey: queue }, 'm')
      raw.send(2, 'queue.delete', { queue })
      await confirmed(raw, 100)
    }),
    fact('a message is confirmed while its consumer has not acknowledged it', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      const consumer = await t.consume(await t.channel(), queue)
      raw.publish(1, { routingKey: queue }, 'm')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
      await consumer.next()
    }),
    fact('acks of a consumer are not counted as publishes', SOURCE, async (t) => {
      const { raw, queue } = await confirming(t)
      raw.publish(1, { routingKey: queue }, 'm')
      await raw.expect(1, 'basic.ack')
      raw.send(1, 'basic.get', { queue })
      await raw.message(1, 'basic.get-ok')
      raw.send(1, 'basic.ack', { deliveryTag: 1 })
      raw.publish(1, { routingKey: queue }, 'm')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 2)
    }),
    fact('a reopened channel is not in confirm mode', SOURCE, async (t) => {
      const { raw } = await confirming(t)
      await raw.call(1, 'channel.close', { replyCode: 200 })
      await raw.call(1, 'channel.open')
      await raw.call(1, 'tx.select')
    }),
    fact('amqplib waits for all confirms', SOURCE, async (t) => {
      const ch = await t.confirmChannel()
      const q = await t.queue(ch)
      let confirms = 0
      for (let at = 0; at < 500; at++) {
        ch.sendToQueue(q, Buffer.from(String(at)), { persistent: true }, (error) => {
          if (error === null) confirms++
        })
      }
      await ch.waitForConfirms()
      assert.equal(confirms, 500)
      assert.equal((await ch.checkQueue(q)).messageCount, 500)
    }),
    refusal('tx.select on a confirm channel is refused', 'errors.md 5.8', async (raw) => {
      await raw.call(1, 'confirm.select')
      raw.send(1, 'tx.select')
      const words = 'PRECONDITION_FAILED - cannot switch from confirm to tx mode'
      return channelError(406, words, 'tx.select')
    }),
    refusal('a publish that is refused is not confirmed', SOURCE, async (raw, t) => {
      const exchange = t.name('x')
      await raw.call(1, 'confirm.select')
      raw.publish(1, { exchange }, 'm')
      const words = `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`
      return channelError(404, words, 'basic.publish')
    }),
  ],
}

async function confirming(t: Session): Promise<{ raw: RawConnection; queue: string }> {
  const raw = await t.raw()
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue })
  await raw.call(1, 'confirm.select')
  return { raw, queue }
}

/** Reads confirms until numbers 1 to `count` are each confirmed, none of them twice. */
async function confirmed(raw: RawConnection, count: number): Promise<void> {
  const open = new Set(Array.from({ length: count }, (_, at) => at + 1))
  while (open.size > 0) {
    const item = await raw.next()
    assert.equal(item.kind, 'method')
    if (item.kind !== 'method' || item.name === 'queue.delete-ok') continue
    assert.equal(item.name, 'basic.ack')
    const tag = Number(item.args.deliveryTag)
    assert.ok(open.has(tag), `number ${tag} is confirmed twice or was never published`)
    open.delete(tag)
    if (item.args.multiple) for (const lower of [...open]) if (lower < tag) open.delete(lower)
  }
}
