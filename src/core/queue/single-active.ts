import type { Subscriber } from './subscriber.ts'
import type { Subscribers } from './subscribers.ts'

/**
 * One consumer gets everything; when it goes, the one that came next takes over (RabbitMQ documentation, single
 * active consumer). With `prefersPriority` one of a higher priority takes over as soon as it comes and the active one
 * holds nothing any more: quorum queues do that.
 */
export class SingleActive implements Subscribers {
  private readonly all = new Set<Subscriber>() // in the order in which they came
  private readonly prefersPriority: boolean
  private active: Subscriber | null = null
  private best: Subscriber | null = null // who would be chosen now

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
    this.all.add(subscriber)
    subscriber.isParked = false
    this.active ??= subscriber
    this.best = this.successor()
  }

  remove(subscriber: Subscriber): boolean {
    if (!this.all.delete(subscriber)) return false
    this.best = this.successor()
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
    this.active = null
    this.best = null
  }

  /** The first that came, among those of the highest priority where priority counts. */
  private successor(): Subscriber | null {
    let best: Subscriber | null = null
    for (const candidate of this.all) {
      if (best === null || (this.prefersPriority && candidate.priority > best.priority)) {
        best = candidate
      }
    }
    return best
  }
}
