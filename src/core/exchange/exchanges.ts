import { EMPTY_TABLE, type Table, textOf } from '../../common/table.ts'
import { assertSameArguments, assertSameFlag } from '../equivalence.ts'
import { assertNotDefaultExchange, assertNotReserved } from '../names.ts'
import type { NodeLimits } from '../node-limits.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { Queue } from '../queue/queue.ts'
import { accessRefused, describe, notFound, preconditionFailed, type Resource } from '../refusal.ts'
import { DefaultRouter } from './direct.ts'
import { Exchange, type ExchangeDeclared } from './exchange.ts'
import { assertExchangeType, newRouter, type RouterContext } from './types.ts'

/** The exchanges of a vhost by name, and the rules of declaring one. */
export class Exchanges {
  private readonly vhost: string
  private readonly context: RouterContext
  private readonly limits: NodeLimits
  private readonly policies: PolicySet
  private readonly byName = new Map<string, Exchange>()

  constructor(
    vhost: string,
    context: RouterContext,
    limits: NodeLimits,
    policies: PolicySet,
    queues: ReadonlyMap<string, Queue>,
  ) {
    this.vhost = vhost
    this.context = context
    this.limits = limits
    this.policies = policies
    const unnamed = predeclared(vhost, '', 'direct')
    this.add(new Exchange(unnamed, null, new DefaultRouter(queues)))
    for (const [name, type] of PREDECLARED) this.add(this.create(predeclared(vhost, name, type)))
  }

  [Symbol.iterator](): Iterator<Exchange> {
    return this.byName.values()
  }

  find(name: string): Exchange | undefined {
    return this.byName.get(name)
  }

  /** Throws not-found. */
  get(name: string): Exchange {
    const exchange = this.byName.get(name)
    if (exchange === undefined) throw notFound(this.resource(name))
    return exchange
  }

  /**
   * The existing exchange when it is what is asked for, null when a new one may be made. Throws the Refusal of
   * RabbitMQ otherwise.
   */
  check(declared: ExchangeDeclared): Exchange | null {
    assertExchangeType(declared.type, this.context.compat)
    assertNotDefaultExchange(declared.name)
    const existing = this.byName.get(declared.name)
    if (existing === undefined) {
      assertNotReserved(this.resource(declared.name))
      alternateIn(this.resource(declared.name), declared.arguments)
      this.limits.assertRoomForExchange(declared.name, this.vhost)
      return null
    }
    assertSameFlag('type', existing, declared.type, existing.type)
    assertSameFlag('durable', existing, declared.durable, existing.durable)
    assertSameFlag('auto_delete', existing, declared.autoDelete, existing.autoDelete)
    assertSameFlag('internal', existing, declared.internal, existing.internal)
    assertSameArguments([ALTERNATE], existing, declared.arguments, existing.arguments)
    return existing
  }

  /** A new exchange, not yet among these. Throws the Refusal of RabbitMQ for arguments its type does not take. */
  create(declared: ExchangeDeclared): Exchange {
    const alternate = this.alternateOf(declared)
    const router = newRouter(declared.type, declared.arguments, this.context)
    return new Exchange(declared, alternate, router)
  }

  add(exchange: Exchange): void {
    this.limits.exchangeCount++
    this.byName.set(exchange.name, exchange)
  }

  /** Throws the Refusal of RabbitMQ for exchanges that clients may not delete, existing or not. */
  assertDeletable(name: string): void {
    assertNotDefaultExchange(name)
    if (!name.startsWith('amq.')) return
    throw accessRefused(`deletion of system ${describe(this.resource(name))} not allowed`)
  }

  get count(): number {
    return this.byName.size
  }

  remove(exchange: Exchange): void {
    exchange.isDeleted = true
    this.limits.exchangeCount--
    this.byName.delete(exchange.name)
  }

  /** A policy has changed: every exchange but the default one, which has none, looks its alternate exchange up. */
  applyPolicies(): void {
    for (const exchange of this) {
      if (exchange.name !== '') exchange.alternate = this.alternateOf(exchange)
    }
  }

  /** The argument wins over the policy. */
  private alternateOf(exchange: ExchangeDeclared): string | null {
    const { name } = exchange
    return (
      alternateIn(this.resource(name), exchange.arguments) ??
      this.policies.alternateExchange({ kind: 'exchange', name })
    )
  }

  private resource(name: string): Resource {
    return { kind: 'exchange', name, vhost: this.vhost }
  }
}

/** The name in `alternate-exchange`; null when there is none. Throws the Refusal of RabbitMQ for another type. */
function alternateIn(exchange: Resource, args: Table): string | null {
  const field = args.get(ALTERNATE)
  if (field === undefined) return null
  if (field.type === 'longstr') return textOf(field)
  throw preconditionFailed(
    `invalid type '${field.type}' for arg '${ALTERNATE}' in ${describe(exchange)}`,
  )
}

function predeclared(vhost: string, name: string, type: string): ExchangeDeclared {
  return {
    vhost,
    name,
    type,
    durable: true,
    autoDelete: false,
    internal: name === 'amq.rabbitmq.trace',
    arguments: EMPTY_TABLE,
  }
}

const ALTERNATE = 'alternate-exchange'

const PREDECLARED: readonly (readonly [name: string, type: string])[] = [
  ['amq.direct', 'direct'],
  ['amq.fanout', 'fanout'],
  ['amq.topic', 'topic'],
  ['amq.headers', 'headers'],
  ['amq.match', 'headers'],
  ['amq.rabbitmq.trace', 'topic'],
]
