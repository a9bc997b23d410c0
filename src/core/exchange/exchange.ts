import type { Table } from '../../common/table.ts'
import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import type { Resource } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import { RouteCache } from './route-cache.ts'

/**
 * Takes published messages and says where they go. What is common to all exchanges is here; how bindings are matched
 * is the router's, one for each exchange type.
 */
export class Exchange implements Resource {
  readonly kind = 'exchange'
  readonly vhost: string
  readonly name: string
  readonly type: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly internal: boolean
  readonly arguments: Table
  /** Name of the exchange that gets what this one cannot route, from its arguments or a policy; null for none. */
  alternate: string | null
  /** Of an exchange that is deleted, one that leads nowhere. */
  router: Router
  /** Bindings from this exchange, by identity. */
  readonly bindings = new Map<string, Binding>()
  /** Bindings to this exchange. */
  readonly incoming = new Set<Binding>()
  readonly routes = new RouteCache()
  /** Messages published to this exchange since it was declared. */
  publishedCount = 0
  /** Copies of them that went to queues. */
  routedCount = 0
  /** Messages it holds back, if it delays messages. */
  delayedCount = 0
  isDeleted = false
  /** Set by Destinations: the last collection that this exchange was added to. */
  routeStamp = 0

  constructor(declared: ExchangeDeclared, alternate: string | null, router: Router) {
    this.vhost = declared.vhost
    this.name = declared.name
    this.type = declared.type
    this.durable = declared.durable
    this.autoDelete = declared.autoDelete
    this.internal = declared.internal
    this.arguments = declared.arguments
    this.alternate = alternate
    this.router = router
  }
}

/** What an exchange.declare says. */
export interface ExchangeDeclared {
  readonly vhost: string
  readonly name: string
  readonly type: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly internal: boolean
  readonly arguments: Table
}

/** The matching rule of an exchange type, with the bindings of one exchange in the form that serves it best. */
export interface Router {
  /** True when equal routing keys always lead to the same destinations, so that a route may be remembered. */
  readonly isByKeyOnly: boolean
  /** Throws a Refusal for a binding that this type does not take. */
  validate(binding: Binding): void
  add(binding: Binding): void
  remove(binding: Binding): void
  route(message: Message, found: Destinations): void
  /** Messages that a new binding's destination gets for a start. */
  replay?(): readonly Message[]
  /** How long a message is held back before it is routed, in milliseconds; 0 for not at all. */
  delayOf?(message: Message): number
}

/** Leads nowhere. */
export const NO_ROUTER: Router = {
  isByKeyOnly: true,
  validate() {},
  add() {},
  remove() {},
  route() {},
}
