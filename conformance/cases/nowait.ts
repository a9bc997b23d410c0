import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { RawConnection } from '../support/raw-connection.ts'

const SOURCE = 'amqp-0-9-1.md 4'

/** With nothing in between: the next frame on the channel has to be this reply. */
async function silence(raw: RawConnection): Promise<void> {
  await raw.call(1, 'channel.flow', { active: true })
}

export const area: Area = {
  name: 'nowait',
  cases: [
    fact('exchange.declare works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const exchange = t.name('x')
      raw.send(1, 'exchange.declare', { exchange, type: 'fanout', nowait: true })
      await silence(raw)
      await raw.call(1, 'exchange.declare', { exchange, passive: true })
      raw.send(1, 'exchange.declare', { exchange, passive: true, nowait: true })
      await silence(raw)
    }),
    fact('exchange.delete works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      raw.send(1, 'exchange.delete', { exchange, nowait: true })
      await silence(raw)
      raw.send(1, 'exchange.declare', { exchange, passive: true })
      assert.equal((await raw.expect(1, 'channel.close')).replyCode, 404)
    }),
    fact('exchange.bind and unbind work without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const [source, destination, queue] = [t.name('x'), t.name('x'), t.name('queue')]
      await raw.call(1, 'exchange.declare', { exchange: source, type: 'fanout' })
      await raw.call(1, 'exchange.declare', { exchange: destination, type: 'fanout' })
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'queue.bind', { queue, exchange: destination })
      raw.send(1, 'exchange.bind', { source, destination, nowait: true })
      raw.publish(1, { exchange: source }, 'through')
      raw.send(1, 'exchange.unbind', { source, destination, nowait: true })
      raw.publish(1, { exchange: source }, 'lost')
      await silence(raw)
      assert.deepEqual(await t.drain(await t.channel(), queue), ['through'])
    }),
    fact('queue.declare works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      raw.send(1, 'queue.declare', { queue, nowait: true })
      await silence(raw)
      const { queue: found } = await raw.call(1, 'queue.declare', { queue, passive: true })
      assert.equal(found, queue)
      raw.send(1, 'queue.declare', { queue, passive: true, nowait: true })
      await silence(raw)
    }),
    fact('a queue declared without a reply is the last declared one', SOURCE, async (t) => {
      const raw = await t.raw()
      raw.send(1, 'queue.declare', { exclusive: true, nowait: true })
      raw.send(1, 'queue.bind', { exchange: 'amq.fanout', nowait: true })
      raw.send(1, 'basic.get')
      await raw.expect(1, 'basic.get-empty')
    }),
    fact('queue.bind works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.send(1, 'queue.bind', { queue, exchange: 'amq.direct', routingKey: queue, nowait: true })
      raw.publish(1, { exchange: 'amq.direct', routingKey: queue }, 'm')
      await silence(raw)
      assert.deepEqual(await t.drain(await t.channel(), queue), ['m'])
    }),
    fact('queue.purge works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await t.fill(queue, ['1', '2'])
      raw.send(1, 'queue.purge', { queue, nowait: true })
      await silence(raw)
      raw.send(1, 'basic.get', { queue })
      await raw.expect(1, 'basic.get-empty')
    }),
    fact('queue.delete works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.send(1, 'queue.delete', { queue, nowait: true })
      await silence(raw)
      raw.send(1, 'queue.declare', { queue, passive: true })
      assert.equal((await raw.expect(1, 'channel.close')).replyCode, 404)
    }),
    fact('basic.consume works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await t.fill(queue, ['1'])
      raw.send(1, 'basic.consume', { queue, consumerTag: 'c', nowait: true })
      const { args } = await raw.message(1, 'basic.deliver')
      assert.equal(args.consumerTag, 'c')
    }),
    fact('basic.cancel works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'basic.consume', { queue, consumerTag: 'c' })
      raw.send(1, 'basic.cancel', { consumerTag: 'c', nowait: true })
      raw.send(1, 'basic.cancel', { consumerTag: 'nobody', nowait: true })
      await silence(raw)
      const reply = await raw.call(1, 'queue.declare', { queue, passive: true })
      assert.equal(reply.consumerCount, 0)
    }),
    fact('confirm.select works without a reply', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.send(1, 'confirm.select', { nowait: true })
      raw.publish(1, { routingKey: queue }, 'm')
      assert.equal((await raw.expect(1, 'basic.ack')).deliveryTag, 1)
    }),
    ...['queue.bind', 'queue.purge', 'basic.consume'].map((method) =>
      refusal(
        `an error of ${method} without a reply still closes the channel`,
        'errors.md 1',
        (raw, t) => {
          const queue = t.name('queue')
          const exchange = method === 'queue.bind' ? { exchange: 'amq.direct' } : {}
          raw.send(1, method, { queue, nowait: true, ...exchange })
          return channelError(404, `NOT_FOUND - no queue '${queue}' ${t.inVhost}`, method)
        },
      ),
    ),
    refusal(
      'an error of queue.declare without a reply still closes the channel',
      'errors.md 1',
      (raw) => {
        raw.send(1, 'queue.declare', { queue: 'amq.conformance', nowait: true })
        const words =
          "ACCESS_REFUSED - queue name 'amq.conformance' contains reserved prefix 'amq.*'"
        return channelError(403, words, 'queue.declare')
      },
    ),
    refusal(
      'an error of exchange.delete without a reply still closes the channel',
      'errors.md 1',
      (raw, t) => {
        raw.send(1, 'exchange.delete', { exchange: 'amq.fanout', nowait: true })
        const words = `ACCESS_REFUSED - deletion of system exchange 'amq.fanout' ${t.inVhost} not allowed`
        return channelError(403, words, 'exchange.delete')
      },
    ),
  ],
}
