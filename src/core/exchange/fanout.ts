import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'

/** `fanout`: every binding matches. */
export class FanoutRouter implements Router {
  readonly isByKeyOnly: boolean = true
  private readonly bindings = new Set<Binding>()

  validate(): void {}

  add(binding: Binding): void {
    this.bindings.add(binding)
  }

  remove(binding: Binding): void {
    this.bindings.delete(binding)
  }

  route(_message: Message, found: Destinations): void {
    for (const binding of this.bindings) found.add(binding.destination)
  }
}
