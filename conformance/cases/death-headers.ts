import assert from 'node:assert/strict'
import type { Area, ConformanceCase } from '../support/case.ts'
import {
  DeadLetterRig,
  deathLines,
  deaths,
  header,
  headerTag,
  plain,
} from '../support/dead-letter-rig.ts'
import { fact, on310 } from '../support/fact.ts'
import type { Table } from '../support/field-table.ts'
import type { RawMessage } from '../support/raw-connection.ts'

const SOURCE = 'captures/x-death-4.3.6.json'
const TOLERANCE_SECONDS = 10

type Way = {
  readonly reason: string
  readonly args: Table
  readonly expiration?: string
  readonly end?: (rig: DeadLetterRig) => Promise<void>
}

const WAYS: Record<string, Way> = {
  'basic.reject': { reason: 'rejected', args: [], end: (rig) => rig.reject() },
  'basic.nack': {
    reason: 'rejected',
    args: [],
    end: async (rig) => {
      rig.raw.send(1, 'basic.nack', { deliveryTag: await rig.get(), requeue: false })
    },
  },
  'queue TTL': { reason: 'expired', args: [['x-message-ttl', 'I', 10]] },
  'message TTL': { reason: 'expired', args: [], expiration: '10' },
  'TTL of 0': { reason: 'expired', args: [['x-message-ttl', 'I', 0]] },
  'length limit': { reason: 'maxlen', args: [['x-max-length', 'I', 0]] },
  'limit of bytes': { reason: 'maxlen', args: [['x-max-length-bytes', 'I', 0]] },
  'reject-publish-dlx': {
    reason: 'maxlen',
    args: [
      ['x-max-length', 'I', 0],
      ['x-overflow', 'S', 'reject-publish-dlx'],
    ],
  },
}

export const area: Area = {
  name: 'x-death',
  cases: [
    ...Object.entries(WAYS).flatMap(([name, way]) => [
      fact(`${name}: the entry, field by field`, SOURCE, async (t) => {
        const rig = await DeadLetterRig.build(t, { args: way.args })
        assert.deepEqual(withoutTime(await deadOf(rig, way)), expectedEntry(rig, way))
      }),
      fact(`${name}: x-first-death-* name it`, SOURCE, async (t) => {
        const rig = await DeadLetterRig.build(t, { args: way.args })
        const dead = await deadOf(rig, way)
        assert.deepEqual(namedBy(dead, 'first'), expectedNames(rig, way))
      }),
      fact(
        `${name}: x-last-death-* name it`,
        SOURCE,
        async (t) => {
          const rig = await DeadLetterRig.build(t, { args: way.args })
          const dead = await deadOf(rig, way)
          assert.deepEqual(namedBy(dead, 'last'), expectedNames(rig, way))
        },
        on310('3.10 knows no x-last-death-*'),
      ),
    ]),
    fact('the fields stand in their order', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const dead = await deadOf(rig, WAYS['basic.reject']!)
      assert.deepEqual(
        deaths(dead)[0]!.map(([name]) => name),
        ['count', 'reason', 'queue', 'time', 'exchange', 'routing-keys'],
      )
    }),
    fact(
      'original-expiration stands first',
      SOURCE,
      async (t) => {
        const rig = await DeadLetterRig.build(t)
        const dead = await deadOf(rig, WAYS['message TTL']!)
        assert.equal(deaths(dead)[0]![0]![0], 'original-expiration')
      },
      on310('3.10 puts it last'),
    ),
    fact('time is a timestamp of now, in seconds', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const dead = await deadOf(rig, WAYS['basic.reject']!)
      const field = deaths(dead)[0]!.find(([name]) => name === 'time')
      assert.ok(field)
      assert.equal(field[1], 'T')
      assert.ok(Math.abs(Number(field[2]) - Date.now() / 1000) < TOLERANCE_SECONDS)
    }),
    originalExpiration('rejected with an expiration', [], '60000', '60000', true),
    originalExpiration(
      "expired by the queue's TTL",
      [['x-message-ttl', 'I', 10]],
      '60000',
      '60000',
    ),
    originalExpiration('dropped by a length limit', [['x-max-length', 'I', 0]], '60000', '60000'),
    originalExpiration('with no expiration', [['x-message-ttl', 'I', 10]], undefined, undefined),
    originalExpiration('as it was sent', [], '+5', '+5'),
    fact('the exchange it was published to is named', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const exchange = t.name('source')
      await rig.raw.call(1, 'exchange.declare', { exchange, type: 'direct' })
      await rig.raw.call(1, 'queue.bind', { queue: rig.queue, exchange, routingKey: 'k' })
      rig.raw.publish(1, { exchange, routingKey: 'k' }, 'm')
      await rig.reject()
      const entry = plain(deaths(await rig.dead())[0]!)
      assert.deepEqual([entry.exchange, entry['routing-keys']], [exchange, ['k']])
    }),
    fact('of exchanges bound to each other the first', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const [source, inner] = [t.name('source'), t.name('inner')]
      for (const exchange of [source, inner]) {
        await rig.raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      }
      await rig.raw.call(1, 'exchange.bind', { source, destination: inner })
      await rig.raw.call(1, 'queue.bind', { queue: rig.queue, exchange: inner })
      rig.raw.publish(1, { exchange: source, routingKey: 'orig' }, 'm')
      await rig.reject()
      const dead = await rig.dead()
      assert.equal(plain(deaths(dead)[0]!).exchange, source)
      assert.equal(header(dead, 'x-first-death-exchange'), source)
    }),
    fact('the headers are sorted by name', 'core-semantics.md 6', async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m', {
        headers: [
          ['zz', 'I', 1],
          ['aa', 'S', 'x'],
        ],
      })
      await rig.reject()
      const names = (await rig.dead()).properties.headers?.map(([name]) => name) ?? []
      assert.deepEqual(names, [...names].sort())
    }),
    fact('a message that never died has none of it', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m')
      assert.equal((await rig.fetch()).properties.headers, undefined)
    }),
    fact('a requeued message has none of it', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m')
      rig.raw.send(1, 'basic.reject', { deliveryTag: await rig.get(), requeue: true })
      assert.equal((await rig.fetch()).properties.headers, undefined)
    }),
    fact(
      "a publisher's x-death is replaced",
      SOURCE,
      async (t) => {
        const rig = await DeadLetterRig.build(t)
        rig.publish('m', { headers: forged('other') })
        await rig.reject()
        const dead = await rig.dead()
        assert.deepEqual(deathLines(dead), [`${rig.queue} rejected 1`])
        assert.equal(header(dead, 'x-first-death-queue'), rig.queue)
      },
      on310('3.10 goes on with it'),
    ),
    fact("a publisher's x-death of another type is replaced", SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m', { headers: [['x-death', 'S', 'nonsense']] })
      await rig.reject()
      assert.deepEqual(deathLines(await rig.dead()), [`${rig.queue} rejected 1`])
    }),
    fact(
      "until then a publisher's x-death is a header like any other",
      'core-semantics.md 3.1',
      async (t) => {
        const rig = await DeadLetterRig.build(t)
        rig.publish('m', { headers: forged('other') })
        const message = await rig.fetch()
        assert.deepEqual(deathLines(message), ['other rejected 7'])
        assert.equal(header(message, 'x-first-death-queue'), 'other')
      },
    ),
    fact(
      'a consumer that publishes the message again starts anew',
      SOURCE,
      async (t) => {
        const rig = await DeadLetterRig.build(t, { args: [['x-message-ttl', 'I', 10]] })
        rig.publish('m')
        const headers = (await rig.dead()).properties.headers ?? []
        rig.publish('again', { headers })
        assert.deepEqual(deathLines(await rig.dead()), [`${rig.queue} expired 1`])
      },
      on310('3.10 counts on'),
    ),
    fact('two queues with the same message tell each its own death', SOURCE, async (t) => {
      const [one, two] = [await DeadLetterRig.build(t), await DeadLetterRig.build(t)]
      const exchange = t.name('source')
      await one.raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      for (const { queue } of [one, two]) await one.raw.call(1, 'queue.bind', { queue, exchange })
      one.raw.publish(1, { exchange }, 'm', { headers: [['h', 'S', 'v']] })
      for (const rig of [one, two]) {
        await rig.reject()
        const dead = await rig.dead()
        assert.deepEqual(deathLines(dead), [`${rig.queue} rejected 1`])
        assert.equal(header(dead, 'h'), 'v')
      }
    }),
  ],
}

