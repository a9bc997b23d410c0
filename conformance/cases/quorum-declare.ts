import assert from 'node:assert/strict'
import type { Area, ConformanceCase, KnownDifference } from '../support/case.ts'
import { fact, on310, refusal } from '../support/fact.ts'
import { channelError, connectionError } from '../support/failure.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import type { Arguments } from '../support/methods.ts'

const TYPES = 'core-semantics.md 1.4'
const VALIDATION = 'errors.md 5.2'
const PROPERTIES = 'errors.md 5.3'
const QUORUM: Table = [['x-queue-type', 'S', 'quorum']]

export const area: Area = {
  name: 'quorum queues: declaring',
  cases: [
    fact('a quorum queue is declared, and declared again', TYPES, async (t) => {
      const raw = await t.raw()
      const args = { queue: t.name('queue'), durable: true, arguments: QUORUM }
      const ok = { queue: args.queue, messageCount: 0, consumerCount: 0 }
      assert.deepEqual(await raw.call(1, 'queue.declare', args), ok)
      assert.deepEqual(await raw.call(1, 'queue.declare', args), ok)
    }),
    fact('a passive declare does not ask for the type', TYPES, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true, arguments: QUORUM })
      await raw.call(1, 'queue.declare', { queue, passive: true })
    }),
    impossible('non-durable', {}, 'non-durable'),
    impossible('exclusive', { durable: true, exclusive: true }, 'exclusive-owner'),
    impossible('auto-delete', { durable: true, autoDelete: true }, 'auto-delete'),
    impossible(
      'auto-delete and all the rest',
      { exclusive: true, autoDelete: true },
      'auto-delete',
    ),
    impossible('exclusive and non-durable', { exclusive: true }, 'exclusive-owner'),
    refusal('without a name it is refused', PROPERTIES, (raw) => {
      raw.send(1, 'queue.declare', { durable: true, arguments: QUORUM })
      const words =
        'PRECONDITION_FAILED - Cannot declare a server-named queue for type rabbit_quorum_queue'
      return channelError(406, words, 'queue.declare')
    }),
    ...[
      'x-max-priority',
      'x-queue-mode',
      'x-queue-version',
      'x-max-age',
      'x-initial-cluster-size',
    ].map((key) => foreign(key, ['I', 2])),
    accepted('x-expires', ['I', 60000]),
    accepted('x-message-ttl', ['I', 60000]),
    accepted('x-max-length', ['I', 10]),
    accepted('x-max-length-bytes', ['I', 1000]),
    accepted('x-overflow', ['S', 'drop-head']),
    accepted('x-overflow', ['S', 'reject-publish']),
    accepted('x-dead-letter-exchange', ['S', 'conformance-missing']),
    accepted('x-dead-letter-strategy', ['S', 'at-most-once']),
    accepted('x-dead-letter-strategy', ['S', 'at-least-once']),
    accepted('x-delivery-limit', ['I', 5]),
    accepted('x-single-active-consumer', ['t', true]),
    accepted('x-quorum-initial-group-size', ['I', 3]),
    accepted('x-queue-leader-locator', ['S', 'client-local']),
    accepted('x-max-in-memory-length', ['I', 10]),
    accepted('x-conformance-unknown', ['S', 'x']),
    invalid('x-message-ttl', ['I', -1], '{value_negative,-1}'),
    invalid('x-expires', ['I', 0], '{value_zero,0}'),
    invalid('x-max-length', ['S', '1'], '"expected integer, got longstr"'),
    invalid('x-overflow', ['S', 'foo'], 'invalid_overflow'),
    invalid('x-dead-letter-strategy', ['S', 'foo'], 'invalid_dlx_strategy'),
    invalid('x-quorum-initial-group-size', ['I', 0], '{value_zero,0}'),
    invalid('x-queue-leader-locator', ['S', 'foo'], 'invalid_queue_locator_arg'),
    refusal('an at-least-once strategy is refused on a classic queue', VALIDATION, (raw, t) => {
      const queue = t.name('queue')
      const args: Table = [['x-dead-letter-strategy', 'S', 'at-least-once']]
      raw.send(1, 'queue.declare', { queue, durable: true, arguments: args })
      const words = `PRECONDITION_FAILED - invalid arg 'x-dead-letter-strategy' for queue '${queue}' ${t.inVhost} of queue type rabbit_classic_queue`
      return channelError(406, words, 'queue.declare')
    }),
    redeclared(
      'a quorum queue as a classic one',
      QUORUM,
      [['x-queue-type', 'S', 'classic']],
      "'x-queue-type'",
      "received 'classic' but current is 'quorum'",
    ),
    redeclared(
      'a quorum queue without a type',
      QUORUM,
      [],
      "'x-queue-type'",
      "received 'classic' but current is 'quorum'",
      on310('3.10 shows none'),
    ),
    redeclared(
      'a classic queue as a quorum queue',
      [],
      QUORUM,
      "'x-queue-type'",
      "received 'quorum' but current is 'classic'",
      on310('3.10 shows none'),
    ),
    redeclared(
      'another length limit',
      [...QUORUM, ['x-max-length', 'I', 1]],
      [...QUORUM, ['x-max-length', 'I', 2]],
      "'x-max-length'",
      "received '2' but current is '1'",
    ),
    ...['ifUnused', 'ifEmpty'].map((flag) =>
      refusal(`delete with ${flag} is refused`, 'errors.md 8.2', async (raw, t) => {
        const queue = t.name('queue')
        await raw.call(1, 'queue.declare', { queue, durable: true, arguments: QUORUM })
        raw.send(1, 'queue.delete', { queue, [flag]: true })
        const name = flag === 'ifUnused' ? 'if-unused' : 'if-empty'
        const words = `NOT_IMPLEMENTED - cannot delete queue '${queue}' ${t.inVhost}. queue.delete operations with ${name} flag set are not supported by quorum queues`
        return connectionError(540, words, 'queue.delete')
      }),
    ),
    fact('delete tells how many messages there were', TYPES, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true, arguments: QUORUM })
      await t.fill(queue, ['1', '2', '3'])
      assert.deepEqual(await raw.call(1, 'queue.delete', { queue }), { messageCount: 3 })
      raw.send(1, 'queue.declare', { queue, passive: true })
      assert.equal((await raw.expect(1, 'channel.close')).replyCode, 404)
    }),
    fact('purge tells how many messages there were', TYPES, async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true, arguments: QUORUM })
      await t.fill(queue, ['1', '2'])
      assert.deepEqual(await raw.call(1, 'queue.purge', { queue }), { messageCount: 2 })
      assert.equal(await (await t.channel()).get(queue), false)
    }),
    fact('a quorum queue that nobody uses expires', 'core-semantics.md 1.5', async (t) => {
      const raw = await t.raw()
      const queue = t.name('queue')
      const args: Table = [...QUORUM, ['x-expires', 'I', 100]]
      await raw.call(1, 'queue.declare', { queue, durable: true, arguments: args })
      // A passive declare is no use of a quorum queue.
      await t.until('it is deleted', async () => {
        raw.send(1, 'queue.declare', { queue, passive: true })
        const item = await raw.next('queue.declare-ok')
        assert.ok(item.kind === 'method')
        if (item.name === 'queue.declare-ok') return false
        assert.equal(item.args.replyCode, 404)
        return true
      })
    }),
  ],
}

