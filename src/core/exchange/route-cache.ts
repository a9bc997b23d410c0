import type { Route } from '../route.ts'

/**
 * Remembers where an exchange's routing keys lead, until any binding, queue or exchange of the vhost changes: then
 * the vhost's generation has moved and everything is forgotten. Bounded, because keys may be as many as messages.
 *
 * Where keys do not come again before there are too many, remembering costs more than it saves: then it pauses, and
 * tries again later.
 */
export class RouteCache {
  private readonly routes = new Map<string, Route>()
  private generation = 0
  private hits = 0 // since the routes began to gather, as are the misses
  private misses = 0
  private pause = 0 // routes that are still not to be remembered

  get(routingKey: string, generation: number): Route | undefined {
    if (this.generation !== generation) this.forget(generation)
    if (this.pause > 0) {
      this.pause--
      return undefined
    }
    const route = this.routes.get(routingKey)
    if (route === undefined) this.misses++
    else this.hits++
    return route
  }

  /** Only after a `get` of the same generation. */
  set(routingKey: string, route: Route): void {
    if (this.pause > 0) return
    if (this.routes.size >= MAX_ROUTES) {
      if (this.misses >= MAX_ROUTES && this.hits < this.misses) this.pause = PAUSE
      this.forget(this.generation)
    }
    if (this.pause === 0) this.routes.set(routingKey, route)
  }

  private forget(generation: number): void {
    this.generation = generation
    this.routes.clear()
    this.hits = 0
    this.misses = 0
  }
}

/** About 2 MiB with keys and short lists. */
const MAX_ROUTES = 8192

/** Long against the time it takes to find out that remembering is no use, short against the life of an exchange. */
const PAUSE = 16 * MAX_ROUTES
