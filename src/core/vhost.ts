import type { Compat } from '../common/compat.ts'
import type { RunQueue } from '../common/run-queue.ts'
import type { Table } from '../common/table.ts'
import type { Binding, Destination } from './binding.ts'
import { addBinding, findBinding, removeBinding } from './bindings.ts'
import { Destinations } from './exchange/destinations.ts'
import type { Exchange, ExchangeDeclared } from './exchange/exchange.ts'
import { Exchanges } from './exchange/exchanges.ts'
import type { Message } from './message.ts'
import type { BindingDefinition, Store } from './ports.ts'
import type { Queue, QueueDeclared, QueueHost } from './queue/queue.ts'
import { assertUsableBy, Queues } from './queue/queues.ts'
import { describe, inUse, preconditionFailed } from './refusal.ts'

/**
 * A virtual host: its exchanges, queues and bindings, and the path of a message through them.
 *
 * Whatever changes them moves `generation`, which makes remembered routes void. A `user` is the object that stands
 * for a client's connection: exclusive queues belong to one.
 */
export class Vhost implements QueueHost {
  readonly name: string
  readonly compat: Compat
  readonly turn: RunQueue
  readonly exchanges: Exchanges
  readonly queues: Queues
  /** Grows with every change of exchanges, queues and bindings. */
  generation = 1
  private readonly store: Store
  private readonly found = new Destinations()

  constructor(name: string, compat: Compat, turn: RunQueue, store: Store) {
    this.name = name
    this.compat = compat
    this.turn = turn
    this.store = store
    this.queues = new Queues(name, compat, this)
    this.exchanges = new Exchanges(name, compat, this.queues.byName)
  }

  get messages() {
    return this.store.messages
  }

  declareExchange(declared: ExchangeDeclared): Exchange {
    const existing = this.exchanges.check(declared)
    if (existing !== null) return existing
    if (declared.durable)
      this.store.definitions.record({ kind: 'exchange-declared', exchange: declared })
    this.generation++
    return this.exchanges.create(declared)
  }

  /** Deletes an exchange if it exists. */
  deleteExchange(name: string, ifUnused: boolean): void {
    this.exchanges.assertDeletable(name)
    const exchange = this.exchanges.find(name)
    if (exchange === undefined) return
    if (ifUnused && exchange.bindings.size > 0) throw inUse(exchange)
    this.removeExchange(exchange)
  }

  declareQueue(declared: QueueDeclared, user: object): Queue {
    const existing = this.queues.check(declared, user)
    if (existing !== null) return existing
    this.generation++
    if (declared.durable && declared.exclusiveOwner === null) {
      this.store.definitions.record({ kind: 'queue-declared', queue: declared })
    }
    return this.queues.create(declared)
  }

  /** Deletes a queue if it exists; returns the messages that were ready. */
  deleteQueue(name: string, ifUnused: boolean, ifEmpty: boolean, user: object): number {
    const queue = this.queues.find(name)
    if (queue === undefined) return 0
    assertUsableBy(queue, user)
    if (ifUnused && queue.consumerCount > 0) throw inUse(queue)
    const count = queue.readyCount
    if (ifEmpty && count > 0) throw preconditionFailed(`${describe(queue)} not empty`)
    this.removeQueue(queue)
    return count
  }

  /** Deletes the exclusive queues of a connection that ends. */
  deleteQueuesOf(user: object): void {
    for (const queue of this.queues.ownedBy(user)) this.removeQueue(queue)
  }

  queueUnused(queue: Queue): void {
    this.removeQueue(queue)
  }

  bind(
    source: string,
    destination: BindingTarget,
    routingKey: string,
    args: Table,
    user: object,
  ): void {
    const exchange = this.exchanges.get(source)
    const target = this.target(destination, user)
    const binding = addBinding(exchange, target, routingKey, args)
    if (binding === null) return
    this.generation++
    if (binding.durable) {
      this.store.definitions.record({ kind: 'bound', binding: definitionOf(binding) })
    }
  }

  /** Removes a binding if it exists. */
  unbind(
    source: string,
    destination: BindingTarget,
    routingKey: string,
    args: Table,
    user: object,
  ): void {
    const exchange = this.exchanges.find(source)
    const target = this.findTarget(destination)
    if (exchange === undefined || target === undefined) return
    const binding = findBinding(exchange, target, routingKey, args)
    if (binding === undefined) return
    if (target.kind === 'queue') assertUsableBy(target, user)
    if (binding.durable) {
      this.store.definitions.record({ kind: 'unbound', binding: definitionOf(binding) })
    }
    this.generation++
    removeBinding(binding)
    if (this.isAbandoned(exchange)) this.removeExchange(exchange)
  }

