import type { Entry } from './entry.ts'
import { FifoReady, type Ready } from './ready.ts'

/** Levels of priority, each in order of enqueue; the highest that has messages goes first. */
export class PriorityReady implements Ready {
  length = 0
  bytes = 0
  private readonly levels: readonly FifoReady[] // lowest first
  private readonly levelOf: (entry: Entry) => number

  /** `levelOf` gives a level from 0 to `levelCount` - 1. */
  constructor(levelCount: number, levelOf: (entry: Entry) => number) {
    this.levels = Array.from({ length: levelCount }, () => new FifoReady())
    this.levelOf = levelOf
  }

  get nextExpiryMs(): number {
    let nextMs = Number.POSITIVE_INFINITY
    for (const level of this.levels) nextMs = Math.min(nextMs, level.nextExpiryMs)
    return nextMs
  }

  push(entry: Entry): void {
    this.added(entry).push(entry)
  }

  putBack(entry: Entry): void {
    this.added(entry).putBack(entry)
  }

  peek(): Entry | undefined {
    return this.highest()?.peek()
  }

  shift(): Entry | undefined {
    return this.removed(this.highest()?.shift())
  }

  /** The first of every level is looked at. */
  shiftExpired(nowMs: number): Entry | undefined {
    for (const level of this.levels) {
      const entry = level.shiftExpired(nowMs)
      if (entry !== undefined) return this.removed(entry)
    }
    return undefined
  }

  clear(): void {
    for (const level of this.levels) level.clear()
    this.length = 0
    this.bytes = 0
  }

  private added(entry: Entry): FifoReady {
    this.length++
    this.bytes += entry.message.bodySize
    return this.levels[this.levelOf(entry)]!
  }

  private removed(entry: Entry | undefined): Entry | undefined {
    if (entry === undefined) return undefined
    this.length--
    this.bytes -= entry.message.bodySize
    return entry
  }

  private highest(): FifoReady | undefined {
    for (let i = this.levels.length - 1; i >= 0; i--) {
      const level = this.levels[i]!
      if (level.length > 0) return level
    }
    return undefined
  }
}

/** The level of a classic queue with `x-max-priority`: none counts as 0, more than the maximum as the maximum. */
export function classicLevel(maxPriority: number): (entry: Entry) => number {
  return (entry) => Math.min(Math.max(entry.message.properties.priority, 0), maxPriority)
}
