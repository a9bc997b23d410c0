import assert from 'node:assert/strict'
import type { Options } from 'amqplib'
import type { Area, ConformanceCase, KnownDifference } from '../support/case.ts'
import { fact, needing, on310, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Table } from '../support/field-table.ts'
import type { Session } from '../support/session.ts'
import { shareOut } from '../support/share-out.ts'

const TYPE = 'x-consistent-hash'
const SOURCE = 'core-semantics.md 2.3'

export const area: Area = {
  name: 'consistent hash exchanges',
  cases: needing(TYPE, [
    fact('one queue gets everything', SOURCE, async (t) => {
      const { shares } = await hashed(t, ['1'], keys(50))
      assert.deepEqual(shares, [50])
    }),
    fact('each message goes to one queue', SOURCE, async (t) => {
      const { shares } = await hashed(t, ['1', '1', '1'], keys(300))
      assert.equal(sum(shares), 300)
    }),
    fact('every queue gets its part', SOURCE, async (t) => {
      const { shares } = await hashed(t, ['1', '1', '1', '1'], keys(2000))
      for (const share of shares) assert.ok(share > 350 && share < 650, `shares ${shares}`)
    }),
    fact('the binding key is the weight', SOURCE, async (t) => {
      const { shares } = await hashed(t, ['1', '3'], keys(2000))
      assert.ok(shares[0]! > 350 && shares[0]! < 650, `shares ${shares}`)
    }),
    fact('great weights work', SOURCE, async (t) => {
      const { shares } = await hashed(t, ['10000', '10000'], keys(2000))
      assert.ok(shares[0]! > 800 && shares[0]! < 1200, `shares ${shares}`)
    }),
    fact('equal keys go to the same queue', SOURCE, async (t) => {
      const { shares } = await hashed(t, ['1', '1', '1'], Array(100).fill('same'))
      assert.deepEqual([...shares].sort(), [0, 0, 100])
    }),
    fact('the same keys go the same ways again', SOURCE, async (t) => {
      const { x, queues, placed } = await hashed(t, ['1', '2', '3'], keys(200))
      assert.deepEqual((await shareOut(t, x, queues, asKeys(keys(200)))).placed, placed)
    }),
    fact('a queue that joins takes only its own part', SOURCE, async (t) => {
      const { ch, x, queues, placed } = await hashed(t, ['1', '1', '1'], keys(900))
      const joined = await t.queue(ch)
      await ch.bindQueue(joined, x, '1')
      const after = await shareOut(t, x, [...queues, joined], asKeys(keys(900)))
      const moved = keys(900).filter((key) => after.placed.get(key) !== placed.get(key))
      assert.ok(moved.every((key) => after.placed.get(key) === 3))
      assert.ok(moved.length > 130 && moved.length < 330, `${moved.length} of 900 moved`)
    }),
    fact('without bindings a message is unroutable', SOURCE, async (t) => {
      const ch = await t.confirmChannel()
      const x = await t.exchange(ch, TYPE)
      let returned = 0
      ch.on('return', () => {
        returned++
      })
      ch.publish(x, 'k', Buffer.from('m'), { mandatory: true })
      await ch.waitForConfirms()
      assert.equal(returned, 1)
    }),
    fact('after the last unbind too', SOURCE, async (t) => {
      const { ch, x, queues } = await hashed(t, ['1'], [])
      await ch.unbindQueue(queues[0]!, x, '1')
      let returned = 0
      ch.on('return', () => {
        returned++
      })
      ch.publish(x, 'k', Buffer.from('m'), { mandatory: true })
      await ch.waitForConfirms()
      assert.equal(returned, 1)
    }),
    fact('an unbound queue gets nothing, the others everything', SOURCE, async (t) => {
      const { ch, x, queues } = await hashed(t, ['2', '1', '1'], [])
      await ch.unbindQueue(queues[0]!, x, '2')
      const { shares } = await shareOut(t, x, queues, asKeys(keys(200)))
      assert.equal(shares[0], 0)
      assert.equal(sum(shares), 200)
    }),
    fact('a deleted queue gets nothing, the others everything', SOURCE, async (t) => {
      const { ch, x, queues } = await hashed(t, ['1', '1'], [])
      await ch.deleteQueue(queues[0]!)
      const { shares } = await shareOut(t, x, queues.slice(1), asKeys(keys(100)))
      assert.deepEqual(shares, [100])
    }),
    fact('a second binding to the same queue adds nothing', SOURCE, async (t) => {
      const { ch, x, queues } = await hashed(t, ['1', '1'], [])
      await ch.bindQueue(queues[0]!, x, '9')
      const { shares } = await shareOut(t, x, queues, asKeys(keys(1000)))
      assert.ok(shares[0]! > 350 && shares[0]! < 650, `shares ${shares}`)
    }),
    fact('unbinding one of two takes everything from the queue', SOURCE, async (t) => {
      const { ch, x, queues } = await hashed(t, ['1', '1'], [])
      await ch.bindQueue(queues[0]!, x, '9')
      await ch.unbindQueue(queues[0]!, x, '9')
      const { shares } = await shareOut(t, x, queues, asKeys(keys(100)))
      assert.deepEqual(shares, [0, 100])
    }),
    ...['correlation_id', 'message_id', 'timestamp'].map((property) =>
      fact(`hash-property ${property}: the key does not matter`, SOURCE, async (t) => {
        const queues = await hashed(t, ['1', '1', '1'], [], { 'hash-property': property })
        const same = keys(60).map((key) => ({ key, options: optionsFor(property, 1) }))
        const { shares } = await shareOut(t, queues.x, queues.queues, same)
        assert.deepEqual([...shares].sort(), [0, 0, 60])
      }),
    ),
    ...['correlation_id', 'message_id', 'timestamp'].map((property) =>
      fact(`hash-property ${property}: its values are spread`, SOURCE, async (t) => {
        const { x, queues } = await hashed(t, ['1', '1'], [], { 'hash-property': property })
        const messages = keys(400).map((_, at) => ({ key: 'k', options: optionsFor(property, at) }))
        const { shares } = await shareOut(t, x, queues, messages)
        assert.ok(
          shares.every((share) => share > 120),
          `shares ${shares}`,
        )
      }),
    ),
    fact('hash-header: equal values go to the same queue', SOURCE, async (t) => {
      const { x, queues } = await hashed(t, ['1', '1', '1'], [], { 'hash-header': 'h' })
      const messages = keys(60).map((key) => ({ key, options: { headers: { h: 'same' } } }))
      const { shares } = await shareOut(t, x, queues, messages)
      assert.deepEqual([...shares].sort(), [0, 0, 60])
    }),
    fact('hash-header: its values are spread', SOURCE, async (t) => {
      const { x, queues } = await hashed(t, ['1', '1'], [], { 'hash-header': 'h' })
      const messages = keys(400).map((h) => ({ key: 'k', options: { headers: { h } } }))
      const { shares } = await shareOut(t, x, queues, messages)
      assert.ok(
        shares.every((share) => share > 120),
        `shares ${shares}`,
      )
    }),
    fact('messages without the header go all one way', SOURCE, async (t) => {
      const { x, queues } = await hashed(t, ['1', '1', '1'], [], { 'hash-header': 'h' })
      const { shares } = await shareOut(t, x, queues, asKeys(keys(60)))
      assert.deepEqual([...shares].sort(), [0, 0, 60])
    }),
    fact('an exchange may be bound as well', SOURCE, async (t) => {
      const { ch, x, queues } = await hashed(t, ['1'], [])
      const fanout = await t.exchange(ch, 'fanout')
      const behind = await t.queue(ch)
      await ch.bindQueue(behind, fanout, '')
      await ch.bindExchange(fanout, x, '1')
      const { shares } = await shareOut(t, x, [...queues, behind], asKeys(keys(200)))
      assert.equal(sum(shares), 200)
      assert.ok(shares.every((share) => share > 0))
    }),
    refusedKey('0', 'The binding key must be greater than 0'),
    refusedKey('-1', 'The binding key must be greater than 0'),
    refusedKey('a', 'The binding key must be an integer: <<"a">>'),
    refusedKey('', 'The binding key must be an integer: <<>>'),
    refusedKey('1.5', 'The binding key must be an integer: <<"1.5">>'),
    refusedKey(
      '10001',
      'The binding key must not exceed 10000',
      on310('3.10 knows no greatest weight'),
    ),
    refusal('both a header and a property are refused', 'errors.md 5.4', (raw, t) => {
      const args: Table = [
        ['hash-header', 'S', 'h'],
        ['hash-property', 'S', 'message_id'],
      ]
      raw.send(1, 'exchange.declare', { exchange: t.name('x'), type: TYPE, arguments: args })
      const words = 'PRECONDITION_FAILED - hash-header and hash-property are mutually exclusive'
      return channelError(406, words, 'exchange.declare')
    }),
    refusal('another property is refused', 'errors.md 5.4', (raw, t) => {
      const args: Table = [['hash-property', 'S', 'app_id']]
      raw.send(1, 'exchange.declare', { exchange: t.name('x'), type: TYPE, arguments: args })
      const words = 'PRECONDITION_FAILED - Unsupported property: app_id'
      return channelError(406, words, 'exchange.declare')
    }),
  ]),
}

