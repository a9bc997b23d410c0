import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import { type Session, text } from '../support/session.ts'

const AUTO_DELETE = 'core-semantics.md 1.5'
const ALTERNATE = 'core-semantics.md 2.1'

export const area: Area = {
  name: 'exchange lifecycle',
  cases: [
    fact(
      'an auto-delete exchange goes with the unbinding of its last queue',
      AUTO_DELETE,
      async (t) => {
        const ch = await t.channel()
        const q = await t.queue(ch)
        const x = await t.exchange(ch, 'direct', { autoDelete: true })
        await ch.bindQueue(q, x, 'a')
        await ch.bindQueue(q, x, 'b')
        await ch.unbindQueue(q, x, 'a')
        await ch.checkExchange(x)
        await ch.unbindQueue(q, x, 'b')
        await assert.rejects(ch.checkExchange(x), /404/)
      },
    ),
    fact('an auto-delete exchange goes with its last queue', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'fanout', { autoDelete: true })
      await ch.bindQueue(q, x, '')
      await ch.deleteQueue(q)
      await assert.rejects(ch.checkExchange(x), /404/)
    }),
    fact('an auto-delete exchange goes with the exchange bound to it', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const destination = await t.exchange(ch, 'fanout')
      const x = await t.exchange(ch, 'fanout', { autoDelete: true })
      await ch.bindExchange(destination, x, '')
      await ch.deleteExchange(destination)
      await assert.rejects(ch.checkExchange(x), /404/)
    }),
    fact('auto-delete runs down a chain of exchanges', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const near = await t.exchange(ch, 'fanout', { autoDelete: true })
      const far = await t.exchange(ch, 'fanout', { autoDelete: true })
      await ch.bindExchange(near, far, '')
      await ch.bindQueue(q, near, '')
      await ch.deleteQueue(q)
      await assert.rejects(ch.checkExchange(far), /404/)
    }),
    fact('an auto-delete exchange never bound stays', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout', { autoDelete: true })
      await ch.unbindQueue(await t.queue(ch), x, '')
      await ch.checkExchange(x)
    }),
    fact('bindings to an auto-delete exchange do not count', AUTO_DELETE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout', { autoDelete: true })
      await ch.bindExchange(x, 'amq.fanout', '')
      await ch.unbindExchange(x, 'amq.fanout', '')
      await ch.checkExchange(x)
    }),
    refusal('publishing to an internal exchange is refused', 'errors.md 5.9', async (raw, t) => {
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange, type: 'fanout', internal: true })
      raw.publish(1, { exchange }, 'a')
      const words = `ACCESS_REFUSED - cannot publish to internal exchange '${exchange}' ${t.inVhost}`
      return channelError(403, words, 'basic.publish')
    }),
    fact('an internal exchange routes what other exchanges pass to it', ALTERNATE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'fanout')
      const internal = await t.exchange(ch, 'fanout', { internal: true })
      await ch.bindExchange(internal, x, '')
      await ch.bindQueue(q, internal, '')
      ch.publish(x, 'k', Buffer.from('inside'))
      assert.deepEqual(await t.drain(ch, q), ['inside'])
    }),
    fact('a message without a route goes to the alternate exchange', ALTERNATE, async (t) => {
      const { ch, q, x, spare } = await withAlternate(t)
      ch.publish(x, 'bound', Buffer.from('direct'))
      ch.publish(x, 'unbound', Buffer.from('spare'))
      assert.deepEqual(await t.drain(ch, q), ['direct'])
      assert.deepEqual(await t.drain(ch, spare), ['spare'])
    }),
    fact('the alternate exchange sees the original exchange and key', ALTERNATE, async (t) => {
      const { ch, x, spare } = await withAlternate(t)
      ch.publish(x, 'unbound', Buffer.from('spare'))
      const message = await ch.get(spare, { noAck: true })
      assert.equal(text(message), 'spare')
      const { exchange, routingKey } =
        message === false ? { exchange: '', routingKey: '' } : message.fields
      assert.deepEqual([exchange, routingKey], [x, 'unbound'])
    }),
    fact(
      'a mandatory message that took the alternate exchange is not returned',
      ALTERNATE,
      async (t) => {
        const { x, spare } = await withAlternate(t)
        const ch = await t.confirmChannel()
        const returned: unknown[] = []
        ch.on('return', (message) => returned.push(message))
        ch.publish(x, 'unbound', Buffer.from('spare'), { mandatory: true })
        await ch.waitForConfirms()
        assert.deepEqual(returned, [])
        assert.deepEqual(await t.drain(ch, spare), ['spare'])
      },
    ),
    fact('alternate exchanges form chains', ALTERNATE, async (t) => {
      const ch = await t.channel()
      const last = await t.exchange(ch, 'fanout')
      const middle = await t.exchange(ch, 'direct', { alternateExchange: last })
      const first = await t.exchange(ch, 'direct', { alternateExchange: middle })
      const q = await t.queue(ch)
      await ch.bindQueue(q, last, '')
      ch.publish(first, 'k', Buffer.from('far'))
      assert.deepEqual(await t.drain(ch, q), ['far'])
    }),
    fact('a circle of alternate exchanges ends', ALTERNATE, async (t) => {
      const ch = await t.confirmChannel()
      const one = t.name('one')
      const two = t.name('two')
      await ch.assertExchange(one, 'direct', { alternateExchange: two })
      await ch.assertExchange(two, 'direct', { alternateExchange: one })
      ch.publish(one, 'k', Buffer.from('nowhere'))
      await ch.waitForConfirms()
    }),
    fact('an alternate exchange that does not exist is passed over', ALTERNATE, async (t) => {
      const ch = await t.confirmChannel()
      const x = await t.exchange(ch, 'direct', { alternateExchange: t.name('missing') })
      const returned = new Promise((resolve) => ch.once('return', resolve))
      ch.publish(x, 'k', Buffer.from('nowhere'), { mandatory: true })
      await returned
      await ch.waitForConfirms()
    }),
    fact(
      'an exchange that leads to an exchange without queues has a route',
      ALTERNATE,
      async (t) => {
        const { ch, x, spare } = await withAlternate(t)
        const blind = await t.exchange(ch, 'fanout')
        await ch.bindExchange(blind, x, 'blind')
        const returned = new Promise((resolve) => ch.once('return', resolve))
        ch.publish(x, 'blind', Buffer.from('lost'), { mandatory: true })
        await returned
        assert.deepEqual(await t.drain(ch, spare), [])
      },
    ),
    ...['I', 't', 'V', 'x'].map((tag) =>
      refusal(`an alternate exchange of type ${tag} is refused`, 'errors.md 5.4', (raw, t) => {
        const exchange = t.name('x')
        const value = { I: 1, t: true, V: null, x: Buffer.from('amq.fanout') }[tag] ?? null
        const type = { I: 'signedint', t: 'bool', V: 'void', x: 'binary' }[tag]
        raw.send(1, 'exchange.declare', {
          exchange,
          type: 'direct',
          arguments: [['alternate-exchange', tag, value]],
        })
        const words = `invalid type '${type}' for arg 'alternate-exchange' in exchange '${exchange}' ${t.inVhost}`
        return channelError(406, `PRECONDITION_FAILED - ${words}`, 'exchange.declare')
      }),
    ),
  ],
}

/** A direct exchange x with one bound queue q, and a queue behind its alternate exchange. */
async function withAlternate(t: Session) {
  const ch = await t.channel()
  const alternate = await t.exchange(ch, 'fanout')
  const x = await t.exchange(ch, 'direct', { alternateExchange: alternate })
  const q = await t.queue(ch)
  const spare = await t.queue(ch)
  await ch.bindQueue(q, x, 'bound')
  await ch.bindQueue(spare, alternate, '')
  return { ch, x, q, spare }
}
