import { type Link, LinkedList } from '../../common/linked-list.ts'
import type { Subscriber } from './subscriber.ts'

/** Consumers by priority: a level for each priority that there is. */
export class SubscriberLevels {
  /** The highest priority first. */
  readonly levels: Level[] = []

  /** The level of a priority that one more has now; new if there was none. */
  join(priority: number): Level {
    const at = this.placeOf(priority)
    let level = this.levels[at]
    if (level === undefined || level.priority !== priority) {
      level = { priority, waiting: new LinkedList(), count: 0 }
      this.levels.splice(at, 0, level)
    }
    level.count++
    return level
  }

  leave(level: Level): void {
    level.count--
    if (level.count === 0) this.levels.splice(this.placeOf(level.priority), 1)
  }

  clear(): void {
    this.levels.length = 0
  }

  /** Of the first level that is not above this priority. */
  private placeOf(priority: number): number {
    let from = 0
    let to = this.levels.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.levels[middle]!.priority > priority) from = middle + 1
      else to = middle
    }
    return from
  }
}

/** Consumers of one priority. */
export interface Level {
  readonly priority: number
  /** Those that may be chosen, in the order in which they are. */
  readonly waiting: LinkedList<Subscriber>
  /** With those that may not be at the moment. */
  count: number
}

/** A consumer in its level. */
export interface Place {
  readonly level: Level
  readonly link: Link<Subscriber>
}
