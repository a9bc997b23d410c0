import type { Clock } from '../../common/clock.ts'
import type { Compat } from '../../common/compat.ts'
import { type Table, textOf } from '../../common/table.ts'
import { preconditionFailed, Refusal } from '../refusal.ts'
import { ConsistentHashRouter } from './consistent-hash.ts'
import { DeduplicatingRouter } from './deduplicating.ts'
import { DelayedRouter } from './delayed.ts'
import { DirectRouter } from './direct.ts'
import type { Router } from './exchange.ts'
import { FanoutRouter } from './fanout.ts'
import { HeadersRouter } from './headers.ts'
import { ModulusHashRouter } from './modulus-hash.ts'
import { LocalRandomRouter, RandomRouter } from './random.ts'
import { RecentHistoryRouter } from './recent-history.ts'
import { TopicRouter } from './topic.ts'

/** What a new router may depend on. */
export interface RouterContext {
  readonly compat: Compat
  readonly clock: Clock
}

/** The exchange types, and the router each of them gives a new exchange. */
const TYPES: ReadonlyMap<string, (args: Table, context: RouterContext) => Router> = new Map<
  string,
  (args: Table, context: RouterContext) => Router
>([
  ['direct', () => new DirectRouter()],
  ['fanout', () => new FanoutRouter()],
  ['topic', (_args, { compat }) => new TopicRouter(compat.maxTopicHashes)],
  ['headers', () => new HeadersRouter()],
  ['x-consistent-hash', (args) => new ConsistentHashRouter(args)],
  ['x-modulus-hash', () => new ModulusHashRouter()],
  ['x-random', () => new RandomRouter()],
  ['x-local-random', () => new LocalRandomRouter()],
  ['x-recent-history', (args) => new RecentHistoryRouter(args)],
  ['x-message-deduplication', (args, { clock }) => new DeduplicatingRouter(args, clock)],
  ['x-delayed-message', (args, context) => new DelayedRouter(innerRouter(args, context))],
])

/** The names of all exchange types. */
export const EXCHANGE_TYPES: readonly string[] = [...TYPES.keys()]

/** Throws the Refusal of RabbitMQ for a type that does not exist, or arguments it does not take. */
export function newRouter(type: string, args: Table, context: RouterContext): Router {
  const create = TYPES.get(type)
  if (create === undefined) throw unknownType(type, context.compat)
  return create(args, context)
}

/** Throws the Refusal of RabbitMQ for a type that does not exist. */
export function assertExchangeType(type: string, compat: Compat): void {
  if (!TYPES.has(type)) throw unknownType(type, compat)
}

/**
 * RabbitMQ 4 says `invalid` of words that its runtime happens to know for another purpose, which are mostly those
 * without `x-`, and `unknown` of others.
 */
function unknownType(type: string, compat: Compat): Refusal {
  const isUnknown = compat.unknownExchangeType === 'command-invalid' || type.startsWith('x-')
  return new Refusal(
    compat.unknownExchangeType,
    `${isUnknown ? 'unknown' : 'invalid'} exchange type '${type}'`,
  )
}

/** A delayed exchange may have any type inside but its own. */
function innerRouter(args: Table, context: RouterContext): Router {
  const type = textOf(args.get('x-delayed-type'))
  if (type === 'x-delayed-message') {
    throw preconditionFailed(
      "Invalid argument, 'x-delayed-message' can't be used for 'x-delayed-type'",
    )
  }
  if (type === null || !TYPES.has(type)) {
    throw preconditionFailed("Invalid argument, 'x-delayed-type' must be an existing exchange type")
  }
  return newRouter(type, args, context)
}
