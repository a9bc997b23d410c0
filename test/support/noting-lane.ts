import type { LaneName } from '../../src/core/ports.ts'
import { CountingLane } from '../../src/store/memory-store.ts'

/** A lane that tells which message of which queue has been settled. */
export class NotingLane extends CountingLane {
  readonly name: LaneName
  private readonly settled: (name: LaneName, ordinal: number) => void

  constructor(
    store: { position: number },
    name: LaneName,
    settled: (name: LaneName, ordinal: number) => void,
  ) {
    super(store)
    this.name = name
    this.settled = settled
  }

  override settle(ordinal: number, bodySize: number): void {
    super.settle(ordinal, bodySize)
    this.settled(this.name, ordinal)
  }
}

/** The names of the queues that took a message, each of which has such lanes. */
export function namesOf(lanes: readonly unknown[]): readonly string[] {
  return lanes.map((lane) => {
    if (!(lane instanceof NotingLane)) throw new Error('this lane is of another store')
    return lane.name.name
  })
}