  /** The queues that get a message published to this exchange. */
  route(exchange: Exchange, message: Message): readonly Queue[] {
    if (message.extraRoutingKeys !== null) return this.walk(exchange, message).queues
    const key = message.address.routingKey
    const known = exchange.routes.get(key, this.generation)
    if (known !== undefined) return known
    const { queues, isByKeyOnly } = this.walk(exchange, message)
    if (isByKeyOnly) exchange.routes.set(key, queues)
    return queues
  }

  /** Puts a message into these queues; returns its position in the store, 0 when it is not stored. */
  enqueue(message: Message, queues: readonly Queue[]): number {
    const position = message.isPersistent ? this.storeMessage(message, queues) : 0
    for (const queue of queues) queue.enqueue(message, queue.durable ? position : 0)
    return position
  }

  /**
   * Follows bindings from exchange to exchange, each exchange once. An exchange that finds no destination at all
   * hands the message to its alternate exchange.
   */
  private walk(
    start: Exchange,
    message: Message,
  ): { queues: readonly Queue[]; isByKeyOnly: boolean } {
    const { found } = this
    let isByKeyOnly = true
    found.begin(start)
    for (let i = 0; i < found.exchanges.length; i++) {
      const exchange = found.exchanges[i]!
      const before = found.foundCount
      exchange.router.route(message, found)
      isByKeyOnly &&= exchange.router.isByKeyOnly
      if (found.foundCount > before || exchange.alternate === null) continue
      const alternate = this.exchanges.find(exchange.alternate)
      if (alternate !== undefined) found.add(alternate)
    }
    return { queues: found.queues, isByKeyOnly }
  }

  private storeMessage(message: Message, queues: readonly Queue[]): number {
    let durableCount = 0
    for (const queue of queues) if (queue.durable) durableCount++
    if (durableCount === 0) return 0
    const stored = durableCount === queues.length ? queues : queues.filter((queue) => queue.durable)
    return this.messages.append(message, stored)
  }

  private removeQueue(queue: Queue): void {
    if (queue.isDeleted) return
    this.generation++
    if (queue.durable) {
      this.store.definitions.record({ kind: 'queue-deleted', vhost: this.name, name: queue.name })
    }
    this.queues.remove(queue)
    queue.close()
    this.removeIncoming(queue)
  }

  private removeExchange(exchange: Exchange): void {
    this.forgetExchange(exchange)
    this.removeIncoming(exchange)
  }

  private forgetExchange(exchange: Exchange): void {
    this.generation++
    if (exchange.durable) {
      const { name } = exchange
      this.store.definitions.record({ kind: 'exchange-deleted', vhost: this.name, name })
    }
    this.exchanges.remove(exchange)
    for (const binding of exchange.bindings.values()) removeBinding(binding)
  }

  /** Removes the bindings that lead to something that is gone, and the exchanges that lose their last one by it. */
  private removeIncoming(destination: Destination): void {
    const gone: Destination[] = [destination]
    for (let next = gone.pop(); next !== undefined; next = gone.pop()) {
      for (const binding of next.incoming) {
        removeBinding(binding)
        if (!this.isAbandoned(binding.source)) continue
        this.forgetExchange(binding.source)
        gone.push(binding.source)
      }
    }
  }

  private isAbandoned(exchange: Exchange): boolean {
    return (
      exchange.autoDelete &&
      exchange.bindings.size === 0 &&
      this.exchanges.find(exchange.name) === exchange
    )
  }

  private target({ kind, name }: BindingTarget, user: object): Destination {
    return kind === 'queue' ? this.queues.get(name, user) : this.exchanges.get(name)
  }

  private findTarget({ kind, name }: BindingTarget): Destination | undefined {
    return kind === 'queue' ? this.queues.find(name) : this.exchanges.find(name)
  }
}

/** What a client wants to bind or unbind. */
export interface BindingTarget {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

function definitionOf(binding: Binding): BindingDefinition {
  return {
    vhost: binding.source.vhost,
    source: binding.source.name,
    destination: binding.destination.name,
    destinationKind: binding.destination.kind,
    routingKey: binding.routingKey,
    arguments: binding.arguments,
  }
}
