import assert from 'node:assert/strict'
import type { Channel, Options } from 'amqplib'
import type { Area } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError } from '../support/failure.ts'
import type { FieldValue } from '../support/field-table.ts'
import { type Consumer, type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 4.2'
const QUORUM: Options.AssertQueue = { arguments: { 'x-queue-type': 'quorum' } }

export const area: Area = {
  name: 'consumer priorities',
  cases: [
    ...[{}, QUORUM].map((options) =>
      fact(`${typeOf(options)}: the highest gets everything`, SOURCE, async (t) => {
        const { q, consumers } = await withConsumers(t, [0, 10, 5], options)
        await t.fill(q, ['1', '2', '3', '4'])
        assert.deepEqual((await consumers[1]!.take(4)).map(text), ['1', '2', '3', '4'])
        await expectNone(t, q, consumers[0]!, consumers[2]!)
      }),
    ),
    ...[{}, QUORUM].map((options) =>
      fact(`${typeOf(options)}: at its limit the next in line gets the rest`, SOURCE, async (t) => {
        const { q, consumers } = await withConsumers(t, [0, 10, 5], options, 1)
        await t.fill(q, ['1', '2', '3', '4'])
        assert.equal(text(await consumers[1]!.next()), '1')
        assert.equal(text(await consumers[2]!.next()), '2')
        assert.equal(text(await consumers[0]!.next()), '3')
      }),
    ),
    fact('after its ack the highest is served again', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [0, 10], {}, 1)
      await t.fill(q, ['1', '2', '3'])
      const [low, high] = [consumers[0]!, consumers[1]!]
      const first = await high.next()
      assert.equal(text(await low.next()), '2')
      high.channel.ack(first!)
      assert.equal(text(await high.next()), '3')
    }),
    fact('none counts as 0, above negative ones', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [-1, undefined])
      await t.fill(q, ['1', '2'])
      assert.deepEqual((await consumers[1]!.take(2)).map(text), ['1', '2'])
      await expectNone(t, q, consumers[0]!)
    }),
    fact('none and 0 take turns', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [0, undefined])
      await t.fill(q, ['1', '2', '3', '4'])
      for (const consumer of consumers) assert.equal((await consumer.take(2)).length, 2)
    }),
    fact('equal ones take turns, lower ones wait', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [5, 1, 5])
      await t.fill(q, ['1', '2', '3', '4'])
      assert.deepEqual((await consumers[0]!.take(2)).map(text), ['1', '3'])
      assert.deepEqual((await consumers[2]!.take(2)).map(text), ['2', '4'])
      await expectNone(t, q, consumers[1]!)
    }),
    fact('of two negative ones the one nearer to 0 is higher', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [-10, -2])
      await t.fill(q, ['1', '2'])
      await consumers[1]!.take(2)
      await expectNone(t, q, consumers[0]!)
    }),
    fact('a higher one that comes later is served from then on', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [1])
      await t.fill(q, ['1'])
      assert.equal(text(await consumers[0]!.next()), '1')
      const late = await t.consume(await t.channel(), q, { priority: 2 })
      await t.fill(q, ['2', '3'])
      assert.deepEqual((await late.take(2)).map(text), ['2', '3'])
    }),
    fact('when the highest is cancelled the next takes over', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [1, 2])
      const high = consumers[1]!
      await t.fill(q, ['1'])
      await high.next()
      await high.channel.cancel(high.tag)
      await t.fill(q, ['2'])
      assert.equal(text(await consumers[0]!.next()), '2')
    }),
    fact('what the highest held when its channel closed goes to the next', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [1, 2])
      await t.fill(q, ['1', '2'])
      await consumers[1]!.take(2)
      await consumers[1]!.channel.close()
      assert.deepEqual((await consumers[0]!.take(2)).map(text), ['1', '2'])
    }),
    fact('a consumer without acknowledgements is never at its limit', SOURCE, async (t) => {
      const { q, consumers } = await withConsumers(t, [1])
      const high = await t.channel()
      await high.prefetch(1)
      const eager = await t.consume(high, q, { priority: 2, noAck: true })
      await t.fill(q, ['1', '2', '3'])
      assert.deepEqual((await eager.take(3)).map(text), ['1', '2', '3'])
      await expectNone(t, q, consumers[0]!)
    }),
    fact('priorities hold among consumers of one channel', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const low = await t.consume(ch, q, { priority: 1 })
      const high = await t.consume(ch, q, { priority: 2 })
      await t.fill(q, ['1', '2'])
      await high.take(2)
      await t.settle(ch, q)
      assert.equal(low.received.length, 0)
    }),
    fact('what waited before anyone came is shared out by priority', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      const worker = await t.channel()
      await worker.prefetch(1)
      const low = await t.consume(worker, q, { priority: 1 })
      const high = await t.consume(worker, q, { priority: 2 })
      await t.fill(q, ['1', '2', '3'])
      assert.equal(text(await high.next()), '1')
      assert.equal(text(await low.next()), '2')
    }),
    fact(
      'quorum: of single active consumers the highest takes over',
      SOURCE,
      async (t) => {
        const args = { 'x-queue-type': 'quorum', 'x-single-active-consumer': true }
        const { q, consumers } = await withConsumers(t, [1, 5], { arguments: args })
        await t.fill(q, ['1'])
        assert.equal(text(await consumers[1]!.next()), '1')
        await expectNone(t, q, consumers[0]!)
      },
      on310('before 4.0 the first one stays active'),
    ),
    ...(
      [
        ['b', -5],
        ['s', 5],
        ['I', 5],
        ['l', 5n],
      ] satisfies [string, FieldValue][]
    ).map(([tag, value]) =>
      fact(`x-priority of type ${tag} is accepted`, 'errors.md 5.2', async (t) => {
        const raw = await t.raw()
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        await raw.call(1, 'basic.consume', { queue, arguments: [['x-priority', tag, value]] })
      }),
    ),
    ...(
      [
        ['longstr', 'S', '5'],
        ['bool', 't', true],
        ['double', 'd', 5],
        ['void', 'V', null],
      ] satisfies [string, string, FieldValue][]
    ).map(([type, tag, value]) =>
      refusal(`x-priority of type ${type} is refused`, 'errors.md 5.2', async (raw, t) => {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue })
        raw.send(1, 'basic.consume', { queue, arguments: [['x-priority', tag, value]] })
        const words = `PRECONDITION_FAILED - invalid arg 'x-priority' for queue '${queue}' ${t.inVhost}: "expected integer, got ${type}"`
        return channelError(406, words, 'basic.consume')
      }),
    ),
  ],
}

type OwnConsumer = Consumer & { readonly channel: Channel }

/** A queue and consumers of these priorities, on channels of their own. */
async function withConsumers(
  t: Session,
  priorities: readonly (number | undefined)[],
  options: Options.AssertQueue = {},
  prefetch = 0,
) {
  const q = await t.queue(await t.channel(), options)
  const consumers: OwnConsumer[] = []
  for (const priority of priorities) {
    const channel = await t.channel()
    await channel.prefetch(prefetch)
    const consumer = await t.consume(channel, q, priority === undefined ? {} : { priority })
    consumers.push(Object.assign(consumer, { channel }))
  }
  return { q, consumers }
}

async function expectNone(t: Session, q: string, ...consumers: OwnConsumer[]): Promise<void> {
  for (const consumer of consumers) {
    await t.settle(consumer.channel, q)
    assert.equal(consumer.received.length, 0)
  }
}

function typeOf(options: Options.AssertQueue): string {
  return options === QUORUM ? 'quorum' : 'classic'
}