/** An exchange, queues bound with these weights, and where messages of these keys went. */
async function hashed(
  t: Session,
  weights: readonly string[],
  sent: readonly string[],
  args: Record<string, unknown> = {},
) {
  const ch = await t.confirmChannel()
  const x = await t.exchange(ch, TYPE, { arguments: args })
  const queues: string[] = []
  for (const weight of weights) {
    const q = await t.queue(ch)
    await ch.bindQueue(q, x, weight)
    queues.push(q)
  }
  return { ch, x, queues, ...(await shareOut(t, x, queues, asKeys(sent))) }
}

function keys(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `key-${at}`)
}

function asKeys(all: readonly string[]) {
  return all.map((key) => ({ key, options: {} }))
}

function optionsFor(property: string, value: number): Options.Publish {
  if (property === 'correlation_id') return { correlationId: `value-${value}` }
  if (property === 'message_id') return { messageId: `value-${value}` }
  return { timestamp: 1_700_000_000 + value }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

function refusedKey(key: string, words: string, known?: KnownDifference): ConformanceCase {
  return refusal(
    `the binding key "${key}" is refused`,
    'errors.md 5.5',
    async (raw, t) => {
      const [exchange, queue] = [t.name('x'), t.name('queue')]
      await raw.call(1, 'exchange.declare', { exchange, type: TYPE })
      await raw.call(1, 'queue.declare', { queue })
      raw.send(1, 'queue.bind', { queue, exchange, routingKey: key })
      return channelError(406, `PRECONDITION_FAILED - ${words}`, 'queue.bind')
    },
    known,
  )
}
