import type { Exchange } from '../../core/exchange/exchange.ts'
import { sessionIn, vhostToChange, visibleVhost, visibleVhosts } from '../access.ts'
import { tableOfJson } from '../amqp-json.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { badRequest, errorOfChannel, notFound, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, pagesOf, type Route } from '../route.ts'
import { flag, object, text } from '../schema.ts'
import { BINDINGS, bindingOf, bindingView } from '../views/binding.ts'
import { exchangeListView, exchangeView } from '../views/exchange.ts'
import { shown } from '../views/view.ts'
import { messageIn, PUBLISH_BODY } from './messages.ts'

export const EXCHANGE_ROUTES: readonly Route[] = [
  get('/exchanges', 'management', 'All exchanges', pagesOf(exchangeListView), (call) =>
    listExchanges(allExchanges(call), call),
  ),
  get(
    '/exchanges/:vhost',
    'management',
    'The exchanges of a vhost',
    pagesOf(exchangeListView),
    (call) => {
      const vhost = visibleVhost(call)
      return listExchanges(vhost.exchanges, call)
    },
  ),
  get('/exchanges/:vhost/:name', 'management', 'An exchange', objectOf(exchangeView), (call) => ({
    json: shown(exchangeView, exchangeOf(call), call, call.query.columns),
  })),
  {
    method: 'PUT',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    summary: 'Declares an exchange',
    body: bodyWith({
      type: 'string',
      durable: ['boolean', 'string'],
      auto_delete: ['boolean', 'string'],
      internal: ['boolean', 'string'],
      arguments: 'object',
    }),
    handle: declare,
  },
  {
    method: 'DELETE',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    summary: 'Deletes an exchange; with if-unused only one without bindings',
    handle: (call) => {
      const { name } = exchangeOf(call)
      const session = sessionIn(call, visibleVhost(call))
      session.deleteExchange(name, call.query.is('if-unused'))
      return NO_CONTENT
    },
  },
  {
    method: 'POST',
    path: '/exchanges/:vhost/:name/publish',
    access: 'management',
    summary: 'Publishes a message',
    body: PUBLISH_BODY,
    response: { type: 'object', properties: { routed: { type: 'boolean' } } },
    handle: publish,
  },
  get(
    '/exchanges/:vhost/:name/bindings/source',
    'management',
    'What leads from an exchange',
    listOf(bindingView),
    (call) => {
      const bindings = [...(exchangeIfAny(call)?.bindings.values() ?? [])]
      return list(BINDINGS, bindings.map(bindingOf), call)
    },
  ),
  get(
    '/exchanges/:vhost/:name/bindings/destination',
    'management',
    'What leads to an exchange',
    listOf(bindingView),
    (call) => list(BINDINGS, [...(exchangeIfAny(call)?.incoming ?? [])].map(bindingOf), call),
  ),
]

/** The default exchange goes by this name in paths. */
export function exchangeName(name = ''): string {
  return name === 'amq.default' ? '' : name
}

function* allExchanges({ broker, user }: Call): Iterable<Exchange> {
  for (const vhost of visibleVhosts(broker, user)) yield* vhost.exchanges
}

function listExchanges(exchanges: Iterable<Exchange>, call: Call): Promise<Reply> {
  const listing = { view: exchangeListView, order: ['vhost', 'name'], hasPages: true }
  return list(listing, exchanges, call)
}

function exchangeIfAny(call: Call): Exchange | undefined {
  return visibleVhost(call).exchanges.find(exchangeName(call.params.name))
}

function exchangeOf(call: Call): Exchange {
  const exchange = exchangeIfAny(call)
  if (exchange === undefined) throw objectNotFound()
  return exchange
}

function declare(call: Call): Reply {
  const { params, body } = call
  const session = sessionIn(call, vhostToChange(call))
  const isNew = session.declareExchange({
    name: exchangeName(params.name),
    type: text(body, 'type', 'direct'),
    durable: flag(body, 'durable'),
    autoDelete: flag(body, 'auto_delete'),
    internal: flag(body, 'internal'),
    arguments: tableOfJson(object(body, 'arguments')),
  })
  return put(isNew)
}

async function publish(call: Call): Promise<Reply> {
  const { params, body } = call
  const vhost = visibleVhost(call)
  const exchange = vhost.exchanges.find(exchangeName(params.name))
  if (exchange === undefined) throw notFound('exchange_not_found')
  const message = { exchange: exchange.name, ...messageIn(body) }
  const session = sessionIn(call, vhost)
  try {
    const outcome = await session.publish(message)
    if (outcome !== 'rejected') return { json: { routed: outcome === 'routed' } }
  } catch (error) {
    throw errorOfChannel(error)
  }
  throw badRequest('rejected Unable to publish message. Check queue limits.')
}
