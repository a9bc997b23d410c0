import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { DeadLetterRig, deaths, fetchFrom, header, plain } from '../support/dead-letter-rig.ts'
import { fact, on310 } from '../support/fact.ts'
import type { Table } from '../support/field-table.ts'
import type { RawConnection } from '../support/raw-connection.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 6'
const CAPTURE = 'captures/x-death-4.3.6.json'

export const area: Area = {
  name: 'dead-letter routing',
  cases: [
    fact(
      'an exchange that is missing: the message is dropped, the queue lives on',
      SOURCE,
      async (t) => {
        const rig = await DeadLetterRig.build(t)
        await rig.raw.call(1, 'exchange.delete', { exchange: rig.exchange })
        rig.publish('dropped')
        await rig.reject()
        rig.publish('next')
        assert.equal((await rig.fetch()).body.toString(), 'next')
      },
    ),
    fact('an exchange declared later is found', SOURCE, async (t) => {
      const raw = await t.raw()
      const [queue, dlx] = [t.name('queue'), t.name('dlx')]
      await raw.call(1, 'queue.declare', { queue, arguments: leadingTo(dlx) })
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'fanout' })
      const target = await boundTo(t, raw, dlx)
      await die(raw, queue, 'm')
      assert.deepEqual(await bodies(t, target, 1), ['m'])
    }),
    fact('a key that no binding matches: the message is dropped', CAPTURE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'direct' })
      const target = await boundTo(t, raw, dlx, 'right')
      const wrong = await declared(t, raw, leadingTo(dlx, 'wrong'))
      const right = await declared(t, raw, leadingTo(dlx, 'right'))
      await die(raw, wrong, 'lost')
      await die(raw, right, 'found')
      assert.deepEqual(await bodies(t, target, 1), ['found'])
    }),
    fact('the default exchange leads to the queue that the key names', CAPTURE, async (t) => {
      const raw = await t.raw()
      const target = await declared(t, raw, [])
      const queue = await declared(t, raw, leadingTo('', target))
      await die(raw, queue, 'm')
      const message = await first(t, target)
      assert.deepEqual([message.args.exchange, message.args.routingKey], ['', target])
    }),
    fact('a topic exchange looks at the old key', SOURCE, async (t) => {
      const raw = await t.raw()
      const [source, dlx] = [t.name('source'), t.name('dlx')]
      for (const exchange of [source, dlx]) {
        await raw.call(1, 'exchange.declare', { exchange, type: 'topic' })
      }
      const target = await boundTo(t, raw, dlx, '*.error')
      const queue = await declared(t, raw, leadingTo(dlx))
      await raw.call(1, 'queue.bind', { queue, exchange: source, routingKey: '#' })
      for (const routingKey of ['disk.info', 'disk.error']) {
        raw.publish(1, { exchange: source, routingKey }, routingKey)
        await rejectFirst(t, raw, queue)
      }
      assert.deepEqual(await bodies(t, target, 1), ['disk.error'])
    }),
    fact('a headers exchange looks at the headers', SOURCE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'headers' })
      const target = await declared(t, raw, [])
      const match: Table = [['kind', 'S', 'a']]
      await raw.call(1, 'queue.bind', { queue: target, exchange: dlx, arguments: match })
      const queue = await declared(t, raw, leadingTo(dlx))
      for (const kind of ['b', 'a']) {
        raw.publish(1, { routingKey: queue }, kind, { headers: [['kind', 'S', kind]] })
        await rejectFirst(t, raw, queue)
      }
      assert.deepEqual(await bodies(t, target, 1), ['a'])
    }),
    fact('a headers exchange can look at x-first-death-reason', SOURCE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'headers' })
      const target = await declared(t, raw, [])
      const match: Table = [
        ['x-match', 'S', 'all-with-x'],
        ['x-first-death-reason', 'S', 'rejected'],
      ]
      await raw.call(1, 'queue.bind', { queue: target, exchange: dlx, arguments: match })
      const expiring = await declared(t, raw, [...leadingTo(dlx), ['x-message-ttl', 'I', 0]])
      raw.publish(1, { routingKey: expiring }, 'expired')
      await die(raw, await declared(t, raw, leadingTo(dlx)), 'rejected')
      assert.deepEqual(await bodies(t, target, 1), ['rejected'])
    }),
    fact('every queue bound to a fanout gets it', SOURCE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'fanout' })
      const targets = [await boundTo(t, raw, dlx), await boundTo(t, raw, dlx)]
      await die(raw, await declared(t, raw, leadingTo(dlx)), 'm')
      for (const target of targets) assert.deepEqual(await bodies(t, target, 1), ['m'])
    }),
    fact('an internal exchange will do', SOURCE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'fanout', internal: true })
      const target = await boundTo(t, raw, dlx)
      await die(raw, await declared(t, raw, leadingTo(dlx)), 'm')
      assert.deepEqual(await bodies(t, target, 1), ['m'])
    }),
    fact('exchanges bound to exchanges are followed', SOURCE, async (t) => {
      const raw = await t.raw()
      const [dlx, second] = [t.name('dlx'), t.name('second')]
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'fanout' })
      await raw.call(1, 'exchange.declare', { exchange: second, type: 'fanout' })
      await raw.call(1, 'exchange.bind', { source: dlx, destination: second })
      const target = await boundTo(t, raw, second)
      await die(raw, await declared(t, raw, leadingTo(dlx)), 'm')
      assert.equal((await first(t, target)).args.exchange, dlx)
    }),
    fact(
      'an alternate exchange gets what the dead-letter exchange cannot route',
      'core-semantics.md 2.1',
      async (t) => {
        const raw = await t.raw()
        const [dlx, alternate] = [t.name('dlx'), t.name('alternate')]
        await raw.call(1, 'exchange.declare', { exchange: alternate, type: 'fanout' })
        const args: Table = [['alternate-exchange', 'S', alternate]]
        await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'direct', arguments: args })
        const target = await boundTo(t, raw, alternate)
        await die(raw, await declared(t, raw, leadingTo(dlx)), 'm')
        assert.deepEqual(await bodies(t, target, 1), ['m'])
      },
    ),
    fact('a mandatory message that dies is not returned', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = await declared(t, raw, leadingTo(t.name('missing')))
      raw.publish(1, { routingKey: queue, mandatory: true }, 'm')
      await rejectFirst(t, raw, queue)
      await raw.call(1, 'channel.flow', { active: true })
    }),
    fact('a message that dies at once is confirmed once', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t, { args: [['x-max-length', 'I', 0]] })
      await rig.raw.call(1, 'confirm.select')
      rig.publish('m')
      assert.equal((await rig.raw.expect(1, 'basic.ack')).deliveryTag, 1)
      assert.deepEqual(await rig.deadBodies(1), ['m'])
      await rig.raw.call(1, 'channel.flow', { active: true })
    }),
    fact('a target that is full and rejects: the message is dropped', SOURCE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'fanout' })
      const full = await declared(t, raw, [
        ['x-max-length', 'I', 1],
        ['x-overflow', 'S', 'reject-publish'],
      ])
      await t.fill(full, ['kept'])
      await raw.call(1, 'queue.bind', { queue: full, exchange: dlx })
      const witness = await boundTo(t, raw, dlx)
      const queue = await declared(t, raw, leadingTo(dlx))
      const ch = await t.channel()
      const witnessed = await t.consume(ch, witness)
      for (const body of ['dropped', 'dropped too']) {
        await die(raw, queue, body)
        assert.equal(text(await witnessed.next()), body)
      }
      assert.deepEqual(await t.drain(ch, full), ['kept'])
      await die(raw, queue, 'taken')
      assert.deepEqual(await bodies(t, full, 1), ['taken'])
    }),
    fact('a target with priorities orders by them', 'core-semantics.md 5.3', async (t) => {
      const raw = await t.raw()
      const target = await declared(t, raw, [['x-max-priority', 'I', 5]])
      const queue = await declared(t, raw, leadingTo('', target))
      for (const priority of [1, 5, 3]) {
        raw.publish(1, { routingKey: queue }, String(priority), { priority })
        await rejectFirst(t, raw, queue)
      }
      const ch = await t.channel()
      await t.until('three dead letters', async () => {
        return (await ch.checkQueue(target)).messageCount === 3
      })
      assert.deepEqual(await t.drain(ch, target), ['5', '3', '1'])
    }),
    fact('without a dead-letter key CC and BCC route again', CAPTURE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'direct' })
      const byCc = await boundTo(t, raw, dlx, 'c2')
      const byBcc = await boundTo(t, raw, dlx, 'b1')
      const queue = await declared(t, raw, leadingTo(dlx))
      raw.publish(1, { routingKey: queue }, 'm', { headers: copies })
      await rejectFirst(t, raw, queue)
      assert.deepEqual(await bodies(t, byCc, 1), ['m'])
      assert.deepEqual(await bodies(t, byBcc, 1), ['m'])
    }),
    fact('with a dead-letter key CC does not route', CAPTURE, async (t) => {
      const raw = await t.raw()
      const dlx = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange: dlx, type: 'direct' })
      const byCc = await boundTo(t, raw, dlx, 'c1')
      const byKey = await boundTo(t, raw, dlx, 'dead')
      const queue = await declared(t, raw, leadingTo(dlx, 'dead'))
      raw.publish(1, { routingKey: queue }, 'm', { headers: copies })
      await rejectFirst(t, raw, queue)
      assert.deepEqual(await bodies(t, byKey, 1), ['m'])
      assert.equal(await (await t.channel()).get(byCc), false)
    }),
    fact(
      'with a dead-letter key CC stays as a header',
      CAPTURE,
      async (t) => {
        const rig = await DeadLetterRig.build(t, {
          args: [['x-dead-letter-routing-key', 'S', 'k']],
        })
        rig.publish('m', { headers: copies })
        await rig.reject()
        const dead = await rig.dead()
        assert.deepEqual(header(dead, 'CC'), [
          ['S', 'c1'],
          ['S', 'c2'],
        ])
      },
      on310('3.10 removes CC'),
    ),
    fact('x-death names the keys of CC and not those of BCC', CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m', { headers: copies })
      await rig.reject()
      const dead = await rig.dead()
      assert.deepEqual(plain(deaths(dead)[0]!)['routing-keys'], [rig.queue, 'c1', 'c2'])
      assert.equal(header(dead, 'BCC'), undefined)
    }),
  ],
}

