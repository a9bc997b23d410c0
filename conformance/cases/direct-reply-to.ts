import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'core-semantics.md 8'
const ERRORS = 'errors.md 5.10'
const REPLY_TO = 'amq.rabbitmq.reply-to'

export const area: Area = {
  name: 'direct reply-to',
  cases: [
    fact('a request carries a token in place of the reply address', SOURCE, async (t) => {
      const { token } = await requested(t)
      assert.match(token, /^amq\.rabbitmq\.reply-to\.\S+$/)
    }),
    fact('a reply to the token comes to the consumer of the requester', SOURCE, async (t) => {
      const { raw, token } = await requested(t)
      const server = await t.channel(await t.connect())
      server.sendToQueue(token, Buffer.from('reply'), { correlationId: '7' })
      const { args, body, properties } = await raw.message(1, 'basic.deliver')
      assert.equal(body.toString(), 'reply')
      assert.equal(properties.correlationId, '7')
      assert.deepEqual(args, {
        consumerTag: 'replies',
        deliveryTag: 1,
        redelivered: false,
        exchange: '',
        routingKey: token,
      })
    }),
    fact('a request may have any number of replies, in their order', SOURCE, async (t) => {
      const { raw, token } = await requested(t)
      const server = await t.channel()
      for (let at = 0; at < 20; at++) server.sendToQueue(token, Buffer.from(String(at)))
      for (let at = 0; at < 20; at++) {
        assert.equal((await raw.message(1, 'basic.deliver')).body.toString(), String(at))
      }
    }),
    fact('amqplib does a request and its reply', SOURCE, async (t) => {
      const [client, server] = [await t.channel(), await t.channel(await t.connect())]
      const q = await t.queue(server)
      const replies = await t.consume(client, REPLY_TO, { noAck: true })
      await server.consume(q, (request) => {
        server.sendToQueue(request?.properties.replyTo, Buffer.from('pong'))
      })
      client.sendToQueue(q, Buffer.from('ping'), { replyTo: REPLY_TO })
      assert.equal((await replies.next())?.content.toString(), 'pong')
    }),
    fact('declaring a live token tells that somebody listens', SOURCE, async (t) => {
      const { token } = await requested(t)
      const server = await t.raw()
      for (const passive of [true, false]) {
        const reply = await server.call(1, 'queue.declare', { queue: token, passive })
        assert.deepEqual(reply, { queue: token, messageCount: 0, consumerCount: 1 })
      }
    }),
    fact('declaring a dead token is refused', ERRORS, async (t) => {
      const { raw, token } = await requested(t)
      await raw.close()
      const server = await t.raw()
      server.send(1, 'queue.declare', { queue: token, passive: true })
      const { replyCode, replyText } = await server.expect(1, 'channel.close')
      assert.equal(replyCode, 404)
      assert.equal(replyText, `NOT_FOUND - no queue '${token}' ${t.inVhost}`)
    }),
    fact(
      'a mandatory reply to a live token is not returned',
      SOURCE,
      async (t) => {
        const { raw, token } = await requested(t)
        const server = await t.raw()
        await server.call(1, 'confirm.select')
        server.publish(1, { routingKey: token, mandatory: true }, 'reply')
        await server.expect(1, 'basic.ack')
        await raw.message(1, 'basic.deliver')
      },
      on310('3.10 returns mandatory replies'),
    ),
    fact(
      'a mandatory reply to a dead token is not returned either',
      SOURCE,
      async (t) => {
        const { raw, token } = await requested(t)
        await raw.close()
        const server = await t.raw()
        await server.call(1, 'confirm.select')
        server.publish(1, { routingKey: token, mandatory: true }, 'reply')
        await server.expect(1, 'basic.ack')
      },
      on310('3.10 returns mandatory replies'),
    ),
    fact('two requesters have tokens of their own', SOURCE, async (t) => {
      const [one, two] = [await requested(t), await requested(t)]
      assert.notEqual(one.token, two.token)
      const server = await t.channel()
      server.sendToQueue(two.token, Buffer.from('for two'))
      server.sendToQueue(one.token, Buffer.from('for one'))
      assert.equal((await one.raw.message(1, 'basic.deliver')).body.toString(), 'for one')
      assert.equal((await two.raw.message(1, 'basic.deliver')).body.toString(), 'for two')
    }),
    fact('another reply address is left as it is', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await t.consume(ch, REPLY_TO, { noAck: true })
      ch.sendToQueue(q, Buffer.from('m'), { replyTo: 'my-own-queue' })
      const message = await ch.get(q, { noAck: true })
      assert.ok(message)
      assert.equal(message.properties.replyTo, 'my-own-queue')
    }),
    fact('the consumer may be cancelled and started again', SOURCE, async (t) => {
      const raw = await t.raw()
      for (let turn = 0; turn < 2; turn++) {
        await raw.call(1, 'basic.consume', { queue: REPLY_TO, consumerTag: 'r', noAck: true })
        assert.deepEqual(await raw.call(1, 'basic.cancel', { consumerTag: 'r' }), {
          consumerTag: 'r',
        })
      }
    }),
    fact('the broker makes a tag for the consumer', SOURCE, async (t) => {
      const consumer = await t.consume(await t.channel(), REPLY_TO, { noAck: true })
      assert.match(consumer.tag, /^amq\.ctag-/)
    }),
    refusal('a request without a consumer is refused', ERRORS, async (raw) => {
      raw.publish(1, { routingKey: 'nowhere' }, 'm', { replyTo: REPLY_TO })
      raw.send(1, 'channel.flow', { active: true })
      const words = 'PRECONDITION_FAILED - fast reply consumer does not exist'
      return channelError(406, words, 'basic.publish')
    }),
    refusal('a request after the consumer was cancelled is refused', ERRORS, async (raw) => {
      await raw.call(1, 'basic.consume', { queue: REPLY_TO, consumerTag: 'r', noAck: true })
      await raw.call(1, 'basic.cancel', { consumerTag: 'r' })
      raw.publish(1, { routingKey: 'nowhere' }, 'm', { replyTo: REPLY_TO })
      raw.send(1, 'channel.flow', { active: true })
      const words = 'PRECONDITION_FAILED - fast reply consumer does not exist'
      return channelError(406, words, 'basic.publish')
    }),
    refusal('a consumer that would acknowledge is refused', ERRORS, (raw) => {
      raw.send(1, 'basic.consume', { queue: REPLY_TO })
      const words = 'PRECONDITION_FAILED - reply consumer cannot acknowledge'
      return channelError(406, words, 'basic.consume')
    }),
    refusal('a second consumer on the channel is refused', ERRORS, async (raw) => {
      await raw.call(1, 'basic.consume', { queue: REPLY_TO, noAck: true })
      raw.send(1, 'basic.consume', { queue: REPLY_TO, noAck: true })
      const words = 'PRECONDITION_FAILED - reply consumer already set'
      return channelError(406, words, 'basic.consume')
    }),
    ...['basic.get', 'queue.purge'].map((method) =>
      refusal(`${method} of the pseudo-queue is refused`, 'errors.md 4', (raw, t) => {
        raw.send(1, method, { queue: REPLY_TO })
        return channelError(404, `NOT_FOUND - no queue '${REPLY_TO}' ${t.inVhost}`, method)
      }),
    ),
  ],
}

/** A requester that listens on channel 1, and the token that its request carried. */
async function requested(t: Session): Promise<{ raw: RawConnection; token: string }> {
  const raw = await t.raw()
  const queue = t.name('requests')
  await raw.call(1, 'queue.declare', { queue })
  await raw.call(1, 'basic.consume', { queue: REPLY_TO, consumerTag: 'replies', noAck: true })
  raw.publish(1, { routingKey: queue }, 'request', { replyTo: REPLY_TO })
  const ch = await t.channel()
  const request = await ch.get(queue, { noAck: true })
  assert.ok(request)
  return { raw, token: String(request.properties.replyTo) }
}
