import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { deathLines, deaths, fetchFrom, header, plain } from '../support/dead-letter-rig.ts'
import { fact, on310 } from '../support/fact.ts'
import type { Table } from '../support/field-table.ts'
import type { RawConnection, RawMessage } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'core-semantics.md 6'
const CAPTURE = 'captures/x-death-4.3.6.json'

export const area: Area = {
  name: 'dead-letter chains',
  cases: [
    fact('a ladder of queues with TTLs is climbed to its end', CAPTURE, async (t) => {
      const { steps, last } = await ladder(t, [10, 20, 30])
      assert.deepEqual(deathLines(last).sort(), steps.map((step) => `${step} expired 1`).sort())
    }),
    fact(
      'its deaths stand most recent first',
      CAPTURE,
      async (t) => {
        const { steps, last } = await ladder(t, [10, 20, 30])
        assert.deepEqual(
          deathLines(last),
          [...steps].reverse().map((step) => `${step} expired 1`),
        )
      },
      on310('3.10 orders older ones in another way'),
    ),
    fact('each step names where the message came from', CAPTURE, async (t) => {
      const { steps, last } = await ladder(t, [10, 20])
      const entries = deaths(last).map(plain)
      for (const step of steps) {
        const entry = entries.find(({ queue }) => queue === step)
        assert.deepEqual([entry?.exchange, entry?.['routing-keys']], ['', [step]])
      }
    }),
    fact('only the step that the expiration ended names it', CAPTURE, async (t) => {
      const { steps, last } = await ladder(t, [60_000, 20], '10')
      const named = deaths(last).map((entry) => {
        const { queue, 'original-expiration': expiration } = plain(entry)
        return [queue, expiration]
      })
      assert.deepEqual(named, [
        [steps[1], undefined],
        [steps[0], '10'],
      ])
    }),
    fact('the first death is the first step', CAPTURE, async (t) => {
      const { steps, last } = await ladder(t, [10, 10, 10])
      assert.equal(header(last, 'x-first-death-queue'), steps[0])
      assert.equal(header(last, 'x-first-death-reason'), 'expired')
    }),
    fact('a long chain of full queues is passed', SOURCE, async (t) => {
      const raw = await t.raw()
      const end = await declared(t, raw, [])
      let next = end
      for (let step = 0; step < 12; step++) {
        next = await declared(t, raw, [...leadingTo(next), ['x-max-length', 'I', 0]])
      }
      raw.publish(1, { routingKey: next }, 'm')
      const message = await fetchFrom(t, raw, end)
      assert.equal(deaths(message).length, 12)
      assert.equal(header(message, 'x-first-death-queue'), next)
    }),
    fact('work and retry queue: the counts of each turn', CAPTURE, async (t) => {
      const { raw, work, retry } = await workAndRetry(t)
      raw.publish(1, { routingKey: work }, 'm')
      await reject(raw, await fetchFrom(t, raw, work))
      for (const turn of [1, 2, 3]) {
        const message = await fetchFrom(t, raw, work)
        assert.deepEqual(deathLines(message), [
          `${retry} expired ${turn}`,
          `${work} rejected ${turn}`,
        ])
        await reject(raw, message)
      }
    }),
    fact('work and retry queue: the first death stays', CAPTURE, async (t) => {
      const { raw, work } = await workAndRetry(t)
      raw.publish(1, { routingKey: work }, 'm')
      for (let turn = 0; turn < 2; turn++) await reject(raw, await fetchFrom(t, raw, work))
      const message = await fetchFrom(t, raw, work)
      assert.equal(header(message, 'x-first-death-queue'), work)
      assert.equal(header(message, 'x-first-death-reason'), 'rejected')
    }),
    fact(
      'work and retry queue: the last death moves',
      CAPTURE,
      async (t) => {
        const { raw, work, retry } = await workAndRetry(t)
        raw.publish(1, { routingKey: work }, 'm')
        await reject(raw, await fetchFrom(t, raw, work))
        const message = await fetchFrom(t, raw, work)
        assert.equal(header(message, 'x-last-death-queue'), retry)
        assert.equal(header(message, 'x-last-death-reason'), 'expired')
      },
      on310('3.10 knows no x-last-death-*'),
    ),
    fact('an entry that counts up keeps its time and its keys', SOURCE, async (t) => {
      const { raw, work } = await workAndRetry(t)
      raw.publish(1, { routingKey: work }, 'm')
      await reject(raw, await fetchFrom(t, raw, work))
      const first = await fetchFrom(t, raw, work)
      await reject(raw, first)
      const second = await fetchFrom(t, raw, work)
      const without = (message: RawMessage) =>
        deaths(message).map((entry) => ({ ...plain(entry), count: 0 }))
      assert.deepEqual(without(second), without(first))
    }),
    fact(
      'an entry that counts up keeps the order of its fields',
      CAPTURE,
      async (t) => {
        const { raw, work } = await workAndRetry(t)
        raw.publish(1, { routingKey: work }, 'm')
        for (let turn = 0; turn < 2; turn++) await reject(raw, await fetchFrom(t, raw, work))
        assert.deepEqual(
          deaths(await fetchFrom(t, raw, work))[0]!.map(([name]) => name),
          ['count', 'reason', 'queue', 'time', 'exchange', 'routing-keys'],
        )
      },
      on310('3.10 sorts the fields of an entry that it rewrites'),
    ),
    fact('the same queue for another reason is another entry', SOURCE, async (t) => {
      const raw = await t.raw()
      const [queue, park] = [t.name('queue'), t.name('park')]
      const args: Table = [...leadingTo(park), ['x-message-ttl', 'I', 100]]
      await raw.call(1, 'queue.declare', { queue, arguments: args })
      await raw.call(1, 'queue.declare', { queue: park, arguments: leadingTo(queue) })
      raw.publish(1, { routingKey: queue }, 'm')
      await reject(raw, await fetchFrom(t, raw, park)) // it expired on its way there
      await reject(raw, await fetchFrom(t, raw, queue))
      const lines = deathLines(await fetchFrom(t, raw, park))
      assert.deepEqual(
        lines.sort(),
        [`${park} rejected 1`, `${queue} expired 1`, `${queue} rejected 1`].sort(),
      )
    }),
    fact('a message that comes back by its TTL alone is dropped', CAPTURE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const args: Table = [...leadingTo(queue), ['x-message-ttl', 'I', 10]]
      await raw.call(1, 'queue.declare', { queue, arguments: args })
      await t.fill(queue, ['m'])
      await emptied(t, queue)
    }),
    fact('by a length limit alone as well', SOURCE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const args: Table = [...leadingTo(queue), ['x-max-length', 'I', 1]]
      await raw.call(1, 'queue.declare', { queue, arguments: args })
      await t.fill(queue, ['1', '2', '3'])
      assert.deepEqual(await t.drain(await t.channel(), queue), ['3'])
    }),
    fact('there and back by TTLs: once, then dropped', CAPTURE, async (t) => {
      const raw = await t.raw()
      const [here, there] = [t.name('here'), t.name('there')]
      const args = (next: string): Table => [...leadingTo(next), ['x-message-ttl', 'I', 50]]
      await raw.call(1, 'queue.declare', { queue: here, arguments: args(there) })
      await raw.call(1, 'queue.declare', { queue: there, arguments: args(here) })
      await t.fill(here, ['m'])
      await t.until('the message is there', async () => {
        return (await (await t.channel()).checkQueue(there)).messageCount === 1
      })
      await emptied(t, there)
      assert.equal((await (await t.channel()).checkQueue(here)).messageCount, 0)
    }),
    fact('a message that is rejected comes back as often as it likes', CAPTURE, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, arguments: leadingTo(queue) })
      raw.publish(1, { routingKey: queue }, 'm')
      await reject(raw, await fetchFrom(t, raw, queue))
      for (const turn of [1, 2, 3, 4]) {
        const message = await fetchFrom(t, raw, queue)
        assert.deepEqual(deathLines(message), [`${queue} rejected ${turn}`])
        await reject(raw, message)
      }
    }),
    fact('only the queue that it died in is left out', SOURCE, async (t) => {
      const raw = await t.raw()
      const exchange = t.name('dlx')
      await raw.call(1, 'exchange.declare', { exchange, type: 'fanout' })
      const args: Table = [
        ['x-dead-letter-exchange', 'S', exchange],
        ['x-message-ttl', 'I', 10],
      ]
      const queue = await declared(t, raw, args)
      const other = await declared(t, raw, [])
      for (const name of [queue, other]) await raw.call(1, 'queue.bind', { queue: name, exchange })
      raw.publish(1, { exchange }, 'm')
      assert.equal(deathHeader(await fetchFrom(t, raw, other)), undefined)
      assert.deepEqual(deathLines(await fetchFrom(t, raw, other)), [`${queue} expired 1`])
      await emptied(t, queue)
    }),
    fact('a parking lot gets what was tried often enough', SOURCE, async (t) => {
      const { raw, work } = await workAndRetry(t)
      const park = await declared(t, raw, [])
      raw.publish(1, { routingKey: work }, 'm')
      for (;;) {
        const message = await fetchFrom(t, raw, work)
        const tried = deathHeader(message) === undefined ? 0 : triedIn(work, message)
        if (tried < 3) {
          await reject(raw, message)
          continue
        }
        const { headers } = message.properties
        raw.publish(1, { routingKey: park }, message.body, headers === undefined ? {} : { headers })
        raw.send(1, 'basic.ack', { deliveryTag: message.args.deliveryTag ?? 0 })
        break
      }
      assert.equal(triedIn(work, await fetchFrom(t, raw, park)), 3)
    }),
  ],
}

