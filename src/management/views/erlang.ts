import type { ManagedBroker } from '../managed-broker.ts'

/** What clients of the API expect to find of Erlang's processes; there are none here. */
export const GARBAGE_COLLECTION = {
  fullsweep_after: 65_535,
  max_heap_size: 0,
  min_bin_vheap_size: 46_422,
  min_heap_size: 233,
  minor_gcs: 0,
}

/** When something went idle, as RabbitMQ writes times; undefined while it is busy, or nobody knows. */
export function isIdleSince(
  changedAtMs: number | null,
  { clock }: ManagedBroker,
): string | undefined {
  if (changedAtMs === null || changedAtMs === 0) return undefined
  if (clock.wallTime() - changedAtMs < IDLE_AFTER_MS) return undefined
  return new Date(changedAtMs).toISOString().replace('Z', '+00:00')
}

/** Two samples that say the same. */
const IDLE_AFTER_MS = 10_000
