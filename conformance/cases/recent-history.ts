import assert from 'node:assert/strict'
import type { ConfirmChannel } from 'amqplib'
import type { Area, ConformanceCase } from '../support/case.ts'
import { fact, needing, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import { type Session, text } from '../support/session.ts'

const TYPE = 'x-recent-history'
const SOURCE = 'core-semantics.md 2.2'

export const area: Area = {
  name: 'recent history exchanges',
  cases: needing(TYPE, [
    fact('every bound queue gets every message', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      const queues = [await bound(t, ch, x), await bound(t, ch, x, 'key')]
      await publish(ch, x, ['1', '2'])
      for (const q of queues) assert.deepEqual(await t.drain(ch, q), ['1', '2'])
    }),
    fact('a queue that is bound later gets what was', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['1', '2', '3'])
      assert.deepEqual(await arrived(t, await bound(t, ch, x), 3), ['1', '2', '3'])
    }),
    fact('the last 20, if nothing else is said', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, numbers(25))
      assert.deepEqual(await arrived(t, await bound(t, ch, x), 20), numbers(25).slice(5))
    }),
    fact('as many as x-recent-history-length says', SOURCE, async (t) => {
      const { ch, x } = await history(t, 3)
      await publish(ch, x, numbers(10))
      assert.deepEqual(await arrived(t, await bound(t, ch, x), 3), ['7', '8', '9'])
    }),
    fact('each queue that is bound gets them', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['1', '2'])
      for (let at = 0; at < 3; at++) {
        assert.deepEqual(await arrived(t, await bound(t, ch, x), 2), ['1', '2'])
      }
    }),
    fact('then it gets what comes', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['old'])
      const q = await bound(t, ch, x)
      const consumer = await t.consume(ch, q)
      assert.equal(text(await consumer.next()), 'old')
      await publish(ch, x, ['new'])
      assert.equal(text(await consumer.next()), 'new')
    }),
    fact('the same binding once more brings nothing', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['1'])
      const q = await bound(t, ch, x)
      assert.deepEqual(await arrived(t, q, 1), ['1'])
      await ch.bindQueue(q, x, '')
      await t.settle(ch, q)
      assert.equal((await ch.checkQueue(q)).messageCount, 0)
    }),
    fact('another binding of the same queue brings them again', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['1'])
      const q = await bound(t, ch, x)
      assert.deepEqual(await arrived(t, q, 1), ['1'])
      await ch.bindQueue(q, x, 'another')
      assert.deepEqual(await arrived(t, q, 1), ['1'])
    }),
    fact('x-recent-history-no-store keeps a message out of it', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      const early = await bound(t, ch, x)
      ch.publish(x, '', Buffer.from('passing'), { headers: { 'x-recent-history-no-store': true } })
      await publish(ch, x, ['stored'])
      assert.deepEqual(await t.drain(ch, early), ['passing', 'stored'])
      assert.deepEqual(await arrived(t, await bound(t, ch, x), 1), ['stored'])
    }),
    fact('the key, the exchange and the properties are the old ones', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      ch.publish(x, 'old.key', Buffer.from('m'), { messageId: 'id', headers: { h: 'v' } })
      await ch.waitForConfirms()
      const consumer = await t.consume(ch, await bound(t, ch, x))
      const message = await consumer.next()
      assert.ok(message)
      const { exchange, routingKey, redelivered } = message.fields
      assert.deepEqual([exchange, routingKey, redelivered], [x, 'old.key', false])
      assert.equal(message.properties.messageId, 'id')
      assert.equal(message.properties.headers?.h, 'v')
    }),
    fact('an exchange that is bound passes them on', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['1', '2'])
      const fanout = await t.exchange(ch, 'fanout')
      const q = await bound(t, ch, fanout)
      await ch.bindExchange(fanout, x, '')
      // RabbitMQ passes them on newest first, which nobody asked for.
      assert.deepEqual((await arrived(t, q, 2)).sort(), ['1', '2'])
    }),
    fact('deleting the exchange forgets them', SOURCE, async (t) => {
      const { ch, x } = await history(t)
      await publish(ch, x, ['forgotten'])
      await ch.deleteExchange(x)
      await ch.assertExchange(x, TYPE)
      const q = await bound(t, ch, x)
      await publish(ch, x, ['new'])
      assert.deepEqual(await arrived(t, q, 1), ['new'])
    }),
    refused('I', 0, '0'),
    refused('I', -1, '-1'),
    refused('S', 'a', '<<"a">>'),
    refused('d', 1, '1.0'),
  ]),
}

async function history(t: Session, length?: number) {
  const ch = await t.confirmChannel()
  const args = length === undefined ? {} : { 'x-recent-history-length': length }
  return { ch, x: await t.exchange(ch, TYPE, { arguments: args }) }
}

async function bound(t: Session, ch: ConfirmChannel, x: string, key = ''): Promise<string> {
  const q = await t.queue(ch)
  await ch.bindQueue(q, x, key)
  return q
}

async function publish(ch: ConfirmChannel, x: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) ch.publish(x, 'k', Buffer.from(body))
  await ch.waitForConfirms()
}

/** Waits for so many messages and sees that there are no more. */
async function arrived(t: Session, q: string, count: number): Promise<string[]> {
  const ch = await t.channel()
  const consumer = await t.consume(ch, q, { noAck: true })
  const messages = await consumer.take(count)
  await t.settle(ch, q)
  await ch.close()
  assert.equal(consumer.received.length, count)
  return messages.map(text)
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(at))
}

function refused(tag: string, value: FieldValue, shown: string): ConformanceCase {
  return refusal(`a length of ${tag}:${String(value)} is refused`, 'errors.md 5.4', (raw, t) => {
    const args: Table = [['x-recent-history-length', tag, value]]
    raw.send(1, 'exchange.declare', { exchange: t.name('x'), type: TYPE, arguments: args })
    const words = `PRECONDITION_FAILED - Invalid argument ${shown}, 'x-recent-history-length' must be a positive integer`
    return channelError(406, words, 'exchange.declare')
  })
}
