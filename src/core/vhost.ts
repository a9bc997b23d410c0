import type { Clock } from '../common/clock.ts'
import type { Compat } from '../common/compat.ts'
import type { Deadlines } from '../common/deadlines.ts'
import type { Logger } from '../common/log.ts'
import { LongWork } from '../common/long-work.ts'
import type { RunQueue } from '../common/run-queue.ts'
import type { Table } from '../common/table.ts'
import { type Destination, definitionOf } from './binding.ts'
import { addBinding, findBinding, newBinding } from './bindings.ts'
import { type Churn, PastTraffic } from './counters.ts'
import { DeadLetters } from './dead-letter/dead-letters.ts'
import { Delays } from './delays.ts'
import type { Exchange, ExchangeDeclared } from './exchange/exchange.ts'
import { Exchanges } from './exchange/exchanges.ts'
import type { Message } from './message.ts'
import type { NodeLimits } from './node-limits.ts'
import type { Policy } from './policy/policy.ts'
import { PolicySet } from './policy/policy-set.ts'
import type {
  DefinitionChange,
  Durability,
  MessageStore,
  Store,
  VhostDescription,
} from './ports.ts'
import type { Queue } from './queue/queue.ts'
import type { QueueDeclared } from './queue/queue-declared.ts'
import type { QueueHost } from './queue/queue-host.ts'
import { assertUsableBy, Queues } from './queue/queues.ts'
import type { ReadyMemory } from './queue/ready-memory.ts'
import { describe, inUse, preconditionFailed, Refusal } from './refusal.ts'
import { Removal } from './removal.ts'
import { restoreDefinition } from './restoring.ts'
import type { Route } from './route.ts'
import { Routing } from './routing.ts'

/** What all vhosts of a broker share. */
export interface VhostHost {
  readonly compat: Compat
  readonly limits: NodeLimits
  readonly churn: Churn
  readonly turn: RunQueue
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly store: Store
  readonly readyMemory: ReadyMemory
  readonly log: Logger
}

/**
 * A virtual host: its exchanges, queues, bindings and policies, and the path of a message through them.
 *
 * Whatever changes exchanges, queues or bindings moves `generation`, which makes remembered routes void. A `user` is
 * the object that stands for a client's connection: exclusive queues belong to one.
 */
export class Vhost implements QueueHost {
  readonly name: string
  readonly compat: Compat
  readonly turn: RunQueue
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly policies: PolicySet
  readonly exchanges: Exchanges
  readonly queues: Queues
  readonly deadLetters: DeadLetters
  readonly delays: Delays
  readonly readyMemory: ReadyMemory
  readonly log: Logger
  description: VhostDescription
  /** Of channels and connections that are closed. */
  readonly past = new PastTraffic()
  /** Whether everything published and delivered is copied to amq.rabbitmq.trace. */
  isTraced = false
  /** Most queues it may have; null for any number. */
  maxQueues: number | null = null
  /** Most connections it may have; null for any number. */
  maxConnections: number | null = null
  /** Grows with every change of exchanges, queues and bindings. */
  generation = 1
  private readonly limits: NodeLimits
  private readonly store: Store
  private readonly routing: Routing
  private readonly removal: Removal
  private readonly ordinals: number[] = [] // of messages that are being handed to their queues

  constructor(name: string, host: VhostHost) {
    this.name = name
    this.description = undescribed(name)
    this.compat = host.compat
    this.turn = host.turn
    this.clock = host.clock
    this.deadlines = host.deadlines
    this.store = host.store
    this.readyMemory = host.readyMemory
    this.log = host.log
    this.limits = host.limits
    this.policies = new PolicySet(host.compat)
    this.queues = new Queues(name, host, this.policies, this)
    this.exchanges = new Exchanges(name, host, host.limits, this.policies, this.queues.byName)
    this.routing = new Routing(this.exchanges)
    this.removal = new Removal(this, host.store.definitions)
    this.deadLetters = new DeadLetters(this, host.log)
    this.delays = new Delays(this, (exchange, message) => {
      this.enqueue(message, this.route(exchange, message))
    })
  }

  get messages(): MessageStore {
    return this.store.messages
  }

  get durability(): Durability {
    return this.store.durability
  }

  /**
   * Applies a definition that storage has kept, as it is: it is not recorded again. What the broker could not declare
   * any more is logged and left out. Changes other than exchanges, queues, bindings and policies that are there are
   * ignored.
   */
  restoreDefinition(change: DefinitionChange): void {
    this.generation++
    restoreDefinition(this, change)
  }

  declareExchange(declared: ExchangeDeclared): Exchange {
    const existing = this.exchanges.check(declared)
    if (existing !== null) return existing
    const exchange = this.exchanges.create(declared)
    if (declared.durable) {
      this.store.definitions.record({ kind: 'exchange-declared', exchange: declared })
    }
    this.generation++
    this.exchanges.add(exchange)
    return exchange
  }

  /** Deletes an exchange if it exists. */
  deleteExchange(name: string, ifUnused: boolean): void {
    this.exchanges.assertDeletable(name)
    const exchange = this.exchanges.find(name)
    if (exchange === undefined) return
    if (ifUnused && exchange.bindings.size > 0) throw inUse(exchange)
    this.removal.exchange(exchange)
  }

  declareQueue(declared: QueueDeclared, user: object): Queue {
    const existing = this.queues.check(declared, user)
    if (existing !== null) return existing
    if (this.maxQueues !== null && this.queues.count >= this.maxQueues) {
      throw preconditionFailed(
        `cannot declare queue '${declared.name}': queue limit in vhost '${this.name}' (${this.maxQueues}) is reached`,
      )
    }
    this.limits.assertRoomForQueue(declared.name)
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
    if (queue.type === 'quorum' && (ifUnused || ifEmpty)) throw cannotDeleteIf(queue, ifUnused)
    queue.dispatch()
    const count = queue.readyCount
    if (ifEmpty && count > 0) throw preconditionFailed(`${describe(queue)} not empty`)
    if (ifUnused && queue.consumerCount > 0) throw inUse(queue)
    this.removal.queue(queue)
    return count
  }

