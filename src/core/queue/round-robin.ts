import { Link } from '../../common/linked-list.ts'
import type { Subscriber } from './subscriber.ts'
import { type Place, SubscriberLevels } from './subscriber-levels.ts'
import type { Subscribers } from './subscribers.ts'

/** Each in turn, among those of the highest priority that can take a message. */
export class RoundRobin implements Subscribers {
  private readonly all = new Map<Subscriber, Place>()
  private readonly byPriority = new SubscriberLevels() // the parked ones do not wait

  get count(): number {
    return this.all.size
  }

  [Symbol.iterator](): Iterator<Subscriber> {
    return this.all.keys()
  }

  add(subscriber: Subscriber): void {
    const level = this.byPriority.join(subscriber.priority)
    const link = new Link(subscriber)
    this.all.set(subscriber, { level, link })
    subscriber.isParked = false
    level.waiting.push(link)
  }

  remove(subscriber: Subscriber): boolean {
    const place = this.all.get(subscriber)
    if (place === undefined) return false
    this.all.delete(subscriber)
    if (!subscriber.isParked) place.level.waiting.remove(place.link)
    this.byPriority.leave(place.level)
    return true
  }

  unpark(subscriber: Subscriber): void {
    const place = this.all.get(subscriber)
    if (place === undefined || !subscriber.isParked) return
    subscriber.isParked = false
    place.level.waiting.push(place.link)
  }

  /** The one found moves behind its peers. */
  next(): Subscriber | null {
    for (const { waiting } of this.byPriority.levels) {
      for (let { first } = waiting; first !== null; first = waiting.first) {
        const subscriber = first.item
        if (subscriber.canTake()) {
          waiting.rotate()
          return subscriber
        }
        waiting.remove(first)
        subscriber.isParked = true
      }
    }
    return null
  }

  isActive(): boolean {
    return true
  }

  clear(): void {
    this.all.clear()
    this.byPriority.clear()
  }
}
