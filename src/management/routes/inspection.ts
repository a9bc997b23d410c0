import type { Json } from '../../common/json.ts'
import { assertHasPermissions, visibleVhost } from '../access.ts'
import type { Call, Reply } from '../call.ts'
import { badRequest, errorOfFetch, notFound } from '../http-error.ts'
import type { Transferred } from '../managed-broker.ts'
import { bodyWith, type Route } from '../route.ts'
import { tryRouting } from '../routing-trial.ts'
import { object, type Schema, text, wholeNumber } from '../schema.ts'
import { messageJson } from './messages.ts'

const TRANSFERRED: Schema = {
  type: 'object',
  properties: { count: { type: 'integer' }, stopped: { type: ['string', 'null'] } },
}

/** What RabbitMQ's API does not have: the page is made of it, and scripts may use it. */
export const INSPECTION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/queues/:vhost/:name/messages',
    access: 'management',
    summary:
      'Shows ready messages from place `offset` on, at most `count`, their payloads cut at `truncate` bytes; changes nothing',
    response: { type: 'array', items: { type: 'object' } },
    handle: onQueue(peekMessages),
  },
  {
    method: 'POST',
    path: '/queues/:vhost/:name/move',
    access: 'management',
    summary: 'Moves messages, `count` of them or all, to the end of another queue of the vhost',
    body: bodyWith({ destination: 'string', count: 'integer' }, 'destination'),
    response: TRANSFERRED,
    handle: onQueue(async (call, vhost) => {
      const { name = '' } = call.params
      const destination = text(call.body, 'destination')
      if (vhost.queues.find(destination) === undefined) {
        throw badRequest(`no queue '${destination}' in vhost '${vhost.name}'`)
      }
      const transfer = call.broker.transfer(call.user, vhost)
      return transferredJson(await transfer.move(name, destination, countIn(call)))
    }),
  },
  {
    method: 'POST',
    path: '/queues/:vhost/:name/replay',
    access: 'management',
    summary:
      'Sends dead letters, `count` of them or all, to the `queue` they died in or the `exchange` they were published to',
    body: bodyWith({ to: 'string', count: 'integer' }, 'to'),
    response: TRANSFERRED,
    handle: onQueue(async (call, vhost) => {
      const to = text(call.body, 'to')
      if (to !== 'queue' && to !== 'exchange') throw badRequest('to must be queue or exchange')
      const transfer = call.broker.transfer(call.user, vhost)
      return transferredJson(await transfer.replay(call.params.name ?? '', to, countIn(call)))
    }),
  },
  {
    method: 'POST',
    path: '/exchanges/:vhost/:name/trial',
    access: 'management',
    summary: 'Says where a message would go and why; nothing is published',
    body: bodyWith({ routing_key: 'string', headers: 'object' }),
    response: { type: 'object' },
    handle: (call) => {
      const { broker, params, body } = call
      const vhost = visibleVhost(call)
      const name = params.name === 'amq.default' ? '' : (params.name ?? '')
      const exchange = vhost.exchanges.find(name)
      if (exchange === undefined) throw notFound('exchange_not_found')
      const headers = object(body, 'headers')
      return { json: tryRouting(vhost, exchange, text(body, 'routing_key'), headers, broker) }
    },
  },
]

type Vhost = ReturnType<typeof visibleVhost>

function onQueue(work: (call: Call, vhost: Vhost) => Json | Promise<Json>): Route['handle'] {
  return async (call): Promise<Reply> => {
    const vhost = visibleVhost(call)
    if (vhost.queues.find(call.params.name ?? '') === undefined) throw notFound('queue_not_found')
    assertHasPermissions(call.user, vhost)
    try {
      return { json: await work(call, vhost) }
    } catch (error) {
      throw errorOfFetch(error)
    }
  }
}

function peekMessages({ broker, user, params, query }: Call, vhost: Vhost): Json {
  const count = numberIn(query.get('count'), 10, MOST_SHOWN)
  const offset = numberIn(query.get('offset'), 0, DEEPEST)
  const truncate = numberIn(query.get('truncate'), DEFAULT_TRUNCATE, Number.MAX_SAFE_INTEGER)
  const range = { offset, count, maxBytes: MOST_READ_BYTES }
  const { messages, isCut } = broker.transfer(user, vhost).peek(params.name ?? '', range)
  if (isCut && messages.length === 0) {
    throw badRequest(`the messages before place ${offset} are too large to be read for this`)
  }
  return messages.map((message) => messageJson(message, 'auto', truncate))
}

const MOST_SHOWN = 500
const DEEPEST = 100_000
const DEFAULT_TRUNCATE = 50_000

/** To look at messages is done in one go, which must not take long. */
const MOST_READ_BYTES = 33_554_432

function numberIn(given: string | null, otherwise: number, most: number): number {
  if (given === null) return otherwise
  if (!/^\d{1,9}$/.test(given)) throw badRequest(`not a number: ${given}`)
  if (Number(given) > most) throw badRequest(`${given} is more than ${most}`)
  return Number(given)
}

/** All messages unless a number is given. */
function countIn({ body }: Call): number {
  const count = body.count === undefined ? Number.MAX_SAFE_INTEGER : wholeNumber(body.count)
  if (count < 0) throw badRequest('count is negative')
  return count
}

function transferredJson({ count, stopped }: Transferred): Json {
  return { count, stopped }
}
