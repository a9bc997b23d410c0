import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Entry } from '../../../src/core/queue/entry.ts'
import { classicLevel, PriorityReady } from '../../../src/core/queue/priority-ready.ts'
import { QuorumReady, strictLevel } from '../../../src/core/queue/quorum-ready.ts'
import { FifoReady, type Ready } from '../../../src/core/queue/ready.ts'
import { newMessage } from '../../support/messages.ts'
import { TestVhost } from '../../support/test-vhost.ts'

const queue = new TestVhost().queue('q')

const operations = fc.array(
  fc.oneof(
    fc
      .record({ size: fc.nat(50), priority: fc.option(fc.nat(255)) })
      .map((wish) => ({ kind: 'push', ...wish }) as const),
    fc.constant({ kind: 'shift' } as const),
    fc.nat(20).map((at) => ({ kind: 'put back', at }) as const),
  ),
  { maxLength: 100, size: 'max' },
)

/** What decides the place of a message, the most important first; the smaller one is before the larger. */
type Place = readonly number[]

const ORDERS: readonly {
  readonly name: string
  readonly create: () => Ready
  /** `returned` counts the messages that came back; null for one that has not been handed out. */
  readonly place: (sequence: number, priority: number | null, returned: number | null) => Place
}[] = [
  {
    name: 'by sequence, wherever they have been',
    create: () => new FifoReady(null),
    place: (sequence) => [sequence],
  },
  {
    name: 'by priority up to the maximum, then by sequence, wherever they have been',
    create: () => new PriorityReady(6, classicLevel(5), null),
    place: (sequence, priority) => [-Math.min(priority ?? 0, 5), sequence],
  },
  {
    name: 'as they came back, then by one of 32 priorities, then by sequence',
    create: () => new QuorumReady(new PriorityReady(32, strictLevel, null)),
    place: (sequence, priority, returned) =>
      returned === null ? [1, -Math.min(priority ?? 4, 31), sequence] : [0, returned],
  },
]

describe('ready messages come once, their bytes add up, and they come', () => {
  test.each(ORDERS)('$name', ({ create, place }) => {
    fc.assert(
      fc.property(operations, (list) => {
        const ready = create()
        const model: { readonly entry: Entry; readonly place: Place }[] = []
        const out: Entry[] = []
        const sequences = new Map<Entry, number>()
        let sequence = 0
        let returned = 0
        for (const operation of list) {
          if (operation.kind === 'push') {
            const entry = newEntry(operation.size, operation.priority)
            sequences.set(entry, ++sequence)
            ready.push(entry)
            model.push({ entry, place: place(sequence, operation.priority, null) })
          } else if (operation.kind === 'shift') {
            const entry = ready.shift()
            expect(entry).toBe(model.shift()?.entry)
            if (entry !== undefined) out.push(entry)
          } else if (operation.at < out.length) {
            const [entry] = out.splice(operation.at, 1)
            ready.putBack(entry!)
            const { priority } = entry!.message.properties
            const given = priority < 0 ? null : priority
            model.push({ entry: entry!, place: place(sequences.get(entry!)!, given, ++returned) })
          }
          model.sort((a, b) => compare(a.place, b.place))
          expect(ready.peek()).toBe(model[0]?.entry)
          expect(ready.length).toBe(model.length)
          expect(ready.bytes).toBe(
            model.reduce((sum, { entry }) => sum + entry.message.bodySize, 0),
          )
        }
        ready.clear()
        expect([ready.length, ready.bytes, ready.shift()]).toEqual([0, 0, undefined])
      }),
    )
  })
})

function newEntry(size: number, priority: number | null): Entry {
  const body = 'x'.repeat(size)
  const message = newMessage(priority === null ? { body } : { body, priority })
  return new Entry(message, queue, 0, 0, Number.POSITIVE_INFINITY)
}

function compare(a: Place, b: Place): number {
  const at = a.findIndex((part, i) => part !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}
