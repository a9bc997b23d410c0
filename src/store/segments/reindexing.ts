import { RECORD } from '../log/format.ts'
import { scanLog } from '../log/log-scan.ts'
import { readTargets, targetLane, targetOrdinal } from '../log/publish-record.ts'
import { Places } from './holding.ts'
import type { Segment } from './segment.ts'

/** Finds out where the messages of a segment begin by reading all of it: its index file is of no use. */
export function reindex(segment: Segment): void {
  const byId = new Map([...segment.holdings].map(([lane, holding]) => [lane.id, holding]))
  const { file, seed } = segment
  const bytes = Buffer.allocUnsafe(Math.min(segment.size, file.size))
  const size = file.read(bytes, bytes.length, 0)
  for (const holding of segment.holdings.values()) holding.places = new Places()
  const record = (type: number, payload: Buffer, at: number) => {
    if (type !== RECORD.PUBLISH) return
    const { count, bodySize } = readTargets(payload)
    for (let i = 0; i < count; i++) {
      const holding = byId.get(targetLane(payload, i))
      const ordinal = targetOrdinal(payload, i)
      if (holding === undefined || ordinal < holding.first || ordinal > holding.last) continue
      holding.places?.push(ordinal, at, bodySize)
    }
  }
  scanLog(bytes, size, seed, { record, batch() {}, damage() {} })
  for (const holding of segment.holdings.values()) holding.count = holding.places?.count ?? 0
  segment.unindexed()
}
