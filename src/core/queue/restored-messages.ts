import type { Deduplication } from './deduplication.ts'
import type { Ready } from './ready.ts'
import type { QueueStorage } from './storage.ts'

/**
 * Gives a new queue what storage held for it when the broker started; false when that was nothing. A level that cannot
 * stay where it is comes into memory: keys are needed, or another profile has other levels.
 */
export function takeOverRestored(
  storage: QueueStorage,
  ready: Ready,
  deduplication: Deduplication | null,
): boolean {
  const levels = storage.restoredLevels()
  const others = levels.filter((level) => !ready.restore(level))
  for (const level of others) {
    for (const entry of storage.takeOver(level)) {
      deduplication?.admit(entry)
      ready.push(entry)
    }
  }
  return levels.length > 0
}
