import assert from 'node:assert/strict'
import type { ConfirmChannel, Options } from 'amqplib'
import type { Area, ConformanceCase } from '../support/case.ts'
import { header, headerTag } from '../support/dead-letter-rig.ts'
import { fact, needing, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import { type Session, text } from '../support/session.ts'

const TYPE = 'x-delayed-message'
const SOURCE = 'core-semantics.md 2.4'

export const area: Area = {
  name: 'delayed messages',
  cases: needing(TYPE, [
    fact('a message comes after its delay', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      const sentAt = performance.now()
      await publish(ch, x, ['m', 100])
      await consumer.next()
      const tookMs = performance.now() - sentAt
      assert.ok(tookMs >= 95, `it came after ${tookMs} ms`)
    }),
    fact('until then the queue is empty', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      await publish(ch, x, ['late', 60_000], ['now', undefined])
      assert.deepEqual(await t.drain(ch, q), ['now'])
    }),
    fact('the shorter delay comes first', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      await publish(ch, x, ['long', 300], ['short', 20], ['middle', 150])
      assert.deepEqual((await consumer.take(3)).map(text), ['short', 'middle', 'long'])
    }),
    fact('x-delay is negative in the delivery', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      await publish(ch, x, ['m', 20])
      assert.equal((await consumer.next())?.properties.headers?.['x-delay'], -20)
    }),
    fact('properties and other headers are kept', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      const headers = { 'x-delay': 20, other: 'kept' }
      const properties = { messageId: 'id', deliveryMode: 2, priority: 3, type: 'ty' }
      ch.publish(x, 'k', Buffer.from('m'), { ...properties, headers })
      const message = await consumer.next()
      assert.ok(message)
      for (const [name, value] of Object.entries(properties)) {
        assert.equal(Object.entries(message.properties).find(([key]) => key === name)?.[1], value)
      }
      assert.equal(message.properties.headers?.other, 'kept')
    }),
    fact('the exchange and the key are those it was published to', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      await publish(ch, x, ['m', 20])
      const { exchange, routingKey } = (await consumer.next())!.fields
      assert.deepEqual([exchange, routingKey], [x, 'k'])
    }),
    ...atOnce('without x-delay'),
    ...atOnce('with a delay of 0', 'I', 0),
    ...atOnce('with a negative delay', 'I', -1000),
    ...atOnce('with a delay of 2^32', 'l', 4294967296n),
    ...later('a longer integer', 'l', 30n),
    ...later('a shorter integer', 's', 30),
    ...later('a number in text', 'S', '30'),
    ...later('a double', 'd', 30),
    fact('it is confirmed at once', SOURCE, async (t) => {
      const { ch, x } = await delaying(t)
      await publish(ch, x, ['m', 60_000])
    }),
    fact('a mandatory message is returned, and comes all the same', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      let returned = 0
      ch.on('return', () => {
        returned++
      })
      ch.publish(x, 'k', Buffer.from('m'), { mandatory: true, headers: { 'x-delay': 20 } })
      await ch.waitForConfirms()
      assert.equal(returned, 1)
      assert.equal(text(await consumer.next()), 'm')
    }),
    fact('direct: the key decides when the delay is over', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      ch.publish(x, 'other', Buffer.from('lost'), { headers: { 'x-delay': 10 } })
      await publish(ch, x, ['found', 40])
      assert.equal(text(await consumer.next()), 'found')
    }),
    fact('topic: patterns match', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t, 'topic', 'a.*')
      const consumer = await t.consume(ch, q)
      for (const [at, key] of ['b.c', 'a.b.c', 'a.b'].entries()) {
        ch.publish(x, key, Buffer.from(key), { headers: { 'x-delay': 10 + at } })
      }
      assert.equal(text(await consumer.next()), 'a.b')
    }),
    fact('fanout: every queue gets it', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t, 'fanout')
      const other = await t.queue(ch)
      await ch.bindQueue(other, x, '')
      const consumers = [await t.consume(ch, q), await t.consume(ch, other)]
      await publish(ch, x, ['m', 20])
      for (const consumer of consumers) assert.equal(text(await consumer.next()), 'm')
    }),
    fact('headers: they decide', SOURCE, async (t) => {
      const ch = await t.confirmChannel()
      const x = await t.exchange(ch, TYPE, { arguments: { 'x-delayed-type': 'headers' } })
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, '', { kind: 'a' })
      const consumer = await t.consume(ch, q)
      for (const [at, kind] of ['b', 'a'].entries()) {
        ch.publish(x, '', Buffer.from(kind), { headers: { kind, 'x-delay': 10 + at } })
      }
      assert.equal(text(await consumer.next()), 'a')
    }),
    fact('a queue bound during the delay gets the message', SOURCE, async (t) => {
      const { ch, x } = await delaying(t)
      await publish(ch, x, ['m', 200])
      const late = await t.queue(ch)
      await ch.bindQueue(late, x, 'k')
      const consumer = await t.consume(ch, late)
      assert.equal(text(await consumer.next()), 'm')
    }),
    fact('an expiration counts from the end of the delay', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      ch.publish(x, 'k', Buffer.from('m'), { expiration: '5000', headers: { 'x-delay': 30 } })
      const consumer = await t.consume(ch, q)
      assert.equal(text(await consumer.next()), 'm')
    }),
    fact('a delayed message can be delayed again by a dead-letter exchange', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const consumer = await t.consume(ch, q)
      await publish(ch, x, ['m', 20])
      const first = await consumer.next()
      const headers = { ...first?.properties.headers, 'x-delay': 20 }
      ch.ack(first!)
      ch.publish(x, 'k', Buffer.from('again'), { headers })
      assert.equal(text(await consumer.next()), 'again')
    }),
    fact('what waits in a deleted exchange is gone', SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      await publish(ch, x, ['gone', 50])
      await ch.deleteExchange(x)
      await ch.assertExchange(x, TYPE, { arguments: { 'x-delayed-type': 'direct' } })
      await ch.bindQueue(q, x, 'k')
      const consumer = await t.consume(ch, q)
      await publish(ch, x, ['kept', 150])
      assert.equal(text(await consumer.next()), 'kept')
    }),
    refusedType(
      'without x-delayed-type',
      undefined,
      "'x-delayed-type' must be an existing exchange type",
    ),
    refusedType(
      'with a type that does not exist',
      'foo',
      "'x-delayed-type' must be an existing exchange type",
    ),
    refusedType('inside itself', TYPE, "'x-delayed-message' can't be used for 'x-delayed-type'"),
  ]),
}

