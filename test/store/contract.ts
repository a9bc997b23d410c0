import { describe, expect, test } from 'vitest'
import type { Durability, Store } from '../../src/core/ports.ts'
import { newMessage } from '../support/messages.ts'

const QUEUE = { kind: 'queue', name: 'q', vhost: '/' } as const

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
    const appended = messages.append(newMessage({ isPersistent: true }), [QUEUE])
    positions.push(durability.recorded)
    messages.settle(QUEUE, appended)
    positions.push(durability.recorded)
    definitions.record({ kind: 'queue-deleted', vhost: '/', name: 'q' })
    positions.push(durability.recorded)
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
    await store.close()
  })

  test('an append says where its change is, above 0 and above all before', async () => {
    const { store } = await create()
    const before = store.durability.recorded
    const append = () => store.messages.append(newMessage({ isPersistent: true }), [QUEUE])
    const [first, second] = [append(), append()]
    expect(first).toBeGreaterThan(0)
    expect(first).toBeGreaterThan(before)
    expect(second).toBeGreaterThan(first)
    expect(second).toBe(store.durability.recorded)
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
      messages.append(newMessage({ isPersistent: true }), [QUEUE])
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
    const position = messages.append(newMessage({ isPersistent: true }), [QUEUE])
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
    messages.append(newMessage({ isPersistent: true }), [QUEUE])
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
    messages.append(newMessage({ isPersistent: true }), [QUEUE])
    durability.whenDurable(first)
    durability.whenDurable({ onDurable: () => told.push('second') })
    sync()
    await untilDurable(durability)
    messages.append(newMessage({ isPersistent: true }), [QUEUE])
    sync()
    await untilDurable(durability)
    expect(told.sort()).toEqual(['again', 'first', 'second'])
    await store.close()
  })

  test('closing makes everything recorded durable', async () => {
    const { store } = await create()
    store.messages.append(newMessage({ isPersistent: true }), [QUEUE])
    store.definitions.record({ kind: 'queue-deleted', vhost: '/', name: 'q' })
    await store.close()
    expect(store.durability.durable).toBe(store.durability.recorded)
  })
}

async function untilDurable(durability: Durability): Promise<void> {
  while (durability.durable < durability.recorded) {
    await new Promise<void>((resolve) => durability.whenDurable({ onDurable: () => resolve() }))
  }
}
