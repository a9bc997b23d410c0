import type { Message } from '../../src/core/message.ts'
import type { Holder, Lane, LaneName } from '../../src/core/ports.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { NotingLane, namesOf } from './noting-lane.ts'

/** A store that notes, one line for each change, what it was told and in which order. */
export class JournalStore extends MemoryStore {
  /** `append N BODY in QUEUE, ...` and `settle N in QUEUE`, with messages counted from 1. */
  readonly lines: string[] = []
  private count = 0
  private readonly numbers = new Map<Lane, Map<number, number>>() // of messages, by ordinal

  override lane(name: LaneName): Lane {
    const lane: Lane = new NotingLane(this, name, (_name, ordinal) => {
      this.lines.push(`settle ${this.numbers.get(lane)?.get(ordinal)} in ${name.name}`)
    })
    this.numbers.set(lane, new Map())
    return lane
  }

  override append(message: Message, holders: readonly Holder[]): number {
    const position = super.append(message, holders)
    const lanes = holders.map((holder) => holder.laneOf(message))
    const number = ++this.count
    for (const lane of lanes) this.numbers.get(lane)?.set(lane.latest, number)
    this.lines.push(`append ${number} ${text(message)} in ${namesOf(lanes).join(', ')}`)
    return position
  }

  /** The lines since the last call. */
  take(): readonly string[] {
    return this.lines.splice(0)
  }
}

function text({ body, bodyStart, bodySize }: Message): string {
  return body.toString('utf8', bodyStart, bodyStart + bodySize)
}