function leadingTo(queue: string): Table {
  return [
    ['x-dead-letter-exchange', 'S', ''],
    ['x-dead-letter-routing-key', 'S', queue],
  ]
}

async function declared(t: Session, raw: RawConnection, args: Table): Promise<string> {
  const queue = t.name('queue')
  await raw.call(1, 'queue.declare', { queue, arguments: args })
  return queue
}

async function reject(raw: RawConnection, { args }: RawMessage): Promise<void> {
  raw.send(1, 'basic.reject', { deliveryTag: args.deliveryTag ?? 0, requeue: false })
}

/** Queues with TTLs in milliseconds, each leading to the next, and what came out at the end. */
async function ladder(t: Session, ttls: readonly number[], expiration?: string) {
  const raw = await t.raw()
  const end = await declared(t, raw, [])
  const steps: string[] = []
  for (const ttl of [...ttls].reverse()) {
    const args: Table = [...leadingTo(steps[0] ?? end), ['x-message-ttl', 'I', ttl]]
    steps.unshift(await declared(t, raw, args))
  }
  const properties = expiration === undefined ? {} : { expiration }
  raw.publish(1, { routingKey: steps[0]! }, 'm', properties)
  return { steps, last: await fetchFrom(t, raw, end) }
}

/** What is rejected in the work queue waits in the retry queue and comes back. */
async function workAndRetry(t: Session) {
  const raw = await t.raw()
  const [work, retry] = [t.name('work'), t.name('retry')]
  await raw.call(1, 'queue.declare', { queue: work, arguments: leadingTo(retry) })
  const args: Table = [...leadingTo(work), ['x-message-ttl', 'I', 20]]
  await raw.call(1, 'queue.declare', { queue: retry, arguments: args })
  return { raw, work, retry }
}

async function emptied(t: Session, queue: string): Promise<void> {
  const ch = await t.channel()
  await t.until(`${queue} is empty`, async () => (await ch.checkQueue(queue)).messageCount === 0)
  await t.settle(ch, queue)
  assert.equal((await ch.checkQueue(queue)).messageCount, 0)
}

function deathHeader(message: RawMessage) {
  return header(message, 'x-death')
}

function triedIn(queue: string, message: RawMessage): number {
  const entry = deaths(message)
    .map(plain)
    .find((one) => one.queue === queue && one.reason === 'rejected')
  return Number(entry?.count ?? 0)
}
