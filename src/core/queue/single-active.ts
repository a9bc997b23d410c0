import { Link } from '../../common/linked-list.ts'
import type { Subscriber } from './subscriber.ts'
import { type Place, SubscriberLevels } from './subscriber-levels.ts'
import type { Subscribers } from './subscribers.ts'

/**
 * One consumer gets everything; when it goes, of those of the highest priority the one that came first takes over
 * (RabbitMQ documentation, single active consumer). With `prefersPriority` one of a higher priority takes over as soon
 * as it comes and the active one holds nothing any more: quorum queues do that.
 */
export class SingleActive implements Subscribers {
  private readonly all = new Map<Subscriber, Place>() // in the order in which they came
  private readonly byPriority = new SubscriberLevels()
  private readonly prefersPriority: boolean
  private active: Subscriber | null = null

  constructor(prefersPriority: boolean) {
    this.prefersPriority = prefersPriority
  }

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
    level.waiting.push(link)
    subscriber.isParked = false
    this.active ??= subscriber
  }

  remove(subscriber: Subscriber): boolean {
    const place = this.all.get(subscriber)
    if (place === undefined) return false
    this.all.delete(subscriber)
    place.level.waiting.remove(place.link)
    this.byPriority.leave(place.level)
    if (this.active === subscriber) this.active = this.best
    return true
  }

  unpark(subscriber: Subscriber): void {
    subscriber.isParked = false
  }

  next(): Subscriber | null {
    const { active } = this
    if (active === null) return null
    if (this.prefersPriority) {
      const { best } = this
      if (best !== null && best.priority > active.priority) {
        if (active.heldCount > 0) {
          active.isParked = true // what it gives back brings the queue here again
          return null
        }
        this.active = best
        return this.next()
      }
    }
    if (active.canTake()) return active
    active.isParked = true
    return null
  }

  isActive(subscriber: Subscriber): boolean {
    return subscriber === this.active
  }

  clear(): void {
    this.all.clear()
    this.byPriority.clear()
    this.active = null
  }

  /** Who would be chosen now. */
  private get best(): Subscriber | null {
    return this.byPriority.levels[0]?.waiting.first?.item ?? null
  }
}
