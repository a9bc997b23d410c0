import { Ring } from '../../common/ring.ts'
import type { Subscriber } from './subscriber.ts'
import type { Subscribers } from './subscribers.ts'

/** Each in turn, among those of the highest priority that can take a message. */
export class RoundRobin implements Subscribers {
  private readonly all = new Map<Subscriber, Level>()
  private readonly levels: Level[] = [] // highest priority first

  get count(): number {
    return this.all.size
  }

  [Symbol.iterator](): Iterator<Subscriber> {
    return this.all.keys()
  }

  add(subscriber: Subscriber): void {
    const level = this.levelOf(subscriber.priority)
    this.all.set(subscriber, level)
    level.count++
    subscriber.isParked = false
    level.waiting.push(subscriber)
  }

  remove(subscriber: Subscriber): boolean {
    const level = this.all.get(subscriber)
    if (level === undefined) return false
    this.all.delete(subscriber)
    level.count--
    if (!subscriber.isParked) level.waiting.remove(subscriber)
    if (level.count === 0) this.levels.splice(this.levels.indexOf(level), 1)
    return true
  }

  unpark(subscriber: Subscriber): void {
    const level = this.all.get(subscriber)
    if (level === undefined || !subscriber.isParked) return
    subscriber.isParked = false
    level.waiting.push(subscriber)
  }

  /** The one found moves behind its peers. */
  next(): Subscriber | null {
    for (const level of this.levels) {
      const { waiting } = level
      for (let first = waiting.peek(); first !== undefined; first = waiting.peek()) {
        if (first.canTake()) {
          waiting.rotate()
          return first
        }
        waiting.shift()
        first.isParked = true
      }
    }
    return null
  }

  isActive(): boolean {
    return true
  }

  clear(): void {
    this.all.clear()
    this.levels.length = 0
  }

  private levelOf(priority: number): Level {
    const found = this.levels.find((level) => level.priority === priority)
    if (found !== undefined) return found
    const level = { priority, waiting: new Ring<Subscriber>(), count: 0 }
    this.levels.push(level)
    this.levels.sort((a, b) => b.priority - a.priority)
    return level
  }
}

/** Consumers of one priority. */
interface Level {
  readonly priority: number
  /** Those that may be able to take messages, in the order in which they get them. */
  readonly waiting: Ring<Subscriber>
  /** With the parked ones. */
  count: number
}