async function deadOf(rig: DeadLetterRig, { expiration, end }: Way): Promise<RawMessage> {
  rig.publish('m', expiration === undefined ? {} : { expiration })
  await end?.(rig)
  return rig.dead()
}

/** The only entry of x-death by field name; its time is another case. */
function withoutTime(dead: RawMessage): Record<string, unknown> {
  assert.equal(headerTag(dead, 'x-death'), 'A')
  const entries = deaths(dead)
  assert.equal(entries.length, 1)
  const fields = entries[0]!.filter(([name]) => name !== 'time')
  return Object.fromEntries(fields.map(([name, tag, value]) => [name, [tag, value]]))
}

function expectedEntry({ queue }: DeadLetterRig, { reason, expiration }: Way) {
  return {
    ...(expiration === undefined ? {} : { 'original-expiration': ['S', expiration] }),
    count: ['l', 1n],
    reason: ['S', reason],
    queue: ['S', queue],
    exchange: ['S', ''],
    'routing-keys': ['A', [['S', queue]]],
  }
}

/** Queue, reason and exchange, with their types. */
function namedBy(dead: RawMessage, which: 'first' | 'last') {
  return ['queue', 'reason', 'exchange'].map((what) => {
    const name = `x-${which}-death-${what}`
    return [headerTag(dead, name), header(dead, name)]
  })
}

function expectedNames({ queue }: DeadLetterRig, { reason }: Way) {
  return [
    ['S', queue],
    ['S', reason],
    ['S', ''],
  ]
}

function originalExpiration(
  how: string,
  args: Table,
  expiration: string | undefined,
  expected: string | undefined,
  isRejected = false,
): ConformanceCase {
  return fact(`original-expiration: ${how}`, SOURCE, async (t) => {
    const rig = await DeadLetterRig.build(t, { args })
    rig.publish('m', expiration === undefined ? {} : { expiration })
    if (isRejected) await rig.reject()
    assert.equal(plain(deaths(await rig.dead())[0]!)['original-expiration'], expected)
  })
}

/** Headers as of a message that was rejected seven times. */
function forged(queue: string): Table {
  const entry: Table = [
    ['count', 'l', 7n],
    ['reason', 'S', 'rejected'],
    ['queue', 'S', queue],
    ['time', 'T', 1700000000n],
    ['exchange', 'S', ''],
    ['routing-keys', 'A', [['S', queue]]],
  ]
  return [
    ['x-death', 'A', [['F', entry]]],
    ['x-first-death-exchange', 'S', ''],
    ['x-first-death-queue', 'S', queue],
    ['x-first-death-reason', 'S', 'rejected'],
  ]
}
