import assert from 'node:assert/strict'
import type { Channel, ConfirmChannel, Options } from 'amqplib'
import type { Area, ConformanceCase } from '../support/case.ts'
import { fact } from '../support/fact.ts'
import { type Session, text } from '../support/session.ts'

const SOURCE = 'core-semantics.md 1.5'
const EXPIRES_MS = 100
/** Long enough for a busy machine to use the queue again in time, many times over. */
const RENEWED_MS = 1500

export const area: Area = {
  name: 'queue expiry',
  cases: [
    fact('a queue that nobody uses is deleted', SOURCE, async (t) => {
      const { q } = await expiring(t)
      await gone(t, q)
    }),
    fact('messages in it do not hold it', SOURCE, async (t) => {
      const { q } = await expiring(t)
      await t.fill(q, ['1', '2'])
      await gone(t, q)
    }),
    fact('publishing does not hold it', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      let returned = false
      ch.on('return', () => {
        returned = true
      })
      await t.until('a message is returned', async () => {
        ch.sendToQueue(q, Buffer.from('m'), { mandatory: true })
        await ch.waitForConfirms()
        return returned
      })
    }),
    notHeldBy('purging', (ch, q) => ch.purgeQueue(q)),
    notHeldBy('binding', (ch, q) => ch.bindQueue(q, 'amq.fanout', '')),
    fact('a durable queue expires too', SOURCE, async (t) => {
      const { q } = await expiring(t, { durable: true })
      await gone(t, q)
    }),
    fact('a queue with a consumer stays', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      const consumer = await t.consume(ch, q)
      await elapsed(t, 2 * EXPIRES_MS)
      await t.fill(q, ['m'])
      assert.equal(text(await consumer.next()), 'm')
    }),
    fact('the time starts when the last consumer has gone', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      const consumer = await t.consume(ch, q)
      await elapsed(t, 2 * EXPIRES_MS)
      await ch.checkQueue(q)
      await ch.cancel(consumer.tag)
      await gone(t, q)
    }),
    fact('a closed channel counts as cancelled', SOURCE, async (t) => {
      const { q } = await expiring(t)
      const ch = await t.channel()
      await t.consume(ch, q)
      await elapsed(t, 2 * EXPIRES_MS)
      await ch.close()
      await gone(t, q)
    }),
    fact('unacknowledged messages of basic.get do not hold it', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      await t.fill(q, ['m'])
      const message = await ch.get(q)
      assert.ok(message)
      await gone(t, q)
      ch.ack(message)
      await ch.checkExchange('amq.direct')
    }),
    ...held('declaring it', (ch, q) => ch.assertQueue(q, { durable: false, expires: RENEWED_MS })),
    ...held('declaring it passively', (ch, q) => ch.checkQueue(q)),
    ...held('fetching from it', (ch, q) => ch.get(q)),
    fact('its bindings go with it', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      const x = await t.exchange(ch, 'fanout')
      await ch.bindQueue(q, x, '')
      await gone(t, q)
      let returned = 0
      ch.on('return', () => {
        returned++
      })
      ch.publish(x, '', Buffer.from('m'), { mandatory: true })
      await ch.waitForConfirms()
      assert.equal(returned, 1)
    }),
    fact('and an auto-delete exchange with its last binding', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      const x = await t.exchange(ch, 'fanout', { autoDelete: true })
      await ch.bindQueue(q, x, '')
      await gone(t, q)
      await assert.rejects((await t.channel()).checkExchange(x), /404/)
    }),
    fact('the name is free for another queue', SOURCE, async (t) => {
      const { ch, q } = await expiring(t)
      await gone(t, q)
      await ch.assertQueue(q, { durable: true })
      await t.fill(q, ['m'])
      assert.deepEqual(await t.drain(ch, q), ['m'])
    }),
    fact('a queue without it stays', SOURCE, async (t) => {
      const ch = await t.channel()
      const q = await t.queue(ch)
      await elapsed(t, 2 * EXPIRES_MS)
      await ch.checkQueue(q)
    }),
  ],
}

async function expiring(t: Session, options: Options.AssertQueue = {}) {
  const ch = await t.confirmChannel()
  const q = await t.queue(ch, { durable: false, expires: EXPIRES_MS, ...options })
  return { ch, q }
}

/**
 * Waits until the queue is no more. It asks with messages that come back when the queue is gone: a declare would
 * keep it alive.
 */
async function gone(t: Session, q: string): Promise<void> {
  const ch = await t.confirmChannel()
  let returned = false
  ch.on('return', () => {
    returned = true
  })
  await t.until(`${q} is deleted`, async () => {
    ch.sendToQueue(q, Buffer.from('probe'), { mandatory: true })
    await ch.waitForConfirms()
    return returned
  })
  await assert.rejects((await t.channel()).checkQueue(q), /404/)
}

/** Returns when a queue of this time, used by nobody, is gone. */
async function elapsed(t: Session, milliseconds: number): Promise<void> {
  const { q } = await expiring(t, { expires: milliseconds })
  await gone(t, q)
}

/** Done over and over, it does not save the queue: some time it is refused, because the queue is not there. */
function notHeldBy(
  what: string,
  use: (ch: Channel, q: string) => Promise<unknown>,
): ConformanceCase {
  return fact(`${what} does not hold it`, SOURCE, async (t) => {
    const { q } = await expiring(t)
    await t.until('the queue is gone', async () => {
      const ch = await t.channel()
      try {
        await use(ch, q)
        await ch.close()
        return false
      } catch (error) {
        assert.match(String(error), /404/)
        return true
      }
    })
  })
}

/** Done over and over, it saves the queue, while one that is declared later and left alone goes. */
function held(
  what: string,
  use: (ch: ConfirmChannel, q: string) => Promise<unknown>,
): ConformanceCase[] {
  return [
    fact(`${what} holds it`, SOURCE, async (t) => {
      const { ch, q } = await expiring(t, { expires: RENEWED_MS })
      const other = await expiring(t, { expires: RENEWED_MS + 200 })
      const probe = await t.confirmChannel()
      let returned = false
      probe.on('return', () => {
        returned = true
      })
      await t.until('the other queue is gone', async () => {
        await use(ch, q)
        probe.sendToQueue(other.q, Buffer.from('probe'), { mandatory: true })
        await probe.waitForConfirms()
        return returned
      })
      await ch.checkQueue(q)
    }),
  ]
}
