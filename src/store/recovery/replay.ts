import { decodeDefinition } from '../definitions/definition-codec.ts'
import { RECORD } from '../log/format.ts'
import { readTargets, targetLane, targetOrdinal } from '../log/publish-record.ts'
import { laneIdOf, readLane, readReturn, readSettle } from '../log/state-records.ts'
import type { FileLane } from '../segments/file-lane.ts'
import type { Segment } from '../segments/segment.ts'
import type { StoreState } from '../state.ts'

/**
 * Applies the records of the log to a state, one after the other. A record may come twice, when its first write had
 * failed and it went to another file: the second time it changes nothing.
 *
 * Behind a damaged place, all but new messages waits until a later batch shows that this one had been durable. Of the
 * last batch parts may be missing, in any order: a message must not be gone whose dead letter was in such a part.
 */
export class Replay {
  /** Records, and bytes of their payloads. */
  count = 0
  bytes = 0
  private readonly state: StoreState
  private readonly dropped = new Set<number>() // lanes, by their numbers
  private waiting: { readonly type: number; readonly payload: Buffer }[] = []
  private isDoubtful = false
  private lostCount = 0 // messages, by the gaps in the ordinals
  private lostBefore = 0 // the same before the damage
  private strayCount = 0 // records that say nothing that can be understood

  constructor(state: StoreState) {
    this.state = state
  }

  /** A new batch begins, so the one before was whole when it was written. */
  batch(): void {
    this.isDoubtful = false
    if (this.waiting.length === 0) return
    const { waiting } = this
    this.waiting = []
    for (const { type, payload } of waiting) this.attempt(() => this.change(type, payload))
  }

  /** Here are bytes that are no records. */
  damage(): void {
    if (!this.isDoubtful) this.lostBefore = this.lostCount
    this.isDoubtful = true
  }

  apply(type: number, payload: Buffer, segment: Segment, at: number): void {
    this.count++
    this.bytes += payload.length
    if (type === RECORD.PUBLISH) this.attempt(() => this.publish(payload, segment, at))
    else if (type === RECORD.LANE) this.attempt(() => this.lane(payload))
    else if (this.isDoubtful) this.waiting.push({ type, payload })
    else this.attempt(() => this.change(type, payload))
  }

  /** The damage was in a batch whose write had not been finished: nothing is lost with it. */
  torn(): void {
    this.waiting = []
    this.lostCount = this.lostBefore
    this.isDoubtful = false
  }

  /** Everything has been applied. What was lost goes to `damage`. */
  finish(isClean: boolean, damage: string[]): void {
    const { state } = this
    this.batch()
    for (const lane of [...state.lanes.values()]) {
      if (!lane.name.durable) this.remove(lane)
      else if (!isClean) lane.unsureTo = lane.latest
      lane.restore()
    }
    if (this.lostCount > 0) damage.push(`${this.lostCount} messages are lost`)
    if (this.strayCount > 0) damage.push(`${this.strayCount} records cannot be understood`)
  }

  private attempt(apply: () => void): void {
    try {
      apply()
    } catch {
      this.strayCount++ // its checksum is right, yet it is none of ours
    }
  }

  private publish(payload: Buffer, segment: Segment, at: number): void {
    const { isSpilled, count, bodySize } = readTargets(payload)
    for (let i = 0; i < count; i++) {
      const lane = this.state.lanes.get(targetLane(payload, i))
      if (lane === undefined) {
        if (!this.dropped.has(targetLane(payload, i))) this.lostCount++
        continue
      }
      const ordinal = targetOrdinal(payload, i)
      if (ordinal <= lane.latest) continue
      this.lostCount += ordinal - lane.latest - 1
      lane.add(ordinal, segment, at, bodySize, isSpilled)
    }
  }

  private define(payload: Buffer): void {
    const encoded = Buffer.from(payload)
    this.state.catalog.apply(decodeDefinition(encoded), encoded)
  }

  private lane(payload: Buffer): void {
    const id = laneIdOf(payload)
    if (this.state.lanes.has(id)) return
    const name = readLane(payload)
    const older = this.state.find(name)
    if (older !== undefined) this.drop(older) // a name has a new lane only when the old one has been dropped
    this.state.addLane(name, id)
  }

  private change(type: number, payload: Buffer): void {
    if (type === RECORD.DEFINITION) this.define(payload)
    else this.changeLane(type, payload)
  }

  private changeLane(type: number, payload: Buffer): void {
    const lane = this.state.lanes.get(laneIdOf(payload))
    if (lane === undefined) return
    switch (type) {
      case RECORD.SETTLE:
        lane.applySettled(readSettle(payload))
        return
      case RECORD.RETURN: {
        const { ordinal, ...counts } = readReturn(payload)
        lane.returns.set(ordinal, counts)
        return
      }
      case RECORD.LANE_DROPPED:
        this.drop(lane)
    }
  }

  private drop(lane: FileLane): void {
    this.dropped.add(lane.id)
    this.remove(lane)
  }

  private remove(lane: FileLane): void {
    lane.empty()
    this.state.removeLane(lane)
  }
}
