import { expect, test } from 'vitest'
import { FileStoreHost, turns, untilDurable } from '../support/file-store-host.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'

const FULL = { code: 'ENOSPC', after: 1, count: Number.POSITIVE_INFINITY } as const
const message = (body: string) => newMessage({ body, isPersistent: true })

test('making room on a full disk keeps definitions that no checkpoint has', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const host = new FileStoreHost(disk)
  const store = await host.open()
  const holder = new TestHolder(store)
  store.record({ kind: 'vhost-added', vhost: 'kept' })
  store.append(message('a'), [holder])
  holder.lane.settle(1, 1)
  await untilDurable(store.durability)
  disk.failure = FULL
  store.append(message('b'), [holder])
  await turns(100)
  host.clock.advance(5000)
  await turns(100)
  disk.cut()
  const again = await new FileStoreHost(disk.survivor(new Random(1))).open()
  expect([...again.restored()]).toEqual([{ kind: 'vhost-added', vhost: 'kept' }])
  await again.close()
})

test('making room on a full disk keeps a message whose dead letter is not durable yet', async () => {
  const disk = new SimulatedDisk(new Random(1))
  const host = new FileStoreHost(disk)
  const store = await host.open(4096)
  const [holder, dead] = [new TestHolder(store), new TestHolder(store, { name: 'dead' })]
  store.append(message('x'.repeat(5000)), [holder])
  await untilDurable(store.durability)
  await turns(50)
  disk.failure = FULL
  store.append(message('x'.repeat(5000)), [dead])
  holder.lane.settle(1, 5000)
  await turns(100)
  host.clock.advance(5000)
  await turns(100)
  expect(store.durability.durable).toBeLessThan(store.durability.recorded)
  disk.cut()
  const again = await new FileStoreHost(disk.survivor(new Random(3), () => 'lost')).open(4096)
  const lanes = [new TestHolder(again).lane, new TestHolder(again, { name: 'dead' }).lane]
  const found = lanes.flatMap((lane) => lane.read(1, lane.latest, 1e6).messages)
  expect(found.length).toBeGreaterThan(0)
  await again.close()
})
