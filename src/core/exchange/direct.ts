import type { Binding, Destination } from '../binding.ts'
import type { Message } from '../message.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'
import { Few } from './few.ts'

/** `direct`: the routing key equals the binding key. */
export class DirectRouter implements Router {
  readonly isByKeyOnly = true
  private readonly byKey = new Map<string, Few<Binding>>()

  validate(): void {}

  add(binding: Binding): void {
    const bindings = this.byKey.get(binding.routingKey)
    if (bindings === undefined) this.byKey.set(binding.routingKey, new Few(binding))
    else bindings.add(binding)
  }

  remove(binding: Binding): void {
    const bindings = this.byKey.get(binding.routingKey)
    bindings?.delete(binding)
    if (bindings?.isEmpty) this.byKey.delete(binding.routingKey)
  }

  route(message: Message, found: Destinations): void {
    for (const key of message.routingKeys) {
      this.byKey.get(key)?.each((binding) => found.add(binding.destination))
    }
  }
}

/** The default exchange: every queue of the vhost is bound with its own name. */
export class DefaultRouter implements Router {
  readonly isByKeyOnly = true
  private readonly queues: ReadonlyMap<string, Destination>

  constructor(queues: ReadonlyMap<string, Destination>) {
    this.queues = queues
  }

  validate(): void {}

  add(): void {}

  remove(): void {}

  route(message: Message, found: Destinations): void {
    for (const key of message.routingKeys) {
      const queue = this.queues.get(key)
      if (queue !== undefined) found.add(queue)
    }
  }
}
