import { RunQueue } from '../../src/common/run-queue.ts'
import { ManualClock } from './manual-clock.ts'

/** Turns in which long work gets no further than 16 steps: their time runs on whenever somebody looks at it. */
export function shortTurns(defer: (work: () => void) => void = () => {}): RunQueue {
  return new RunQueue(defer, new RunningClock())
}

/** Time runs on whenever somebody looks at it. */
export class RunningClock extends ManualClock {
  override now(): number {
    this.skip(5)
    return super.now()
  }
}
