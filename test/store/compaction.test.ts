import { expect, test } from 'vitest'
import { SILENT } from '../../src/common/log.ts'
import { recover } from '../../src/store/recovery/recovery.ts'
import { compact } from '../../src/store/segments/compaction.ts'
import { StoreState } from '../../src/store/state.ts'
import { FileStoreHost, untilDurable } from '../support/file-store-host.ts'
import { NO_LANE_HOST } from '../support/file-store-scan.ts'
import { newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { TestHolder } from '../support/test-holder.ts'

const FILE_SIZE = 16_384

/** Stands alone: what lanes tell their store goes nowhere. */
/** A directory with so many messages of 1000 bytes in one lane, and its state as a start finds it. */
async function directoryOf(count: number) {
  const disk = new SimulatedDisk(new Random(1))
  const host = new FileStoreHost(disk)
  const store = await host.open(FILE_SIZE)
  const holder = new TestHolder(store)
  for (let i = 0; i < count; i++) {
    store.append(newMessage({ body: 'x'.repeat(1000), isPersistent: true }), [holder])
    await untilDurable(store.durability)
  }
  await store.close()
  const state = new StoreState(disk, NO_LANE_HOST, () => {})
  recover(disk, state, host.log)
  const [lane] = [...state.lanes.values()]
  state.addSegment(1000)
  return { disk, state, lane: lane! }
}

test('what is settled while it is copied is settled in the copy, also when it was the last of its segment', async () => {
  const { disk, state, lane } = await directoryOf(30)
  const run = state.segments.filter(({ isSealed }) => isSealed).slice(0, 2)
  const [first, second] = run.map((segment) => segment.holdings.get(lane)!)
  const left = second!.liveCount
  let asked = 0
  const isStopped = () => {
    // between the first segment and the second
    if (++asked === 2) {
      for (let i = first!.first; i <= first!.last; i++) lane.settle(i, 1000)
      state.removeEmptied()
    }
    return false
  }
  const copied = await compact(run, { state, files: disk, log: SILENT, fileSize: 1e6 }, isStopped)
  expect(copied).toEqual(run)
  expect(lane.holdings[0]?.liveCount).toBe(left)
})
