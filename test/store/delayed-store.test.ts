import { expect, test } from 'vitest'
import { DelayedStore } from '../support/delayed-store.ts'
import { newMessage } from '../support/messages.ts'
import { TestHolder } from '../support/test-holder.ts'
import { storeContract } from './contract.ts'

storeContract('the store that tests move by hand', async () => {
  const store = new DelayedStore()
  return { store, sync: () => store.sync() }
})

test('nothing is durable before the test says so, and no more than it says', () => {
  const store = new DelayedStore()
  const told: number[] = []
  const queue = new TestHolder(store)
  const positions = [1, 2, 3].map(() => store.append(newMessage(), [queue]))
  store.whenDurable({ onDurable: (durable) => told.push(durable) })
  expect(store.durable).toBe(0)
  store.sync(positions[1])
  expect(store.durable).toBe(positions[1])
  store.sync(positions[0])
  expect(store.durable).toBe(positions[1])
  store.sync()
  expect(store.durable).toBe(positions[2])
  expect(told).toEqual([positions[1]])
})
