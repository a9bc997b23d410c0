import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Message } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'
import { Inbox } from '../support/inbox.ts'
import { text } from '../support/session.ts'

const BODIES = 'amqp-0-9-1.md 2'
const MANDATORY = 'core-semantics.md 3.2'
const ERRORS = 'errors.md 5.9'
const FRAME_MAX = 131072
const MAX_MESSAGE_SIZE = 16 * 1024 * 1024

export const area: Area = {
  name: 'publish',
  cases: [
    ...[
      0,
      1,
      2,
      4096,
      FRAME_MAX - 9,
      FRAME_MAX - 8,
      FRAME_MAX - 7,
      FRAME_MAX,
      2 * (FRAME_MAX - 8),
      1_000_000,
    ].map((size) =>
      fact(`a body of ${size} bytes arrives whole`, BODIES, async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        const content = pattern(size)
        ch.sendToQueue(q, content)
        const message = await ch.get(q, { noAck: true })
        assert.ok(message)
        assert.equal(digest(message.content), digest(content))
      }),
    ),
    fact('a body as large as a message may be arrives whole', ERRORS, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const content = pattern(MAX_MESSAGE_SIZE)
      ch.sendToQueue(q, content)
      const message = await (await t.consume(ch, q, { noAck: true })).next()
      assert.equal(digest(message?.content ?? Buffer.alloc(0)), digest(content))
    }),
    refusal(
      'a body one byte larger is refused on the channel',
      ERRORS,
      (raw) => {
        const size = MAX_MESSAGE_SIZE + 1
        raw.publish(1, { routingKey: 'nowhere' }, Buffer.alloc(size))
        raw.send(1, 'channel.flow', { active: true })
        const words = `PRECONDITION_FAILED - message size ${size} is larger than configured max size ${MAX_MESSAGE_SIZE}`
        return channelError(406, words, 'basic.publish')
      },
      on310('the largest message was 128 MiB until 4.0'),
    ),
    fact('the frames of a large body are as full as frame-max allows', BODIES, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: queue }, Buffer.alloc(300_000))
      raw.send(1, 'basic.get', { queue, noAck: true })
      const { frames } = await raw.message(1, 'basic.get-ok')
      assert.deepEqual(frames, [131064, 131064, 300_000 - 2 * 131064])
    }),
    fact('small and large bodies keep their order', BODIES, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const bodies = [10, 500_000, 0, 131065, 3].map(pattern)
      for (const body of bodies) ch.sendToQueue(q, body)
      const messages = await (await t.consume(ch, q)).take(5)
      assert.deepEqual(
        messages.map((message) => digest(message?.content ?? Buffer.alloc(1))),
        bodies.map(digest),
      )
    }),
    fact('an unroutable mandatory message is returned with 312 NO_ROUTE', MANDATORY, async (t) => {
      const ch = await t.channel()
      const returned = new Inbox<Message>()
      ch.on('return', returned.push)
      const options = { mandatory: true, messageId: 'id', headers: { a: 1 } }
      ch.publish('amq.direct', 'no such key', Buffer.from('back'), options)
      const message = await returned.next()
      assert.deepEqual(
        { ...message.fields },
        {
          replyCode: 312,
          replyText: 'NO_ROUTE',
          exchange: 'amq.direct',
          routingKey: 'no such key',
        },
      )
      assert.equal(text(message), 'back')
      assert.equal(message.properties.messageId, 'id')
      assert.deepEqual({ ...message.properties.headers }, { a: 1 })
    }),
    fact('a returned message of no bytes has no body frame', MANDATORY, async (t) => {
      const raw = await t.raw()
      raw.publish(1, { routingKey: t.name('missing'), mandatory: true })
      const { frames, properties } = await raw.message(1, 'basic.return')
      assert.deepEqual([frames, properties], [[], {}])
      await raw.call(1, 'tx.select')
    }),
    fact('a large returned message arrives whole', MANDATORY, async (t) => {
      const raw = await t.raw()
      const body = pattern(300_000)
      raw.publish(1, { routingKey: t.name('missing'), mandatory: true }, body)
      assert.equal(digest((await raw.message(1, 'basic.return')).body), digest(body))
    }),
    fact('a routed mandatory message is not returned', MANDATORY, async (t) => {
      const ch = await t.confirmChannel()
      const q = await t.queue(ch)
      const returned = new Inbox<Message>()
      ch.on('return', returned.push)
      ch.sendToQueue(q, Buffer.from('m'), { mandatory: true })
      await ch.waitForConfirms()
      assert.deepEqual(returned.received, [])
      assert.deepEqual(await t.drain(ch, q), ['m'])
    }),
    fact('mandatory messages are returned in their order', MANDATORY, async (t) => {
      const raw = await t.raw()
      const routingKey = t.name('missing')
      for (let at = 0; at < 20; at++) raw.publish(1, { routingKey, mandatory: true }, String(at))
      for (let at = 0; at < 20; at++) {
        assert.equal((await raw.message(1, 'basic.return')).body.toString(), String(at))
      }
    }),
    refusal('immediate is not implemented', ERRORS, (raw) => {
      raw.publish(1, { routingKey: 'nowhere', immediate: true }, 'm')
      return connectionError(540, 'NOT_IMPLEMENTED - immediate=true', 'basic.publish')
    }),
    ...[
      badExpiration('abc', 'no_integer'),
      badExpiration('', 'no_integer'),
      badExpiration(' 1', 'no_integer'),
      badExpiration('1 ', '{leftover_string," "}'),
      badExpiration('1.5', '{leftover_string,".5"}'),
      badExpiration('10ms', '{leftover_string,"ms"}'),
      badExpiration('0x10', '{leftover_string,"x10"}'),
      badExpiration('-1', '{value_negative,-1}'),
      badExpiration('315360000001', '{value_too_large,315360000001}'),
    ],
    fact('an expiration with a plus sign is accepted', ERRORS, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      ch.sendToQueue(q, Buffer.from('m'), { expiration: '+60000' })
      const message = await ch.get(q, { noAck: true })
      assert.ok(message)
      assert.equal(message.properties.expiration, '+60000')
    }),
    refusal('a user-id of somebody else is refused', ERRORS, (raw, t) => {
      raw.publish(1, { routingKey: 'nowhere' }, 'm', { userId: 'somebody' })
      const words = `PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was '${t.target.username}'`
      return channelError(406, words, 'basic.publish')
    }),
    refusal('a missing exchange is named before a bad expiration', ERRORS, (raw, t) => {
      const exchange = t.name('x')
      raw.publish(1, { exchange }, 'm', { expiration: 'abc' })
      const words = `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`
      return channelError(404, words, 'basic.publish')
    }),
    refusal('a bad expiration is named before the shape of CC', ERRORS, (raw) => {
      raw.publish(1, {}, 'm', { expiration: 'abc', headers: [['CC', 'I', 1]] })
      const words = "PRECONDITION_FAILED - invalid expiration 'abc': no_integer"
      return channelError(406, words, 'basic.publish')
    }),
    refusal(
      'a bad expiration is named before a wrong user-id',
      ERRORS,
      (raw) => {
        raw.publish(1, {}, 'm', { expiration: 'abc', userId: 'somebody' })
        const words = "PRECONDITION_FAILED - invalid expiration 'abc': no_integer"
        return channelError(406, words, 'basic.publish')
      },
      on310('3.10 looks at user-id first'),
    ),
    refusal('immediate is refused before anything else', ERRORS, (raw, t) => {
      raw.publish(1, { exchange: t.name('x'), immediate: true }, 'm', { userId: 'somebody' })
      return connectionError(540, 'NOT_IMPLEMENTED - immediate=true', 'basic.publish')
    }),
    refusal('an error is reported after the body has come', ERRORS, (raw, t) => {
      const exchange = t.name('x')
      raw.publish(1, { exchange }, Buffer.alloc(400_000))
      const words = `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`
      return channelError(404, words, 'basic.publish')
    }),
    fact(
      'a queue takes a message for each publish, alike or not',
      'core-semantics.md 3',
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        for (let turn = 0; turn < 3; turn++)
          ch.sendToQueue(q, Buffer.from('same'), { messageId: 'same' })
        assert.deepEqual(await t.drain(ch, q), ['same', 'same', 'same'])
      },
    ),
  ],
}

function badExpiration(expiration: string, error: string) {
  return refusal(`the expiration '${expiration}' is refused`, ERRORS, (raw) => {
    raw.publish(1, { routingKey: 'nowhere' }, 'm', { expiration })
    const words = `PRECONDITION_FAILED - invalid expiration '${expiration}': ${error}`
    return channelError(406, words, 'basic.publish')
  })
}

/** Bytes that differ from their neighbours, so that a lost or doubled piece shows. */
function pattern(size: number): Buffer {
  const content = Buffer.alloc(size)
  for (let at = 0; at < size; at++) content[at] = (at * 31 + (at >> 8) * 7) & 0xff
  return content
}

function digest(content: Buffer): string {
  return `${content.length} bytes ${createHash('sha256').update(content).digest('hex').slice(0, 16)}`
}
