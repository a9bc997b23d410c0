import type { Message } from '../../src/core/message.ts'
import type { Holder, Lane, LaneName, Store } from '../../src/core/ports.ts'
import type { Random } from './simulated-disk-random.ts'
import { anyDefinition } from './store-workload-definitions.ts'
import { anyMessage, isSameMessage } from './store-workload-messages.ts'
import type { ModelEntry, ModelLane, StoreModel } from './store-workload-model.ts'

/**
 * Does to a store what a broker would, at random, and tells the model of it. Every step is done within one turn. What
 * the store gives back is compared with the model, and an Error thrown where they differ.
 */
export class StoreWorkload {
  private readonly store: Store
  private readonly model: StoreModel
  private readonly random: Random
  private messageCount: number

  /** `firstNumber` tells the messages apart from those of earlier workloads. */
  constructor(store: Store, model: StoreModel, random: Random, firstNumber = 0) {
    this.store = store
    this.model = model
    this.random = random
    this.messageCount = firstNumber
  }

  step(): void {
    const { random } = this
    const chosen = random.next()
    if (chosen < 0.34) this.append(1)
    else if (chosen < 0.42) this.append(random.between(2, 3))
    else if (chosen < 0.48) this.spill()
    else if (chosen < 0.66) this.settle(0)
    else if (chosen < 0.76) this.settle(random.below(100))
    else if (chosen < 0.81) this.settleRange()
    else if (chosen < 0.86) this.comeBack()
    else if (chosen < 0.93) this.define()
    else if (chosen < 0.985) this.readSome()
    else this.drop()
  }

  /** Reads everything that is durable in every lane and compares it. */
  readEverything(): void {
    for (const lane of this.model.lanes) {
      const latest = lane.droppedAt === null ? this.latestDurable(lane) : 0
      for (let from = 1; from <= latest; ) from = this.read(lane, from, latest, 1000)
    }
  }

  append(laneCount: number): void {
    const first = this.random.below(LANES.length)
    const names = Array.from({ length: laneCount }, (_, i) => LANES[(first + i) % LANES.length]!)
    const holders = names.map((name) => new WorkloadHolder(this.store, name, this.anyTime()))
    const message = this.newMessage()
    const position = this.store.messages.append(message, holders)
    for (const holder of holders) this.note(holder, message, position, false)
  }

  /** Settles the live message of this index in a lane, or the last. */
  settle(index: number): void {
    const lane = this.anyLane()
    const entry = lane?.live.at(Math.min(index, lane.live.length - 1))
    if (lane === undefined || entry === undefined) return
    const position = this.change(() => {
      this.laneOf(lane).settle(entry.ordinal, entry.message.bodySize)
    })
    entry.settledAt = position
  }

  /** Lets a change happen that does not say its position: at the latest with the next it is safe. */
  private change(act: () => void): number {
    const { durability } = this.store
    const before = durability.recorded
    act()
    return Math.max(durability.recorded, before + 1)
  }

  private spill(): void {
    const name = this.random.pick(LANES)
    const holder = new WorkloadHolder(this.store, name, this.anyTime())
    const message = this.newMessage()
    const position = this.store.messages.spill(message, holder)
    this.note(holder, message, position, true)
  }

  private settleRange(): void {
    const lane = this.anyLane()
    if (lane === undefined) return
    const from = this.random.between(1, lane.latest)
    const to = Math.min(lane.latest, from + this.random.below(20))
    const settled = lane.live.filter(({ ordinal }) => ordinal >= from && ordinal <= to)
    const position = this.change(() => this.laneOf(lane).settleRange(from, to))
    for (const entry of settled) entry.settledAt = position
  }

  private comeBack(): void {
    const lane = this.anyLane()
    if (lane === undefined) return
    const entry = this.random.pick(lane.live)
    const last = entry.returns[entry.returns.length - 1]!
    const acquiredCount = last.acquiredCount + 1
    const failedCount = last.failedCount + this.random.below(2)
    const position = this.change(() => {
      this.laneOf(lane).returned(entry.ordinal, acquiredCount, failedCount)
    })
    entry.returns.push({ position, acquiredCount, failedCount })
  }

  private define(): void {
    const change = anyDefinition(this.random)
    this.store.definitions.record(change)
    this.model.record(change, this.store.definitions.position)
  }

