import type { Binding, Destination } from '../binding.ts'
import type { Message } from '../message.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'
import { hashText } from './hash.ts'

/** `x-modulus-hash`: the hash of the routing keys picks one of the destinations, sorted by name (sharding plug-in). */
export class ModulusHashRouter implements Router {
  readonly isByKeyOnly = true
  private readonly bindings = new Set<Binding>()
  private destinations: readonly Destination[] | null = null // null from a change until they are needed

  validate(): void {}

  add(binding: Binding): void {
    this.bindings.add(binding)
    this.destinations = null
  }

  remove(binding: Binding): void {
    this.bindings.delete(binding)
    this.destinations = null
  }

  route(message: Message, found: Destinations): void {
    this.destinations ??= this.sorted()
    if (this.destinations.length === 0) return
    const hash = hashText(message.routingKeys.join('\0'))
    const destination = this.destinations[hash % this.destinations.length]
    if (destination !== undefined) found.add(destination)
  }

  private sorted(): readonly Destination[] {
    const all = new Set([...this.bindings].map((binding) => binding.destination))
    return [...all].sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}
