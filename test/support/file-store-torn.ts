import { SILENT } from '../../src/common/log.ts'
import { RECORD } from '../../src/store/log/format.ts'
import { recover } from '../../src/store/recovery/recovery.ts'
import { StoreState } from '../../src/store/state.ts'
import { FileStoreHost, untilDurable } from './file-store-host.ts'
import { NO_LANE_HOST, scanned } from './file-store-scan.ts'
import { newMessage } from './messages.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { Random } from './simulated-disk-random.ts'
import { TestHolder } from './test-holder.ts'

/** A directory whose last write, a dead letter and the end of its original, lost the dead letter with the power. */
export async function tornDisk(): Promise<SimulatedDisk> {
  const message = (body: string) => newMessage({ body, isPersistent: true })
  const disk = new SimulatedDisk(new Random(1))
  const store = await new FileStoreHost(disk).open()
  const [a, b] = [new TestHolder(store), new TestHolder(store, { name: 'dead' })]
  store.append(message('precious'), [a])
  store.append(message('other'), [b])
  await untilDurable(store.durability)
  store.append(message('precious'), [b])
  a.lane.settle(1, 8)
  await untilDurable(store.durability)
  disk.cut()
  const left = disk.survivor(new Random(1))
  const log = left.paths().find((path) => path.endsWith('.log')) ?? ''
  const bytes = Buffer.from(left.contentOf(log))
  const at = placeOf(bytes, seedOf(left), RECORD.PUBLISH, 2)
  bytes.fill(0, at, at + 20)
  left.put(log, bytes)
  return left
}

/** Where the nth record of a type begins, counted from 0. */
export function placeOf(bytes: Buffer, seed: number, type: number, nth: number): number {
  const { records } = scanned(bytes, bytes.length, seed)
  return records.filter((record) => record.type === type)[nth]!.at
}

/** Of the checksums in the log of a directory. */
export function seedOf(disk: SimulatedDisk): number {
  const state = new StoreState(disk, NO_LANE_HOST, () => {})
  recover(disk, state, SILENT)
  return state.seed
}
