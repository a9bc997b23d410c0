import { expect, test } from 'vitest'
import type { FileStore } from '../../src/store/file-store.ts'
import { FileStoreHost, turns, untilDurable } from '../support/file-store-host.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { tableOf } from '../support/tables.ts'
import { TestHolder } from '../support/test-holder.ts'

const FILE_SIZE = 16_384
const HEADERS = tableOf({ big: 'h'.repeat(2000) })
const message = (body: string) => newMessage({ body, isPersistent: true })

async function fill(store: FileStore, holders: readonly TestHolder[], count: number, size: number) {
  for (let i = 0; i < count; i++) {
    store.append(message('x'.repeat(size)), holders)
    await untilDurable(store.durability)
  }
  await turns(50)
}

function logBytes(disk: SimulatedDisk): number {
  const logs = disk.paths().filter((path) => path.endsWith('.log'))
  return logs.reduce((sum, path) => sum + disk.contentOf(path).length, 0)
}

test('a range settled across files leaves what can still be settled one by one', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  await fill(store, [a], 40, 1000)
  a.lane.settleRange(5, 35)
  a.lane.settle(1, 1000)
  await store.close()
  const again = await one.open(FILE_SIZE)
  const { restoredCount, restoredBytes } = new TestHolder(again).lane
  expect([restoredCount, restoredBytes]).toEqual([8, 8000])
  await again.close()
})

test('bytes restored are those of the messages, however they were settled', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  await fill(store, [a], 40, 1000)
  a.lane.settleRange(5, 35)
  a.lane.settleRange(1, 4)
  await store.close()
  const again = await one.open(FILE_SIZE)
  const { restoredCount, restoredBytes } = new TestHolder(again).lane
  expect([restoredCount, restoredBytes]).toEqual([5, 5000])
  await again.close()
})

test('messages with large headers and small bodies are not copied for ever', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  for (let i = 0; i < 40; i++) {
    store.append(newMessage({ isPersistent: true, headers: HEADERS }), [a])
    await untilDurable(store.durability)
  }
  await turns(3000)
  const before = disk.bytesWritten
  await turns(1000)
  expect(disk.bytesWritten).toBe(before)
  await store.close()
})

test('space of drained queues is given back while messages of many queues stay', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const many = Array.from({ length: 20 }, (_, i) => new TestHolder(store, { name: `m${i}` }))
  await fill(store, many, 20, 1000)
  const a = new TestHolder(store)
  const base = logBytes(disk)
  await fill(store, [a], 60, 1000)
  a.lane.settleRange(1, 60)
  for (let i = 0; i < 20; i++) {
    one.clock.advance(1000)
    await turns(50)
  }
  expect(logBytes(disk)).toBeLessThan(base + 2 * FILE_SIZE)
  await store.close()
})

test('reading a long backlog keeps few files open', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(FILE_SIZE)
  const a = new TestHolder(store)
  await fill(store, [a], 1500, 1000)
  expect(a.lane.read(1, 1500, 1e9).messages).toHaveLength(1500)
  expect(disk.openFiles).toBeLessThan(64)
  await store.close()
  expect(disk.openFiles).toBe(0)
})

test('a damaged index does not keep space from being given back', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  await fill(store, [a], 60, 1000)
  for (const path of disk.paths().filter((name) => name.endsWith('.index'))) {
    disk.put(path, Buffer.alloc(disk.contentOf(path).length))
  }
  for (let i = 2; i <= 60; i++) a.lane.settle(i, 1000)
  for (let i = 0; i < 40; i++) {
    one.clock.advance(1000)
    await turns(50)
  }
  expect(one.lines.filter((line) => line.includes('no checkpoint')).length).toBeLessThan(2)
  await store.close()
})

test('a message for more queues than a record has room for harms none behind it', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(FILE_SIZE)
  const a = new TestHolder(store)
  const targets = Array.from({ length: 65_536 }, () => a)
  store.append(message('before'), [a])
  try {
    store.append(message('many'), targets)
  } catch {}
  store.append(message('behind'), [a])
  await untilDurable(store.durability)
  const { messages } = a.lane.read(a.lane.latest, a.lane.latest, 1000)
  expect(messages).toHaveLength(1)
  await store.close()
})

const BACKLOG = 100

/** Fills a lane over several files, lets something become of it, and tells how much is left in the log. */
async function leftAfter(act: (holder: TestHolder) => void): Promise<number> {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const holder = new TestHolder(store)
  await fill(store, [holder], BACKLOG, 1000)
  expect(logBytes(disk)).toBeGreaterThan(6 * FILE_SIZE)
  act(holder)
  for (let i = 0; i < 20; i++) {
    one.clock.advance(1000)
    await turns(50)
  }
  const left = logBytes(disk)
  await store.close()
  return left
}

test('the space of a lane that was drained is given back', async () => {
  const left = await leftAfter(({ lane }) => {
    for (let i = 1; i <= BACKLOG; i++) lane.settle(i, 1000)
  })
  expect(left).toBeLessThan(FILE_SIZE)
})

test('the space of a lane that was drained in another order is given back', async () => {
  const left = await leftAfter(({ lane }) => {
    for (let i = 1; i <= BACKLOG; i++) lane.settle(((i * 37) % BACKLOG) + 1, 1000)
  })
  expect(left).toBeLessThan(FILE_SIZE)
})

test('the space of a lane that was purged is given back', async () => {
  const left = await leftAfter(({ lane }) => lane.settleRange(1, BACKLOG))
  expect(left).toBeLessThan(FILE_SIZE)
})

test('the space of a lane that was dropped is given back', async () => {
  const left = await leftAfter(({ lane }) => lane.drop())
  expect(left).toBeLessThan(FILE_SIZE)
})

test('one message that stays in each file costs no more than a file together', async () => {
  const left = await leftAfter(({ lane }) => {
    for (let i = 1; i <= BACKLOG; i++) if (i % 16 !== 1) lane.settle(i, 1000)
  })
  expect(left).toBeLessThan(FILE_SIZE)
})
