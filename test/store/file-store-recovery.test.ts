import { expect, test } from 'vitest'
import { encodeDefinition } from '../../src/store/definitions/definition-codec.ts'
import { Batch } from '../../src/store/log/batch.ts'
import { HEADER_SIZE, RECORD } from '../../src/store/log/format.ts'
import { writeDefinition } from '../../src/store/log/state-records.ts'
import { FileStoreHost, turns, untilDurable } from '../support/file-store-host.ts'
import { placeOf, seedOf, tornDisk } from '../support/file-store-torn.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'

const message = (body: string) => newMessage({ body, isPersistent: true })

test('a settled original is not gone when the unfinished last write lost its dead letter', async () => {
  const left = await tornDisk()
  const again = await new FileStoreHost(left).open()
  const counts = [new TestHolder(again), new TestHolder(again, { name: 'dead' })]
  expect(counts.map(({ lane }) => lane.restoredCount)).toEqual([1, 1])
  await again.close()
})

test('what looks like a record in the body of a damaged message is none', async () => {
  const batch = new Batch([], 0)
  writeDefinition(batch, encodeDefinition({ kind: 'vhost-added', vhost: 'forged' }))
  const body = Buffer.concat(batch.parts()).toString('latin1')
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open()
  const a = new TestHolder(store)
  const forged = message('')
  const bytes = Buffer.from(body, 'latin1')
  const published = Object.assign(forged, { body: bytes, bodySize: bytes.length })
  store.append(published, [a])
  await untilDurable(store.durability)
  disk.cut()
  const left = disk.survivor(new Random(1))
  const log = left.paths().find((path) => path.endsWith('.log')) ?? ''
  const content = Buffer.from(left.contentOf(log))
  content[placeOf(content, seedOf(left), RECORD.PUBLISH, 0) + 12]! ^= 0xff
  left.put(log, content)
  const again = await new FileStoreHost(left).open()
  expect([...again.restored()]).toEqual([])
  await again.close()
})

test('zeros behind the last write are no part of the log, and nothing to tell of', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open()
  const a = new TestHolder(store)
  store.append(message('one\0'), [a])
  await untilDurable(store.durability)
  disk.cut()
  const left = disk.survivor(new Random(1))
  const log = left.paths().find((path) => path.endsWith('.log')) ?? ''
  const content = left.contentOf(log)
  left.put(log, Buffer.concat([content, Buffer.alloc(5000)]))
  const host = new FileStoreHost(left)
  const again = await host.open()
  expect(again.recovered).toMatchObject({ notes: [], damage: [], end: { size: content.length } })
  expect(new TestHolder(again).lane.restoredCount).toBe(1)
  await again.close()
})

test('a message that was only to give memory back is gone after a restart, whatever was sealed', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(4096)
  const a = new TestHolder(store)
  store.spill(newMessage({ body: 'spilled' }), a)
  store.append(message('x'.repeat(5000)), [a])
  await untilDurable(store.durability)
  await turns(20)
  await store.close()
  const again = await new FileStoreHost(disk).open(4096)
  const { lane } = new TestHolder(again)
  expect(lane.restoredCount).toBe(1)
  expect(lane.read(1, lane.latest, 1e6).messages.map(({ ordinal }) => ordinal)).toEqual([2])
  await again.close()
})

test('a log file that is missing although the next had been made is told of', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(4096)
  store.append(message('x'.repeat(3000)), [new TestHolder(store)])
  await untilDurable(store.durability)
  await turns(5)
  disk.cut()
  const left = disk.survivor(new Random(1), () => 'whole')
  expect(left.list('log')).toEqual(['0000000001.log', '0000000002.log'])
  left.take('log/0000000001.log')
  const again = await new FileStoreHost(left).open(4096)
  expect(again.recovered.notes).toEqual(['log/0000000001.log is not there'])
  await again.close()
})

test('a log file that is missing is told of', async () => {
  const disk = new SimulatedDisk(new Random(1))
  disk.isManual = false
  const store = await new FileStoreHost(disk).open(4096)
  const a = new TestHolder(store)
  store.append(message('first'), [a])
  await untilDurable(store.durability)
  disk.failure = { code: 'EIO', after: 1, count: 1 } // the next goes to another file
  store.record({ kind: 'vhost-added', vhost: 'lost' })
  await untilDurable(store.durability)
  disk.failure = { code: 'EIO', after: 1, count: 1 }
  store.append(message('third'), [a])
  await untilDurable(store.durability)
  disk.cut()
  const left = disk.survivor(new Random(1), () => 'lost')
  const logs = left.paths().filter((path) => path.endsWith('.log'))
  expect(logs).toHaveLength(3)
  left.take(logs[1] ?? '')
  const again = await new FileStoreHost(left).open(4096)
  expect(again.recovered.damage).not.toEqual([])
  await again.close()
})

test('a settled range where the index is damaged is settled all the same', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(4096)
  const a = new TestHolder(store)
  store.append(message('1'), [a])
  await untilDurable(store.durability)
  store.spill(newMessage({ body: '2' }), a)
  store.append(message('x'.repeat(300)), [a])
  await untilDurable(store.durability)
  disk.cut()
  const left = disk.survivor(new Random(1))
  const again = await new FileStoreHost(left).open(4096)
  for (const path of left.paths().filter((name) => name.endsWith('.index'))) left.take(path)
  const { lane } = new TestHolder(again)
  expect(lane.restoredCount).toBe(2)
  lane.settleRange(1, 3)
  await again.close()
  const third = await new FileStoreHost(left).open(4096)
  expect(new TestHolder(third).lane.restoredCount).toBe(0)
  await third.close()
})

test('a place that cannot be read costs its message only', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open(1 << 20)
  const a = new TestHolder(store)
  for (let i = 0; i < 5; i++) store.append(message('x'.repeat(100_000)), [a])
  await untilDurable(store.durability)
  const open = disk.open.bind(disk)
  disk.open = (path) => {
    const file = open(path)
    const read = file.read.bind(file)
    file.read = (target, length, at) => {
      const bad = HEADER_SIZE + 150_000
      if (at <= bad && bad < at + length) throw Object.assign(new Error('EIO'), { code: 'EIO' })
      return read(target, length, at)
    }
    return file
  }
  const { messages } = a.lane.read(1, 5, 1e9)
  expect(messages.map(({ ordinal }) => ordinal)).toEqual([1, 3, 4, 5])
  await store.close()
})
