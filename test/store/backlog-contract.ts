import { describe, expect, test } from 'vitest'
import type { Lane, LaneReading, Store } from '../../src/core/ports.ts'
import { bodyOf, newMessage } from '../support/messages.ts'
import { TestHolder } from '../support/test-holder.ts'
import { untilDurable } from '../support/until-durable.ts'

/** What a store promises besides that can hold a backlog, and survives its broker (core/ports.ts). */
export function backlogContract(name: string, create: () => Promise<BacklogStoreUnderTest>): void {
  describe(`${name} keeps the contract of a store that can hold a backlog`, () => {
    readingTests(create)
    settlingTests(create)
    restartTests(create)
    forgettingTests(create)
  })
}

export interface BacklogStoreUnderTest {
  readonly store: Store
  /** Brings the store to make durable what it has recorded, where it does not do so by itself. */
  sync(): void
  /** Closes the store and opens what it has kept. */
  reopen(): Promise<Store>
}

function readingTests(create: () => Promise<BacklogStoreUnderTest>): void {
  test('messages come back as they were stored, with their ordinals and times', async () => {
    const { store, sync } = await create()
    const holder = new TestHolder(store.messages)
    const stored = ['a', '', 'ccc'].map((body) => newMessage({ ...KEPT, body, priority: 3 }))
    for (const [i, message] of stored.entries()) {
      holder.timeMs = i * 1000
      store.messages.append(message, [holder])
    }
    await allDurable(store, sync)
    const { messages, next } = holder.lane.read(1, 3, 1_000_000)
    expect(next).toBeGreaterThan(3)
    expect(messages.map(({ ordinal, timeMs }) => [ordinal, timeMs])).toEqual([
      [1, 0],
      [2, 1000],
      [3, 2000],
    ])
    for (const [i, { message, redelivered }] of messages.entries()) {
      expect(bodyOf(message)).toBe(bodyOf(stored[i]!))
      expect(message.properties.encoded).toEqual(stored[i]!.properties.encoded)
      expect(message.address.encoded).toEqual(stored[i]!.address.encoded)
      expect(redelivered).toBe(false)
    }
    await store.close()
  })

  test('a reading ends when it has enough, has one at least, and can be gone on with', async () => {
    const { store, sync } = await create()
    const holder = filled(store, ['a', 'b', 'c', 'd'])
    await allDurable(store, sync)
    const bodies: string[] = []
    for (let from = 1; from <= 4; ) {
      const reading = holder.lane.read(from, 4, 1)
      expect(reading.messages).toHaveLength(1)
      expect(reading.next).toBeGreaterThan(from)
      bodies.push(...bodiesOf(reading))
      from = reading.next
    }
    expect(bodies).toEqual(['a', 'b', 'c', 'd'])
    expect(bodiesOf(holder.lane.read(2, 3, 1_000_000))).toEqual(['b', 'c'])
    await store.close()
  })
}

function settlingTests(create: () => Promise<BacklogStoreUnderTest>): void {
  test('what is settled is left out', async () => {
    const { store, sync } = await create()
    const { lane } = filled(store, ['a', 'b', 'c', 'd', 'e', 'f'])
    await allDurable(store, sync)
    lane.settle(2, 1)
    lane.settleRange(4, 5)
    expect(bodiesOf(lane.read(1, 6, 1_000_000))).toEqual(['a', 'c', 'f'])
    expect(bodiesOf(lane.read(4, 5, 1_000_000))).toEqual([])
    await store.close()
  })

  test('a message with several holders is settled for each by itself', async () => {
    const { store, sync } = await create()
    const [one, other] = [filled(store, ['first']), new TestHolder(store.messages, { name: 'r' })]
    store.messages.append(newMessage({ ...KEPT, body: 'both' }), [one, other])
    await allDurable(store, sync)
    one.lane.settle(2, 4)
    expect(bodiesOf(one.lane.read(1, 2, 1_000_000))).toEqual(['first'])
    expect(bodiesOf(other.lane.read(1, 1, 1_000_000))).toEqual(['both'])
    await store.close()
  })

  test('a spilled message comes back like any other', async () => {
    const { store, sync } = await create()
    const holder = new TestHolder(store.messages, { durable: false })
    store.messages.spill(newMessage({ body: 'm' }), holder)
    expect(holder.lane.latest).toBe(1)
    await allDurable(store, sync)
    expect(bodiesOf(holder.lane.read(1, 1, 1_000_000))).toEqual(['m'])
    await store.close()
  })

  test('a lane that was dropped is a new one when it is asked for again', async () => {
    const { store, sync } = await create()
    filled(store, ['old']).lane.drop()
    const holder = filled(store, ['new'])
    await allDurable(store, sync)
    expect(bodiesOf(readAll(holder.lane))).toEqual(['new'])
    await store.close()
  })
}

