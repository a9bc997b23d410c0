import type { Queue } from '../queue/queue.ts'

/**
 * Remembers where an exchange's routing keys lead, until any binding, queue or exchange of the vhost changes: then
 * the vhost's generation has moved and everything is forgotten. Bounded, because keys may be as many as messages.
 */
export class RouteCache {
  private readonly routes = new Map<string, readonly Queue[]>()
  private generation = 0

  get(routingKey: string, generation: number): readonly Queue[] | undefined {
    if (this.generation === generation) return this.routes.get(routingKey)
    this.generation = generation
    this.routes.clear()
    return undefined
  }

  /** Only after a `get` of the same generation. */
  set(routingKey: string, queues: readonly Queue[]): void {
    if (this.routes.size >= MAX_ROUTES) this.routes.clear()
    this.routes.set(routingKey, queues)
  }
}

/** About 1 MiB with keys and short lists. */
const MAX_ROUTES = 4096
