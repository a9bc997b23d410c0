import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { NodeFileSystem } from '../../src/store/files/node-file-system.ts'
import { FileStoreHost, turns, until, untilDurable } from '../support/file-store-host.ts'
import { bodyOf, newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'
import { storeContract } from './contract.ts'

const directories: string[] = []
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true })
})

async function temporaryFiles(): Promise<NodeFileSystem> {
  const directory = await mkdtemp(join(tmpdir(), 'leveret-store-'))
  directories.push(directory)
  return new NodeFileSystem(directory)
}

storeContract('the file store on a real directory', async () => {
  const store = await new FileStoreHost(await temporaryFiles()).open()
  return { store, sync: () => {} }
})

storeContract('the file store on a simulated disk', async () => {
  const store = await new FileStoreHost(new SimulatedDisk(new Random(1))).open()
  return { store, sync: () => {} }
})

test('what was stored in a real directory is there after it was closed', async () => {
  const host = new FileStoreHost(await temporaryFiles())
  const store = await host.open()
  const holder = new TestHolder(store)
  for (const body of ['one', 'two', 'three']) {
    store.append(newMessage({ body, isPersistent: true }), [holder])
  }
  holder.lane.settle(2, 3)
  store.record({ kind: 'vhost-added', vhost: 'v' })
  await store.close()
  const again = await host.open()
  const { lane } = new TestHolder(again)
  expect([lane.latest, lane.restoredCount, lane.restoredBytes]).toEqual([3, 2, 8])
  const { messages, next } = lane.read(1, 3, 1e6)
  expect(messages.map(({ message, ordinal }) => [ordinal, bodyOf(message)])).toEqual([
    [1, 'one'],
    [3, 'three'],
  ])
  expect(messages.map(({ redelivered }) => redelivered)).toEqual([false, false])
  expect(next).toBe(4)
  expect([...again.restored()]).toEqual([{ kind: 'vhost-added', vhost: 'v' }])
  await again.close()
})

test('the number of writes does not grow with the number of lanes', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open()
  const holders = Array.from({ length: 500 }, (_, i) => new TestHolder(store, { name: `q${i}` }))
  for (const holder of holders) store.append(newMessage({ isPersistent: true }), [holder])
  await untilDurable(store.durability)
  expect(store.writeCount).toBe(1)
  for (const { lane } of holders) lane.settle(1, 0)
  store.append(newMessage({ isPersistent: true }), holders.slice(0, 1))
  await untilDurable(store.durability)
  expect(store.writeCount).toBe(2)
  await store.close()
})

test('acknowledgements in order are one record of the next batch', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open()
  const holder = new TestHolder(store)
  for (let i = 0; i < 1000; i++) store.append(newMessage({ isPersistent: true }), [holder])
  await untilDurable(store.durability)
  const before = disk.bytesWritten
  for (let i = 1; i <= 1000; i++) holder.lane.settle(i, 0)
  await untilDurable(store.durability)
  expect(disk.bytesWritten - before).toBeLessThan(100)
  await store.close()
})

test('a transient lane and what was only to give memory back are gone after a restart', async () => {
  const host = new FileStoreHost(new SimulatedDisk(new Random(1)))
  const store = await host.open()
  const [one, transient] = [
    new TestHolder(store),
    new TestHolder(store, { name: 't', durable: false }),
  ]
  store.append(newMessage({ isPersistent: true }), [transient])
  store.append(newMessage({ isPersistent: true }), [one])
  await untilDurable(store.durability)
  await store.close()
  const again = await host.open()
  expect(again.levelsOf({ vhost: '/', kind: 'queue', name: 't' })).toEqual([])
  expect(new TestHolder(again, { name: 't', durable: false }).lane.restoredCount).toBe(0)
  expect(new TestHolder(again).lane.restoredCount).toBe(1)
  await again.close()
})

test('a lane that was dropped and made again with the same name has nothing of the old one', async () => {
  const host = new FileStoreHost(new SimulatedDisk(new Random(1)))
  const store = await host.open()
  const old = new TestHolder(store)
  store.append(newMessage({ body: 'old', isPersistent: true }), [old])
  await untilDurable(store.durability)
  old.lane.drop()
  const made = new TestHolder(store)
  expect(made.lane.latest).toBe(0)
  store.append(newMessage({ body: 'new', isPersistent: true }), [made])
  old.lane.settle(1, 3)
  await store.close()
  const again = await host.open()
  const { lane } = new TestHolder(again)
  expect(lane.read(1, lane.latest, 1000).messages.map(({ message }) => bodyOf(message))).toEqual([
    'new',
  ])
  await again.close()
})

test('the disk is full for a while: nothing is told durable, then everything is', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const host = new FileStoreHost(disk)
  const store = await host.open()
  const holder = new TestHolder(store)
  disk.failure = { code: 'ENOSPC', after: 1, count: Number.POSITIVE_INFINITY }
  store.append(newMessage({ body: 'kept', isPersistent: true }), [holder])
  await turns(50)
  expect(store.durability.durable).toBe(0)
  expect(host.troubles).toHaveLength(1)
  disk.failure = null
  await until('all is well again', () => {
    host.clock.advance(1000)
    return host.troubles.at(-1) === null
  })
  expect(store.durability.durable).toBe(1)
  expect(holder.lane.read(1, 1, 100).messages).toHaveLength(1)
  expect(disk.faults).toEqual([])
  await store.close()
})
