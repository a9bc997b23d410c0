import { HEADER_SIZE } from '../log/format.ts'
import type { LogPlace } from '../log/journal.ts'
import type { StoreState } from '../state.ts'
import { Holding, Places } from './holding.ts'
import type { Segment } from './segment.ts'

/**
 * A write has failed: the messages of its batch, which was to go to `from` and behind, and those of the batch that
 * gathers are in another file now. Returns the segment that is written from here on. See `JournalOwner.moved`.
 */
export function moveBatches(
  state: StoreState,
  from: LogPlace,
  to: LogPlace,
  size: number,
  apart: boolean,
): Segment {
  const source = state.segments.find((segment) => segment.number === from.file)
  const target = apart ? state.segments.at(-1)! : state.addSegment(to.file)
  if (apart) for (const holding of target.holdings.values()) holding.places!.shift(size)
  if (source === undefined) return target
  for (const holding of [...source.holdings.values()]) {
    const taken = holding.places!.takeFrom(from.at, HEADER_SIZE - from.at)
    if (taken.count > 0) moveHolding(holding, taken, target)
  }
  source.seal(from.at)
  source.unindexed()
  return target
}

/** Those taken are the last of the holding, and come before what the lane has in the target already. */
function moveHolding(holding: Holding, taken: Places, target: Segment): void {
  const { lane, segment, places } = holding
  const behind = target.holdings.get(lane)
  if (behind !== undefined) takeOut(behind, target)
  const moved = new Holding(lane, target, new Places())
  target.holdings.set(lane, moved)
  addAll(moved, taken, holding)
  if (behind?.places != null) addAll(moved, behind.places, behind)
  for (let i = 0; i < taken.count; i++) {
    holding.giveAway(taken.ordinalAt(i), taken.sizeAt(i))
    segment.totalCount--
    segment.totalBytes -= taken.sizeAt(i)
  }
  holding.count -= taken.count
  if (places !== null && holding.count > 0) holding.last = places.ordinalAt(holding.count - 1)
  else segment.holdings.delete(lane)
  const kept = holding.count > 0 ? [holding, moved] : [moved]
  lane.holdings = lane.holdings.flatMap((other) => {
    if (other === holding) return kept
    return other === behind ? [] : [other]
  })
}

function takeOut({ liveCount, liveBytes, places }: Holding, segment: Segment): void {
  segment.liveCount -= liveCount
  segment.liveBytes -= liveBytes
  for (let i = 0; places !== null && i < places.count; i++) {
    segment.totalCount--
    segment.totalBytes -= places.sizeAt(i)
  }
}

/** Adds messages as they are in another holding. */
function addAll(to: Holding, places: Places, from: Holding): void {
  for (let i = 0; i < places.count; i++) {
    const ordinal = places.ordinalAt(i)
    to.add(ordinal, places.offsetAt(i), places.sizeAt(i), from.spilled?.has(ordinal) === true)
    if (from.settled.has(ordinal)) to.settle(ordinal, places.sizeAt(i))
  }
}