function restartTests(create: () => Promise<BacklogStoreUnderTest>): void {
  test('what a lane held is there again, told by its count and bytes', async () => {
    const { store, reopen } = await create()
    filled(store, ['a', 'bb', 'ccc']).lane.settle(1, 1)
    filled(store, ['x'], { level: 7 })
    const again = await reopen()
    const owner = { vhost: '/', kind: 'queue', name: 'q' } as const
    expect([...again.messages.levelsOf(owner)].sort()).toEqual([0, 7])
    expect(again.messages.levelsOf({ ...owner, kind: 'exchange' })).toEqual([])
    const { lane } = new TestHolder(again.messages)
    expect([lane.restoredCount, lane.restoredBytes]).toEqual([2, 5])
    expect(bodiesOf(readAll(lane))).toEqual(['bb', 'ccc'])
    again.messages.append(newMessage({ ...KEPT, body: 'd' }), [
      { laneOf: () => lane, timeOf: () => 0 },
    ])
    expect(lane.latest).toBeGreaterThan(3)
    await again.close()
  })

  test('what had come back from a consumer says so, with its counts', async () => {
    const { store, reopen } = await create()
    filled(store, ['a', 'b']).lane.returned(1, 3, 2)
    const again = await reopen()
    const { messages } = readAll(new TestHolder(again.messages).lane)
    expect(
      messages.map(({ redelivered, acquiredCount, failedCount }) => [
        redelivered,
        acquiredCount,
        failedCount,
      ]),
    ).toEqual([
      [true, 3, 2],
      [false, 0, 0],
    ])
    await again.close()
  })

  test('definitions lead to what there was', async () => {
    const { store, reopen } = await create()
    const { definitions } = store
    for (const vhost of ['a', 'b', 'c']) definitions.record({ kind: 'vhost-added', vhost })
    definitions.record({ kind: 'vhost-deleted', vhost: 'b' })
    const again = await reopen()
    const vhosts = new Set<string>()
    for (const change of again.definitions.restored()) {
      if (change.kind === 'vhost-added') vhosts.add(change.vhost)
      if (change.kind === 'vhost-deleted') vhosts.delete(change.vhost)
    }
    expect([...vhosts].sort()).toEqual(['a', 'c'])
    await again.close()
  })
}

function forgettingTests(create: () => Promise<BacklogStoreUnderTest>): void {
  test('what need not survive does not', async () => {
    const { store, reopen } = await create()
    const holder = filled(store, ['kept'])
    store.messages.spill(newMessage({ body: 'spilled' }), holder)
    filled(store, ['brief'], { name: 'brief', durable: false })
    const again = await reopen()
    const { lane } = new TestHolder(again.messages)
    expect([lane.restoredCount, bodiesOf(readAll(lane))]).toEqual([1, ['kept']])
    expect(again.messages.levelsOf({ vhost: '/', kind: 'queue', name: 'brief' })).toEqual([])
    await again.close()
  })

  test('what nobody has asked for is dropped when it is said', async () => {
    const { store, reopen } = await create()
    filled(store, ['a'])
    filled(store, ['b'], { name: 'gone' })
    const again = await reopen()
    const { lane } = new TestHolder(again.messages)
    again.messages.dropUnclaimed()
    expect(new TestHolder(again.messages, { name: 'gone' }).lane.restoredCount).toBe(0)
    expect(bodiesOf(readAll(lane))).toEqual(['a'])
    await again.close()
  })
}

/** A durable queue `q`, or another, whose lane holds these bodies. */
function filled(
  { messages }: Store,
  bodies: readonly string[],
  name: ConstructorParameters<typeof TestHolder>[1] = {},
): TestHolder {
  const holder = new TestHolder(messages, name)
  for (const body of bodies) messages.append(newMessage({ ...KEPT, body }), [holder])
  return holder
}

async function allDurable({ durability }: Store, sync: () => void): Promise<void> {
  sync()
  await untilDurable(durability)
}

function readAll(lane: Lane): LaneReading {
  return lane.read(1, lane.latest, 1_000_000)
}

function bodiesOf({ messages }: LaneReading): readonly string[] {
  return messages.map(({ message }) => bodyOf(message))
}

const KEPT = { isPersistent: true }
