import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Arguments } from '../support/methods.ts'

const SOURCE = 'core-semantics.md 1'
const INEQUIVALENT = 'errors.md 5.1'

export const area: Area = {
  name: 'exchanges',
  cases: [
    ...[
      ['amq.direct', 'direct'],
      ['amq.fanout', 'fanout'],
      ['amq.topic', 'topic'],
      ['amq.headers', 'headers'],
      ['amq.match', 'headers'],
    ].map(([exchange = '', type = '']) =>
      fact(
        `${exchange} exists and is a durable ${type} exchange`,
        'core-semantics.md 1.2',
        async (t) => {
          const ch = await t.channel()
          await ch.checkExchange(exchange)
          await ch.assertExchange(exchange, type, { durable: true })
        },
      ),
    ),
    fact('amq.rabbitmq.trace exists and is internal', 'core-semantics.md 1.2', async (t) => {
      const ch = await t.channel()
      await ch.assertExchange('amq.rabbitmq.trace', 'topic', { durable: true, internal: true })
    }),
    ...['direct', 'fanout', 'topic', 'headers'].map((type) =>
      fact(`a ${type} exchange is declared and found again`, SOURCE, async (t) => {
        const raw = await t.raw()
        const exchange = t.name('x')
        assert.deepEqual(await raw.call(1, 'exchange.declare', { exchange, type }), {})
        assert.deepEqual(await raw.call(1, 'exchange.declare', { exchange, passive: true }), {})
        assert.deepEqual(await raw.call(1, 'exchange.delete', { exchange }), {})
      }),
    ),
    fact('redeclaring an exchange as it is succeeds', SOURCE, async (t) => {
      const raw = await t.raw()
      const args = {
        exchange: t.name('x'),
        type: 'topic',
        durable: true,
        autoDelete: true,
        internal: true,
      }
      await raw.call(1, 'exchange.declare', args)
      await raw.call(1, 'exchange.declare', args)
    }),
    fact('a passive declare looks at the name only', INEQUIVALENT, async (t) => {
      const raw = await t.raw()
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange, type: 'topic', durable: true })
      const args = {
        exchange,
        type: 'no-such-type',
        passive: true,
        autoDelete: true,
        internal: true,
      }
      await raw.call(1, 'exchange.declare', args)
    }),
    fact('an unknown argument is neither refused nor compared', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      const args = { exchange: t.name('x'), type: 'direct' }
      await raw.call(1, 'exchange.declare', { ...args, arguments: [['foo', 'I', 1]] })
      await raw.call(1, 'exchange.declare', { ...args, arguments: [['foo', 'I', 2]] })
    }),
    inequivalent('type', { type: 'fanout' }, "received 'fanout' but current is 'direct'"),
    inequivalent('durable', { durable: true }, "received 'true' but current is 'false'"),
    inequivalent('auto_delete', { autoDelete: true }, "received 'true' but current is 'false'"),
    inequivalent('internal', { internal: true }, "received 'true' but current is 'false'"),
    inequivalent(
      'alternate-exchange',
      { arguments: [['alternate-exchange', 'S', 'amq.fanout']] },
      "received the value 'amq.fanout' of type 'longstr' but current is none",
    ),
    refusal('of several differences the type is named first', INEQUIVALENT, async (raw, t) => {
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange, type: 'direct', durable: true })
      raw.send(1, 'exchange.declare', { exchange, type: 'topic', autoDelete: true })
      const text = `inequivalent arg 'type' for exchange '${exchange}' ${t.inVhost}: received 'topic' but current is 'direct'`
      return channelError(406, `PRECONDITION_FAILED - ${text}`, 'exchange.declare')
    }),
    refusal('an exchange that is missing is not found', 'errors.md 4', (raw, t) => {
      const exchange = t.name('x')
      raw.send(1, 'exchange.declare', { exchange, passive: true })
      const text = `NOT_FOUND - no exchange '${exchange}' ${t.inVhost}`
      return channelError(404, text, 'exchange.declare')
    }),
    refusal(
      'an unknown type is refused on the channel',
      'errors.md 5.4',
      (raw, t) => {
        raw.send(1, 'exchange.declare', { exchange: t.name('x'), type: 'x-no-such-type' })
        const text = "PRECONDITION_FAILED - unknown exchange type 'x-no-such-type'"
        return channelError(406, text, 'exchange.declare')
      },
      on310('3.x answers COMMAND_INVALID (503) on the connection'),
    ),
    refusal(
      'an unknown type is refused before a reserved name',
      'errors.md 5.4',
      (raw) => {
        raw.send(1, 'exchange.declare', { exchange: 'amq.conformance', type: 'x-no-such-type' })
        const text = "PRECONDITION_FAILED - unknown exchange type 'x-no-such-type'"
        return channelError(406, text, 'exchange.declare')
      },
      on310('3.x answers COMMAND_INVALID (503) on the connection'),
    ),
    refusal('a new name beginning with amq. is refused', 'errors.md 6', (raw) => {
      raw.send(1, 'exchange.declare', { exchange: 'amq.conformance', type: 'direct' })
      const text =
        "ACCESS_REFUSED - exchange name 'amq.conformance' contains reserved prefix 'amq.*'"
      return channelError(403, text, 'exchange.declare')
    }),
    refusal('a predeclared exchange is compared like any other', 'errors.md 5.1', (raw, t) => {
      raw.send(1, 'exchange.declare', { exchange: 'amq.direct', type: 'fanout', durable: true })
      const text = `PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'amq.direct' ${t.inVhost}: received 'fanout' but current is 'direct'`
      return channelError(406, text, 'exchange.declare')
    }),
    refusal('deleting a predeclared exchange is refused', 'errors.md 6', (raw, t) => {
      raw.send(1, 'exchange.delete', { exchange: 'amq.direct' })
      const text = `ACCESS_REFUSED - deletion of system exchange 'amq.direct' ${t.inVhost} not allowed`
      return channelError(403, text, 'exchange.delete')
    }),
    refusal(
      'deleting a reserved name that does not exist is refused too',
      'errors.md 6',
      (raw, t) => {
        raw.send(1, 'exchange.delete', { exchange: 'amq.conformance' })
        const text = `ACCESS_REFUSED - deletion of system exchange 'amq.conformance' ${t.inVhost} not allowed`
        return channelError(403, text, 'exchange.delete')
      },
    ),
    ...onDefaultExchange(),
    fact('deleting an exchange that does not exist succeeds', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      await raw.call(1, 'exchange.delete', { exchange: t.name('x') })
      await raw.call(1, 'exchange.delete', { exchange: t.name('x'), ifUnused: true })
    }),
    refusal(
      'if-unused refuses to delete an exchange with a binding from it',
      'errors.md 5.6',
      async (raw, t) => {
        const exchange = t.name('x')
        const queue = t.name('queue')
        await raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'queue.bind', { queue, exchange })
        raw.send(1, 'exchange.delete', { exchange, ifUnused: true })
        const text = `PRECONDITION_FAILED - exchange '${exchange}' ${t.inVhost} in use`
        return channelError(406, text, 'exchange.delete')
      },
    ),
    fact('if-unused does not mind bindings to the exchange', 'errors.md 5.6', async (t) => {
      const raw = await t.raw()
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      await raw.call(1, 'exchange.bind', { destination: exchange, source: 'amq.fanout' })
      await raw.call(1, 'exchange.delete', { exchange, ifUnused: true })
    }),
    fact('deleting an exchange removes its bindings', 'core-semantics.md 1.5', async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const x = await t.exchange(ch, 'fanout')
      await ch.bindQueue(q, x, '')
      await ch.deleteExchange(x)
      await ch.assertExchange(x, 'fanout')
      ch.publish(x, '', Buffer.from('lost'))
      assert.equal(await ch.get(q), false)
    }),
    fact('CR and LF are removed from an exchange name', 'errors.md 3', async (t) => {
      const raw = await t.raw()
      const exchange = t.name('x')
      await raw.call(1, 'exchange.declare', { exchange: `${exchange}\r\n`, type: 'direct' })
      await raw.call(1, 'exchange.declare', { exchange, passive: true })
    }),
    fact('a queue and an exchange may bear the same name', 'core-semantics.md 1.1', async (t) => {
      const raw = await t.raw()
      const name = t.name('same')
      await raw.call(1, 'exchange.declare', { exchange: name, type: 'fanout' })
      await raw.call(1, 'queue.declare', { queue: name })
      await raw.call(1, 'exchange.delete', { exchange: name })
      await raw.call(1, 'queue.declare', { queue: name, passive: true })
    }),
  ],
}

