import type { Queue } from '../../core/queue/queue.ts'
import { sessionIn, vhostToChange, visibleVhost, visibleVhosts } from '../access.ts'
import { tableOfJson } from '../amqp-json.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { badRequest, errorOfFetch, notFound, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, pagesOf, type Route } from '../route.ts'
import { flag, object, text } from '../schema.ts'
import { BINDINGS, bindingOf, bindingView, defaultBindingOf } from '../views/binding.ts'
import {
  queueDefinitionView,
  queueDetailedView,
  queueListView,
  queueTotalsView,
  queueView,
} from '../views/queue.ts'
import { shown, type View } from '../views/view.ts'
import { fetchMessages, GET_BODY } from './messages.ts'

export const QUEUE_ROUTES: readonly Route[] = [
  get('/queues', 'management', 'All queues', pagesOf(queueListView), (call) =>
    listQueues(allQueues(call), call, listView(call)),
  ),
  get(
    '/queues/detailed',
    'management',
    'All queues in detail',
    pagesOf(queueDetailedView),
    (call) => listQueues(allQueues(call), call, queueDetailedView),
  ),
  get('/queues/:vhost', 'management', 'The queues of a vhost', pagesOf(queueListView), (call) => {
    const { queues } = visibleVhost(call)
    return listQueues(queues, call, listView(call))
  }),
  get('/queues/:vhost/:name', 'management', 'A queue', objectOf(queueView), (call) => {
    const view = call.query.is('disable_stats') ? queueDefinitionView : queueView
    return { json: shown(view, queueOf(call), call, call.query.columns) }
  }),
  {
    method: 'PUT',
    path: '/queues/:vhost/:name',
    access: 'management',
    summary: 'Declares a queue',
    body: bodyWith({
      durable: ['boolean', 'string'],
      auto_delete: ['boolean', 'string'],
      arguments: 'object',
      node: 'string',
    }),
    handle: declare,
  },
  {
    method: 'DELETE',
    path: '/queues/:vhost/:name',
    access: 'management',
    summary: 'Deletes a queue; with if-empty or if-unused only such a one',
    handle: (call) => {
      const queue = queueOf(call)
      const { query } = call
      sessionFor(call).deleteQueue(queue.name, query.is('if-unused'), query.is('if-empty'))
      return NO_CONTENT
    },
  },
  {
    method: 'DELETE',
    path: '/queues/:vhost/:name/contents',
    access: 'management',
    summary: 'Drops all ready messages of a queue',
    handle: (call) => {
      const queue = queueOf(call)
      sessionFor(call).purgeQueue(queue.name)
      return NO_CONTENT
    },
  },
  {
    method: 'POST',
    path: '/queues/:vhost/:name/get',
    access: 'management',
    summary: 'Fetches messages, and gives them back or not',
    body: GET_BODY,
    response: { type: 'array', items: { type: 'object' } },
    handle: (call) => {
      const vhost = visibleVhost(call)
      const { name = '' } = call.params
      if (vhost.queues.find(name) === undefined) throw notFound('queue_not_found')
      const session = sessionIn(call, vhost)
      try {
        return { json: fetchMessages(session, name, call.body) }
      } catch (error) {
        throw errorOfFetch(error)
      }
    },
  },
  {
    method: 'POST',
    path: '/queues/:vhost/:name/actions',
    access: 'administrator',
    summary: 'RabbitMQ 4 knows no action',
    body: bodyWith({ action: 'string' }, 'action'),
    handle: (call) => {
      queueOf(call)
      throw badRequest(['unknown', text(call.body, 'action')])
    },
  },
  get(
    '/queues/:vhost/:name/bindings',
    'management',
    'What leads to a queue',
    listOf(bindingView),
    (call) => {
      const queue = queueOf(call)
      const bindings = [defaultBindingOf(queue), ...[...queue.incoming].map(bindingOf)]
      return list(BINDINGS, bindings, call)
    },
  ),
]

function listView({ query }: Call): View<Queue> {
  if (!query.is('disable_stats')) return queueListView
  return query.is('enable_queue_totals') ? queueTotalsView : queueDefinitionView
}

function listQueues(queues: Iterable<Queue>, call: Call, view: View<Queue>): Promise<Reply> {
  return list({ view, order: ['vhost', 'name'], hasPages: true }, queues, call)
}

function* allQueues({ broker, user }: Call): Iterable<Queue> {
  for (const vhost of visibleVhosts(broker, user)) yield* vhost.queues
}

function queueOf(call: Call): Queue {
  const queue = visibleVhost(call).queues.find(call.params.name ?? '')
  if (queue === undefined) throw objectNotFound()
  return queue
}

function sessionFor(call: Call) {
  return sessionIn(call, visibleVhost(call))
}

function declare(call: Call): Reply {
  const { broker, params, body } = call
  const vhost = vhostToChange(call)
  const durable = flag(body, 'durable')
  const autoDelete = flag(body, 'auto_delete')
  const args = tableOfJson(object(body, 'arguments'))
  const node = text(body, 'node', broker.nodeName)
  if (node !== broker.nodeName) throw badRequest(`Node ${node} is not a cluster member`)
  const session = sessionIn(call, vhost)
  return put(session.declareQueue(params.name ?? '', durable, autoDelete, args))
}
