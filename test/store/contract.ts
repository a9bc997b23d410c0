import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/ports.ts'
import { newMessage } from '../support/messages.ts'
import { TestHolder } from '../support/test-holder.ts'
import { untilDurable } from '../support/until-durable.ts'

/**
 * What every store promises (core/ports.ts), whatever it is made of. `sync` brings a store to make durable what it
 * has recorded, where it does not do so by itself.
 */
export function storeContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of a store`, () => {
    sequenceTests(create)
    durabilityTests(create)
  })
}

export interface StoreUnderTest {
  readonly store: Store
  sync(): void
}

function sequenceTests(create: () => Promise<StoreUnderTest>): void {
  test('a new store has no change that is not durable', async () => {
    const { store } = await create()
    expect(store.durability.durable).toBe(store.durability.recorded)
    await store.close()
  })

  test('every change moves the one sequence of changes', async () => {
    const { store } = await create()
    const { durability, messages, definitions } = store
    const positions = [durability.recorded]
    const holder = new TestHolder(messages)
    messages.append(newMessage({ isPersistent: true }), [holder])
    positions.push(durability.recorded)
    holder.lane.settle(holder.lane.latest, 0)
    positions.push(durability.recorded)
    definitions.record({ kind: 'queue-deleted', vhost: '/', name: 'q' })
    positions.push(durability.recorded)
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
    await store.close()
  })

  test('an append says where its change is, above 0 and above all before', async () => {
    const { store } = await create()
    const before = store.durability.recorded
    const holder = new TestHolder(store.messages)
    const append = () => store.messages.append(newMessage({ isPersistent: true }), [holder])
    const [first, second] = [append(), append()]
    expect(first).toBeGreaterThan(0)
    expect(first).toBeGreaterThan(before)
    expect(second).toBeGreaterThan(first)
    expect(second).toBe(store.durability.recorded)
    await store.close()
  })

  test('the messages of a lane are numbered from 1, those of another by themselves', async () => {
    const { store } = await create()
    const { messages } = store
    const [one, other] = [new TestHolder(messages), new TestHolder(messages, { level: 1 })]
    expect([one.lane.latest, one.lane.restoredCount, one.lane.restoredBytes]).toEqual([0, 0, 0])
    messages.append(newMessage({ isPersistent: true }), [one])
    messages.append(newMessage({ isPersistent: true }), [one, other])
    expect([one.lane.latest, other.lane.latest]).toEqual([2, 1])
    expect(messages.levelsOf({ vhost: '/', kind: 'queue', name: 'never' })).toEqual([])
    await store.close()
  })

  test('a recorded definition is at the position it says', async () => {
    const { store } = await create()
    const { definitions, durability } = store
    definitions.record({ kind: 'exchange-deleted', vhost: '/', name: 'x' })
    expect(definitions.position).toBe(durability.recorded)
    await store.close()
  })
}

function durabilityTests(create: () => Promise<StoreUnderTest>): void {
  test('durable never runs ahead of what is recorded', async () => {
    const { store, sync } = await create()
    const { durability, messages } = store
    for (let i = 0; i < 5; i++) {
      messages.append(newMessage({ isPersistent: true }), [new TestHolder(messages)])
      expect(durability.durable).toBeLessThanOrEqual(durability.recorded)
    }
    sync()
    await untilDurable(durability)
    expect(durability.durable).toBe(durability.recorded)
    await store.close()
  })

  test('who waits is told once how far durable has come, not below what it says then', async () => {
    const { store, sync } = await create()
    const { durability, messages } = store
    const told: number[] = []
    const position = messages.append(newMessage({ isPersistent: true }), [new TestHolder(messages)])
    durability.whenDurable({
      onDurable: (durable) => {
        told.push(durable)
        expect(durability.durable).toBe(durable)
      },
    })
    sync()
    await untilDurable(durability)
    expect(told).toHaveLength(1)
    expect(told[0]).toBeLessThanOrEqual(durability.recorded)
    messages.append(newMessage({ isPersistent: true }), [new TestHolder(messages)])
    sync()
    await untilDurable(durability)
    expect(told).toHaveLength(1)
    expect(durability.durable).toBeGreaterThan(position)
    await store.close()
  })

  test('a waiter may wait again from within, and two are both told', async () => {
    const { store, sync } = await create()
    const { durability, messages } = store
    const told: string[] = []
    const again = { onDurable: () => told.push('again') }
    const first = {
      onDurable: () => {
        told.push('first')
        durability.whenDurable(again)
      },
    }
    messages.append(newMessage({ isPersistent: true }), [new TestHolder(messages)])
    durability.whenDurable(first)
    durability.whenDurable({ onDurable: () => told.push('second') })
    sync()
    await untilDurable(durability)
    messages.append(newMessage({ isPersistent: true }), [new TestHolder(messages)])
    sync()
    await untilDurable(durability)
    expect(told.sort()).toEqual(['again', 'first', 'second'])
    await store.close()
  })

  test('closing makes everything recorded durable', async () => {
    const { store } = await create()
    store.messages.append(newMessage({ isPersistent: true }), [new TestHolder(store.messages)])
    store.definitions.record({ kind: 'queue-deleted', vhost: '/', name: 'q' })
    await store.close()
    expect(store.durability.durable).toBe(store.durability.recorded)
  })
}
