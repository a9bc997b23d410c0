import type { Destination } from '../binding.ts'
import type { Queue } from '../queue/queue.ts'
import type { Exchange } from './exchange.ts'

/**
 * Collects where a message goes: every queue and every exchange once, however many bindings lead there. Marks what
 * it has seen instead of keeping a set, so that a collection allocates only its result.
 */
export class Destinations {
  queues: Queue[] = []
  readonly exchanges: Exchange[] = []
  /** Destinations added, also those that were there already. */
  foundCount = 0
  private stamp = 0

  begin(start: Exchange): void {
    this.stamp = ++lastStamp
    this.queues = []
    this.exchanges.length = 0
    this.foundCount = 0
    this.add(start)
  }

  add(destination: Destination): void {
    if (destination.kind === 'queue' && destination.isDoomed) return
    this.foundCount++
    if (destination.routeStamp === this.stamp) return
    destination.routeStamp = this.stamp
    if (destination.kind === 'queue') this.queues.push(destination)
    else this.exchanges.push(destination)
  }
}

/** Shared by all collections, so that no stamp is ever used twice. */
let lastStamp = 0
