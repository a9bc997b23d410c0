import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import { preconditionFailed } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'

/** `x-random`: one binding, whatever the key (random exchange plug-in). */
export class RandomRouter implements Router {
  readonly isByKeyOnly = false
  private readonly bindings = new Set<Binding>()
  private choices: readonly Binding[] | null = null // null from a change until they are needed

  validate(_binding: Binding): void {}

  add(binding: Binding): void {
    this.bindings.add(binding)
    this.choices = null
  }

  remove(binding: Binding): void {
    this.bindings.delete(binding)
    this.choices = null
  }

  route(_message: Message, found: Destinations): void {
    this.choices ??= [...this.bindings]
    const index = Math.floor(Math.random() * this.choices.length)
    const binding = this.choices[index]
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
