import type { Message } from '../message.ts'
import type { Entry } from './entry.ts'
import { FifoReady, type Forget, type Ready } from './ready.ts'
import type { QueueStorage } from './storage.ts'

/** Levels of priority, each in order of enqueue; the highest that has messages goes first. */
export class PriorityReady implements Ready {
  length = 0
  bytes = 0
  private readonly levels: readonly FifoReady[] // lowest first
  private readonly levelOf: LevelOf

  /** `levelOf` gives a level from 0 to `levelCount` - 1. */
  constructor(levelCount: number, levelOf: LevelOf, storage: QueueStorage | null) {
    this.levels = Array.from({ length: levelCount }, (_, level) => new FifoReady(storage, level))
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
    const level = this.highest()
    return level === undefined ? undefined : this.shiftFrom(level)
  }

  /** The first of every level is looked at. */
  shiftExpired(nowMs: number): Entry | undefined {
    for (const level of this.levels) {
      if (level.nextExpiryMs <= nowMs) return this.shiftFrom(level)
    }
    return undefined
  }

  purge(forget: Forget): void {
    for (const level of this.levels) level.purge(forget)
    this.length = 0
    this.bytes = 0
  }

  clear(): void {
    for (const level of this.levels) level.clear()
    this.length = 0
    this.bytes = 0
  }

  restore(level: number): boolean {
    const found = this.levels[level]
    if (found === undefined || !found.restore(level)) return false
    this.length += found.length
    this.bytes += found.bytes
    return true
  }

  load(): void {
    for (const level of this.levels) {
      const { length, bytes } = level
      level.load()
      this.length += level.length - length
      this.bytes += level.bytes - bytes
    }
  }

  *inOrder(): Iterable<Entry> {
    for (let i = this.levels.length - 1; i >= 0; i--) yield* this.levels[i]!.inOrder()
  }

  private added(entry: Entry): FifoReady {
    this.length++
    this.bytes += entry.message.bodySize
    return this.levels[this.levelOf(entry.message)]!
  }

  /** Storage may turn out to have lost some besides. */
  private shiftFrom(level: FifoReady): Entry | undefined {
    const { length, bytes } = level
    const entry = level.shift()
    this.length += level.length - length
    this.bytes += level.bytes - bytes
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

/** The level that a message of a queue goes to. */
export type LevelOf = (message: Message) => number

/** The level of a classic queue with `x-max-priority`: none counts as 0, more than the maximum as the maximum. */
export function classicLevel(maxPriority: number): LevelOf {
  return ({ properties }) => Math.min(Math.max(properties.priority, 0), maxPriority)
}