function impossible(what: string, flags: Arguments, property: string): ConformanceCase {
  return refusal(`${what}: refused`, PROPERTIES, (raw, t) => {
    const queue = t.name('queue')
    raw.send(1, 'queue.declare', { queue, ...flags, arguments: QUORUM })
    const words = `PRECONDITION_FAILED - invalid property '${property}' for queue '${queue}' ${t.inVhost}`
    return channelError(406, words, 'queue.declare')
  })
}

function foreign(key: string, [tag, value]: [string, FieldValue]): ConformanceCase {
  return refusal(`${key} is refused on a quorum queue`, VALIDATION, (raw, t) => {
    const queue = t.name('queue')
    const args: Table = [...QUORUM, [key, tag, value]]
    raw.send(1, 'queue.declare', { queue, durable: true, arguments: args })
    const words = `PRECONDITION_FAILED - invalid arg '${key}' for queue '${queue}' ${t.inVhost} of queue type rabbit_quorum_queue`
    return channelError(406, words, 'queue.declare')
  })
}

function accepted(key: string, [tag, value]: [string, FieldValue]): ConformanceCase {
  return fact(`${key} ${String(value)} is accepted`, TYPES, async (t) => {
    const raw = await t.raw()
    const args: Table = [...QUORUM, [key, tag, value]]
    await raw.call(1, 'queue.declare', { queue: t.name('queue'), durable: true, arguments: args })
  })
}

function invalid(key: string, [tag, value]: [string, FieldValue], error: string): ConformanceCase {
  return refusal(`${key} ${String(value)} is refused`, VALIDATION, (raw, t) => {
    const queue = t.name('queue')
    const args: Table = [...QUORUM, [key, tag, value]]
    raw.send(1, 'queue.declare', { queue, durable: true, arguments: args })
    const words = `PRECONDITION_FAILED - invalid arg '${key}' for queue '${queue}' ${t.inVhost}: ${error}`
    return channelError(406, words, 'queue.declare')
  })
}

function redeclared(
  what: string,
  first: Table,
  second: Table,
  key: string,
  difference: string,
  known?: KnownDifference,
): ConformanceCase {
  return refusal(
    `${what}: not the same queue`,
    'errors.md 5.1',
    async (raw, t) => {
      const queue = t.name('queue')
      await raw.call(1, 'queue.declare', { queue, durable: true, arguments: first })
      raw.send(1, 'queue.declare', { queue, durable: true, arguments: second })
      const words = `PRECONDITION_FAILED - inequivalent arg ${key} for queue '${queue}' ${t.inVhost}: ${difference}`
      return channelError(406, words, 'queue.declare')
    },
    known,
  )
}
