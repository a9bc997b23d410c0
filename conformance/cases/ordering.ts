import assert from 'node:assert/strict'
import type { ConsumeMessage } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { methodFrame, publishFrames } from '../support/frames.ts'
import { Inbox } from '../support/inbox.ts'
import { text } from '../support/session.ts'

const SOURCE = 'amqp-0-9-1.md 8'

export const area: Area = {
  name: 'ordering',
  cases: [
    fact('one channel to one queue to one consumer keeps the order', SOURCE, async (t) => {
      const [sender, receiver] = [await t.channel(), await t.channel(await t.connect())]
      const q = await t.queue(sender)
      const consumer = await t.consume(receiver, q)
      const bodies = numbers(2000)
      for (const body of bodies) sender.sendToQueue(q, Buffer.from(body))
      assert.deepEqual((await consumer.take(2000)).map(text), bodies)
    }),
    fact('persistent and transient messages keep their common order', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const bodies = numbers(300)
      for (const body of bodies)
        ch.sendToQueue(q, Buffer.from(body), { persistent: Number(body) % 3 === 0 })
      assert.deepEqual((await (await t.consume(ch, q)).take(300)).map(text), bodies)
    }),
    fact('messages through different exchanges keep their common order', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.bindQueue(q, 'amq.direct', q)
      await ch.bindQueue(q, 'amq.topic', `${q}.#`)
      const bodies = numbers(300)
      for (const body of bodies) {
        const [exchange = '', key = ''] =
          [
            ['', q],
            ['amq.direct', q],
            ['amq.topic', `${q}.x`],
          ][Number(body) % 3] ?? []
        ch.publish(exchange, key, Buffer.from(body))
      }
      assert.deepEqual((await (await t.consume(ch, q)).take(300)).map(text), bodies)
    }),
    fact('each of several queues has the messages in order', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout')
      const queues = [await t.queue(ch), await t.queue(ch), await t.queue(ch)]
      for (const q of queues) await ch.bindQueue(q, x, '')
      const bodies = numbers(200)
      for (const body of bodies) ch.publish(x, '', Buffer.from(body))
      for (const q of queues)
        assert.deepEqual((await (await t.consume(ch, q)).take(200)).map(text), bodies)
    }),
    fact('publishers interleave, each in its own order', SOURCE, async (t) => {
      const q = await t.queue(await t.channel())
      const senders = [await t.channel(await t.connect()), await t.channel(await t.connect())]
      for (const body of numbers(300)) {
        for (const [at, sender] of senders.entries())
          sender.sendToQueue(q, Buffer.from(`${at}:${body}`))
      }
      const got = (await (await t.consume(await t.channel(), q)).take(600)).map(text)
      for (const at of ['0', '1']) {
        const own = got.filter((body) => body.startsWith(`${at}:`))
        assert.deepEqual(
          own,
          numbers(300).map((body) => `${at}:${body}`),
        )
      }
    }),
    fact('consumers that share a queue each see their part in order', SOURCE, async (t) => {
      const q = await t.queue(await t.channel())
      const deliveries = new Inbox<ConsumeMessage | null>()
      for (const consumerTag of ['one', 'two']) {
        await (await t.channel()).consume(q, deliveries.push, { consumerTag })
      }
      await t.fill(q, numbers(500))
      const messages = await deliveries.take(500)
      for (const tag of ['one', 'two']) {
        const part = messages.filter((message) => message?.fields.consumerTag === tag).map(text)
        assert.deepEqual(
          part,
          part.toSorted((a, b) => Number(a) - Number(b)),
        )
      }
      assert.equal(new Set(messages.map(text)).size, 500)
    }),
    fact('delivery tags count from 1 without gaps', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.fill(q, numbers(300))
      const messages = await (await t.consume(ch, q)).take(300)
      assert.deepEqual(
        messages.map((message) => message?.fields.deliveryTag),
        numbers(301).slice(1).map(Number),
      )
    }),
    fact(
      'publishes are seen by requests that follow on the channel',
      'core-semantics.md 14',
      async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        raw.sendBytes(
          Buffer.concat([
            methodFrame(1, 'queue.declare', { queue }),
            publishFrames(1, { routingKey: queue }, '1'),
            publishFrames(1, { routingKey: queue }, '2'),
            methodFrame(1, 'basic.get', { queue, noAck: true }),
            methodFrame(1, 'queue.purge', { queue }),
            methodFrame(1, 'queue.delete', { queue }),
          ]),
        )
        await raw.expect(1, 'queue.declare-ok')
        assert.equal((await raw.message(1, 'basic.get-ok')).body.toString(), '1')
        assert.deepEqual(await raw.expect(1, 'queue.purge-ok'), { messageCount: 1 })
        await raw.expect(1, 'queue.delete-ok')
      },
    ),
    fact('what a channel has bound holds for its next publish', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'topic')
      for (let turn = 0; turn < 30; turn++) {
        await ch.bindQueue(q, x, `k${turn}`)
        ch.publish(x, `k${turn}`, Buffer.from('bound'))
        await ch.unbindQueue(q, x, `k${turn}`)
        ch.publish(x, `k${turn}`, Buffer.from('unbound'))
      }
      assert.deepEqual(
        await t.drain(ch, q),
        Array.from({ length: 30 }, () => 'bound'),
      )
    }),
    fact('what one connection has confirmed another one finds', SOURCE, async (t) => {
      const [one, two] = [await t.connect(), await t.connect()]
      const reader = await t.channel(two)
      const q = await t.queue(reader)
      const writer = await t.confirmChannel(one)
      for (const body of numbers(30)) {
        writer.sendToQueue(q, Buffer.from(body))
        await writer.waitForConfirms()
        assert.equal(text(await reader.get(q, { noAck: true })), body)
      }
    }),
    fact('what one connection has declared another one finds', SOURCE, async (t) => {
      const [one, two] = [await t.channel(await t.connect()), await t.channel(await t.connect())]
      for (let turn = 0; turn < 10; turn++) {
        const q = await t.queue(one)
        await two.checkQueue(q)
        await two.deleteQueue(q)
        await one.assertQueue(q, { durable: false })
      }
    }),
    fact('a consumer on another connection gets everything once', SOURCE, async (t) => {
      const [one, two] = [await t.connect(), await t.connect()]
      const writer = await t.channel(one)
      const q = await t.queue(writer)
      const reader = await t.channel(two)
      await reader.prefetch(10)
      const consumer = await t.consume(reader, q)
      const bodies = numbers(1000)
      for (const body of bodies) writer.sendToQueue(q, Buffer.from(body))
      for (const body of bodies) {
        const message = await consumer.next()
        assert.equal(text(message), body)
        if (message) reader.ack(message)
      }
      await reader.close()
      assert.equal(await writer.get(q), false)
    }),
    fact('many connections work side by side', SOURCE, async (t) => {
      const connections = await Promise.all(Array.from({ length: 20 }, () => t.connect()))
      const bodies = await Promise.all(
        connections.map(async (connection, at) => {
          const ch = await t.channel(connection)
          const q = await t.queue(ch)
          ch.sendToQueue(q, Buffer.from(String(at)))
          return text(await (await t.consume(ch, q)).next())
        }),
      )
      assert.deepEqual(bodies, numbers(20))
    }),
  ],
}

/** '0', '1', … */
function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(at))
}
