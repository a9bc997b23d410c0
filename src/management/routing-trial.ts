import type { Clock } from '../common/clock.ts'
import type { Compat } from '../common/compat.ts'
import { isJsonList, type Json, type JsonObject } from '../common/json.ts'
import { EMPTY_TABLE, textOf } from '../common/table.ts'
import { Binding, type Destination } from '../core/binding.ts'
import { Destinations } from '../core/exchange/destinations.ts'
import type { Exchange } from '../core/exchange/exchange.ts'
import { newRouter } from '../core/exchange/types.ts'
import { type Address, Message, type MessageProperties } from '../core/message.ts'
import type { Vhost } from '../core/vhost.ts'
import { jsonOfTable, tableOfJson } from './amqp-json.ts'
import { reasonOf } from './routing-reason.ts'
import { propertiesKey } from './views/binding.ts'

/**
 * Where a message with this routing key and these headers would go: for every exchange on its way each binding, whether it
 * matches, and why. Nothing is published, counted or remembered by it.
 */
export function tryRouting(
  vhost: Vhost,
  start: Exchange,
  routingKey: string,
  headers: JsonObject,
  context: { readonly compat: Compat; readonly clock: Clock },
): Json {
  const message = trialMessage(start.name, routingKey, headers)
  const exchanges: Exchange[] = [start]
  const queues = new Set<string>()
  const steps: Json[] = []
  for (let i = 0; i < exchanges.length; i++) {
    const exchange = exchanges[i]!
    const tried = bindingsTried(vhost, exchange, message, context)
    const found = tried.filter(({ matches }) => matches).map(({ binding }) => binding.destination)
    const isUnrouted = found.length === 0 && exchange.alternate !== null
    const alternate = isUnrouted ? vhost.exchanges.find(exchange.alternate ?? '') : undefined
    for (const next of alternate === undefined ? found : [alternate]) {
      if (next.kind === 'queue') queues.add(next.name)
      else if (!exchanges.includes(next)) exchanges.push(next)
    }
    const inOrder = [...tried].sort((a, b) => Number(b.matches) - Number(a.matches))
    steps.push({
      exchange: exchange.name,
      type: exchange.type,
      note: noteOn(exchange, message),
      bindings: inOrder.slice(0, MOST_SHOWN).map(triedJson),
      omitted: Math.max(0, inOrder.length - MOST_SHOWN),
      alternate: alternate?.name ?? null,
    })
  }
  return { routing_key: routingKey, queues: [...queues].sort(), steps }
}

/** Bindings of one exchange. */
const MOST_SHOWN = 500

interface Tried {
  readonly binding: Binding
  readonly matches: boolean
  readonly reason: string
}

function bindingsTried(
  vhost: Vhost,
  exchange: Exchange,
  message: Message,
  context: { readonly compat: Compat; readonly clock: Clock },
): readonly Tried[] {
  if (exchange.name === '') return defaultTried(vhost, exchange, message)
  const bindings = [...exchange.bindings.values()]
  const type = matchingType(exchange)
  const chosen = HASHES.has(type) ? chosenBy(exchange, message) : null
  return bindings.map((binding) => {
    const matches =
      chosen === null
        ? isMatch(binding, SAFE_TYPES.has(type) ? type : 'fanout', message, context)
        : chosen.has(binding.destination)
    return { binding, matches, reason: reasonOf(type, binding, message, matches) }
  })
}

/** Every queue is bound with its name; there is nothing to tell of the others. */
function defaultTried(vhost: Vhost, exchange: Exchange, message: Message): readonly Tried[] {
  return message.routingKeys.flatMap((key) => {
    const queue = vhost.queues.find(key)
    if (queue === undefined) return []
    const binding = new Binding(exchange, queue, key, EMPTY_TABLE)
    return [{ binding, matches: true, reason: 'the routing key is the name of the queue' }]
  })
}

/** Asks a router of this type that has this binding alone. */
function isMatch(
  binding: Binding,
  type: string,
  message: Message,
  context: { readonly compat: Compat; readonly clock: Clock },
): boolean {
  const router = newRouter(type, EMPTY_TABLE, context)
  router.add(binding)
  const found = new Destinations()
  found.begin(binding.source)
  router.route(message, found)
  return found.foundCount > 1 // the start counts too
}

/** Where a hash leads; to ask the exchange itself changes nothing. */
function chosenBy(exchange: Exchange, message: Message): ReadonlySet<Destination> {
  const found = new Destinations()
  found.begin(exchange)
  exchange.router.route(message, found)
  return new Set<Destination>([...found.queues, ...found.exchanges.slice(1)])
}

/** Types whose routers look at the message and the binding alone. */
const SAFE_TYPES = new Set(['direct', 'fanout', 'topic', 'headers'])
const HASHES = new Set(['x-consistent-hash', 'x-modulus-hash'])

function matchingType({ type, arguments: args }: Exchange): string {
  return type === 'x-delayed-message' ? (textOf(args.get('x-delayed-type')) ?? type) : type
}

function noteOn(exchange: Exchange, message: Message): string | null {
  const delayMs = exchange.router.delayOf?.(message) ?? 0
  if (delayMs > 0) return `The message waits ${delayMs} ms here before it goes on.`
  switch (matchingType(exchange)) {
    case 'x-random':
    case 'x-local-random':
      return 'One of the bindings is chosen at random for each message.'
    case 'x-message-deduplication':
      return 'Messages whose deduplication header has been seen lately go nowhere.'
    case 'x-consistent-hash':
    case 'x-modulus-hash':
      return 'A hash chooses one binding; the same hash leads to the same one.'
    default:
      return null
  }
}

function triedJson({ binding, matches, reason }: Tried): Json {
  const { destination, routingKey, arguments: args } = binding
  return {
    destination: destination.name,
    destination_type: destination.kind,
    routing_key: routingKey,
    arguments: jsonOfTable(args),
    properties_key: propertiesKey(binding),
    matches,
    reason,
  }
}

/** A message of which only what routing looks at is there. */
function trialMessage(exchange: string, routingKey: string, headers: JsonObject): Message {
  const table = tableOfJson(headers)
  const address: Address = {
    exchange,
    routingKey,
    routingKeys: [routingKey],
    encoded: NOTHING,
    to: () => address,
    at: () => address,
  }
  const properties: MessageProperties = {
    encoded: NOTHING,
    isPersistent: false,
    hasHeaders: table.size > 0,
    priority: -1,
    expiration: null,
    text: () => null,
    headers: () => table,
    withHeaders: () => properties,
    withoutExpiration: () => properties,
  }
  const [cc, bcc] = [textsIn(headers.CC), textsIn(headers.BCC)]
  const extraKeys = cc.length + bcc.length === 0 ? null : { cc, bcc }
  const body = { body: NOTHING, bodyStart: 0, bodySize: 0, bodyParts: null }
  return new Message(address, properties, body, extraKeys, null)
}

const NOTHING = Buffer.alloc(0)

function textsIn(json: Json | undefined): readonly string[] {
  return isJsonList(json) ? json.filter((item) => typeof item === 'string') : []
}
