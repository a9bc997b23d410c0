import { type Damage, scanLog } from '../../src/store/log/log-scan.ts'
import type { LaneHost } from '../../src/store/segments/file-lane.ts'

/** Of the checksums in logs that tests make. */
export const SEED = 1_234_567

export interface ScannedRecord {
  readonly type: number
  readonly payload: Buffer
  readonly at: number
}

/** What a log is found to hold. */
export function scanned(bytes: Buffer, end = bytes.length, seed = SEED) {
  const records: ScannedRecord[] = []
  const holes: Damage[] = []
  let lastBatch: readonly Damage[] = [] // damage behind the last mark of a batch
  scanLog(bytes, end, seed, {
    record: (type, payload, at) => records.push({ type, payload, at }),
    damage: (hole) => {
      holes.push(hole)
      lastBatch = [...lastBatch, hole]
    },
    batch: () => {
      lastBatch = []
    },
  })
  return { records, holes, lastBatch }
}

/** For lanes of a state that nobody changes. */
export const NO_LANE_HOST: LaneHost = {
  settled: () => {},
  settledRange: () => {},
  returned: () => {},
  read: (_lane, _from, to) => ({ messages: [], next: to + 1 }),
  dropped: () => {},
}
