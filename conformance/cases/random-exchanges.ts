import assert from 'node:assert/strict'
import type { Area, ConformanceCase } from '../support/case.ts'
import { fact, needing, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { Session } from '../support/session.ts'
import { shareOut } from '../support/share-out.ts'

const SOURCE = 'core-semantics.md 2.2'

export const area: Area = {
  name: 'random and modulus exchanges',
  cases: [
    ...['x-random', 'x-local-random', 'x-modulus-hash'].flatMap((type) => [
      ...needing(type, common(type)),
    ]),
    ...needing('x-random', [
      fact('x-random: equal keys are spread', SOURCE, async (t) => {
        const { x, queues } = await bound(t, 'x-random', 2)
        const { shares } = await shareOut(t, x, queues, messages(200, 'same'))
        assert.ok(
          shares.every((share) => share > 50),
          `shares ${shares}`,
        )
      }),
      fact('x-random: the binding key does not matter', SOURCE, async (t) => {
        const { ch, x, queues } = await bound(t, 'x-random', 1)
        const other = await t.queue(ch)
        await ch.bindQueue(other, x, 'some.key')
        const { shares } = await shareOut(t, x, [...queues, other], messages(100))
        assert.equal(shares[0]! + shares[1]!, 100)
        assert.ok(
          shares.every((share) => share > 10),
          `shares ${shares}`,
        )
      }),
    ]),
    ...needing('x-local-random', [
      fact('x-local-random: equal keys are spread', SOURCE, async (t) => {
        const { x, queues } = await bound(t, 'x-local-random', 2)
        const { shares } = await shareOut(t, x, queues, messages(200, 'same'))
        assert.ok(
          shares.every((share) => share > 50),
          `shares ${shares}`,
        )
      }),
      refusal('x-local-random: a binding key is refused', 'errors.md 5.5', async (raw, t) => {
        const [exchange, queue] = [t.name('x'), t.name('queue')]
        await raw.call(1, 'exchange.declare', { exchange, type: 'x-local-random' })
        await raw.call(1, 'queue.declare', { queue })
        raw.send(1, 'queue.bind', { queue, exchange, routingKey: 'k' })
        const words = "PRECONDITION_FAILED - Non empty binding 'k' key not permitted"
        return channelError(406, words, 'queue.bind')
      }),
      refusal('x-local-random: a quorum queue is refused', 'errors.md 5.5', async (raw, t) => {
        const [exchange, queue] = [t.name('x'), t.name('queue')]
        await raw.call(1, 'exchange.declare', { exchange, type: 'x-local-random' })
        const args = { queue, durable: true }
        await raw.call(1, 'queue.declare', {
          ...args,
          arguments: [['x-queue-type', 'S', 'quorum']],
        })
        raw.send(1, 'queue.bind', { queue, exchange })
        const words =
          'PRECONDITION_FAILED - Queue type rabbit_quorum_queue not valid for this exchange type'
        return channelError(406, words, 'queue.bind')
      }),
      refusal('x-local-random: an exchange is refused', 'errors.md 5.5', async (raw, t) => {
        const [source, destination] = [t.name('x'), t.name('destination')]
        await raw.call(1, 'exchange.declare', { exchange: source, type: 'x-local-random' })
        await raw.call(1, 'exchange.declare', { exchange: destination, type: 'fanout' })
        raw.send(1, 'exchange.bind', { source, destination })
        const words = 'PRECONDITION_FAILED - Destination not found'
        return channelError(406, words, 'exchange.bind')
      }),
    ]),
    ...needing('x-modulus-hash', [
      fact('x-modulus-hash: equal keys go to the same queue', SOURCE, async (t) => {
        const { x, queues } = await bound(t, 'x-modulus-hash', 3)
        const { shares } = await shareOut(t, x, queues, messages(60, 'same'))
        assert.deepEqual([...shares].sort(), [0, 0, 60])
      }),
      fact('x-modulus-hash: keys are spread', SOURCE, async (t) => {
        const { x, queues } = await bound(t, 'x-modulus-hash', 3)
        const { shares } = await shareOut(t, x, queues, messages(600))
        assert.ok(
          shares.every((share) => share > 100),
          `shares ${shares}`,
        )
      }),
      fact('x-modulus-hash: the same keys go the same ways again', SOURCE, async (t) => {
        const { x, queues } = await bound(t, 'x-modulus-hash', 3)
        const { placed } = await shareOut(t, x, queues, messages(100))
        assert.deepEqual((await shareOut(t, x, queues, messages(100))).placed, placed)
      }),
      fact('x-modulus-hash: binding keys do not matter', SOURCE, async (t) => {
        const { ch, x, queues } = await bound(t, 'x-modulus-hash', 1)
        const other = await t.queue(ch)
        await ch.bindQueue(other, x, 'some.key')
        const { shares } = await shareOut(t, x, [...queues, other], messages(200))
        assert.equal(shares[0]! + shares[1]!, 200)
        assert.ok(
          shares.every((share) => share > 40),
          `shares ${shares}`,
        )
      }),
    ]),
  ],
}

/** What every type that picks one destination has in common. */
function common(type: string): ConformanceCase[] {
  return [
    fact(`${type}: each message goes to one queue`, SOURCE, async (t) => {
      const { x, queues } = await bound(t, type, 3)
      const { shares } = await shareOut(t, x, queues, messages(90))
      assert.equal(
        shares.reduce((sum, share) => sum + share, 0),
        90,
      )
    }),
    fact(`${type}: one queue gets everything, in order`, SOURCE, async (t) => {
      const { ch, x, queues } = await bound(t, type, 1)
      for (const { key } of messages(20)) ch.publish(x, key, Buffer.from(key))
      await ch.waitForConfirms()
      const expected = messages(20).map(({ key }) => key)
      assert.deepEqual(await t.drain(ch, queues[0]!), expected)
    }),
    fact(`${type}: without bindings a message is unroutable`, SOURCE, async (t) => {
      const { ch, x } = await bound(t, type, 0)
      assert.equal(await returnedFrom(ch, x), 1)
    }),
    fact(`${type}: an unbound queue gets nothing`, SOURCE, async (t) => {
      const { ch, x, queues } = await bound(t, type, 2)
      await ch.unbindQueue(queues[0]!, x, '')
      const { shares } = await shareOut(t, x, queues, messages(50))
      assert.deepEqual(shares, [0, 50])
    }),
    fact(`${type}: a deleted queue gets nothing`, SOURCE, async (t) => {
      const { ch, x, queues } = await bound(t, type, 2)
      await ch.deleteQueue(queues[0]!)
      const { shares } = await shareOut(t, x, queues.slice(1), messages(50))
      assert.deepEqual(shares, [50])
    }),
  ]
}

async function bound(t: Session, type: string, count: number) {
  const ch = await t.confirmChannel()
  const x = await t.exchange(ch, type)
  const queues: string[] = []
  for (let at = 0; at < count; at++) {
    const q = await t.queue(ch)
    await ch.bindQueue(q, x, '')
    queues.push(q)
  }
  return { ch, x, queues }
}

function messages(count: number, key?: string) {
  return Array.from({ length: count }, (_, at) => ({ key: key ?? `key-${at}`, options: {} }))
}

async function returnedFrom(
  ch: Awaited<ReturnType<Session['confirmChannel']>>,
  x: string,
): Promise<number> {
  let returned = 0
  ch.on('return', () => {
    returned++
  })
  ch.publish(x, 'k', Buffer.from('m'), { mandatory: true })
  await ch.waitForConfirms()
  return returned
}
