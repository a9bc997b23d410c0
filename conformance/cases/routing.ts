import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { FieldValue } from '../support/field-table.ts'

const SOURCE = 'core-semantics.md 2'
const CC = 'core-semantics.md 2.1, 3.1'

export const area: Area = {
  name: 'routing',
  cases: [
    fact('the default exchange leads to the queue of that name', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      ch.publish('', q, Buffer.from('here'))
      ch.publish('', `${q}.other`, Buffer.from('nowhere'))
      assert.deepEqual(await t.drain(ch, q), ['here'])
    }),
    fact('a direct exchange compares keys exactly', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'direct')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, 'Key')
      for (const key of ['key', 'Key ', 'Key', '', 'Ke']) ch.publish(x, key, Buffer.from(key))
      assert.deepEqual(await t.drain(ch, q), ['Key'])
    }),
    fact('a direct exchange has no wildcards', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'direct')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, '#')
      await ch.bindQueue(q, x, 'a.*')
      for (const key of ['a', 'a.b', 'a.*', '#']) ch.publish(x, key, Buffer.from(key))
      assert.deepEqual(await t.drain(ch, q), ['a.*', '#'])
    }),
    fact('a direct exchange gives each queue bound with the key a copy', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'direct')
      const queues = [await t.queue(ch), await t.queue(ch), await t.queue(ch)]
      for (const q of queues) await ch.bindQueue(q, x, 'k')
      ch.publish(x, 'k', Buffer.from('copy'))
      for (const q of queues) assert.deepEqual(await t.drain(ch, q), ['copy'])
    }),
    fact('an empty key is a key', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'direct')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, '')
      ch.publish(x, '', Buffer.from('empty'))
      assert.deepEqual(await t.drain(ch, q), ['empty'])
    }),
    fact('keys of 255 octets and of any characters are kept', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'direct')
      const q = await t.queue(ch)
      const keys = ['k'.repeat(255), 'ключ', '鍵 \u0001 🔑']
      for (const key of keys) {
        await ch.bindQueue(q, x, key)
        ch.publish(x, key, Buffer.alloc(0))
        const message = await ch.get(q, { noAck: true })
        assert.ok(message !== false)
        assert.equal(message.fields.routingKey, key)
      }
    }),
    fact('a fanout exchange ignores keys', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout')
      const queues = [await t.queue(ch), await t.queue(ch)]
      await ch.bindQueue(queues[0] ?? '', x, 'some')
      await ch.bindQueue(queues[1] ?? '', x, 'other')
      ch.publish(x, 'none of them', Buffer.from('all'))
      for (const q of queues) assert.deepEqual(await t.drain(ch, q), ['all'])
    }),
    fact('a fanout exchange bound twice to a queue delivers once', SOURCE, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'fanout')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, 'one')
      await ch.bindQueue(q, x, 'two')
      ch.publish(x, '', Buffer.from('once'))
      assert.deepEqual(await t.drain(ch, q), ['once'])
    }),
    fact('a message without a route is dropped in silence', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      raw.publish(1, { routingKey: t.name('missing') }, 'lost')
      raw.publish(1, { exchange: 'amq.topic', routingKey: t.name('missing') }, 'lost')
      await raw.call(1, 'tx.select')
    }),
    refusal('publishing to a missing exchange is refused', 'errors.md 5.9', (raw, t) => {
      const exchange = t.name('x')
      raw.publish(1, { exchange }, 'a')
      const text = `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`
      return channelError(404, text, 'basic.publish')
    }),
    fact('each key of CC is routed too', CC, async (t) => {
      const ch = await t.channel()
      const [to, cc1, cc2] = [await t.queue(ch), await t.queue(ch), await t.queue(ch)]
      ch.publish('', to, Buffer.from('m'), { CC: [cc1, cc2] })
      for (const q of [to, cc1, cc2]) assert.deepEqual(await t.drain(ch, q), ['m'])
    }),
    fact('CC stays in the headers', CC, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      const headers: [string, string, FieldValue][] = [['CC', 'A', [['S', 'elsewhere']]]]
      raw.publish(1, { routingKey: queue }, 'm', { headers })
      raw.send(1, 'basic.get', { queue, noAck: true })
      const { args, properties } = await raw.message(1, 'basic.get-ok')
      assert.deepEqual(properties.headers, headers)
      assert.equal(args.routingKey, queue)
    }),
    fact('each key of BCC is routed and BCC is taken out of the headers', CC, async (t) => {
      const ch = await t.channel()
      const [to, bcc] = [await t.queue(ch), await t.queue(ch)]
      ch.publish('', to, Buffer.from('m'), { BCC: [bcc], headers: { kept: 'yes' } })
      for (const q of [to, bcc]) {
        const message = await ch.get(q, { noAck: true })
        assert.ok(message !== false)
        assert.deepEqual({ ...message.properties.headers }, { kept: 'yes' })
      }
    }),
    fact('CC and BCC work through a topic exchange', CC, async (t) => {
      const ch = await t.channel()
      const x = await t.exchange(ch, 'topic')
      const q = await t.queue(ch)
      await ch.bindQueue(q, x, 'a.*')
      ch.publish(x, 'none', Buffer.from('cc'), { CC: ['a.b'] })
      ch.publish(x, 'none', Buffer.from('bcc'), { BCC: ['a.b'] })
      ch.publish(x, 'none', Buffer.from('lost'), { CC: ['b.b'] })
      assert.deepEqual(await t.drain(ch, q), ['cc', 'bcc'])
    }),
    fact('a queue named by key, CC and BCC gets one copy', CC, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      ch.publish('', q, Buffer.from('once'), { CC: [q, q], BCC: [q] })
      assert.deepEqual(await t.drain(ch, q), ['once'])
    }),
    fact('members of CC that are not strings are passed over', 'errors.md 5.9', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue })
      raw.publish(1, { routingKey: 'nowhere' }, 'm', {
        headers: [
          [
            'CC',
            'A',
            [
              ['I', 1],
              ['S', queue],
              ['V', null],
            ],
          ],
        ],
      })
      assert.deepEqual(await t.drain(await t.channel(), queue), ['m'])
    }),
    ...[
      badCc('CC', 'S', 'a', 'longstr'),
      badCc('CC', 'I', 1, 'signedint'),
      badCc('CC', 'V', null, 'void'),
      badCc('CC', 'F', [], 'table'),
      badCc('BCC', 'S', 'a', 'longstr'),
    ],
  ],
}

function badCc(header: string, tag: string, value: FieldValue, type: string) {
  return refusal(`${header} of type ${type} is refused`, 'errors.md 5.9', (raw) => {
    raw.publish(1, { routingKey: 'nowhere' }, 'm', { headers: [[header, tag, value]] })
    const text = `PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"${header}",${type}}`
    return channelError(406, text, 'basic.publish')
  })
}
