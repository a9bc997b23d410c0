import { expect, test } from 'vitest'
import { FileStoreHost, turns, until, untilDurable } from '../support/file-store-host.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'

const FILE_SIZE = 4096
const message = (body: string) => newMessage({ body, isPersistent: true })
const BIG = 'x'.repeat(FILE_SIZE)

test('a lane dropped while its messages wait for a failed write leaves a directory that opens', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const [a, b] = [new TestHolder(store), new TestHolder(store, { name: 'b' })]
  store.append(message('a'), [a])
  store.append(message('b'), [b])
  a.lane.drop()
  disk.failure = { code: 'EIO', after: 1, count: 1 }
  await untilDurable(store.durability)
  expect(disk.failures).toBe(1)
  await store.close()
  const again = await one.open(FILE_SIZE)
  expect(new TestHolder(again, { name: 'b' }).lane.restoredCount).toBe(1)
  await again.close()
})

test('messages that are settled in a file whose last write fails take no others along', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(FILE_SIZE)
  const [a, b] = [new TestHolder(store), new TestHolder(store, { name: 'b' })]
  store.append(message(BIG), [a])
  await untilDurable(store.durability)
  await turns(20)
  store.append(message('settled'), [a])
  a.lane.settle(2, 7)
  store.append(message(BIG), [b])
  disk.failure = { code: 'EIO', after: 1, count: 1 }
  await untilDurable(store.durability)
  expect(disk.failures).toBe(1)
  expect(a.lane.read(1, 2, 1e6).messages.map(({ ordinal }) => ordinal)).toEqual([1])
  await store.close()
})

test('files of writes that failed are deleted once the disk works again', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const one = new FileStoreHost(disk)
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  store.append(message('a'), [a])
  await untilDurable(store.durability)
  const failing = { code: 'EIO', after: 1, count: 1 } as const
  const createLog = disk.createLog.bind(disk)
  let left = 5
  disk.createLog = async (path) => {
    const log = await createLog(path)
    if (left-- > 0) disk.failure = failing // the file is made, and the write to it fails
    return log
  }
  disk.failure = failing
  store.append(message('b'), [a])
  await until('the disk works again', () => {
    one.clock.advance(1000)
    return store.durability.durable === store.durability.recorded
  })
  expect(disk.failures).toBe(6)
  for (let i = 0; i < 4; i++) {
    store.append(message(BIG), [a])
    await untilDurable(store.durability)
    await turns(20)
  }
  const { messages } = a.lane.read(1, a.lane.latest, 1e9)
  expect(messages).toHaveLength(6)
  const logs = disk.list('log').filter((name) => name.endsWith('.log'))
  // that of the first, that of the second and third, one for each of the others
  expect(logs.map((name) => [name, disk.contentOf(`log/${name}`).length])).toHaveLength(5)
  await store.close()
})

test('a start on a full disk keeps the log that no checkpoint covers', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const first = await new FileStoreHost(disk).open(FILE_SIZE)
  first.record({ kind: 'vhost-added', vhost: 'kept' })
  await untilDurable(first.durability)
  disk.cut()
  const full = disk.survivor(new Random(1))
  full.failure = { code: 'ENOSPC', after: 1, count: Number.POSITIVE_INFINITY }
  // the folders are there; only what needs room fails
  await new FileStoreHost(withFolders(full)).open(FILE_SIZE)
  full.cut()
  const third = full.survivor(new Random(1))
  const store = await new FileStoreHost(third).open(FILE_SIZE)
  expect([...store.restored()]).toContainEqual({ kind: 'vhost-added', vhost: 'kept' })
  await store.close()
})

test('a log file that cannot be read is no empty one', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const first = await new FileStoreHost(disk).open(FILE_SIZE)
  const a = new TestHolder(first)
  first.append(message('a'), [a])
  await untilDurable(first.durability)
  disk.cut()
  const second = disk.survivor(new Random(1))
  const [log = ''] = second.paths().filter((path) => path.startsWith('log/'))
  const open = second.open.bind(second)
  second.open = (path) => {
    if (path !== log) return open(path)
    throw Object.assign(new Error('EIO: of a test'), { code: 'EIO' })
  }
  const failed = await new FileStoreHost(second).open(FILE_SIZE).then(
    (store) => store.recovered.damage,
    (error: unknown) => [String(error)],
  )
  expect(failed).not.toEqual([])
  expect(second.paths()).toContain(log)
})

test('no timer is left when the store is closed', async () => {
  const one = new FileStoreHost(new SimulatedDisk(new Random(1)))
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  store.append(message(BIG), [a])
  await untilDurable(store.durability)
  await turns(20)
  a.lane.settle(1, FILE_SIZE)
  await store.close()
  expect(one.clock.timerCount).toBe(0)
})

test('who waits is not told before durable has grown', async () => {
  const one = new FileStoreHost(new SimulatedDisk(new Random(1)))
  const store = await one.open(FILE_SIZE)
  const a = new TestHolder(store)
  store.append(message('a'), [a])
  await untilDurable(store.durability)
  a.lane.settle(1, 1)
  store.append(message('b'), [a])
  await untilDurable(store.durability)
  const told: number[] = []
  const before = store.durability.durable
  store.durability.whenDurable({ onDurable: (durable) => told.push(durable) })
  one.clock.advance(1000)
  await turns(20)
  expect(told.filter((durable) => durable <= before)).toEqual([])
  await store.close()
})

function withFolders(disk: SimulatedDisk): SimulatedDisk {
  disk.makeFolder = async () => {}
  return disk
}