/** Redeclares a transient direct exchange with one thing changed. */
function inequivalent(key: string, change: Arguments, difference: string) {
  return refusal(`another ${key} is inequivalent`, INEQUIVALENT, async (raw, t) => {
    const exchange = t.name('x')
    await raw.call(1, 'exchange.declare', { exchange, type: 'direct' })
    raw.send(1, 'exchange.declare', { exchange, type: 'direct', ...change })
    const text = `PRECONDITION_FAILED - inequivalent arg '${key}' for exchange '${exchange}' ${t.inVhost}: ${difference}`
    return channelError(406, text, 'exchange.declare')
  })
}

/** Nothing may be done to the default exchange, and that is said before anything is looked up. */
function onDefaultExchange() {
  const attempts: [method: string, args: Arguments][] = [
    ['exchange.declare', { exchange: '', type: 'direct', durable: true }],
    ['exchange.declare', { exchange: '', passive: true }],
    ['exchange.delete', { exchange: '' }],
    ['queue.bind', { queue: 'conformance-missing', exchange: '' }],
    ['queue.unbind', { queue: 'conformance-missing', exchange: '' }],
    ['exchange.bind', { source: '', destination: 'amq.fanout' }],
    ['exchange.bind', { source: 'amq.fanout', destination: '' }],
    ['exchange.unbind', { source: '', destination: 'amq.fanout' }],
  ]
  return attempts.map(([method, args]) => {
    const what = [args.passive ? 'passive' : '', args.destination === '' ? 'to' : '']
    const name = `${[...what, method].filter(Boolean).join(' ')} on the default exchange is refused`
    return refusal(name, 'errors.md 6', (raw) => {
      raw.send(1, method, args)
      const text = 'ACCESS_REFUSED - operation not permitted on the default exchange'
      return channelError(403, text, method)
    })
  })
}
