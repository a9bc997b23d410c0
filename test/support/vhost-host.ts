import { COMPATS } from '../../src/common/compat.ts'
import { Deadlines } from '../../src/common/deadlines.ts'
import { SILENT } from '../../src/common/log.ts'
import { RunQueue } from '../../src/common/run-queue.ts'
import { Churn } from '../../src/core/counters.ts'
import { NO_LIMITS, NodeLimits } from '../../src/core/node-limits.ts'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import type { VhostHost } from '../../src/core/vhost.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { ManualClock } from './manual-clock.ts'

/** What vhosts share; where a test does not say otherwise, time stands still and turns end when the test says so. */
export function vhostHost(wish: Partial<VhostHost> = {}): VhostHost {
  const clock = wish.clock ?? new ManualClock()
  return {
    compat: COMPATS['4.2'],
    limits: new NodeLimits(NO_LIMITS),
    churn: new Churn(),
    turn: new RunQueue(() => {}),
    deadlines: new Deadlines(clock),
    store: new MemoryStore(),
    readyMemory: new ReadyMemory(),
    log: SILENT,
    ...wish,
    clock,
  }
}