  private readSome(): void {
    const lane = this.anyLane()
    const latest = lane === undefined ? 0 : this.latestDurable(lane)
    if (lane === undefined || latest === 0) return
    const from = this.random.between(1, latest)
    const to = this.random.between(from, latest)
    this.read(lane, from, to, this.random.pick([1, 300, 100_000]))
  }

  private drop(): void {
    const lane = this.anyLane()
    if (lane === undefined) return
    lane.droppedAt = this.change(() => this.laneOf(lane).drop())
  }

  /** Returns where to read on. */
  private read(lane: ModelLane, from: number, to: number, maxBytes: number): number {
    const { messages, next } = this.laneOf(lane).read(from, to, maxBytes)
    const wanted = lane.live.filter(({ ordinal }) => ordinal >= from && ordinal <= to)
    const text = `reading ${lane.name.name} from ${from} to ${to}, on with ${next}`
    const found = messages.map(({ ordinal }) => ordinal)
    const expected = wanted.map(({ ordinal }) => ordinal).filter((ordinal) => ordinal < next)
    if (`${found}` !== `${expected}`) throw new Error(`${text}: ${found} in place of ${expected}`)
    if (found.length === 0 && wanted.length > 0) throw new Error(`${text}: nothing came`)
    if (next <= from) throw new Error(`${text}: it leads nowhere`)
    for (const [index, held] of messages.entries()) {
      const problem = differenceOf(held, wanted[index]!)
      if (problem !== null) throw new Error(`${text}: message ${held.ordinal} ${problem}`)
    }
    return next
  }

  /** Up to here messages can be read: what is not yet durable is for the broker to keep. */
  private latestDurable(lane: ModelLane): number {
    const { durable } = this.store.durability
    const entries = [...lane.entries.values()]
    return entries.findLast(({ position }) => position <= durable)?.ordinal ?? 0
  }

  private newMessage(): Message {
    return anyMessage(this.random, ++this.messageCount)
  }

  private anyTime(): number {
    return this.random.chance(0.5) ? 0 : 1_700_000_000_000 + this.messageCount
  }

  private note(
    { lane, name, timeMs }: WorkloadHolder,
    message: Message,
    position: number,
    isSpilled: boolean,
  ): void {
    const model = this.model.lane(name)
    const ordinal = lane.latest
    if (ordinal <= model.latest) throw new Error(`ordinal ${ordinal} follows ${model.latest}`)
    const returns = [{ position: 0, acquiredCount: 0, failedCount: 0 }]
    const rest = { isUnsure: false, settledAt: null, returns }
    model.add({ ordinal, message, timeMs, isSpilled, position, ...rest })
  }

  /** One with messages; undefined when there is none. */
  private anyLane(): ModelLane | undefined {
    const lanes = this.model.lanes.filter((lane) => lane.droppedAt === null && lane.live.length > 0)
    return lanes.length === 0 ? undefined : this.random.pick(lanes)
  }

  private laneOf(lane: ModelLane): Lane {
    return this.store.messages.lane(lane.name)
  }
}

/** Queues with levels and an exchange that delays; one does not survive a restart. */
export const LANES: readonly LaneName[] = [
  { vhost: '/', kind: 'queue', name: 'a', level: 0, durable: true },
  { vhost: '/', kind: 'queue', name: 'b', level: 0, durable: true },
  { vhost: '/', kind: 'queue', name: 'b', level: 7, durable: true },
  { vhost: '/', kind: 'queue', name: 'transient', level: 0, durable: false },
  { vhost: 'v1', kind: 'queue', name: 'a', level: 0, durable: true },
  { vhost: '/', kind: 'exchange', name: 'a', level: 0, durable: true },
]

class WorkloadHolder implements Holder {
  readonly name: LaneName
  readonly timeMs: number
  readonly lane: Lane

  constructor(store: Store, name: LaneName, timeMs: number) {
    this.name = name
    this.timeMs = timeMs
    this.lane = store.messages.lane(name)
  }

  laneOf(): Lane {
    return this.lane
  }

  timeOf(): number {
    return this.timeMs
  }
}

function differenceOf(
  held: ReturnType<Lane['read']>['messages'][number],
  entry: ModelEntry,
): string | null {
  const last = entry.returns[entry.returns.length - 1]!
  if (!isSameMessage(held.message, entry.message)) return 'is not what it was'
  if (held.timeMs !== entry.timeMs) return `has the time ${held.timeMs}`
  if (held.acquiredCount !== last.acquiredCount) return `was acquired ${held.acquiredCount} times`
  if (held.failedCount !== last.failedCount) return `failed ${held.failedCount} times`
  return null
}
