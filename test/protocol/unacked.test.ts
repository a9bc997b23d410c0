import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Entry } from '../../src/core/queue/entry.ts'
import { Unacked } from '../../src/protocol/unacked.ts'
import { newMessage } from '../support/messages.ts'
import { reachableSlots } from '../support/reachable.ts'
import { TestVhost } from '../support/test-vhost.ts'

const queue = new TestVhost().queue('q')
const message = newMessage()

/** Which one: of those that are there, or of all tags from 0 to past the last. */
const choices = fc.record({
  percent: fc.nat(110),
  isThere: fc.boolean(),
})

const operations = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), count: fc.nat(25) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('skip' as const), count: fc.nat(40) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('take' as const), choice: choices }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('take all but' as const),
        every: fc.integer({ min: 2, max: 9 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('take up to' as const), choice: choices }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'take all' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'put back' as const }) },
  ),
  { maxLength: 50, size: 'max' },
)

type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never

test('a channel finds its deliveries by tag as a map would, whatever the gaps and holes', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const pair = new Pair()
      for (const operation of list) {
        pair.apply(operation)
        expect(pair.unacked.count).toBe(pair.model.size)
      }
      pair.expectSame()
    }),
    { numRuns: 300 },
  )
})

/** Deliveries in the ring and in a map, and those taken out that may come back, as in a transaction. */
class Pair {
  readonly unacked = new Unacked()
  readonly model = new Map<number, Entry>()
  private taken: Entry[] = []
  private lastTag = 0

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'add':
        for (let i = 0; i < operation.count; i++) this.add()
        break
      case 'skip':
        this.lastTag += operation.count
        break
      case 'take':
        this.take(this.tagOf(operation.choice))
        break
      case 'take all but':
        for (const tag of [...this.model.keys()]) if (tag % operation.every > 0) this.take(tag)
        break
      case 'take up to':
        this.takeUpTo(this.tagOf(operation.choice))
        break
      case 'take all':
        this.expectSame()
        break
      case 'put back':
        this.unacked.putBack(this.taken)
        for (const entry of this.taken) this.model.set(entry.deliveryTag, entry)
        this.taken = []
    }
  }

  expectSame(): void {
    const expected = [...this.model.values()].sort(byTag)
    expect(this.unacked.takeAll()).toEqual(expected)
    this.model.clear()
    expect(this.unacked.count).toBe(0)
  }

  private add(): void {
    const entry = delivery(++this.lastTag)
    this.unacked.add(entry)
    this.model.set(entry.deliveryTag, entry)
  }

  private take(tag: number): void {
    const entry = this.model.get(tag) ?? null
    expect(this.unacked.take(tag)).toBe(entry)
    this.model.delete(tag)
    if (entry !== null) this.taken.push(entry)
  }

  private takeUpTo(tag: number): void {
    const upTo = [...this.model.values()].filter((entry) => entry.deliveryTag <= tag)
    const expected = this.model.has(tag) ? upTo.sort(byTag) : null
    expect(this.unacked.takeUpTo(tag)).toEqual(expected)
    for (const entry of expected ?? []) this.model.delete(entry.deliveryTag)
    this.taken.push(...(expected ?? []))
  }

  private tagOf({ percent, isThere }: { percent: number; isThere: boolean }): number {
    const tags = [...this.model.keys()]
    const tag = isThere ? tags[Math.floor((percent * tags.length) / 100)] : undefined
    return tag ?? Math.floor((percent * this.lastTag) / 100)
  }
}

describe('unacked deliveries', () => {
  test('that were never made are not found', () => {
    const unacked = new Unacked()
    for (const tag of [0, 1, 2 ** 53, 2 ** 64]) {
      expect(unacked.take(tag)).toBeNull()
      expect(unacked.takeUpTo(tag)).toBeNull()
    }
    unacked.add(delivery(5))
    for (const tag of [0, 4, 6, 2 ** 64]) expect(unacked.take(tag)).toBeNull()
    expect(unacked.take(5)?.deliveryTag).toBe(5)
    expect(unacked.take(5)).toBeNull()
  })

  test('up to one that is settled already are not taken', () => {
    const unacked = new Unacked()
    for (const tag of [1, 2, 3]) unacked.add(delivery(tag))
    unacked.take(2)
    expect(unacked.takeUpTo(2)).toBeNull()
    expect(unacked.count).toBe(2)
    expect(unacked.takeUpTo(3)?.map((entry) => entry.deliveryTag)).toEqual([1, 3])
  })

  test('that come back after later ones were made are in their old order', () => {
    const unacked = new Unacked()
    for (const tag of [1, 2, 3]) unacked.add(delivery(tag))
    const taken = [unacked.take(2)!, unacked.take(1)!]
    unacked.add(delivery(4))
    unacked.putBack(taken)
    expect(unacked.takeAll().map((entry) => entry.deliveryTag)).toEqual([1, 2, 3, 4])
  })

  test('take little room while one is never settled and 100,000 others are', () => {
    const unacked = new Unacked()
    unacked.add(delivery(1))
    let found = 0
    let most = 0
    for (let tag = 2; tag <= 100_001; tag++) {
      unacked.add(delivery(tag))
      if (unacked.take(tag)?.deliveryTag === tag) found++
      if (tag % 1000 === 0) most = Math.max(most, slotsOf(unacked))
    }
    expect(found).toBe(100_000)
    expect(most).toBeLessThan(200)
    expect(unacked.take(1)?.deliveryTag).toBe(1)
    expect(unacked.count).toBe(0)
  })

  test('take little room when each is settled in its turn', () => {
    const unacked = new Unacked()
    let found = 0
    for (let tag = 1; tag <= 100_000; tag++) {
      unacked.add(delivery(tag))
      if (unacked.take(tag - 3)?.deliveryTag === tag - 3) found++
    }
    expect(found).toBe(99_997)
    expect(unacked.count).toBe(3)
    expect(slotsOf(unacked)).toBeLessThan(200)
  })

  test('take little room when many were settled and few are left', () => {
    const unacked = new Unacked()
    for (let tag = 1; tag <= 10_000; tag++) unacked.add(delivery(tag))
    const most = slotsOf(unacked)
    for (let tag = 10_000; tag > 10; tag--) unacked.take(tag)
    expect(most).toBeGreaterThan(20_000)
    expect(slotsOf(unacked)).toBeLessThan(200)
    expect(unacked.takeAll()).toHaveLength(10)
  })

  test.each([false, true])('take little room when all have been settled in order', (multiple) => {
    const unacked = new Unacked()
    for (let tag = 1; tag <= 10_000; tag++) unacked.add(delivery(tag))
    expect(slotsOf(unacked)).toBeGreaterThan(20_000)
    if (multiple) unacked.takeUpTo(9_990)
    else for (let tag = 1; tag <= 9_990; tag++) unacked.take(tag)
    expect(slotsOf(unacked)).toBeLessThan(3000)
    expect(unacked.takeAll()).toHaveLength(10)
  })
})

/** The slots of the collection, without what hangs on an entry. */
function slotsOf(unacked: Unacked): number {
  return reachableSlots(unacked, (part) => part instanceof Entry)
}

function delivery(tag: number): Entry {
  const entry = new Entry(message, queue, 0, 0, Number.POSITIVE_INFINITY)
  entry.deliveryTag = tag
  return entry
}

function byTag(a: Entry, b: Entry): number {
  return a.deliveryTag - b.deliveryTag
}
