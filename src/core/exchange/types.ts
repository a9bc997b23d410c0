import { assert } from '../../common/assert.ts'
import type { Compat } from '../../common/compat.ts'
import { Refusal } from '../refusal.ts'
import { DirectRouter } from './direct.ts'
import type { Router } from './exchange.ts'
import { FanoutRouter } from './fanout.ts'
import { HeadersRouter } from './headers.ts'
import { TopicRouter } from './topic.ts'

/** The exchange types, and the router each of them gives a new exchange. */
const TYPES: ReadonlyMap<string, () => Router> = new Map<string, () => Router>([
  ['direct', () => new DirectRouter()],
  ['fanout', () => new FanoutRouter()],
  ['topic', () => new TopicRouter()],
  ['headers', () => new HeadersRouter()],
])

/** The type must exist. */
export function newRouter(type: string): Router {
  const create = TYPES.get(type)
  assert(create !== undefined, `exchange type ${type} exists`)
  return create()
}

/** Throws the Refusal of RabbitMQ for a type that does not exist. */
export function assertExchangeType(type: string, compat: Compat): void {
  if (TYPES.has(type)) return
  throw new Refusal(compat.unknownExchangeType, `unknown exchange type '${type}'`)
}
