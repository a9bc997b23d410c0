import assert from 'node:assert/strict'
import type { ConfirmChannel } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact, needing } from '../support/fact.ts'
import { type Session, text } from '../support/session.ts'

const TYPE = 'x-message-deduplication'
const SOURCE = 'core-semantics.md 2.5'
const KEY = 'x-deduplication-header'

export const area: Area = {
  name: 'deduplication',
  cases: needing(TYPE, [
    fact('of equal messages the exchange routes the first', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t)
      await publish(ch, x, ['1', 'a'], ['2', 'a'], ['3', 'b'], ['4', 'a'])
      assert.deepEqual(await t.drain(ch, q), ['1', '3'])
    }),
    fact('messages without the header are not compared', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t)
      await publish(ch, x, ['1'], ['2'], ['3'])
      assert.deepEqual(await t.drain(ch, q), ['1', '2', '3'])
    }),
    fact('a text and a number are not equal', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t)
      await publish(ch, x, ['1', '7'], ['2', 7], ['3', '7'])
      assert.deepEqual(await t.drain(ch, q), ['1', '2'])
    }),
    fact('it remembers what has been consumed', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t)
      await publish(ch, x, ['1', 'a'])
      assert.deepEqual(await t.drain(ch, q), ['1'])
      await publish(ch, x, ['2', 'a'])
      assert.equal(await ch.get(q), false)
    }),
    fact('every bound queue gets the first', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t)
      const other = await t.queue(ch)
      await ch.bindQueue(other, x, 'any.key')
      await publish(ch, x, ['1', 'a'], ['2', 'a'])
      for (const name of [q, other]) assert.deepEqual(await t.drain(ch, name), ['1'])
    }),
    fact('a duplicate is confirmed', SOURCE, async (t) => {
      const { ch, x } = await exchange(t)
      const errors: unknown[] = []
      for (let at = 0; at < 3; at++) {
        ch.publish(x, '', Buffer.from('m'), { headers: { [KEY]: 'a' } }, (error) =>
          errors.push(error),
        )
      }
      await ch.waitForConfirms()
      assert.deepEqual(errors, [null, null, null])
    }),
    fact('two exchanges remember apart', SOURCE, async (t) => {
      const [one, two] = [await exchange(t), await exchange(t)]
      for (const { ch, x } of [one, two]) await publish(ch, x, ['1', 'a'])
      for (const { ch, q } of [one, two]) assert.deepEqual(await t.drain(ch, q), ['1'])
    }),
    fact('x-cache-ttl: after it the same is routed again', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t, { 'x-cache-ttl': 50 })
      await publish(ch, x, ['first', 'a'])
      assert.deepEqual(await t.drain(ch, q), ['first'])
      await routedAgain(t, ch, x, q, {})
    }),
    fact('x-cache-ttl of a message comes before that of the exchange', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t, { 'x-cache-ttl': 600_000 })
      const headers = { [KEY]: 'a', 'x-cache-ttl': 50 }
      ch.publish(x, '', Buffer.from('first'), { headers })
      await ch.waitForConfirms()
      assert.deepEqual(await t.drain(ch, q), ['first'])
      await routedAgain(t, ch, x, q, { 'x-cache-ttl': 50 })
    }),
    fact('a full cache forgets something', SOURCE, async (t) => {
      const { ch, x, q } = await exchange(t, { 'x-cache-size': 2 })
      await publish(ch, x, ['a', 'a'], ['b', 'b'], ['c', 'c'], ['d', 'd'])
      assert.equal((await t.drain(ch, q)).length, 4)
      await publish(ch, x, ['a', 'a'], ['b', 'b'], ['c', 'c'], ['d', 'd'])
      assert.ok((await t.drain(ch, q)).length >= 2)
    }),
    fact('without x-cache-size the exchange is refused', SOURCE, async (t) => {
      const ch = await t.channel()
      await assert.rejects(ch.assertExchange(t.name('x'), TYPE), /406/)
    }),
    fact('a queue drops what it has already', SOURCE, async (t) => {
      const { ch, q } = await queue(t)
      await publish(ch, '', [q, 'a'], [q, 'a'], [q, 'b'])
      assert.equal((await ch.checkQueue(q)).messageCount, 2)
    }),
    fact('the first one is kept', SOURCE, async (t) => {
      const { ch, q } = await queue(t)
      ch.sendToQueue(q, Buffer.from('first'), { headers: { [KEY]: 'a' } })
      ch.sendToQueue(q, Buffer.from('second'), { headers: { [KEY]: 'a' } })
      await ch.waitForConfirms()
      assert.deepEqual(await t.drain(ch, q), ['first'])
    }),
    fact('when it has been acknowledged the same may come again', SOURCE, async (t) => {
      const { ch, q } = await queue(t)
      for (const body of ['1', '2']) {
        ch.sendToQueue(q, Buffer.from(body), { headers: { [KEY]: 'a' } })
        await ch.waitForConfirms()
        const message = await ch.get(q)
        assert.ok(message)
        assert.equal(text(message), body)
        ch.ack(message)
      }
    }),
    fact('after a purge too', SOURCE, async (t) => {
      const { ch, q } = await queue(t)
      for (let turn = 0; turn < 2; turn++) {
        ch.sendToQueue(q, Buffer.from('m'), { headers: { [KEY]: 'a' } })
        await ch.waitForConfirms()
        assert.equal((await ch.purgeQueue(q)).messageCount, 1)
      }
    }),
    fact('a queue does not compare messages without the header', SOURCE, async (t) => {
      const { ch, q } = await queue(t)
      await t.fill(q, ['1', '2'])
      assert.deepEqual(await t.drain(ch, q), ['1', '2'])
    }),
    fact('other queues have the duplicate', SOURCE, async (t) => {
      const { ch, q } = await queue(t)
      const plain = await t.queue(ch)
      const x = await t.exchange(ch, 'fanout')
      for (const name of [q, plain]) await ch.bindQueue(name, x, '')
      await publish(ch, x, ['1', 'a'], ['2', 'a'])
      assert.deepEqual(await t.drain(ch, q), ['1'])
      assert.deepEqual(await t.drain(ch, plain), ['1', '2'])
    }),
  ]),
}

async function exchange(t: Session, args: Record<string, unknown> = {}) {
  const ch = await t.confirmChannel()
  const x = await t.exchange(ch, TYPE, { arguments: { 'x-cache-size': 100, ...args } })
  const q = await t.queue(ch)
  await ch.bindQueue(q, x, '')
  return { ch, x, q }
}

async function queue(t: Session) {
  const ch = await t.confirmChannel()
  return { ch, q: await t.queue(ch, { arguments: { 'x-message-deduplication': true } }) }
}

type Sent = readonly [bodyOrKey: string, value?: string | number]

/** Publishes bodies with values of the header; to the default exchange, the body is the routing key too. */
async function publish(ch: ConfirmChannel, x: string, ...messages: Sent[]): Promise<void> {
  for (const [body, value] of messages) {
    const options = value === undefined ? {} : { headers: { [KEY]: value } }
    ch.publish(x, x === '' ? body : '', Buffer.from(body), options)
  }
  await ch.waitForConfirms()
}

/** Publishes the same again and again until it is routed. */
async function routedAgain(
  t: Session,
  ch: ConfirmChannel,
  x: string,
  q: string,
  headers: Record<string, unknown>,
): Promise<void> {
  await t.until('the same is routed again', async () => {
    ch.publish(x, '', Buffer.from('again'), { headers: { [KEY]: 'a', ...headers } })
    await ch.waitForConfirms()
    return (await ch.get(q, { noAck: true })) !== false
  })
}
