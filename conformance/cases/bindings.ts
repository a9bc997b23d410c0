import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Arguments } from '../support/methods.ts'

const SOURCE = 'core-semantics.md 1.6'

export const area: Area = {
  name: 'bindings',
  cases: [
    fact('queue.bind and queue.unbind have empty replies', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      const args = { queue, exchange: 'amq.direct', routingKey: 'k' }
      assert.deepEqual(await raw.call(1, 'queue.bind', args), {})
      assert.deepEqual(await raw.call(1, 'queue.unbind', args), {})
    }),
    fact('binding the same thing twice makes one binding', 'errors.md 3', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'direct')
      await ch.bindQueue(q, x, 'k')
      await ch.bindQueue(q, x, 'k')
      await ch.unbindQueue(q, x, 'k')
      ch.publish(x, 'k', Buffer.from('lost'))
      assert.deepEqual(await t.drain(ch, q), [])
    }),
    fact('several bindings to a queue deliver a message once', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'topic')
      for (const pattern of ['#', 'a.*', '*.b', 'a.b']) await ch.bindQueue(q, x, pattern)
      ch.publish(x, 'a.b', Buffer.from('once'))
      assert.deepEqual(await t.drain(ch, q), ['once'])
    }),
    fact('arguments are part of what a binding is', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'direct')
      await ch.bindQueue(q, x, 'k')
      await ch.bindQueue(q, x, 'k', { note: 1 })
      await ch.unbindQueue(q, x, 'k')
      ch.publish(x, 'k', Buffer.from('still bound'))
      assert.deepEqual(await t.drain(ch, q), ['still bound'])
    }),
    fact('unbinding with other arguments leaves the binding', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'direct')
      await ch.bindQueue(q, x, 'k', { note: 1 })
      await ch.unbindQueue(q, x, 'k', { note: 2 })
      ch.publish(x, 'k', Buffer.from('still bound'))
      assert.deepEqual(await t.drain(ch, q), ['still bound'])
    }),
    fact('unbinding what is not bound succeeds', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'queue.unbind', { queue, exchange: 'amq.direct', routingKey: 'k' })
      await raw.call(1, 'queue.unbind', { queue: t.name('missing'), exchange: 'amq.direct' })
      await raw.call(1, 'queue.unbind', { queue, exchange: t.name('missing') })
      const exchanges = { source: t.name('missing'), destination: t.name('missing') }
      await raw.call(1, 'exchange.unbind', exchanges)
    }),
    fact('the bindings of a deleted queue do not come back with it', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await ch.bindQueue(q, 'amq.direct', q)
      await ch.deleteQueue(q)
      await ch.assertQueue(q)
      ch.publish('amq.direct', q, Buffer.from('lost'))
      assert.deepEqual(await t.drain(ch, q), [])
    }),
    fact(
      'an empty queue name and key mean the last declared queue and its name',
      'errors.md 4',
      async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'queue.bind', { exchange: 'amq.direct' })
        raw.publish(1, { exchange: 'amq.direct', routingKey: queue }, 'mine')
        assert.deepEqual(await t.drain(await t.channel(), queue), ['mine'])
      },
    ),
    fact('an empty queue name with a key keeps the key', 'errors.md 4', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const routingKey = t.name('key')
      await raw.call(1, 'queue.declare', { queue })
      await raw.call(1, 'queue.bind', { exchange: 'amq.direct', routingKey })
      raw.publish(1, { exchange: 'amq.direct', routingKey }, 'mine')
      assert.deepEqual(await t.drain(await t.channel(), queue), ['mine'])
    }),
    notFound('binding a missing queue', 'queue.bind', { exchange: 'amq.direct' }, 'queue'),
    notFound('binding to a missing exchange', 'queue.bind', {}, 'exchange'),
    notFound(
      'binding a missing source exchange',
      'exchange.bind',
      { destination: 'amq.fanout' },
      'source',
    ),
    notFound(
      'binding a missing destination exchange',
      'exchange.bind',
      { source: 'amq.fanout' },
      'destination',
    ),
    refusal('of two missing exchanges the source is named', 'errors.md 4', (raw, t) => {
      const source = t.name('source')
      raw.send(1, 'exchange.bind', { source, destination: t.name('destination') })
      return channelError(404, `NOT_FOUND - no exchange '${source}' ${t.inVhost}`, 'exchange.bind')
    }),
    refusal('of a missing queue and exchange the exchange is named', 'errors.md 4', (raw, t) => {
      const exchange = t.name('x')
      raw.send(1, 'queue.bind', { queue: t.name('queue'), exchange })
      return channelError(404, `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`, 'queue.bind')
    }),
    fact('exchanges pass messages on to exchanges of any type', SOURCE, async (t) => {
      const ch = await t.channel()
      const topic = await t.exchange(ch, 'topic')
      const direct = await t.exchange(ch, 'direct')
      const fanout = await t.exchange(ch, 'fanout')
      const q = await t.queue(ch)
      await ch.bindExchange(direct, topic, 'a.#')
      await ch.bindExchange(fanout, direct, 'a.b')
      await ch.bindQueue(q, fanout, '')
      for (const key of ['a.b', 'a.c', 'b.b']) ch.publish(topic, key, Buffer.from(key))
      assert.deepEqual(await t.drain(ch, q), ['a.b'])
    }),
    fact('a delivery names the exchange and key it was published with', SOURCE, async (t) => {
      const ch = await t.channel()
      const first = await t.exchange(ch, 'topic')
      const second = await t.exchange(ch, 'fanout')
      const q = await t.queue(ch)
      await ch.bindExchange(second, first, '#')
      await ch.bindQueue(q, second, 'other')
      ch.publish(first, 'the.key', Buffer.from('a'))
      const message = await ch.get(q, { noAck: true })
      assert.ok(message !== false)
      assert.deepEqual([message.fields.exchange, message.fields.routingKey], [first, 'the.key'])
    }),
    fact('a circle of exchanges delivers once', SOURCE, async (t) => {
      const ch = await t.channel()
      const names = [
        await t.exchange(ch, 'fanout'),
        await t.exchange(ch, 'fanout'),
        await t.exchange(ch, 'fanout'),
      ]
      const q = await t.queue(ch)
      for (const [at, source] of names.entries()) {
        await ch.bindExchange(names[(at + 1) % 3] ?? '', source, '')
        await ch.bindQueue(q, source, '')
      }
      ch.publish(names[0] ?? '', '', Buffer.from('once'))
      assert.deepEqual(await t.drain(ch, q), ['once'])
    }),
    fact('an exchange bound to itself delivers once', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout')
      const q = await t.queue(ch)
      await ch.bindExchange(x, x, '')
      await ch.bindQueue(q, x, '')
      ch.publish(x, '', Buffer.from('once'))
      assert.deepEqual(await t.drain(ch, q), ['once'])
    }),
    fact('two ways to a queue deliver once', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout')
      const q = await t.queue(ch)
      for (const branch of [await t.exchange(ch, 'fanout'), await t.exchange(ch, 'fanout')]) {
        await ch.bindExchange(branch, x, '')
        await ch.bindQueue(q, branch, '')
      }
      ch.publish(x, '', Buffer.from('once'))
      assert.deepEqual(await t.drain(ch, q), ['once'])
    }),
    fact('unbinding exchanges stops the flow', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'direct')
      const next = await t.exchange(ch, 'fanout')
      const q = await t.queue(ch)
      await ch.bindQueue(q, next, '')
      await ch.bindExchange(next, x, 'k')
      ch.publish(x, 'k', Buffer.from('before'))
      await ch.unbindExchange(next, x, 'k')
      ch.publish(x, 'k', Buffer.from('after'))
      assert.deepEqual(await t.drain(ch, q), ['before'])
    }),
  ],
}

/** `missing` is the argument that names nothing. */
function notFound(what: string, method: string, args: Arguments, missing: string) {
  return refusal(`${what} is refused`, 'errors.md 4', async (raw, t) => {
    const queue = t.name('queue')
    if (method === 'queue.bind') await raw.call(1, 'queue.declare', { queue })
    const name = t.name('missing')
    raw.send(1, method, { ...(method === 'queue.bind' ? { queue } : {}), ...args, [missing]: name })
    const kind = missing === 'queue' ? 'queue' : 'exchange'
    return channelError(404, `NOT_FOUND - no ${kind} '${name}' ${t.inVhost}`, method)
  })
}