const copies: Table = [
  [
    'CC',
    'A',
    [
      ['S', 'c1'],
      ['S', 'c2'],
    ],
  ],
  ['BCC', 'A', [['S', 'b1']]],
]

function leadingTo(exchange: string, key?: string): Table {
  const args: Table = [['x-dead-letter-exchange', 'S', exchange]]
  return key === undefined ? args : [...args, ['x-dead-letter-routing-key', 'S', key]]
}

async function declared(t: Session, raw: RawConnection, args: Table): Promise<string> {
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue, arguments: args })
  return queue
}

async function boundTo(
  t: Session,
  raw: RawConnection,
  exchange: string,
  key = '',
): Promise<string> {
  const queue = await declared(t, raw, [])
  await raw.call(1, 'queue.bind', { queue, exchange, routingKey: key })
  return queue
}

/** Publishes a message to a queue and rejects it there. */
async function die(raw: RawConnection, queue: string, body: string): Promise<void> {
  raw.publish(1, { routingKey: queue }, body)
  raw.send(1, 'basic.get', { queue })
  const { args } = await raw.message(1, 'basic.get-ok')
  raw.send(1, 'basic.reject', { deliveryTag: args.deliveryTag ?? 0, requeue: false })
}

async function rejectFirst(t: Session, raw: RawConnection, queue: string): Promise<void> {
  const { args } = await fetchFrom(t, raw, queue)
  raw.send(1, 'basic.reject', { deliveryTag: args.deliveryTag ?? 0, requeue: false })
}

async function first(t: Session, queue: string) {
  const raw = await t.raw()
  await raw.call(1, 'basic.consume', { queue, noAck: true })
  return raw.message(1, 'basic.deliver')
}

async function bodies(t: Session, queue: string, count: number): Promise<string[]> {
  const raw = await t.raw()
  await raw.call(1, 'basic.consume', { queue, noAck: true })
  const found: string[] = []
  while (found.length < count) {
    found.push((await raw.message(1, 'basic.deliver')).body.toString())
  }
  return found
}