async function delaying(t: Session, type = 'direct', key = 'k') {
  const ch = await t.confirmChannel()
  const x = await t.exchange(ch, TYPE, { arguments: { 'x-delayed-type': type } })
  const q = await t.queue(ch)
  await ch.bindQueue(q, x, key)
  return { ch, x, q }
}

type Sent = readonly [body: string, delayMs: number | undefined]

async function publish(ch: ConfirmChannel, x: string, ...messages: Sent[]): Promise<void> {
  for (const [body, delayMs] of messages) {
    const options: Options.Publish =
      delayMs === undefined ? {} : { headers: { 'x-delay': delayMs } }
    ch.publish(x, 'k', Buffer.from(body), options)
  }
  await ch.waitForConfirms()
}

/** What does not count as a delay. */
function atOnce(how: string, tag?: string, value: FieldValue = null): ConformanceCase[] {
  return [
    fact(`${how} a message is routed at once`, SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const raw = await t.raw()
      const headers: Table = tag === undefined ? [] : [['x-delay', tag, value]]
      await raw.call(1, 'confirm.select')
      raw.publish(1, { exchange: x, routingKey: 'k' }, 'm', { headers })
      await raw.expect(1, 'basic.ack')
      assert.deepEqual(await t.drain(ch, q), ['m'])
    }),
  ]
}

/** What counts as a delay. */
function later(how: string, tag: string, value: FieldValue): ConformanceCase[] {
  return [
    fact(`x-delay may be ${how}`, SOURCE, async (t) => {
      const { ch, x, q } = await delaying(t)
      const raw = await t.raw()
      await raw.call(1, 'confirm.select')
      raw.publish(1, { exchange: x, routingKey: 'k' }, 'm', { headers: [['x-delay', tag, value]] })
      await raw.expect(1, 'basic.ack')
      assert.equal((await ch.checkQueue(q)).messageCount, 0)
      await raw.call(1, 'basic.consume', { queue: q, noAck: true })
      const message = await raw.message(1, 'basic.deliver')
      assert.equal(Number(header(message, 'x-delay')), -30)
      assert.notEqual(headerTag(message, 'x-delay'), undefined)
    }),
  ]
}

function refusedType(how: string, type: string | undefined, words: string): ConformanceCase {
  return refusal(`${how} it is refused`, 'errors.md 5.4', (raw, t) => {
    const args: Table = type === undefined ? [] : [['x-delayed-type', 'S', type]]
    raw.send(1, 'exchange.declare', { exchange: t.name('x'), type: TYPE, arguments: args })
    const text = `PRECONDITION_FAILED - Invalid argument, ${words}`
    return channelError(406, text, 'exchange.declare')
  })
}
