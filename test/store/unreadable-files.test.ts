import { expect, test } from 'vitest'
import type { FileStore } from '../../src/store/file-store.ts'
import { FileStoreHost, turns, untilDurable } from '../support/file-store-host.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { systemError } from '../support/simulated-disk-files.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'

const FILE_SIZE = 16_384
const COUNT = 40

/** A directory that was closed properly, with so many messages of 1000 bytes in each of two lanes. */
async function filledDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(FILE_SIZE)
  const { a, b } = holdersOf(store)
  for (let i = 0; i < COUNT; i++) {
    for (const holder of [a, b]) {
      store.append(newMessage({ body: 'x'.repeat(1000), isPersistent: true }), [holder])
    }
    await untilDurable(store.durability)
  }
  await store.close()
  return disk
}

function holdersOf(store: FileStore) {
  return { a: new TestHolder(store), b: new TestHolder(store, { name: 'b' }) }
}

/** From now on no file of the log can be opened; what is returned ends that. */
function refuseToOpen(disk: SimulatedDisk, code: string): () => void {
  const open = disk.open.bind(disk)
  disk.open = (path) => {
    if (path.startsWith('log/')) throw systemError(code, 'open')
    return open(path)
  }
  return () => {
    disk.open = open
  }
}

test('a reading for which there are no descriptors costs other queues nothing', async () => {
  const disk = await filledDisk()
  const store = await new FileStoreHost(disk).open(FILE_SIZE)
  const { a, b } = holdersOf(store)
  const allow = refuseToOpen(disk, 'EMFILE')
  expect(a.lane.read(1, COUNT, 1e9).messages).toEqual([])
  allow()
  expect(b.lane.read(1, COUNT, 1e9).messages).toHaveLength(COUNT)
  await store.close()
})

test('messages of a segment that could not be read once are copied with it', async () => {
  const disk = await filledDisk()
  const host = new FileStoreHost(disk)
  const store = await host.open(FILE_SIZE)
  const { a, b } = holdersOf(store)
  const allow = refuseToOpen(disk, 'EMFILE')
  a.lane.read(1, COUNT, 1e9)
  allow()
  for (const { lane } of [a, b]) {
    for (let i = 1; i <= COUNT; i++) if (i % 5 > 0) lane.settle(i, 1000)
  }
  for (let i = 0; i < 40; i++) {
    host.clock.advance(1000)
    await turns(50)
  }
  await store.close()
  const again = await new FileStoreHost(disk).open(FILE_SIZE)
  const { lane } = holdersOf(again).b
  const { messages } = lane.read(1, lane.latest, 1e9)
  expect(messages.map(({ ordinal }) => ordinal)).toEqual([5, 10, 15, 20, 25, 30, 35, 40])
  await again.close()
})

test('a file of messages that a start may not open is not deleted', async () => {
  const disk = await filledDisk()
  const allow = refuseToOpen(disk, 'EACCES')
  try {
    const store = await new FileStoreHost(disk).open(FILE_SIZE)
    await store.close()
  } catch {} // to refuse such a directory is as good
  allow()
  const again = await new FileStoreHost(disk).open(FILE_SIZE)
  expect(new TestHolder(again).lane.restoredCount).toBe(COUNT)
  await again.close()
})
