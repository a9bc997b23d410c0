import { sessionIn, visibleVhost, visibleVhosts } from '../access.ts'
import { tableOfJson } from '../amqp-json.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import type { BindingEnd } from '../managed-broker.ts'
import { bodyWith, get, listOf, objectOf, type Route } from '../route.ts'
import { object, text } from '../schema.ts'
import {
  BINDINGS,
  bindingOf,
  bindingsOf,
  bindingView,
  defaultBindingOf,
  propertiesKey,
  type ShownBinding,
} from '../views/binding.ts'
import { shown } from '../views/view.ts'
import { exchangeName } from './exchanges.ts'

export const BINDING_ROUTES: readonly Route[] = [
  get('/bindings', 'management', 'All bindings', listOf(bindingView), (call) =>
    list(BINDINGS, allBindings(call), call),
  ),
  get('/bindings/:vhost', 'management', 'The bindings of a vhost', listOf(bindingView), (call) =>
    list(BINDINGS, bindingsOf(visibleVhost(call)), call),
  ),
  ...betweenEnds('q', 'queue'),
  ...betweenEnds('e', 'exchange'),
]

/** The routes of bindings from an exchange to a queue or another exchange. */
function betweenEnds(letter: 'q' | 'e', kind: BindingEnd['kind']): readonly Route[] {
  const path = `/bindings/:vhost/e/:source/${letter}/:destination`
  return [
    get(
      path,
      'management',
      `The bindings from an exchange to one ${kind}`,
      listOf(bindingView),
      (call) => list(BINDINGS, bindingsBetween(call, kind), call),
    ),
    {
      method: 'POST',
      path,
      access: 'management',
      summary: `Binds an exchange to one ${kind}`,
      body: bodyWith({ routing_key: 'string', arguments: 'object' }),
      handle: (call) => bind(call, kind),
    },
    get(`${path}/:key`, 'management', 'A binding', objectOf(bindingView), (call) => ({
      json: shown(bindingView, bindingWithKey(call, kind), call, call.query.columns),
    })),
    {
      method: 'DELETE',
      path: `${path}/:key`,
      access: 'management',
      summary: 'Deletes a binding',
      handle: (call) => {
        const { source, destination, routingKey, arguments: args } = bindingWithKey(call, kind)
        const session = sessionIn(call, visibleVhost(call))
        session.unbind(source, { kind, name: destination }, routingKey, args)
        return NO_CONTENT
      },
    },
  ]
}

function* allBindings({ broker, user }: Call): Iterable<ShownBinding> {
  for (const vhost of visibleVhosts(broker, user)) yield* bindingsOf(vhost)
}

function endsOf(
  { params }: Call,
  kind: BindingEnd['kind'],
): { source: string; destination: string } {
  const { source, destination = '' } = params
  return {
    source: exchangeName(source),
    destination: kind === 'exchange' ? exchangeName(destination) : destination,
  }
}

function bindingsBetween(call: Call, kind: BindingEnd['kind']): ShownBinding[] {
  const vhost = visibleVhost(call)
  const { source, destination } = endsOf(call, kind)
  if (source === '') {
    const queue = kind === 'queue' ? vhost.queues.find(destination) : undefined
    return queue === undefined ? [] : [defaultBindingOf(queue)]
  }
  const target = (kind === 'queue' ? vhost.queues : vhost.exchanges).find(destination)
  return [...(target?.incoming ?? [])]
    .filter((binding) => binding.source.name === source)
    .map(bindingOf)
}

function bindingWithKey(call: Call, kind: BindingEnd['kind']): ShownBinding {
  const found = bindingsBetween(call, kind).find((one) => propertiesKey(one) === call.params.key)
  if (found === undefined) throw objectNotFound()
  return found
}

function bind(call: Call, kind: BindingEnd['kind']): Reply {
  const { body } = call
  const { source, destination } = endsOf(call, kind)
  const routingKey = text(body, 'routing_key')
  const args = tableOfJson(object(body, 'arguments'))
  const vhost = visibleVhost(call)
  sessionIn(call, vhost).bind(source, { kind, name: destination }, routingKey, args)
  const key = encodeURIComponent(propertiesKey({ routingKey, arguments: args }))
  const location = `${encodeURIComponent(destination)}/${key}`
  return { status: 201, headers: { location } }
}
