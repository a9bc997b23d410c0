import { expect, test } from 'vitest'
import { HEADER_SIZE } from '../../src/store/log/format.ts'
import { FileStoreHost, turns, untilDurable } from '../support/file-store-host.ts'
import { tornDisk } from '../support/file-store-torn.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'

const message = (body: string) => newMessage({ body, isPersistent: true })

/** The first checkpoint of the next start fails, behind the two folders. */
const FIRST_CHECKPOINT = { code: 'EIO', after: 3, count: 1 } as const

test('a write that was not finished stays without effect when the start after it could write no checkpoint', async () => {
  const disk = await tornDisk()
  disk.failure = FIRST_CHECKPOINT
  const store = await new FileStoreHost(disk).open()
  const [a, b] = [new TestHolder(store), new TestHolder(store, { name: 'dead' })]
  expect([a.lane.restoredCount, b.lane.restoredCount]).toEqual([1, 1])
  store.append(message('new'), [b])
  await untilDurable(store.durability)
  disk.cut()
  const again = await new FileStoreHost(disk.survivor(new Random(1))).open()
  const counts = [new TestHolder(again), new TestHolder(again, { name: 'dead' })]
  expect(counts.map(({ lane }) => lane.restoredCount)).toEqual([1, 2])
  await again.close()
})

test('a store whose last write fails once is closed properly all the same', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const host = new FileStoreHost(disk)
  const store = await host.open()
  store.append(message('first'), [new TestHolder(store)])
  await untilDurable(store.durability)
  store.append(message('second'), [new TestHolder(store)])
  disk.failure = { code: 'EIO', after: 1, count: 1 }
  await store.close()
  expect(disk.failures).toBe(1)
  const again = await host.open()
  expect(again.recovered.isClean).toBe(true)
  await again.close()
})

test('a copy that was not finished does not keep space from being given back', async () => {
  const fileSize = 16_384
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(fileSize)
  const a = new TestHolder(store)
  for (let i = 0; i < 60; i++) {
    store.append(message('x'.repeat(1000)), [a])
    await untilDurable(store.durability)
  }
  await store.close()
  const logs = disk.paths().filter((path) => /^log\/\d+\.log$/.test(path))
  for (const path of logs) disk.put(path.replace('.log', '.1.log'), Buffer.alloc(HEADER_SIZE))
  disk.failure = FIRST_CHECKPOINT
  const host = new FileStoreHost(disk)
  const again = await host.open(fileSize)
  const { lane } = new TestHolder(again)
  for (let i = 1; i <= 60; i++) if (i % 5 > 0) lane.settle(i, 1000)
  for (let i = 0; i < 40; i++) {
    host.clock.advance(1000)
    await turns(50)
  }
  const sizes = disk
    .paths()
    .map((path) => (path.endsWith('.log') ? disk.contentOf(path).length : 0))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 * fileSize)
  await again.close()
})
