import assert from 'node:assert/strict'
import type { ConfirmChannel, Options } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 5.1'

export const area: Area = {
  name: 'length limits',
  cases: [
    fact('the newest messages stay', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 3 })
      await publish(ch, q, ['1', '2', '3', '4', '5'])
      assert.deepEqual(await t.drain(ch, q), ['3', '4', '5'])
    }),
    fact('below the limit nothing is dropped', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 3 })
      await publish(ch, q, ['1', '2', '3'])
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3'])
    }),
    fact('drop-head by name is the same', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 1, overflow: 'drop-head' })
      await publish(ch, q, ['1', '2'])
      assert.deepEqual(await t.drain(ch, q), ['2'])
    }),
    fact('dropped messages have been confirmed', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2 })
      const answers: unknown[] = []
      for (let at = 0; at < 20; at++) {
        ch.sendToQueue(q, Buffer.from('m'), {}, (error) => answers.push(error))
      }
      await ch.waitForConfirms()
      assert.deepEqual(answers, Array(20).fill(null))
      assert.equal((await ch.checkQueue(q)).messageCount, 2)
    }),
    fact('a limit of 0 keeps nothing', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 0 })
      await publish(ch, q, ['1', '2'])
      assert.equal(await ch.get(q), false)
    }),
    fact('a limit of 0 lets an idle consumer have everything', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 0 })
      const consumer = await t.consume(ch, q)
      await publish(ch, q, ['1', '2'])
      assert.deepEqual((await consumer.take(2)).map(text), ['1', '2'])
    }),
    fact('a consumer at its limit is not idle', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 0 })
      const busy = await t.channel()
      await busy.prefetch(1)
      const consumer = await t.consume(busy, q)
      await publish(ch, q, ['1', '2'])
      const message = await consumer.next()
      busy.ack(message!)
      await publish(ch, q, ['3'])
      assert.equal(text(await consumer.next()), '3')
    }),
    fact('what is unacknowledged does not count', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2 })
      await publish(ch, q, ['1', '2'])
      await ch.get(q)
      await ch.get(q)
      await publish(ch, q, ['3', '4'])
      assert.deepEqual(await t.drain(ch, q), ['3', '4'])
    }),
    fact('what comes back to a full queue is dropped', 'core-semantics.md 4.4', async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2 })
      await publish(ch, q, ['1', '2'])
      await ch.get(q)
      await ch.get(q)
      await publish(ch, q, ['3', '4'])
      ch.nackAll(true)
      assert.deepEqual(await t.drain(ch, q), ['3', '4'])
    }),
    fact('what comes back where there is room stays', 'core-semantics.md 4.4', async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2 })
      await publish(ch, q, ['1', '2'])
      await ch.get(q)
      await ch.get(q)
      await publish(ch, q, ['3'])
      ch.nackAll(true)
      assert.deepEqual(await t.drain(ch, q), ['2', '3'])
    }),
    fact('bytes: the newest messages that fit stay', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 10 } })
      await publish(ch, q, ['aaaa', 'bbbb', 'cccc'])
      assert.deepEqual(await t.drain(ch, q), ['bbbb', 'cccc'])
    }),
    fact('bytes: exactly full is not too full', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 8 } })
      await publish(ch, q, ['aaaa', 'bbbb'])
      assert.deepEqual(await t.drain(ch, q), ['aaaa', 'bbbb'])
    }),
    fact('bytes: properties and headers do not count', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 4 } })
      for (const body of ['aa', 'bb']) {
        ch.sendToQueue(q, Buffer.from(body), {
          headers: { long: 'x'.repeat(1000) },
          messageId: 'y'.repeat(200),
        })
      }
      await ch.waitForConfirms()
      assert.deepEqual(await t.drain(ch, q), ['aa', 'bb'])
    }),
    fact('bytes: a message that can never fit goes, and all before it', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 4 } })
      await publish(ch, q, ['a', 'too long', 'b'])
      assert.deepEqual(await t.drain(ch, q), ['b'])
    }),
    fact('bytes: empty messages are free', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 0 } })
      await publish(ch, q, ['', '', ''])
      assert.equal((await ch.checkQueue(q)).messageCount, 3)
    }),
    fact('bytes: the whole of a large body counts', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 300_000 } })
      const bodies = ['a', 'b', 'c'].map((char) => char.repeat(140_000))
      await publish(ch, q, bodies)
      assert.deepEqual(await t.drain(ch, q), bodies.slice(1))
    }),
    fact('bytes: what was taken and came back counts again', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { arguments: { 'x-max-length-bytes': 8 } })
      await publish(ch, q, ['aaaa', 'bbbb'])
      const message = await ch.get(q)
      assert.ok(message)
      await publish(ch, q, ['cccc'])
      ch.nack(message, false, true)
      assert.deepEqual(await t.drain(ch, q), ['bbbb', 'cccc'])
    }),
    fact('of two limits the number may be hit first', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2, arguments: { 'x-max-length-bytes': 100 } })
      await publish(ch, q, ['1', '2', '3'])
      assert.deepEqual(await t.drain(ch, q), ['2', '3'])
    }),
    fact('of two limits the bytes may be hit first', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 9, arguments: { 'x-max-length-bytes': 8 } })
      await publish(ch, q, ['aaaa', 'bbbb', 'cccc'])
      assert.deepEqual(await t.drain(ch, q), ['bbbb', 'cccc'])
    }),
    fact('of the priorities the highest loses its oldest', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2, maxPriority: 9 })
      for (const priority of [1, 5, 5, 3]) {
        ch.sendToQueue(q, Buffer.from(`${priority}`), { priority })
      }
      await ch.waitForConfirms()
      assert.deepEqual(await t.drain(ch, q), ['3', '1'])
    }),
    fact('a queue that several publishers fill keeps to its limit', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 10 })
      const others = [await t.confirmChannel(await t.connect()), await t.confirmChannel()]
      const bodies = Array.from({ length: 100 }, (_, at) => String(at))
      await Promise.all([ch, ...others].map((channel) => publish(channel, q, bodies)))
      assert.equal((await ch.checkQueue(q)).messageCount, 10)
      assert.equal((await t.drain(ch, q)).at(-1), '99')
    }),
    fact('a purge makes room', SOURCE, async (t) => {
      const { ch, q } = await limited(t, { maxLength: 2 })
      await publish(ch, q, ['1', '2'])
      assert.equal((await ch.purgeQueue(q)).messageCount, 2)
      await publish(ch, q, ['3', '4'])
      assert.deepEqual(await t.drain(ch, q), ['3', '4'])
    }),
  ],
}

type Limits = Omit<Options.AssertQueue, 'arguments'> & {
  readonly overflow?: string
  readonly arguments?: Record<string, unknown>
}

async function limited(t: Session, { overflow, ...options }: Limits) {
  const ch = await t.confirmChannel()
  const args = {
    ...options.arguments,
    ...(overflow === undefined ? {} : { 'x-overflow': overflow }),
  }
  return { ch, q: await t.queue(ch, { ...options, arguments: args }) }
}

async function publish(ch: ConfirmChannel, q: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) ch.sendToQueue(q, Buffer.from(body))
  await ch.waitForConfirms()
}
