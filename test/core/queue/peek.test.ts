import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COMPATS } from '../../../src/common/compat.ts'
import { RunQueue } from '../../../src/common/run-queue.ts'
import { EMPTY_TABLE, longstr, type Table } from '../../../src/common/table.ts'
import type { Entry } from '../../../src/core/queue/entry.ts'
import { peek } from '../../../src/core/queue/peek.ts'
import type { Queue } from '../../../src/core/queue/queue.ts'
import { ReadyMemory } from '../../../src/core/queue/ready-memory.ts'
import { Vhost } from '../../../src/core/vhost.ts'
import { BacklogStore } from '../../support/backlog-store.ts'
import { bodyOf, newMessage } from '../../support/messages.ts'
import { vhostHost } from '../../support/vhost-host.ts'

const ALL = { offset: 0, count: 1000, maxBytes: 1e6 }

const KINDS: readonly { compat: '4.2' | '4.3'; arguments: Table }[] = [
  { compat: '4.2', arguments: EMPTY_TABLE },
  { compat: '4.2', arguments: new Map([['x-max-priority', { type: 'long', value: 3n }]]) },
  { compat: '4.2', arguments: new Map([['x-queue-type', longstr('quorum')]]) },
  { compat: '4.3', arguments: new Map([['x-queue-type', longstr('quorum')]]) },
]

test('peek shows messages in the order in which they are handed out then, and marks none of them', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ priority: fc.integer({ min: -1, max: 6 }) }) },
      { weight: 1, arbitrary: fc.record({ returned: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ taken: fc.integer({ min: 1, max: 4 }) }) },
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), steps, fc.boolean(), (kind, list, isQuick) => {
      const queue = newQueue(kind, new BacklogStore(isQuick))
      for (const [i, step] of list.entries()) {
        if ('priority' in step) publish(queue, `message ${i}`, step.priority)
        else if ('returned' in step) queue.requeue(taken(queue, step.returned), 'nack')
        else for (const entry of taken(queue, step.taken)) queue.settle(entry)
      }
      const before = told(queue)
      const shown = peek(queue, ALL).entries.map(shownAs)
      expect(peek(queue, ALL).entries.map(shownAs)).toEqual(shown)
      expect(peek(queue, { ...ALL, offset: 2, count: 3 }).entries.map(shownAs)).toEqual(
        shown.slice(2, 5),
      )
      expect(told(queue)).toEqual(before)
      expect(taken(queue, 1000).map(shownAs)).toEqual(shown)
    }),
    { numRuns: 300 },
  )
})

test('peek ends where it has read as much as it may, and says so', () => {
  const queue = newQueue(KINDS[0]!, new BacklogStore())
  for (let i = 0; i < 10; i++) publish(queue, `message ${i}`, -1)
  const { entries, isCut } = peek(queue, { ...ALL, maxBytes: 20 })
  expect([entries.length, isCut]).toEqual([3, true])
  expect(peek(queue, ALL)).toMatchObject({ isCut: false })
})

const vhosts = new WeakMap<Queue, Vhost>()

function newQueue(kind: (typeof KINDS)[number], store: BacklogStore): Queue {
  const readyMemory = new ReadyMemory({ limitBytes: 0, minCount: 2, minBytes: 30, readBytes: 40 })
  const turn = new RunQueue(() => {})
  const vhost = new Vhost(
    '/',
    vhostHost({ compat: COMPATS[kind.compat], turn, store, readyMemory }),
  )
  const type = kind.arguments.has('x-queue-type') ? 'quorum' : 'classic'
  const declared = { type, vhost: '/', name: 'q', durable: true, autoDelete: false } as const
  const queue = vhost.declareQueue(
    { ...declared, exclusiveOwner: null, arguments: kind.arguments },
    vhost,
  )
  vhosts.set(queue, vhost)
  return queue
}

function publish(queue: Queue, body: string, priority: number): void {
  const wish = { body, isPersistent: true, ...(priority < 0 ? {} : { priority }) }
  vhosts.get(queue)?.enqueue(newMessage(wish), { queues: [queue], delays: null })
}

function taken(queue: Queue, count: number): Entry[] {
  const entries: Entry[] = []
  for (let entry = queue.get(false); entry !== null; entry = queue.get(false)) {
    entries.push(entry)
    if (entries.length === count) break
  }
  return entries
}

function shownAs(entry: Entry): string {
  return `${bodyOf(entry.message)}${entry.redelivered ? ' again' : ''}`
}

function told({ ready, unackedCount }: Queue): unknown {
  return [ready.length, ready.bytes, ready.nextExpiryMs, unackedCount]
}
