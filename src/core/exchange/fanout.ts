import type { Binding } from '../binding.ts'
import type { Destinations } from './destinations.ts'
import type { Routable, Router } from './exchange.ts'

/** `fanout`: every binding matches. */
export class FanoutRouter implements Router {
  readonly isByKeyOnly = true
  private readonly bindings = new Set<Binding>()

  validate(): void {}

  add(binding: Binding): void {
    this.bindings.add(binding)
  }

  remove(binding: Binding): void {
    this.bindings.delete(binding)
  }

  route(_message: Routable, found: Destinations): void {
    for (const binding of this.bindings) found.add(binding.destination)
  }
}
