import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import { preconditionFailed } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'

/** `x-random`: one binding, whatever the key (random exchange plug-in). */
export class RandomRouter implements Router {
  readonly isByKeyOnly = false
  private bindings: readonly Binding[] = []

  validate(_binding: Binding): void {}

  add(binding: Binding): void {
    this.bindings = [...this.bindings, binding]
  }

  remove(binding: Binding): void {
    this.bindings = this.bindings.filter((other) => other !== binding)
  }

  route(_message: Message, found: Destinations): void {
    const index = Math.floor(Math.random() * this.bindings.length)
    const binding = this.bindings[index]
    if (binding !== undefined) found.add(binding.destination)
  }
}

/** `x-local-random`: the same among classic queues of this node, which are all (RabbitMQ 4, local random exchange). */
export class LocalRandomRouter extends RandomRouter {
  override validate({ routingKey, destination }: Binding): void {
    if (routingKey !== '') {
      throw preconditionFailed(`Non empty binding '${routingKey}' key not permitted`)
    }
    if (destination.kind === 'exchange') throw preconditionFailed('Destination not found')
    if (destination.type === 'classic') return
    throw preconditionFailed('Queue type rabbit_quorum_queue not valid for this exchange type')
  }
}