  /** Deletes the exclusive queues of a connection that ends. Their names are free at once. */
  deleteQueuesOf(user: object): void {
    const queues = this.queues.doomThoseOf(user)
    if (queues.length > 0) this.generation++
    new LongWork(queues, this.turn, (queue) => this.removal.queue(queue)).run()
  }

  queueUnused(queue: Queue): void {
    this.removal.queue(queue)
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
    const binding = newBinding(exchange, target, routingKey, args)
    if (binding === null) return
    if (binding.durable) {
      this.store.definitions.record({ kind: 'bound', binding: definitionOf(binding) })
    }
    this.generation++
    addBinding(binding)
    for (const message of exchange.router.replay?.() ?? []) this.replay(message, target)
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
    this.removal.binding(binding)
  }

  /** Sets a policy and applies it to everything that it matches. Throws a Refusal for one that cannot be. */
  setPolicy(policy: Policy, isOperator: boolean): void {
    this.policies.set(policy, isOperator)
    const stored = { ...policy, vhost: this.name, isOperator }
    this.store.definitions.record({ kind: 'policy-set', policy: stored })
    this.applyPolicies()
  }

  /** False when there was none. */
  deletePolicy(name: string, isOperator: boolean): boolean {
    const policies = isOperator ? this.policies.operator : this.policies.user
    if (!policies.delete(name)) return false
    this.store.definitions.record({ kind: 'policy-deleted', vhost: this.name, isOperator, name })
    this.applyPolicies()
    return true
  }

  /** Where a message published to this exchange goes. */
  route(exchange: Exchange, message: Message): Route {
    if (message.extraKeys !== null) return this.routing.walk(exchange, message)
    const key = message.address.routingKey
    const known = exchange.routes.get(key, this.generation)
    if (known !== undefined) return known
    const route = this.routing.walk(exchange, message)
    if (route.isByKeyOnly) exchange.routes.set(key, route)
    return route
  }

  /**
   * Puts a message where it goes. Returns its position in the store, 0 when it is not stored, or REJECTED when a
   * queue was too full to take it.
   */
  enqueue(message: Message, { queues, delays }: Pick<Route, 'queues' | 'delays'>): number {
    const delayed = delays === null ? 0 : this.delays.addAll(delays, message)
    this.deadLetters.hold()
    let admitting = queues
    for (const queue of queues) {
      if (!queue.admits(message)) admitting = admitting.filter((other) => other !== queue)
    }
    const position = this.storeMessage(message, admitting)
    if (position === 0) for (const queue of admitting) queue.enqueue(message, 0, 0)
    else this.enqueueStored(message, admitting, position)
    this.deadLetters.release()
    return admitting === queues ? Math.max(position, delayed) : REJECTED
  }

  /** Deletes everything, as the vhost itself is deleted; returns what is left of that for the next turns. */
  close(whenDone: () => void = () => {}): LongWork<Queue | Exchange> {
    return this.removal.everything(whenDone)
  }

  applyPolicies(): void {
    this.generation++
    this.exchanges.applyPolicies()
    this.queues.applyPolicies()
  }

  private replay(message: Message, target: Destination): void {
    if (target.kind === 'queue') this.enqueue(message, { queues: [target], delays: null })
    else this.enqueue(message, this.routing.walk(target, message))
  }

  private storeMessage(message: Message, queues: readonly Queue[]): number {
    let count = 0
    for (const queue of queues) if (queue.keeps(message)) count++
    if (count === 0) return 0
    const holders =
      count === queues.length ? queues : queues.filter((queue) => queue.keeps(message))
    return this.messages.append(message, holders)
  }

  /** All ordinals are asked for first: one queue's delivery may bring a traced copy to the next. */
  private enqueueStored(message: Message, queues: readonly Queue[], position: number): void {
    if (queues.length === 1) {
      const queue = queues[0]!
      queue.enqueue(message, position, queue.laneOf(message).latest)
      return
    }
    const { ordinals } = this
    const start = ordinals.length
    for (const queue of queues) {
      ordinals.push(queue.keeps(message) ? queue.laneOf(message).latest : 0)
    }
    for (let i = 0; i < queues.length; i++) {
      const ordinal = ordinals[start + i]!
      queues[i]!.enqueue(message, ordinal === 0 ? 0 : position, ordinal)
    }
    ordinals.length = start
  }

  private target({ kind, name }: BindingTarget, user: object): Destination {
    return kind === 'queue' ? this.queues.get(name, user) : this.exchanges.get(name)
  }

  private findTarget({ kind, name }: BindingTarget): Destination | undefined {
    return kind === 'queue' ? this.queues.find(name) : this.exchanges.find(name)
  }
}

/** A vhost that nobody has said anything of. */
export function undescribed(vhost: string): VhostDescription {
  return { vhost, text: '', tags: [], defaultQueueType: 'classic', isProtected: false }
}

/** What `enqueue` returns when a queue did not take the message. */
export const REJECTED = -1

/** What a client wants to bind or unbind. */
export interface BindingTarget {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

function cannotDeleteIf(queue: Queue, ifUnused: boolean): Refusal {
  return new Refusal(
    'not-implemented',
    `cannot delete ${describe(queue)}. queue.delete operations with ${ifUnused ? 'if-unused' : 'if-empty'} ` +
      'flag set are not supported by quorum queues',
  )
}
