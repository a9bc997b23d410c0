import { expect, test } from 'vitest'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { newMessage } from '../support/messages.ts'
import { TestHolder } from '../support/test-holder.ts'
import { storeContract } from './contract.ts'

storeContract('the memory store', async () => ({ store: new MemoryStore(), sync: () => {} }))

test('in a memory store every change is as durable as it gets, at once', () => {
  const store = new MemoryStore()
  const told: number[] = []
  store.append(newMessage(), [new TestHolder(store)])
  expect(store.durable).toBe(1)
  store.whenDurable({ onDurable: (durable) => told.push(durable) })
  expect(told).toEqual([1])
})
