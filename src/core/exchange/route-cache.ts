import type { Route } from '../route.ts'

/**
 * Remembers where an exchange's routing keys lead, until any binding, queue or exchange of the vhost changes: then
 * the vhost's generation has moved and everything is forgotten. Bounded, because keys may be as many as messages.
 */
export class RouteCache {
  private readonly routes = new Map<string, Route>()
  private generation = 0

  get(routingKey: string, generation: number): Route | undefined {
    if (this.generation === generation) return this.routes.get(routingKey)
    this.generation = generation
    this.routes.clear()
    return undefined
  }

  /** Only after a `get` of the same generation. */
  set(routingKey: string, route: Route): void {
    if (this.routes.size >= MAX_ROUTES) this.routes.clear()
    this.routes.set(routingKey, route)
  }
}

/** About 1 MiB with keys and short lists. */
const MAX_ROUTES = 4096
