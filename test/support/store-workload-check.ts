import type { HeldMessage, Lane, LaneName, Store } from '../../src/core/ports.ts'
import { isSameMessage } from './store-workload-messages.ts'
import {
  type ModelEntry,
  type ModelLane,
  StoreModel,
  showDefinitions,
} from './store-workload-model.ts'

/** How the store ended that has been opened again. */
export interface End {
  /** What had been confirmed. Of what comes later any part may be there. */
  readonly durable: number
  /** It was closed; null when it was about to be: then nobody can say whether it was. */
  readonly isClean: boolean | null
}

/**
 * Compares a store that has been opened again with what it was told before. Throws an Error that names the first
 * difference; returns the model of what is there, for what comes next.
 */
export function checkReopened(store: Store, model: StoreModel, end: End): StoreModel {
  const definitions = [...store.definitions.restored()]
  checkDefinitions(showDefinitions(definitions), model, end.durable)
  const after = new StoreModel(definitions)
  const names = new Map(model.lanes.map((lane) => [lane.key, lane.name]))
  for (const name of names.values()) checkLevels(store, model.lanesNamed(name), end.durable)
  for (const name of names.values()) {
    const lane = store.messages.lane(name)
    const found = readAll(lane)
    const text = `lane ${showName(name)}`
    checkRestored(lane, found, text)
    const possible = possibleLanes(model.lanesNamed(name), end.durable)
    const problems = possible.map((one) => problemOf(one, found, end))
    if (!problems.includes(null)) throw new Error(`${text}: ${problems.join('; or ')}`)
    addFound(after, name, lane, found, possible[problems.indexOf(null)] ?? null, end)
  }
  return after
}

/** The definitions are those after one of the changes, from the last that is durable on. */
function checkDefinitions(found: string, { definitions }: StoreModel, durable: number): void {
  const last = definitions.findLastIndex(({ position }) => position <= durable)
  const possible = definitions.slice(last).map(({ state }) => state)
  if (possible.includes(found)) return
  throw new Error(`the definitions are\n${found}\nand could be\n${possible.join('\nor\n')}`)
}

function checkLevels(store: Store, lanes: readonly ModelLane[], durable: number): void {
  for (const lane of lanes) {
    const isGone = !lane.name.durable || lane.droppedAt !== null
    if (isGone || ![...lane.entries.values()].some((entry) => isNeeded(entry, durable))) continue
    const levels = store.messages.levelsOf(lane.name)
    if (levels.includes(lane.name.level)) continue
    throw new Error(`lane ${showName(lane.name)} is not told of: there are levels ${levels}`)
  }
}

/**
 * Of lanes of one name those that may be there: the last one that is not dropped for certain, or one that came later.
 * Null stands for none.
 */
function possibleLanes(
  lanes: readonly ModelLane[],
  durable: number,
): readonly (ModelLane | null)[] {
  const isOver = ({ name, droppedAt }: ModelLane) =>
    !name.durable || (droppedAt !== null && droppedAt <= durable)
  const left = lanes.slice(lanes.findLastIndex(isOver) + 1)
  return left[0]?.droppedAt === null ? left : [...left, null]
}

/** What is wrong if these messages are what is left of this lane; null for nothing. */
function problemOf(
  lane: ModelLane | null,
  found: readonly HeldMessage[],
  { durable, isClean }: End,
): string | null {
  const ordinals = new Set<number>()
  for (const held of found) {
    const entry = lane?.entries.get(held.ordinal)
    const text = `message ${held.ordinal} of ${found.length}`
    if (entry === undefined) return `${text} was never there`
    if (entry.isSpilled) return `${text} need not have survived, and has`
    if (entry.settledAt !== null && entry.settledAt <= durable) {
      return `${text} was settled at ${entry.settledAt} when ${durable} was durable`
    }
    if (!isSameMessage(held.message, entry.message)) return `${text} is not what it was`
    if (held.timeMs !== entry.timeMs) return `${text} has the time ${held.timeMs}`
    const problem = problemWithReturns(held, entry, { durable, isClean })
    if (problem !== null) return `${text} ${problem}`
    ordinals.add(held.ordinal)
  }
  for (const [ordinal, entry] of lane?.entries ?? []) {
    if (!isNeeded(entry, durable) || ordinals.has(ordinal)) continue
    return `message ${ordinal} is lost, of position ${entry.position} when ${durable} was durable`
  }
  return null
}

function problemWithReturns(held: HeldMessage, entry: ModelEntry, end: End): string | null {
  const last = entry.returns.findLastIndex(({ position }) => position <= end.durable)
  const isPossible = entry.returns
    .slice(last)
    .some(
      ({ acquiredCount, failedCount }) =>
        held.acquiredCount === acquiredCount && held.failedCount === failedCount,
    )
  if (!isPossible) return `has the counts ${held.acquiredCount} and ${held.failedCount}`
  if (end.isClean === null) return null
  const isRedelivered = !end.isClean || entry.isUnsure || entry.returns.length > 1
  return held.redelivered === isRedelivered ? null : `is redelivered: ${held.redelivered}`
}

function isNeeded({ isSpilled, position, settledAt }: ModelEntry, durable: number): boolean {
  return !isSpilled && position <= durable && settledAt === null
}

function checkRestored(lane: Lane, found: readonly HeldMessage[], text: string): void {
  const bytes = found.reduce((sum, { message }) => sum + message.bodySize, 0)
  if (lane.restoredCount !== found.length || lane.restoredBytes !== bytes) {
    const told = `${lane.restoredCount} messages of ${lane.restoredBytes} bytes`
    throw new Error(`${text} tells ${told}, and has ${found.length} of ${bytes}`)
  }
  const last = found[found.length - 1]?.ordinal ?? 0
  if (lane.latest < last) throw new Error(`${text} is at ${lane.latest}, and has ${last}`)
}

/** Everything in a lane, in several readings. */
function readAll(lane: Lane): readonly HeldMessage[] {
  const found: HeldMessage[] = []
  for (let from = 1; from <= lane.latest; ) {
    const { messages, next } = lane.read(from, lane.latest, 500)
    for (const held of messages) {
      if (held.ordinal < from || held.ordinal >= next) {
        throw new Error(`message ${held.ordinal} came when ${from} to ${next} were read`)
      }
      if (held.ordinal <= (found[found.length - 1]?.ordinal ?? 0)) {
        throw new Error(`message ${held.ordinal} is out of order`)
      }
      found.push(held)
    }
    if (next <= from) throw new Error(`reading on from ${from} leads to ${next}`)
    from = next
  }
  return found
}

function addFound(
  after: StoreModel,
  name: LaneName,
  { latest }: Lane,
  found: readonly HeldMessage[],
  before: ModelLane | null,
  { isClean }: End,
): void {
  const lane = after.lane(name)
  for (const { ordinal, message, timeMs, redelivered, acquiredCount, failedCount } of found) {
    const old = before?.entries.get(ordinal)
    const never = { position: 0, acquiredCount: 0, failedCount: 0 }
    const hasReturned = (old?.returns.length ?? 0) > 1
    lane.add({
      ordinal,
      message: old?.message ?? message,
      timeMs,
      isSpilled: false,
      position: 0,
      isUnsure: isClean === null ? redelivered : !isClean || old?.isUnsure === true,
      settledAt: null,
      returns: hasReturned ? [never, { position: 0, acquiredCount, failedCount }] : [never],
    })
  }
  lane.latest = latest
}

function showName({ vhost, kind, name, level }: LaneName): string {
  return `${kind} '${name}' in '${vhost}', level ${level}`
}
